'use strict';
// ServerConnection: one client's connection to a server. Requests are answered one after another:
// the next one is read when its predecessor is answered.
const stores = require('internal/base/stores');
const channels = require('internal/base/channels');
const { aborted, completed, fill, forget } = require('internal/http/incoming');
const { drained, isUnheard, kExchange } = require('internal/http/outgoing_body');
const { kUnique } = require('internal/http/outgoing_head');
const { Parser } = require('internal/http/parser');
const { onSocketClose } = require('internal/http/server_response');
const { Socket } = require('internal/net/socket');
const { kId, kProtocol } = require('internal/net/socket_fields');
const { limitIdle } = require('internal/net/socket_properties');

/** @returns {number} ms that no change of the clock moves */
const { monotonic } = binding('runtime');

const MOST_PENDING = 64 * 1024; // bytes of further requests that are kept

const MOST_OF_UPGRADE = 64 * 1024; // bytes of the body of a request that asks for an upgrade

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
  #failed = false; // a request could not be read: nothing more is
  #leaving = false; // the next answer is the last one
  #upgrade = null; // the event of a request whose connection becomes the program's after its body
  #stores = stores.capture('HTTPINCOMINGMESSAGE', this);
  /** When the request that arrives began, by monotonic(), 0: none; and whether its head is complete. */
  began = 0;
  headDone = false;

  constructor(server, socket) {
    this.#server = server;
    this.#socket = socket;
    this.#parser = new Parser(true, this, {
      maxHeaderSize: server.maxHeaderSize,
      maxFields: server.maxHeadersCount,
      lenient: server.insecureHTTPParser,
      relaxed: server._relaxed,
    });
    this.began = monotonic();
    socket.server = server;
    socket[kProtocol] = this;
    if (server.timeout > 0) socket.setTimeout?.(server.timeout);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  #listen(event, listener) {
    this.#listeners.push([event, listener]);
    this.#socket.on(event, listener);
  }

  #onError = (error) => this.#fail(error);
  #listeners = [
    ['data', (bytes) => this.#onData(bytes)],
    ['end', () => this.#onSocketEnd()],
    ['close', () => this.#onClose()],
    ['error', this.#onError],
    ['timeout', () => this.#onTimeout()],
    ['drain', () => drained(this.#socket._httpMessage)],
  ];

  /** Whether no request is on the way. */
  get idle() {
    return this.#res === null && !this.#parser.inMessage;
  }
  get socket() {
    return this.#socket;
  }

  /**
   * The server leaves: an answer that has not begun is the last one, and says so.
   * @returns {boolean} whether a request is on the way
   */
  leave() {
    this.#leaving = true;
    if (this.#res !== null && !this.#res.headersSent) this.#res.shouldKeepAlive = false;
    // The end by the drain is the gentler one.
    const { promised } = this;
    if (this.idle && promised > 0 && promised < Infinity) this.#setTimeout(2 * promised);
    return !this.idle;
  }

  /** How long the client may be silent between requests, in ms; 0 before its first one. */
  get promised() {
    if (this.#requests === 0) return 0;
    const { keepAliveTimeout, keepAliveTimeoutBuffer } = this.#server;
    return keepAliveTimeout > 0 ? keepAliveTimeout + keepAliveTimeoutBuffer : Infinity;
  }

  // ---- The socket

  #onData(bytes) {
    if (this.#failed) return;
    if (this.began === 0) this.began = monotonic();
    const error = this.#parser.execute(bytes);
    if (error !== undefined) return this.#fail(error, bytes);
    if (!this.#detached && this.#res !== null && this.#parser.pendingLength > MOST_PENDING)
      this.#socket.pause();
  }

  // The client has nothing more to ask, and is told nothing more, as in Node.
  #onSocketEnd() {
    const error = this.#parser.finish();
    if (error !== undefined) this.#fail(error);
    else if (!this.#server.httpAllowHalfOpen || this.#res === null) this.#socket.end();
    else this.#res._last = true; // what was asked for is still sent
  }

  #onClose() {
    this.#server._connections_.delete(this);
    this.#parser.close();
    const req = this.#req;
    const unanswered = this.#res !== null;
    this.#req = this.#res = null;
    req?.destroy(aborted());
    if (unanswered) req?._abandon();
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
    this.#failed = true;
    this.#arrived();
    this.#parser.close();
    if (rawPacket !== undefined) error.rawPacket = rawPacket;
    const socket = this.#socket;
    // What fails further on is nobody's.
    socket.off('error', this.#onError);
    socket.on('error', ignore);
    if (this.#server.emit('clientError', error, socket)) return;
    const unanswered = this.#res === null || !this.#res._headerSent;
    if (socket.writable && unanswered)
      socket.write(
        `HTTP/1.1 ${STATUS_OF[error.code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
    endSoon(socket);
  }

  /** Closes a connection whose request does not arrive in time. */
  expire(error) {
    this.#fail(error);
  }

  // ---- What the parser reads

  onHead(head) {
    const server = this.#server;
    const socket = this.#socket;
    this.headDone = true;
    if (this.#requests++ === 0) this.#listen('close', onSocketClose);
    const req = new server._Request(socket);
    fill(req, head);
    if (server.joinDuplicateHeaders) req.joinDuplicateHeaders = true;
    if (head.method === 'CONNECT') return this.#detach(req, 'connect');
    if (head.upgrade && server.shouldUpgradeCallback(req)) return this.#beginUpgrade(req, head);
    req.upgrade = false;
    if (server._endsEmpty && head.contentLength < 0 && !head.chunked) req._endAtOnce();
    this.#req = req;
    const res = new server._Response(req, {
      highWaterMark: socket.writableHighWaterMark,
      rejectNonStandardBodyWrites: server.rejectNonStandardBodyWrites,
    });
    this.#res = res;
    res.shouldKeepAlive = head.shouldKeepAlive && !server._stopping && !this.#leaving;
    res._keepAliveTimeout = server.keepAliveTimeout;
    if (server._uniqueNames !== null) res[kUnique] = server._uniqueNames;
    const most = server.maxRequestsPerSocket;
    if (most > 0) {
      res._maxRequestsPerSocket = most;
      if (this.#requests >= most) res.maxRequestsOnConnectionReached = true;
    }
    res[kExchange] = this;
    channels.publish?.('http.server.request.start', {
      request: req,
      response: res,
      socket,
      server,
    });
    res._attach(socket);
    this.#setTimeout(server.timeout);
    this.#announce(req, res, head, most > 0 && this.#requests > most);
    return 'body';
  }

  // The body of the request comes before the connection is the program's.
  #beginUpgrade(req, head) {
    req.upgrade = true;
    if (head.contentLength <= 0 && !head.chunked) return this.#detach(req, 'upgrade');
    this.#req = req;
    this.#upgrade = 'upgrade';
    return 'body';
  }

  #setTimeout(ms) {
    const socket = this.#socket;
    if (socket instanceof Socket) limitIdle(socket, ms);
    else socket.setTimeout?.(ms);
  }

  #announce(req, res, { expect, hosts }, tooMany) {
    const server = this.#server;
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
    if (this.#upgrade !== null && req.readableLength + bytes.length > MOST_OF_UPGRADE)
      throw Object.assign(new Error('Parse Error: Body of an upgrade too long'), {
        code: 'HPE_BODY_OVERFLOW',
        reason: 'Body of an upgrade too long',
      });
    if (!req._take(bytes) && this.#upgrade === null) this.#socket.pause();
  }

  #arrived() {
    this.began = 0;
    this.headDone = false;
  }

  onEnd(rawTrailers) {
    this.#arrived();
    const req = this.#req;
    if (req === null) return;
    req.complete = true;
    req.rawTrailers = rawTrailers;
    if (this.#upgrade !== null) return this.#detach(req, this.#upgrade);
    if (!req.readableEnded && !req.destroyed) completed(req);
    if (this.#res === null) this.#next();
  }

  // ---- From one request to the next

  /** The answer is written out. */
  answered() {
    const req = this.#req;
    const res = this.#res;
    if (res === null) return;
    this.#res = null;
    channels.publish?.('http.server.response.finish', {
      request: req,
      response: res,
      socket: this.#socket,
      server: this.#server,
    });
    // A body that nobody reads does not hold up the next request.
    if (!req.readableFlowing && !req.readableDidRead && !req._readableState.readableListening)
      forget(req);
    res.detachSocket(this.#socket);
    process.nextTick(closeMessage, res);
    const { _last: last, shouldKeepAlive, maxRequestsOnConnectionReached: told } = res;
    // Who was told that it is the last one may ask again, to hear that it is too much.
    if (last || (!shouldKeepAlive && !told) || this.#server._stopping) {
      if (this.#leaving) binding('ledger').note(this.#socket[kId], 'drain');
      endSoon(this.#socket);
      return;
    }
    if (req.complete) this.#next();
    else this.#socket.resume();
  }

  #next() {
    this.#req = null;
    const socket = this.#socket;
    const { promised } = this;
    this.#setTimeout(promised < Infinity ? promised : 0);
    if (this.#parser.pendingLength === 0) {
      this.#parser.next();
      socket.resume();
      return;
    }
    // Not from within a handler of the request before.
    process.nextTick(() => {
      if (socket.destroyed || this.#detached) return;
      socket.resume();
      this.began = monotonic();
      // A request belongs to the connection, not to the request before.
      const error = stores.within(this.#stores, () => this.#parser.next(), undefined, []);
      if (error !== undefined) this.#fail(error);
    });
  }

  // From now on the connection is the program's. @returns what the parser is told
  #detach(req, event) {
    const socket = this.#socket;
    this.#detached = true;
    this.#req = null;
    req.upgrade = true;
    this.#arrived();
    this.#server._connections_.delete(this);
    socket[kProtocol] = undefined;
    for (const [name, listener] of this.#listeners) socket.off(name, listener);
    req.complete = true;
    req.push(null);
    socket.setTimeout?.(0);
    const rest = this.#parser.close();
    // Nothing may be read before the program listens; its first listener starts that.
    socket.pause();
    socket.readableFlowing = null;
    if (!this.#server.emit(event, req, socket, rest)) socket.destroy();
    return 'raw';
  }
}

function ignore() {}

// A Duplex that is no socket ends, and is destroyed by itself once the other side has ended too.
function endSoon(socket) {
  if (typeof socket.destroySoon === 'function') socket.destroySoon();
  else socket.end();
}

function closeMessage(message) {
  if (message._closed) return;
  message.destroyed = true;
  message._closed = true;
  if (!isUnheard(message)) message.emit('close');
}

module.exports = { ServerConnection };
