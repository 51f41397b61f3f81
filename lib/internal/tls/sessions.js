'use strict';
// Sessions that a server's program remembers: `newSession` and `resumeSession` of tls.Server.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { on } = require('internal/net/handles');
const { kId } = require('internal/net/socket');
const buffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether somebody listens for a server's sessions. */
const areWanted = (server) =>
  Boolean(server) &&
  (server.listenerCount('newSession') > 0 || server.listenerCount('resumeSession') > 0);

/**
 * A session was made. In TLS 1.2 the connection waits until the listener has called back.
 * @param {tls.TLSSocket} tls
 * @param {tls.Server} server
 * @param {number} handle of the engine's stream
 * @param {[Uint8Array, Uint8Array]} made  identifier and session
 * @param {() => void} done  called when the connection goes on
 * @returns {boolean} whether done will be called
 */
function tellNew(tls, server, handle, made, done) {
  if (server.listenerCount('newSession') === 0) return false;
  const [id, session] = made.map(buffer);
  const modern = native.protocol(handle) === 'TLSv1.3';
  let waits = !modern;
  const finish = () => {
    if (!waits) return;
    waits = false;
    process.nextTick(done);
  };
  const tell = () => server.emit('newSession', id, session, finish);
  if (!modern) tell();
  else if (tls.secureConnecting) tls.once('secure', () => process.nextTick(tell));
  else process.nextTick(tell);
  return !modern;
}

/**
 * A client names a session: the server's program is asked for it.
 * @param {tls.Server} server
 * @param {Uint8Array} id
 * @param {(error: Error | null, session?: Uint8Array) => void} answer
 */
function lookUp(server, id, answer) {
  let asked = false;
  const once = (error, session) => {
    if (asked) {
      answer(new codes.ERR_MULTIPLE_CALLBACK());
      return;
    }
    asked = true;
    answer(error ?? null, session ?? undefined);
  };
  if (!server.emit('resumeSession', buffer(id), once)) once(null);
}

const kHeld = Symbol('held'); // how many listeners of new sessions have not called back
const kGoOn = Symbol('goOn'); // what waits for them

/**
 * Has TLSSockets tell of sessions.
 * @param {object} prototype of TLSSocket
 * @param {symbol} kServer  key of a socket's server
 * @param {(tls: object, error: Error) => void} fail
 */
function install(prototype, kServer, fail) {
  const secure = prototype[on.secure];
  prototype[kHeld] = 0;
  prototype[kGoOn] = undefined;
  prototype[on.secure] = function onSecure(protocol, servername) {
    if (this[kHeld] > 0) this[kGoOn] = () => this[on.secure](protocol, servername);
    else Reflect.apply(secure, this, [protocol, servername]);
  };
  prototype[on.serverSession] = function onServerSession(id, session) {
    const server = this[kServer];
    if (!server) return;
    const goOn = () => {
      this[kHeld]--;
      if (this[kHeld] === 0 && this[kId] !== 0) this[kGoOn]?.();
    };
    this[kHeld]++; // the listener may call back at once
    if (!tellNew(this, server, this[kId], [id, session], goOn)) this[kHeld]--;
  };
  prototype[on.lookup] = function onLookup(id) {
    const answer = (error, session) => {
      if (error) fail(this, error);
      else if (this[kId] !== 0) native.giveSession(this[kId], session);
    };
    if (this[kServer]) lookUp(this[kServer], id, answer);
    else answer(null);
  };
}

module.exports = { areWanted, install };
