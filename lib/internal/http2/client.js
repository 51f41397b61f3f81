'use strict';
// http2.connect(): a client's session, and its requests.
const channels = require('internal/base/channels');
const native = binding('http2');
const { URL } = require('url');
const { codes, AbortError } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateObject,
} = require('internal/errors/validators');
const { ClientHttp2Stream } = require('internal/http2/client_stream');
const { constants } = require('internal/http2/constants');
const { REQUEST, pack, sensitiveHeaders } = require('internal/http2/headers');
const { validateOptions } = require('internal/http2/limits');
const { Http2Session } = require('internal/http2/session');
const { kId, kState } = require('internal/http2/stream');

const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE']);
const NO_STREAM_ID = -509; // NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE

/** A list of names and values as an object; the values of a name that stands twice are a list. */
function objectOf(list) {
  const fields = { __proto__: null };
  for (let i = 0; i < list.length; i += 2) {
    const [name, value] = [list[i], list[i + 1]];
    fields[name] = name in fields ? [fields[name], value].flat() : value;
  }
  return fields;
}

class ClientHttp2Session extends Http2Session {
  #scheme;
  #authority;
  #mostOrigins; // in originSet
  #waiting = []; // requests, for the connection

  constructor(options, socket, { scheme, authority }) {
    const connecting = Boolean(socket.connecting || socket.secureConnecting);
    super(constants.NGHTTP2_SESSION_CLIENT, options, socket, connecting);
    this.#scheme = scheme;
    this.#authority = authority;
    this.originSet = socket.encrypted ? [`https://${authority}`] : undefined;
    this.#mostOrigins = options.maxOriginSetSize ?? 128;
    if (connecting)
      socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => this._connected());
    else process.nextTick(() => !this.destroyed && this.emit('connect', this, this.socket));
  }

  /**
   * Begins a stream.
   * @param {object | string[]} [given] fields
   * @param {{ endStream?: boolean, waitForTrailers?: boolean, signal?: AbortSignal }} [options]
   */
  request(given = {}, options = {}) {
    if (given === null || typeof given !== 'object')
      throw new codes.ERR_INVALID_ARG_TYPE('headers', ['Array', 'Object'], given);
    validateObject(options, 'options');
    for (const name of ['endStream', 'waitForTrailers', 'exclusive', 'silent'])
      if (options[name] !== undefined) validateBoolean(options[name], `options.${name}`);
    if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
    const [headers, method] = this.#complete(given);
    const fields = pack(headers, REQUEST, this._strict, given[sensitiveHeaders]);
    const end = options.endStream ?? WITHOUT_BODY.has(method);
    const stream = new ClientHttp2Stream(this, this._streamOptions);
    stream._ownedHere();
    stream[kState].sentHeaders = Array.isArray(headers) ? objectOf(headers) : headers;
    stream[kState].headRequest = method === 'HEAD';
    if (end) stream.end();
    if (this.destroyed || this.closed) {
      const gone = this.destroyed
        ? codes.ERR_HTTP2_INVALID_SESSION
        : codes.ERR_HTTP2_GOAWAY_SESSION;
      process.nextTick(() => stream.destroy(new gone()));
      return stream;
    }
    this._pending.add(stream);
    channels.publish?.('http2.client.stream.created', { stream, headers });
    const trailers = Boolean(options.waitForTrailers);
    const submit = () => this.#submit(stream, fields, end && !trailers, trailers);
    abortBy(stream, options.signal);
    if (options.signal?.aborted) return stream;
    if (this.connecting) this.#waiting.push(submit);
    else submit();
    return stream;
  }

  _connected() {
    super._connected();
    for (const submit of this.#waiting.splice(0)) submit();
  }

  #submit(stream, fields, end, trailers) {
    if (stream.destroyed || this.destroyed) return;
    const id = native.request(this._handle, fields, end, trailers);
    if (id < 0) {
      stream.destroy(
        id === NO_STREAM_ID ? new codes.ERR_HTTP2_OUT_OF_STREAMS() : this._nativeError(id),
      );
      return;
    }
    this._pending.delete(stream);
    stream[kId] = id;
    this._adopt(stream);
    this._schedule();
    channels.publish?.('http2.client.stream.start', {
      stream,
      headers: stream[kState].sentHeaders,
    });
    process.nextTick(() => !stream.destroyed && stream._tell('emit', 'ready'));
  }

  // What a request needs, of what the program did not say.
  #complete(given) {
    const list = Array.isArray(given);
    const find = (name) =>
      list
        ? given[given.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === name) + 1 || NaN]
        : given[name];
    const added = { __proto__: null };
    const method = find(':method') ?? (added[':method'] = 'GET');
    const connects = method === 'CONNECT' && find(':protocol') === undefined;
    if (connects) {
      if (find(':authority') === undefined) throw new codes.ERR_HTTP2_CONNECT_AUTHORITY();
      if (find(':scheme') !== undefined) throw new codes.ERR_HTTP2_CONNECT_SCHEME();
      if (find(':path') !== undefined) throw new codes.ERR_HTTP2_CONNECT_PATH();
    } else {
      if (find(':authority') === undefined && find('host') === undefined)
        added[':authority'] = this.#authority;
      if (find(':scheme') === undefined) added[':scheme'] = this.#scheme;
      if (find(':path') === undefined) added[':path'] = '/';
    }
    if (list) return [[...Object.entries(added).flat(), ...given], method];
    return [{ __proto__: null, ...given, ...added }, method];
  }

  _addOrigin(origin) {
    const { originSet } = this;
    if (this.destroyed || originSet.includes(origin)) return;
    if (originSet.length < this.#mostOrigins) originSet.push(origin);
    else this.destroy(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  _onPush(id, flags, headers, raw) {
    const stream = new ClientHttp2Stream(this, this._streamOptions);
    stream[kId] = id;
    stream[kState].endAfterHeaders = true;
    stream.end();
    this._adopt(stream);
    stream.pushed = true;
    if (this.emit('stream', stream, headers, flags, raw)) return;
    stream.on('error', () => {}); // nobody knows of it
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
  }
}

function abortBy(stream, signal) {
  if (signal === undefined) return;
  const abort = () => stream.destroy(new AbortError(undefined, { cause: signal.reason }));
  if (signal.aborted) {
    process.nextTick(abort);
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => signal.removeEventListener('abort', abort));
}

function open(scheme, host, port, options) {
  options = { ...options, onread: undefined }; // what arrives is the session's
  if (scheme === 'http:') return require('net').connect({ ...options, port, host });
  if (scheme !== 'https:') throw new codes.ERR_HTTP2_UNSUPPORTED_PROTOCOL(scheme);
  const tls = { ALPNProtocols: ['h2'], ...options };
  if (tls.servername === undefined && require('net').isIP(host) === 0) tls.servername = host;
  return require('tls').connect(port, host, tls);
}

/**
 * @param {string | URL} authority  scheme, host and port
 * @param {object} [options]  of net.connect() or tls.connect(), and settings, createConnection…
 * @param {Function} [listener]  of `connect`
 */
function connect(authority, options, listener) {
  if (typeof options === 'function') [options, listener] = [undefined, options];
  if (options != null) validateObject(options, 'options');
  options = { ...options };
  const url = typeof authority === 'string' ? new URL(authority) : authority;
  if (url === null || typeof url !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('authority', ['string', 'Object', 'URL'], authority);
  const protocol = url.protocol || options.protocol || 'https:';
  const port = `${url.port ?? ''}` || (protocol === 'http:' ? 80 : 443);
  let host = url.hostname || url.host || 'localhost';
  if (host[0] === '[') host = host.slice(1, -1);
  validateOptions(options);
  let socket;
  if (options.createConnection !== undefined) {
    validateFunction(options.createConnection, 'options.createConnection');
    socket = options.createConnection(url, options);
  } else {
    socket = open(protocol, host, port, options);
  }
  const name = options.servername || (host.includes(':') ? `[${host}]` : host);
  const scheme = protocol.slice(0, -1);
  const usual = Number(port) === (scheme === 'http' ? 80 : 443);
  const session = new ClientHttp2Session(options, socket, {
    scheme,
    authority: usual ? name : `${name}:${port}`,
  });
  if (listener) session.once('connect', listener);
  return session;
}

Object.defineProperty(connect, Symbol.for('nodejs.util.promisify.custom'), {
  value: (authority, options) =>
    new Promise((resolve, reject) => {
      const session = connect(authority, options, () => {
        session.off('error', reject);
        resolve(session);
      });
      session.once('error', reject);
    }),
});

module.exports = { connect };
