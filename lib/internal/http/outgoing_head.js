'use strict';
// The head of a message that is sent: its first line, the fields that the program set, and those
// that follow from them.
const { codes } = require('internal/errors/codes');
const { validateHeader } = require('internal/http/headers');

const kFields = Symbol('fields'); // name in small letters → [name, value]; null until there is one
const kUnique = Symbol('unique'); // names, in small letters, whose values go into one line

const CHUNKED = /(?:^|\W)chunked(?:$|\W)/i;
const CLOSE = /(?:^|\W)close(?:$|\W)/i;

let date;
/** The line of the field Date; made anew once a second. */
function dateLine() {
  if (date === undefined) {
    const now = new Date();
    date = `Date: ${now.toUTCString()}\r\n`;
    setTimeout(() => {
      date = undefined;
    }, 1000 - now.getMilliseconds()).unref();
  }
  return date;
}

let keepAliveMs = -1;
let keepAliveLines = '';
/** The lines of a connection that stays, of which the peer is told for how long; as a server has one time for all. */
function linesOfKeepAlive(ms) {
  if (ms !== keepAliveMs) {
    keepAliveMs = ms;
    keepAliveLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(ms / 1000)}\r\n`;
  }
  return keepAliveLines;
}

class Head {
  constructor(message, firstLine) {
    this.message = message;
    this.text = firstLine;
    this.connection = this.length = this.coding = this.date = this.trailer = this.expect = false;
  }

  /** A field, in one line or one for each value. */
  add(name, value) {
    if (!Array.isArray(value)) {
      this.#line(name, value);
      return;
    }
    const key = name.toLowerCase();
    const joined = (key === 'cookie' && value.length > 1) || this.message[kUnique]?.has(key);
    if (joined) this.#line(name, value.join('; '));
    else for (const one of value) this.#line(name, one);
  }

  #line(name, value) {
    const text = `${value}`;
    this.text += `${name}: ${text}\r\n`;
    const note = name.length < notes.length ? notes[name.length] : null;
    if (note !== null) note(this, name.toLowerCase(), text, this.message);
  }

  #connectionField() {
    const { message } = this;
    if (message._removedConnection) {
      message._last = !message.shouldKeepAlive;
      return;
    }
    if (this.connection) return;
    const persists =
      message.shouldKeepAlive &&
      (this.length || message.useChunkedEncodingByDefault || message.agent);
    if (persists && !message.maxRequestsOnConnectionReached) {
      const { _keepAliveTimeout: ms, _maxRequestsPerSocket: most } = message;
      if (!ms || !message._defaultKeepAlive) this.text += 'Connection: keep-alive\r\n';
      else if (most > 0)
        this.text += `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(ms / 1000)}, max=${most}\r\n`;
      else this.text += linesOfKeepAlive(ms);
      return;
    }
    if (!persists) message._last = true;
    this.text += 'Connection: close\r\n';
  }

  // How the peer learns where the body ends.
  #framingField() {
    const { message } = this;
    if (this.length || this.coding) return;
    if (!message._hasBody) message.chunkedEncoding = false;
    else if (!message.useChunkedEncodingByDefault) message._last = true;
    else if (
      !this.trailer &&
      !message._removedContLen &&
      typeof message._contentLength === 'number'
    )
      this.text += `Content-Length: ${message._contentLength}\r\n`;
    else if (message._removedTE) message._last = true;
    else {
      this.text += 'Transfer-Encoding: chunked\r\n';
      message.chunkedEncoding = true;
    }
  }

  finish() {
    const { message } = this;
    if (message.sendDate && !this.date) this.text += dateLine();
    // Such an answer has no body, whatever the program said.
    if (message.chunkedEncoding && (message.statusCode === 204 || message.statusCode === 304)) {
      message.chunkedEncoding = false;
      message.shouldKeepAlive = false;
    }
    this.#connectionField();
    this.#framingField();
    if (!message.chunkedEncoding && this.trailer) throw new codes.ERR_HTTP_TRAILER_INVALID();
    return `${this.text}\r\n`;
  }
}

// What a field of the program's means for the message, by the length of its name.
const byLength = {
  4(head, key) {
    if (key === 'date') head.date = true;
  },
  6(head, key) {
    if (key === 'expect') head.expect = true;
  },
  7(head, key) {
    if (key === 'trailer') head.trailer = true;
  },
  10(head, key, value, message) {
    if (key === 'connection') {
      head.connection = true;
      message._removedConnection = false;
      if (CLOSE.test(value)) message._last = true;
      else message.shouldKeepAlive = true;
    } else if (key === 'keep-alive') message._defaultKeepAlive = false;
  },
  14(head, key, value, message) {
    if (key !== 'content-length') return;
    head.length = true;
    message._contentLength = Number(value);
    message._removedContLen = false;
  },
  17(head, key, value, message) {
    if (key !== 'transfer-encoding') return;
    head.coding = true;
    message._removedTE = false;
    if (CHUNKED.test(value)) message.chunkedEncoding = true;
  },
};
const notes = Array.from({ length: 18 }, (_, length) => byLength[length] ?? null);

/**
 * Makes message._header.
 * @param {OutgoingMessage} message
 * @param {string} firstLine with its end
 * @param {object|Array} [headers] fields instead of those that were set: an object, a list of
 *   pairs, or a list of names and values in turn
 * @returns {boolean} whether the head must go before the body, as it asks the peer for its leave
 */
function makeHead(message, firstLine, headers) {
  const head = new Head(message, firstLine);
  if (headers === undefined) {
    for (const [name, value] of message[kFields]?.values() ?? []) head.add(name, value);
  } else if (Array.isArray(headers)) {
    for (const [name, value] of pairsOf(headers)) addChecked(head, name, value);
  } else {
    for (const name of Object.keys(headers)) addChecked(head, name, headers[name]);
  }
  message._header = head.finish();
  message._headerSent = false;
  return head.expect;
}

function addChecked(head, name, value) {
  validateHeader(name, value);
  head.add(name, value);
}

/** Fields of an object, a list of pairs, or a flat list, as [name, value]. */
function pairsOf(headers) {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (headers.length > 0 && Array.isArray(headers[0])) return headers;
  if (headers.length % 2 !== 0) throw new codes.ERR_INVALID_ARG_VALUE('headers', headers);
  return Array.from({ length: headers.length / 2 }, (_, i) => [headers[2 * i], headers[2 * i + 1]]);
}

module.exports = { kFields, kUnique, makeHead, pairsOf };
