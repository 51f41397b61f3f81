'use strict';
// ServerConnection: one client's connection to a server. Requests are answered one after another:
// the next one is read when its predecessor is answered.
const { aborted, fill } = require('internal/http/incoming');
const { Parser } = require('internal/http/parser');

const MOST_PENDING = 64 * 1024; // bytes of further requests that are kept
const DEFAULT_HEADER_SIZE = 16 * 1024;

const STATUS_OF = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

class ServerConnection {
  #server;
  #socket;
  #parser;
  #req = null;
  #res = null;
  #requests = 0;
  #detached = false;
  /** When the request that arrives began, in ms, and when its head was complete; 0 for none. */
  began = 0;
  headDone = 0;

  constructor(server, socket) {
    this.#server = server;
    this.#socket = socket;
    const maxHeaderSize = server.maxHeaderSize ?? DEFAULT_HEADER_SIZE;
    this.#parser = new Parser(true, this, { maxHeaderSize, maxFields: server.maxHeadersCount });
    this.began = Date.now();
    socket.server = server;
    if (server.timeout > 0) socket.setTimeout(server.timeout);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  #listeners = [
    ['data', (bytes) => this.#onData(bytes)],
    ['end', () => this.#onSocketEnd()],
    ['close', () => this.#onClose()],
    ['error', (error) => this.#fail(error)],
    ['timeout', () => this.#onTimeout()],
  ];

  /** Whether no request is on the way. */
  get idle() {
    return this.#res === null && !this.#parser.inMessage;
  }
  get socket() {
    return this.#socket;
  }

  // ---- The socket

  #onData(bytes) {
    if (this.began === 0) this.began = Date.now();
    const error = this.#parser.execute(bytes);
    if (error !== undefined) return this.#fail(error, bytes);
    if (!this.#detached && this.#res !== null && this.#parser.pendingLength > MOST_PENDING)
      this.#socket.pause();
  }

  #onSocketEnd() {
    const error = this.#parser.finish();
    if (error !== undefined) return this.#fail(error);
    if (!this.#server.httpAllowHalfOpen) {
      if (this.#res === null) this.#socket.end();
      else this.#res._last = true; // what was asked for is still sent
    }
  }

  #onClose() {
    this.#server._connections_.delete(this);
    this.#parser.close();
    const [req, res] = [this.#req, this.#res];
    this.#req = this.#res = null;
    if (req !== null && !req.complete && !req.destroyed) req.destroy(aborted());
    if (res !== null && !res.destroyed) {
      res.detachSocket(this.#socket);
      res.destroy();
    }
    if (req !== null && !req.destroyed) req.destroy();
  }

  #onTimeout() {
    const handled = [
      this.#req !== null && !this.#req.complete && this.#req.emit('timeout', this.#socket),
      this.#res?.emit('timeout', this.#socket),
      this.#server.emit('timeout', this.#socket),
    ];
    if (!handled.some(Boolean)) this.#socket.destroy();
  }

  /** A request that cannot be read, or whose connection failed. */
  #fail(error, rawPacket) {
    if (rawPacket !== undefined) error.rawPacket = rawPacket;
    const socket = this.#socket;
    if (this.#server.emit('clientError', error, socket)) return;
    const unanswered = this.#res === null || !this.#res.headersSent;
    if (socket.writable && unanswered)
      socket.write(
        `HTTP/1.1 ${STATUS_OF[error.code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
    socket.destroySoon();
  }

  /** Closes a connection whose request does not arrive in time. */
  expire(error) {
    this.began = 0;
    this.#fail(error);
  }

  // ---- What the parser reads

  onHead(head) {
    const server = this.#server;
    const socket = this.#socket;
    this.headDone = Date.now();
    this.#requests++;
    const req = new server._Request(socket);
    fill(req, head);
    req.joinDuplicateHeaders = server.joinDuplicateHeaders;
    if (head.method === 'CONNECT' || (head.upgrade && server.listenerCount('upgrade') > 0)) {
      req.upgrade = true;
      this.#detach(req, head.method === 'CONNECT' ? 'connect' : 'upgrade');
      return 'raw';
    }
    req.upgrade = false;
    this.#req = req;
    const res = new server._Response(req, { highWaterMark: socket.writableHighWaterMark });
    this.#res = res;
    res.shouldKeepAlive = head.shouldKeepAlive && !server._stopping;
    res._keepAliveTimeout = server.keepAliveTimeout;
    const most = server.maxRequestsPerSocket;
    if (most > 0 && this.#requests >= most) res.maxRequestsOnConnectionReached = true;
    res.assignSocket(socket);
    res.on('finish', () => this.#onAnswered());
    socket.setTimeout(server.timeout);
    this.#announce(req, res, most > 0 && this.#requests > most);
    return 'body';
  }

  #announce(req, res, tooMany) {
    const server = this.#server;
    const { expect } = req.headers;
    const hosts = req.headersDistinct.host?.length ?? 0;
    if (hosts > 1 || (server.requireHostHeader && hosts === 0 && req.httpVersionMinor === 1)) {
      res.writeHead(400, { Connection: 'close' });
      res.end();
    } else if (tooMany) {
      server.emit('dropRequest', req, this.#socket);
      res.writeHead(503);
      res.end();
    } else if (expect === undefined || req.httpVersionMinor === 0) server.emit('request', req, res);
    else if (/^100-continue$/i.test(expect)) {
      res._expect_continue = true;
      if (server.listenerCount('checkContinue') > 0) server.emit('checkContinue', req, res);
      else {
        res.writeContinue();
        server.emit('request', req, res);
      }
    } else if (server.listenerCount('checkExpectation') > 0)
      server.emit('checkExpectation', req, res);
    else {
      res.writeHead(417);
      res.end();
    }
  }

  onBody(bytes) {
    const req = this.#req;
    if (req === null || req._dumped || req.destroyed) return;
    if (!req.push(bytes)) this.#socket.pause();
  }

  onEnd(rawTrailers) {
    this.began = this.headDone = 0;
    const req = this.#req;
    if (req === null) return;
    req.complete = true;
    req.rawTrailers = rawTrailers;
    req.push(null);
    if (this.#res === null) this.#next();
  }

  // ---- From one request to the next

  #onAnswered() {
    const [req, res] = [this.#req, this.#res];
    if (res === null) return;
    res.detachSocket(this.#socket);
    res.destroy(); // emits `close`
    this.#res = null;
    if (!req.complete) req._dump();
    const { _last: last, shouldKeepAlive } = res;
    if (last || !shouldKeepAlive || this.#server._stopping) {
      this.#socket.destroySoon();
      return;
    }
    if (req.complete) this.#next();
    else this.#socket.resume();
  }

  #next() {
    this.#req = null;
    const socket = this.#socket;
    const wait = this.#server.keepAliveTimeout;
    socket.setTimeout(wait > 0 ? wait : 0);
    // Not from within a handler of the request before.
    process.nextTick(() => {
      if (socket.destroyed || this.#detached) return;
      socket.resume();
      if (this.#parser.pendingLength > 0) this.began = Date.now();
      const error = this.#parser.next();
      if (error !== undefined) this.#fail(error);
    });
  }

  // From now on the connection is the program's.
  #detach(req, event) {
    const socket = this.#socket;
    this.#detached = true;
    this.began = this.headDone = 0;
    this.#server._connections_.delete(this);
    for (const [name, listener] of this.#listeners) socket.off(name, listener);
    req.complete = true;
    req.push(null);
    socket.setTimeout(0);
    const rest = this.#parser.close();
    // Nothing may be read before the program listens; its first listener starts that.
    socket.pause();
    socket.readableFlowing = null;
    if (!this.#server.emit(event, req, socket, rest)) socket.destroy();
  }
}

module.exports = { ServerConnection };
