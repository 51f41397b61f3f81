'use strict';
// Exchange: a client's request on its connection, until the answer is read. What comes back is
// told with the stores of who asked, whoever opened the connection.
const stores = require('internal/base/stores');
const channels = require('internal/base/channels');
const { IncomingMessage, aborted, fill } = require('internal/http/incoming');
const { drained } = require('internal/http/outgoing_body');
const { Parser } = require('internal/http/parser');

/** A request fails. */
function tellError(request, error) {
  channels.publish?.('http.client.request.error', { request, error });
  request.emit('error', error);
}

class Exchange {
  #req;
  #socket;
  #parser;
  #listeners;
  #left = false; // the connection is another's

  /**
   * @param {ClientRequest} req
   * @param {Duplex} socket
   * @param {{ maxHeaderSize: number, maxFields?: number, lenient?: boolean }} limits
   * @param {Map} context the stores of who asked
   */
  constructor(req, socket, limits, context) {
    this.#req = req;
    this.#socket = socket;
    this.#parser = new Parser(false, this, limits);
    const told = (listener) => (arg) =>
      stores.used ? stores.within(context, listener, this, [arg]) : listener.call(this, arg);
    this.#listeners = [
      ['data', told(this.#onData)],
      ['end', told(this.#onSocketEnd)],
      ['close', told(this.#onSocketClose)],
      ['error', told(this.#onSocketError)],
      ['drain', told(() => drained(req))],
    ];
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  #leave() {
    this.#left = true;
    for (const [event, listener] of this.#listeners) this.#socket.off(event, listener);
    const { timeoutCb } = this.#req;
    if (timeoutCb) this.#socket.off('timeout', timeoutCb);
    this.#req.timeoutCb = null;
  }

  // ---- The socket

  #onData(bytes) {
    const error = this.#parser.execute(bytes);
    if (error !== undefined) this.#fail(error, bytes);
  }

  // An answer that cannot be read.
  #fail(error, bytes) {
    error.rawPacket = bytes;
    this.#parser.close();
    this.#socket._hadError = true;
    this.#socket.destroy();
    tellError(this.#req, error);
  }

  #onSocketEnd() {
    if (this.#req.res === null && !this.#socket._hadError) {
      this.#socket._hadError = true;
      tellError(this.#req, aborted('socket hang up'));
    }
    this.#parser.finish();
    this.#socket.end();
  }

  #onSocketClose() {
    const req = this.#req;
    const { res } = req;
    this.#parser.finish();
    this.#parser.close();
    req.destroyed = true;
    if (res !== null) {
      if (!res.complete) res.destroy(aborted());
    } else if (!this.#socket._hadError) {
      this.#socket._hadError = true;
      tellError(req, aborted('socket hang up'));
    }
    req.outputData.length = 0;
    close(req);
  }

  #onSocketError(error) {
    this.#socket._hadError = true;
    this.#parser.close();
    tellError(this.#req, error);
  }

  // ---- What the parser reads

  onHead(head) {
    const req = this.#req;
    const res = new IncomingMessage(this.#socket);
    fill(res, head);
    res.joinDuplicateHeaders = req.joinDuplicateHeaders;
    res.req = req;
    const { statusCode } = head;
    if (req.method === 'CONNECT' || (statusCode === 101 && head.upgrade)) {
      this.#upgrade(res, req.method === 'CONNECT' ? 'connect' : 'upgrade');
      return 'raw';
    }
    res.upgrade = false;
    if (statusCode < 200 && statusCode !== 101) {
      this.#interim(res);
      return 'none';
    }
    req.res = res;
    const bodiless =
      req.method === 'HEAD' || statusCode === 204 || statusCode === 304 || statusCode === 101;
    const endless = !bodiless && head.contentLength < 0 && !head.chunked;
    if (!head.shouldKeepAlive || endless) req.shouldKeepAlive = false;
    this.#expectEnd(res);
    channels.publish?.('http.client.response.finish', { request: req, response: res });
    if (req.aborted || !req.emit('response', res)) res._dump();
    return bodiless ? 'none' : 'body';
  }

  #expectEnd(res) {
    const req = this.#req;
    const onTimeout = () => res.emit('timeout');
    this.#listeners.push(['timeout', onTimeout]);
    this.#socket.on('timeout', onTimeout);
    res.on('end', () => this.#onRead());
    req.on('finish', () => {
      if (req.shouldKeepAlive && req._ended) this.#free();
    });
  }

  #interim(res) {
    const req = this.#req;
    if (res.statusCode === 100) req.emit('continue');
    const { statusCode, statusMessage, httpVersion, headers, rawHeaders } = res;
    const { httpVersionMajor, httpVersionMinor } = res;
    req.emit('information', {
      statusCode,
      statusMessage,
      httpVersion,
      httpVersionMajor,
      httpVersionMinor,
      headers,
      rawHeaders,
    });
  }

  #upgrade(res, event) {
    const req = this.#req;
    const socket = this.#socket;
    req.res = res;
    res.upgrade = true;
    res.complete = true;
    const rest = this.#parser.close();
    if (req.listenerCount(event) === 0) {
      socket.destroy(); // nobody could go on with it
      return;
    }
    req.upgradeOrConnect = true;
    this.#leave();
    socket.emit('agentRemove');
    socket._httpMessage = null;
    socket.pause();
    socket.readableFlowing = null; // its first listener makes it flow
    socket.setTimeout?.(0);
    req.emit(event, res, socket, rest);
    req.destroyed = true;
    close(req);
  }

  onBody(bytes) {
    const { res } = this.#req;
    if (res === null || res._dumped || res.destroyed) return;
    if (!res._take(bytes)) this.#socket.pause();
  }

  onEnd(rawTrailers) {
    const { res } = this.#req;
    if (res === null) {
      process.nextTick(() => this.#goOn()); // the final response follows
      return;
    }
    res.complete = true;
    res.rawTrailers = rawTrailers;
    res.push(null);
    if (res._dumped) res.resume();
  }

  #goOn() {
    const error = this.#parser.next();
    if (error !== undefined) this.#fail(error);
  }

  // ---- The end

  #onRead() {
    const req = this.#req;
    req._ended = true;
    if (!req.shouldKeepAlive) {
      if (!this.#socket.writable) return;
      if (typeof this.#socket.destroySoon === 'function') this.#socket.destroySoon();
      else this.#socket.end();
    } else if (req.writableFinished && !req.aborted) this.#free();
  }

  // Both sides are done: the connection is good for another request.
  #free() {
    const req = this.#req;
    const socket = this.#socket;
    if (this.#left || socket.destroyed) return;
    // What came after the answer would be read as that of the next request.
    const surplus = this.#parser.close().length > 0;
    this.#leave();
    req.destroyed = true;
    process.nextTick(() => {
      close(req);
      if (surplus) socket.destroy();
      else socket.emit('free');
    });
  }
}

/** Tells that a request is over. */
function close(req) {
  if (req._closed) return;
  req._closed = true;
  req.emit('close');
}

module.exports = { Exchange, close, tellError };
