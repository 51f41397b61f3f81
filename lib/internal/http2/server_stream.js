'use strict';
// A stream that a server answers.
const channels = require('internal/base/channels');
const native = binding('http2');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateObject } = require('internal/errors/validators');
const { REQUEST, RESPONSE, pack, sensitiveHeaders } = require('internal/http2/headers');
const { constants } = require('internal/http2/constants');
const { Http2Stream, kId, kSession, kState, on } = require('internal/http2/stream');

const WITHOUT_BODY = new Set([204, 205, 304]);

const kParent = Symbol('parent'); // whose answer pushed it
const kRequest = Symbol('request');

function copyOf(headers) {
  if (Array.isArray(headers)) return headers.slice();
  const copy = { __proto__: null, ...headers };
  if (headers?.[sensitiveHeaders]) copy[sensitiveHeaders] = headers[sensitiveHeaders];
  return copy;
}

/** A field's value, of either form of headers. */
function valueOf(headers, name) {
  if (!Array.isArray(headers)) return headers[name];
  const at = headers.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name);
  return at < 0 ? undefined : headers[at + 1];
}

/** Makes what is answered complete; its status. */
function complete(headers, sendDate) {
  const given = valueOf(headers, ':status');
  const status = given | 0 || 200;
  if (status < 200 || status > 599) throw new codes.ERR_HTTP2_STATUS_INVALID(given);
  const date = sendDate !== false && valueOf(headers, 'date') === undefined;
  if (Array.isArray(headers)) {
    if (given === undefined) headers.unshift(':status', status);
    if (date) headers.push('date', new Date().toUTCString());
  } else {
    headers[':status'] = status;
    if (date) headers.date = new Date().toUTCString();
  }
  return status;
}

class ServerHttp2Stream extends Http2Stream {
  constructor(session, id, request, parent) {
    super(session, session._streamOptions);
    this[kId] = id;
    this[kRequest] = request;
    this[kParent] = parent;
    this[kState].headRequest = request[':method'] === 'HEAD';
  }

  get pushAllowed() {
    return (
      !this.destroyed &&
      !this.closed &&
      !this[kSession].closed &&
      !this[kSession].destroyed &&
      this[kSession].remoteSettings.enablePush
    );
  }

  _proceed() {
    if (!this.headersSent && !this.destroyed && !this.closed) this.respond();
  }

  // A client must not end a server only because nobody listened.
  _streamError(code) {
    return this.listenerCount('error') > 0 ? super._streamError(code) : null;
  }
  _sessionEnded(error) {
    this.destroy(this.listenerCount('error') > 0 ? error : undefined);
  }

  [on.headers](headers, flags, raw) {
    this.emit('trailers', headers, flags, raw);
  }

  #open() {
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new codes.ERR_HTTP2_HEADERS_SENT();
  }

  /**
   * @param {object | string[]} [given] fields
   * @param {{ endStream?: boolean, waitForTrailers?: boolean, sendDate?: boolean }} [options]
   */
  respond(given, options) {
    this.#open();
    this._ownedHere();
    if (given != null) validateObject(given, 'headers', { allowArray: true });
    if (options != null) validateObject(options, 'options');
    const headers = copyOf(given ?? {});
    const status = complete(headers, options?.sendDate);
    const bodiless = WITHOUT_BODY.has(status) || this.headRequest;
    const end = Boolean(options?.endStream) || bodiless;
    const trailers = Boolean(options?.waitForTrailers) && !bodiless;
    const fields = pack(headers, RESPONSE, this[kSession]._strict);
    this[kState].sentHeaders = headers;
    const session = this[kSession];
    native.respond(session._handle, this[kId], fields, end && !trailers, trailers);
    if (end && !this._writableState.ending) this.end();
    session._schedule();
    const flags = end ? constants.NGHTTP2_FLAG_END_STREAM : constants.NGHTTP2_FLAG_NONE;
    channels.publish?.('http2.server.stream.finish', { stream: this, headers, flags });
  }

  /** Sends information before the answer: a status of 1xx. */
  additionalHeaders(given) {
    if (this.destroyed || this.closed) throw new codes.ERR_HTTP2_INVALID_STREAM();
    if (this.headersSent) throw new codes.ERR_HTTP2_HEADERS_AFTER_RESPOND();
    validateObject(given, 'headers');
    const headers = copyOf(given);
    if (headers[':status'] !== undefined) {
      const status = (headers[':status'] |= 0);
      if (status === 101) throw new codes.ERR_HTTP2_STATUS_101();
      if (status < 100 || status >= 200)
        throw new codes.ERR_HTTP2_INVALID_INFO_STATUS(given[':status']);
    }
    native.inform(
      this[kSession]._handle,
      this[kId],
      pack(headers, RESPONSE, this[kSession]._strict),
    );
    (this[kState].sentInfoHeaders ??= []).push(headers);
    this[kSession]._schedule();
  }

  /** Begins an answer that the client did not ask for. */
  pushStream(given, options, callback) {
    if (!this.pushAllowed) throw new codes.ERR_HTTP2_PUSH_DISABLED();
    if (this[kParent] !== undefined) throw new codes.ERR_HTTP2_NESTED_PUSH();
    if (typeof options === 'function') callback = options;
    validateFunction(callback, 'callback');
    validateObject(given, 'headers');
    const headers = copyOf(given);
    const request = this[kRequest];
    headers[':method'] ??= 'GET';
    headers[':authority'] ??= request[':authority'];
    headers[':scheme'] ??= request[':scheme'];
    headers[':path'] ??= '/';
    const session = this[kSession];
    const id = native.push(session._handle, this[kId], pack(headers, REQUEST, session._strict));
    if (id < 0) {
      process.nextTick(callback, session._nativeError(id));
      return;
    }
    const stream = new ServerHttp2Stream(session, id, headers, this);
    stream.push(null);
    stream[kState].endAfterHeaders = true;
    session._adopt(stream);
    session._schedule();
    process.nextTick(callback, null, stream, headers);
  }

  respondWithFile(path, headers, options) {
    this.#open();
    require('internal/http2/files').respondWithFile(this, path, copyOf(headers ?? {}), options);
  }

  respondWithFD(fd, headers, options) {
    this.#open();
    require('internal/http2/files').respondWithFD(this, fd, copyOf(headers ?? {}), options);
  }
}

module.exports = { ServerHttp2Stream };
