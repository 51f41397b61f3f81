'use strict';
// HTTPParser of _http_common: Node's own parser, which packages that intercept requests use although
// it is not documented. Callbacks are properties by number.
const { Buffer } = require('buffer');
const { Parser } = require('internal/http/parser');

/** Methods by the numbers that kOnHeadersComplete is told. */
const methods = (
  'DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK ' +
  'BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PATCH ' +
  'PURGE MKCALENDAR LINK UNLINK SOURCE QUERY'
).split(' ');

const [BEGIN, HEADERS, HEADERS_COMPLETE, BODY, MESSAGE_COMPLETE, EXECUTE, TIMEOUT] =
  Array(7).keys();
const REQUEST = 1;
const RESPONSE = 2;
/** What kOnHeadersComplete returns: the message has no body; and what follows it is no HTTP. */
const NO_BODY = 1;
const UPGRADED = 2;

class HTTPParser {
  static REQUEST = REQUEST;
  static RESPONSE = RESPONSE;
  static kOnMessageBegin = BEGIN;
  static kOnHeaders = HEADERS;
  static kOnHeadersComplete = HEADERS_COMPLETE;
  static kOnBody = BODY;
  static kOnMessageComplete = MESSAGE_COMPLETE;
  static kOnExecute = EXECUTE;
  static kOnTimeout = TIMEOUT;
  static kLenientNone = 0;
  static kLenientAll = 255;

  #parser;
  #isRequest;
  #ended = false; // a message has, and the next one was not asked for

  /**
   * Begins anew.
   * @param {number} type  REQUEST or RESPONSE
   */
  initialize(type, _resource, maxHeaderSize = 0, lenient = 0) {
    this.#isRequest = type === REQUEST;
    this.#ended = false;
    this.#parser = new Parser(
      this.#isRequest,
      {
        onHead: (head) => this.#onHead(head),
        onBody: (bytes) => this[BODY]?.(Buffer.from(bytes)),
        onEnd: (trailers) => {
          this.#ended = true;
          if (trailers.length > 0) this[HEADERS]?.(trailers, '');
          this[MESSAGE_COMPLETE]?.();
        },
      },
      { maxHeaderSize, lenient: lenient !== 0 },
    );
  }

  #onHead(head) {
    const { method, rawHeaders, statusCode, statusMessage, url, versionMajor, versionMinor } = head;
    this[BEGIN]?.();
    const first = this.#isRequest
      ? [methods.indexOf(method), url, undefined, undefined]
      : [undefined, undefined, statusCode, statusMessage];
    const empty =
      !this.#isRequest && (statusCode < 200 || statusCode === 204 || statusCode === 304);
    const ends = this.#isRequest || empty || head.chunked || head.contentLength >= 0;
    const upgrade = head.upgrade || method === 'CONNECT';
    const told = [versionMajor, versionMinor, rawHeaders, ...first, upgrade];
    const skips = this[HEADERS_COMPLETE]?.(...told, head.shouldKeepAlive && ends);
    if (skips === UPGRADED) return 'raw';
    return empty || skips === NO_BODY ? 'none' : 'body';
  }

  /** @param {Uint8Array} bytes @returns {number | Error} how many were read */
  execute(bytes) {
    let problem = this.#parser.execute(bytes);
    while (problem === undefined && this.#ended) {
      this.#ended = false;
      problem = this.#parser.next();
    }
    return problem ?? bytes.length - this.#parser.pendingLength;
  }

  /** The input has ended. @returns {Error | undefined} */
  finish() {
    return this.#parser.finish();
  }

  close() {
    this.#parser?.close();
  }
  free() {
    this.close();
  }
  remove() {}
  consume() {}
  unconsume() {}
  pause() {}
  resume() {}
  getCurrentBuffer() {}
}

module.exports = { HTTPParser, methods };
