'use strict';
// ClientRequest: what a client asks, and the reading of the answer.
const net = require('net');
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateBoolean,
  validateFunction,
  validateInteger,
} = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { OutgoingMessage, attach, makeHead } = require('internal/http/outgoing');
const { IncomingMessage, aborted, fill } = require('internal/http/incoming');
const { Parser } = require('internal/http/parser');
const { globalAgent } = require('internal/http/agent');
const { isToken } = require('internal/http/headers');

const INVALID_PATH = /[^\u0021-\u00ff]/;
const DEFAULT_HEADER_SIZE = 16 * 1024;
const NO_BODY = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

/** Options of the arguments (url[, options]) or (options). */
function toOptions(input, options) {
  if (typeof input === 'string') input = new URL(input);
  else if (!(input instanceof URL)) return { ...(options ?? {}), ...input };
  const { urlToHttpOptions } = require('url');
  return { ...urlToHttpOptions(input), ...options };
}

function checkHost(host, name) {
  if (host != null && typeof host !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, ['string', 'undefined', 'null'], host);
  return host;
}

function chooseAgent(agent, defaultAgent) {
  if (agent === false) return new defaultAgent.constructor();
  if (agent === null || agent === undefined) return defaultAgent;
  if (typeof agent.addRequest !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE(
      'options.agent',
      ['Agent-like Object', 'undefined', 'false'],
      agent,
    );
  return agent;
}

class ClientRequest extends OutgoingMessage {
  #socket = null;
  #parser = null;
  #listeners = null;
  #maxHeaderSize;
  #joins;
  #answered = false; // all of the response has arrived
  #upgraded = false;

  constructor(input, options, callback) {
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    super();
    options = toOptions(input, options);
    const defaultAgent = options._defaultAgent ?? globalAgent;
    const agent =
      options.createConnection && options.agent === undefined
        ? undefined
        : chooseAgent(options.agent, defaultAgent);
    this.agent = agent;
    const protocol = options.protocol || (agent ?? defaultAgent).protocol;
    const expected = agent?.protocol ?? defaultAgent.protocol;
    if (protocol !== expected && !(options.createConnection && !options.agent))
      throw new codes.ERR_INVALID_PROTOCOL(protocol, expected);
    if (
      options.path !== undefined &&
      options.path !== null &&
      INVALID_PATH.test(String(options.path))
    )
      throw new codes.ERR_UNESCAPED_CHARACTERS('Request path');
    const defaultPort = options.defaultPort || (agent ?? defaultAgent).defaultPort;
    options.port ||= defaultPort || 80;
    options.host =
      checkHost(options.hostname, 'hostname') || checkHost(options.host, 'host') || 'localhost';
    const { method = 'GET' } = options;
    if (typeof method !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE('options.method', 'string', method);
    if (!isToken(method)) throw new codes.ERR_INVALID_HTTP_TOKEN('Method', method);
    if (options.maxHeaderSize !== undefined)
      validateInteger(options.maxHeaderSize, 'maxHeaderSize', 0);
    if (options.joinDuplicateHeaders !== undefined)
      validateBoolean(options.joinDuplicateHeaders, 'options.joinDuplicateHeaders');
    this.method = method.toUpperCase();
    this.path = options.path || '/';
    this.host = options.host;
    this.protocol = protocol;
    this.socketPath = options.socketPath;
    this.timeout = options.timeout;
    this.aborted = false;
    this.reusedSocket = false;
    this.res = null;
    this.maxHeadersCount = null;
    this.upgradeOrConnect = false;
    this.#maxHeaderSize = options.maxHeaderSize || DEFAULT_HEADER_SIZE;
    this.#joins = options.joinDuplicateHeaders ?? false;
    this.useChunkedEncodingByDefault = !NO_BODY.includes(this.method);
    this.shouldKeepAlive =
      agent !== undefined && (agent.keepAlive || agent.maxSockets !== Infinity);
    if (callback) {
      validateFunction(callback, 'cb');
      this.once('response', callback);
    }
    if (options.signal !== undefined) {
      validateAbortSignal(options.signal, 'options.signal');
      require('stream').addAbortSignal(options.signal, this);
    }
    this.#setFields(options, defaultPort);
    this.#start(options);
  }

  #setFields(options, defaultPort) {
    const { headers } = options;
    const list = Array.isArray(headers);
    if (list) {
      const pairs = Array.isArray(headers[0]) ? headers.flat() : headers;
      for (let i = 0; i < pairs.length; i += 2) this.appendHeader(pairs[i], pairs[i + 1]);
    } else if (headers) {
      for (const [name, value] of Object.entries(headers)) this.setHeader(name, value);
    }
    if (
      !this.hasHeader('host') &&
      !list &&
      options.setHost !== false &&
      options.setDefaultHeaders !== false
    ) {
      let host = net.isIP(options.host) === 6 ? `[${options.host}]` : options.host;
      if (options.port && Number(options.port) !== defaultPort) host += `:${options.port}`;
      this.setHeader('Host', host);
    }
    if (options.auth && !this.hasHeader('authorization'))
      this.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
  }

  #start(options) {
    const { agent } = this;
    if (agent !== undefined) {
      agent.addRequest(this, options);
      return;
    }
    if (options.socketPath) options.path = options.socketPath;
    let answered = false;
    const created = (error, socket) => {
      if (answered) return;
      answered = true;
      this.onSocket(socket, error);
    };
    const socket = options.createConnection(options, created);
    if (socket) created(null, socket);
  }

  _implicitHeader() {
    if (this._header !== null) throw new codes.ERR_HTTP_HEADERS_SENT('render');
    makeHead(this, `${this.method} ${this.path} HTTP/1.1\r\n`);
  }
  get _sendsEmptyLength() {
    return this.useChunkedEncodingByDefault;
  }

  // ---- The connection

  /** The agent gives the request its connection, or says why there is none. */
  onSocket(socket, error) {
    process.nextTick(() => {
      if (this.destroyed) {
        // It was given up meanwhile: the connection is good for another.
        if (socket && !error) {
          if (this.agent?.keepAlive && socket.writable) socket.emit('free');
          else socket.destroy();
        }
        return;
      }
      if (error) this.destroy(error);
      else this.#use(socket);
    });
  }

  #use(socket) {
    this.#socket = socket;
    socket._httpMessage = this;
    const limits = { maxHeaderSize: this.#maxHeaderSize, maxFields: this.maxHeadersCount };
    const handler = {
      onHead: (head) => this.#onHead(head),
      onBody: (bytes) => this.#onBody(bytes),
      onEnd: (rawTrailers) => this.#onEnd(rawTrailers),
    };
    this.#parser = new Parser(false, handler, limits);
    this.#listeners = [
      ['data', (bytes) => this.#onData(bytes)],
      ['end', () => this.#onSocketEnd()],
      ['close', () => this.#onSocketClose()],
      ['error', (error) => this.#onSocketError(error)],
      ['timeout', () => this.emit('timeout')],
    ];
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
    if (this.timeout !== undefined) socket.setTimeout(this.timeout);
    if (this.res === null) socket.resume();
    attach(this, socket);
    this.emit('socket', socket);
  }

  #leave() {
    const socket = this.#socket;
    for (const [event, listener] of this.#listeners) socket.off(event, listener);
    this.#listeners = [];
    if (socket._httpMessage === this) socket._httpMessage = null;
  }

  #onData(bytes) {
    const error = this.#parser.execute(bytes);
    if (error === undefined) return;
    error.rawPacket = bytes;
    this.#socket.destroy();
    this.#fail(error);
  }

  #onSocketEnd() {
    const error = this.#parser.finish();
    if (this.res === null && !this.#upgraded) {
      this.#fail(aborted('socket hang up'));
      this.#socket.destroy();
    } else if (error !== undefined) {
      this.#fail(this.res.complete ? error : aborted());
      this.#socket.destroy();
    }
  }

  #onSocketClose() {
    this.#parser.finish();
    if (this.res === null) this.#fail(aborted('socket hang up'));
    else if (!this.res.complete) this.res.destroy(aborted());
    this.#parser.close();
    if (!this.destroyed) this.destroy();
  }

  #onSocketError(error) {
    this.#parser.close();
    this.#fail(error);
  }

  // A response that has begun tells of the failure, else the request.
  #fail(error) {
    if (this.res !== null) {
      if (!this.res.complete) this.res.destroy(error);
    } else if (!this.destroyed) this.destroy(error);
  }

  _destroy(error, callback) {
    if (this.res !== null) this.res._dump();
    const done = (problem) => super._destroy(problem, callback);
    const socket = this.#socket;
    if (this.#answered || this.#upgraded) return done(error);
    if (socket !== null && !socket.destroyed) socket.destroy();
    if (this.res !== null) return done(error);
    done(error ?? aborted('socket hang up'));
  }

  /** Gives the request up. */
  abort() {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  }

  // ---- What the parser reads

  #onHead(head) {
    const res = new IncomingMessage(this.#socket);
    fill(res, head);
    res.joinDuplicateHeaders = this.#joins;
    const { statusCode } = head;
    const connects = this.method === 'CONNECT' && statusCode >= 200 && statusCode < 300;
    if (statusCode === 101 || connects) {
      this.#upgrade(res, connects ? 'connect' : 'upgrade');
      return 'raw';
    }
    if (statusCode < 200) {
      this.#interim(res, head);
      return 'none';
    }
    res.upgrade = false;
    res.req = this;
    this.res = res;
    const bodiless = this.method === 'HEAD' || statusCode === 204 || statusCode === 304;
    const endless = !bodiless && head.contentLength < 0 && !head.chunked;
    if (!head.shouldKeepAlive || endless) this.shouldKeepAlive = false;
    readKeepAlive(this.#socket, res);
    if (this.aborted || !this.emit('response', res)) res._dump();
    return bodiless ? 'none' : 'body';
  }

  #interim(res, head) {
    if (head.statusCode === 100) this.emit('continue');
    const {
      httpVersion,
      httpVersionMajor,
      httpVersionMinor,
      statusCode,
      statusMessage,
      rawHeaders,
    } = res;
    this.emit('information', {
      statusCode,
      statusMessage,
      httpVersion,
      httpVersionMajor,
      httpVersionMinor,
      headers: res.headers,
      rawHeaders,
    });
  }

  #upgrade(res, event) {
    const socket = this.#socket;
    this.#upgraded = true;
    this.upgradeOrConnect = true;
    this.res = res;
    res.req = this;
    res.complete = true;
    const rest = this.#parser.close();
    this.#leave();
    socket.emit('agentRemove');
    socket.pause();
    socket.readableFlowing = null;
    socket.setTimeout(0);
    if (!this.emit(event, res, socket, rest)) socket.destroy();
    process.nextTick(() => this.destroy());
  }

  #onBody(bytes) {
    const { res } = this;
    if (res === null || res._dumped || res.destroyed) return;
    if (!res.push(bytes)) this.#socket.pause();
  }

  #onEnd(rawTrailers) {
    const { res } = this;
    if (res === null) {
      // An interim response: the final one follows.
      process.nextTick(() => this.#goOn());
      return;
    }
    res.complete = true;
    this.#answered = true;
    res.rawTrailers = rawTrailers;
    res.push(null);
    if (res.readableEnded || res._dumped) this.#onRead();
    else res.once('end', () => this.#onRead());
    if (res._dumped) res.resume();
  }

  #goOn() {
    const error = this.#parser?.next();
    if (error !== undefined) {
      this.#socket.destroy();
      this.#fail(error);
    }
  }

  // The response is read: the connection is free once the request is written too.
  #onRead() {
    const socket = this.#socket;
    if (this.#listeners.length === 0) return;
    if (!this.shouldKeepAlive || this._last || socket.destroyed || this.agent === undefined) {
      socket.destroySoon();
      return;
    }
    if (!this.writableFinished) {
      this.once('finish', () => this.#onRead());
      return;
    }
    // What came after the response would be read as that of the next request.
    const surplus = this.#parser.close().length > 0;
    this.#leave();
    process.nextTick(() => {
      if (surplus) socket.destroy();
      else socket.emit('free');
      if (!this.destroyed) this.destroy();
    });
  }

  setTimeout(msecs, callback) {
    this.timeout = msecs;
    return super.setTimeout(msecs, callback);
  }
  setNoDelay(noDelay) {
    this.#withSocket((socket) => socket.setNoDelay(noDelay));
  }
  setSocketKeepAlive(enable, initialDelay) {
    this.#withSocket((socket) => socket.setKeepAlive(enable, initialDelay));
  }
  #withSocket(use) {
    if (this.#socket !== null) use(this.#socket);
    else this.once('socket', use);
  }
  clearTimeout(callback) {
    this.setTimeout(0, callback);
  }
}

// Keep-Alive: timeout=5 says when the server closes; a second earlier nothing is lost on the way.
function readKeepAlive(socket, res) {
  const hint = /(?:^|[\s,])timeout=(\d{1,9})/i.exec(res.headers['keep-alive'] ?? '');
  socket._keepAliveHint = hint === null ? undefined : Math.max(0, Number(hint[1]) * 1000 - 1000);
}

module.exports = { ClientRequest };
