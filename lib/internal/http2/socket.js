'use strict';
// The socket of a session, as programs see it: what reads or writes it would break the frames.
const { codes } = require('internal/errors/codes');

const FORBIDDEN = new Set([
  'emit',
  'end',
  'pause',
  'read',
  'resume',
  'write',
  'setEncoding',
  'setKeepAlive',
  'setNoDelay',
]);
const OF_SESSION = new Set(['setTimeout', 'ref', 'unref', 'destroy']);

/** @param {object} session @param {() => object | undefined} get  the socket while it is bound */
function socketOf(session, get) {
  const socket = () => {
    const bound = get();
    if (bound === undefined) throw new codes.ERR_HTTP2_SOCKET_UNBOUND();
    return bound;
  };
  return new Proxy(
    {},
    {
      get(target, name) {
        if (FORBIDDEN.has(name)) throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
        if (name === 'destroyed') return get()?.destroyed ?? true;
        if (OF_SESSION.has(name)) return session[name].bind(session);
        const bound = socket();
        const value = bound[name];
        return typeof value === 'function' ? value.bind(bound) : value;
      },
      set(target, name, value) {
        if (FORBIDDEN.has(name) || OF_SESSION.has(name))
          throw new codes.ERR_HTTP2_NO_SOCKET_MANIPULATION();
        socket()[name] = value;
        return true;
      },
      has: (target, name) => name in (get() ?? {}),
      getPrototypeOf: () => Reflect.getPrototypeOf(get() ?? {}),
    },
  );
}

module.exports = { socketOf };
