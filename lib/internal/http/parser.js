'use strict';
// Reads HTTP/1.0 and 1.1 messages (RFC 9112). It takes what the RFC allows and nothing else where
// two readers of one connection could disagree on where a message ends: lines end in CRLF, fields
// are not folded, Transfer-Encoding and Content-Length exclude each other.
const { codes } = require('internal/errors/codes');
const { validateOneOf } = require('internal/errors/validators');
const { problem, readFields, readHead } = require('internal/http/head');
const own = require('internal/buffer/own');
const { flag, numberFlag } = require('internal/process/flags');

const CHUNK_SIZE = /^([0-9A-Fa-f]{1,12})(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const LENIENT = flag('insecure-http-parser') !== undefined;
const MAX_FIELDS = 2000;
const MAX_HEADER_SIZE = numberFlag('max-http-header-size') ?? 16 * 1024; // bytes of a head

/**
 * What the options httpValidation and insecureHTTPParser of a server or request ask of a Parser.
 * @returns {{ lenient: boolean | undefined, relaxed: boolean }}
 */
function validationOf({ httpValidation, insecureHTTPParser }) {
  if (httpValidation === undefined) return { lenient: insecureHTTPParser, relaxed: false };
  validateOneOf(httpValidation, 'options.httpValidation', ['strict', 'relaxed', 'insecure']);
  if (insecureHTTPParser !== undefined)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.httpValidation',
      httpValidation,
      'cannot be used together with options.insecureHTTPParser',
    );
  return {
    lenient: httpValidation === 'insecure' ? true : undefined,
    relaxed: httpValidation === 'relaxed',
  };
}

/** Whether a CR or LF without the other is among bytes, of which some were looked at before. */
function hasBareEnd(bytes, looked) {
  for (let i = Math.max(looked - 1, 0); i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 10 && bytes[i - 1] !== 13) return true;
    if (byte === 13 && i + 1 < bytes.length && bytes[i + 1] !== 10) return true;
  }
  return false;
}

const EMPTY = Buffer.alloc(0);
const SHORT = 2048; // bytes of a head that is read as text before its end is looked for
// What comes next.
const [HEAD, LENGTH_BODY, CHUNK_LINE, CHUNK_DATA, CHUNK_END, TRAILERS, UNTIL_END, DONE, RAW] =
  Array(9).keys();

class Parser {
  #how; // as readHead() takes it; lenient: as older peers send, what two may read in two ways
  #handler;
  #limit;
  #state = HEAD;
  #pending = EMPTY;
  #looked = 0; // bytes of #pending in which no head ends
  #closed = false;
  #left = 0; // bytes of the body, or of a chunk
  #extensions = 0; // bytes of chunk lines beyond their data
  #running = false;
  #given = 0; // bytes of the last execute()

  /**
   * @param {boolean} isRequest what it reads: requests or responses
   * @param {object} handler onHead(head) returns 'body', 'none' if the message has no body whatever
   *     it says, or 'raw' if what follows is no HTTP; onBody(bytes); onEnd(rawTrailers)
   * @param {{ maxHeaderSize?: number, maxFields?: number, lenient?: boolean, relaxed?: boolean }}
   *     limits bytes of a head, fields in it; the others as readHead() takes them
   */
  constructor(isRequest, handler, { maxHeaderSize, maxFields, lenient = LENIENT, relaxed }) {
    this.#how = { isRequest, limit: maxFields || MAX_FIELDS, lenient, relaxed };
    this.#handler = handler;
    this.#limit = maxHeaderSize || MAX_HEADER_SIZE;
  }

  /** Whether a message has begun that is not at its end. */
  get inMessage() {
    return (
      this.#state !== DONE &&
      this.#state !== RAW &&
      !(this.#state === HEAD && this.#pending.length === 0)
    );
  }
  /** Bytes that are not read yet. */
  get pendingLength() {
    return this.#pending.length;
  }

  /**
   * Reads bytes up to the end of a message; what follows waits for next(). Handlers may call it.
   * @returns {Error | undefined} what is wrong with the message; bytesParsed: bytes of this call before
   *     the part that is wrong
   */
  execute(bytes) {
    if (this.#closed) return undefined;
    this.#given = bytes.length;
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    return this.#run();
  }

  /** Goes on with the next message. */
  next() {
    if (this.#state === DONE) this.#state = HEAD;
    return this.#run();
  }

  /** The connection has ended: an Error if a message has not. */
  finish() {
    if (this.#state === UNTIL_END) this.#end([]);
    else if (this.inMessage)
      return Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_EOF_STATE' });
    return undefined;
  }

  /** Gives up; returns the bytes that were not read. Those that come later are dropped. */
  close() {
    const rest = this.#pending;
    this.#pending = EMPTY;
    this.#state = RAW;
    this.#closed = true;
    return rest;
  }

  #run() {
    if (this.#running) return undefined; // the loop below goes on
    this.#running = true;
    let left = 0;
    try {
      do left = this.#pending.length;
      while (this.#step());
      return undefined;
    } catch (error) {
      if (error.reason === undefined) throw error;
      error.bytesParsed = Math.max(this.#given - left, 0);
      this.close();
      return error;
    } finally {
      this.#running = false;
      // What waits may do so for as long as the peer likes.
      if (this.#pending.length > 0) this.#pending = own(this.#pending);
    }
  }

  #step() {
    switch (this.#state) {
      case HEAD:
        return this.#readHead();
      case LENGTH_BODY:
        return this.#readData();
      case CHUNK_LINE:
        return this.#readChunkLine();
      case CHUNK_DATA:
        return this.#readData();
      case CHUNK_END:
        return this.#readChunkEnd();
      case TRAILERS:
        return this.#readTrailers();
      case UNTIL_END:
        return this.#give(this.#pending.length);
      default:
        return false;
    }
  }

  #skip(count) {
    this.#pending = count === this.#pending.length ? EMPTY : this.#pending.subarray(count);
  }

  /** The lines of a head that is all that waits, as it mostly is; undefined if it is not sure. */
  #takeAll() {
    const bytes = this.#pending;
    const end = bytes.length - 4;
    if (
      end < 2 ||
      end > Math.min(SHORT, this.#limit) ||
      bytes[end] !== 13 ||
      bytes[end + 1] !== 10 ||
      bytes[end + 2] !== 13 ||
      bytes[end + 3] !== 10 ||
      bytes[end - 1] === 10 // the empty line may be before that
    )
      return undefined;
    const text = bytes.latin1Slice(0, end);
    if (text.indexOf('\r\n\r\n') >= 0) return undefined;
    this.#looked = 0;
    this.#pending = EMPTY;
    return text;
  }

  /** The lines before an empty one, undefined if that is not there yet. */
  #takeLines() {
    if (this.#how.lenient) return this.#takeLenientLines();
    const all = this.#takeAll();
    if (all !== undefined) return all;
    const end = this.#pending.indexOf('\r\n\r\n', Math.max(this.#looked - 3, 0));
    if (end > this.#limit || (end < 0 && this.#pending.length > this.#limit))
      throw problem('HPE_HEADER_OVERFLOW', 'Header overflow');
    if (end < 0) {
      // Who sends other ends of lines would wait for ever.
      if (hasBareEnd(this.#pending, this.#looked))
        throw problem('HPE_CR_EXPECTED', 'Missing expected CR');
      this.#looked = this.#pending.length;
      return undefined;
    }
    this.#looked = 0;
    const text = this.#pending.latin1Slice(0, end);
    this.#skip(end + 4);
    return text;
  }

  #takeLenientLines() {
    const text = this.#pending.latin1Slice(0, Math.min(this.#pending.length, this.#limit + 4));
    const end = /\r?\n\r?\n/.exec(text);
    if (end === null) {
      if (this.#pending.length > this.#limit)
        throw problem('HPE_HEADER_OVERFLOW', 'Header overflow');
      return undefined;
    }
    this.#skip(end.index + end[0].length);
    return text.slice(0, end.index).replace(/\r?\n/g, '\r\n');
  }

  // What no HTTP begins with would be waited for until a time-out.
  #checkBeginning() {
    const begin = this.#pending.latin1Slice(0, Math.min(this.#pending.length, 8));
    if (
      this.#how.isRequest
        ? !/^[A-Z][A-Z-]*(?: |$)/.test(begin)
        : !'HTTP/1.'.startsWith(begin.slice(0, 7))
    )
      throw this.#how.isRequest
        ? problem('HPE_INVALID_METHOD', 'Invalid method encountered')
        : problem('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
  }

  #readHead() {
    // Empty lines before a message are no part of it (RFC 9112, section 2.2).
    let from = 0;
    while (this.#pending[from] === 13 && this.#pending[from + 1] === 10) from += 2;
    if (from > 0) {
      this.#skip(from);
      this.#looked = 0;
    }
    if (this.#pending.length === 0) return false;
    if (this.#pending[0] === 13 && this.#pending.length === 1) return false;
    const text = this.#takeLines();
    if (text === undefined) {
      this.#checkBeginning();
      return false;
    }
    const head = readHead(text, this.#how);
    this.#extensions = 0;
    this.#state = DONE; // a handler may close the parser
    this.#begin(head, this.#handler.onHead(head));
    return this.#state !== RAW;
  }

  #begin(head, kind) {
    if (this.#state === RAW) return;
    if (kind === 'raw') this.#state = RAW;
    else if (kind === 'none' || head.contentLength === 0) this.#end([]);
    else if (head.chunked) this.#state = CHUNK_LINE;
    else if (head.contentLength > 0) {
      this.#state = LENGTH_BODY;
      this.#left = head.contentLength;
    } else if (this.#how.isRequest) this.#end([]);
    else this.#state = UNTIL_END;
  }

  #end(rawTrailers) {
    this.#state = DONE;
    this.#handler.onEnd(rawTrailers);
  }

  #give(count) {
    if (count === 0) return false;
    const bytes = count === this.#pending.length ? this.#pending : this.#pending.subarray(0, count);
    this.#skip(count);
    this.#handler.onBody(bytes);
    return this.#state !== RAW;
  }

  #readData() {
    const count = Math.min(this.#left, this.#pending.length);
    this.#left -= count;
    if (!this.#give(count)) return false;
    if (this.#left > 0) return false;
    if (this.#state === CHUNK_DATA) this.#state = CHUNK_END;
    else this.#end([]);
    return true;
  }

  /** A line without its end, undefined if that is not there yet. */
  #takeLine() {
    const end = this.#pending.indexOf('\r\n');
    const length = end < 0 ? this.#pending.length : end;
    if (this.#extensions + length > this.#limit)
      throw problem('HPE_CHUNK_EXTENSIONS_OVERFLOW', 'Chunk extensions overflow');
    if (end < 0) return undefined;
    const line = this.#pending.latin1Slice(0, end);
    this.#skip(end + 2);
    return line;
  }

  #readChunkLine() {
    const line = this.#takeLine();
    if (line === undefined) return false;
    const match = CHUNK_SIZE.exec(line);
    if (/^[0-9A-Fa-f]+\n/.test(line))
      throw problem('HPE_CR_EXPECTED', 'Missing expected CR after chunk size');
    if (match === null) throw problem('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
    this.#extensions += line.length - match[1].length;
    this.#left = parseInt(match[1], 16);
    this.#state = this.#left === 0 ? TRAILERS : CHUNK_DATA;
    return true;
  }

  #readChunkEnd() {
    if (this.#pending.length < 2) return false;
    if (this.#pending[0] !== 13 || this.#pending[1] !== 10)
      throw problem('HPE_STRICT', 'Expected CRLF after chunk data');
    this.#skip(2);
    this.#state = CHUNK_LINE;
    return true;
  }

  #readTrailers() {
    if (this.#pending.length < 2) return false;
    let text = '';
    if (this.#pending[0] === 13 && this.#pending[1] === 10) this.#skip(2);
    else text = this.#takeLines();
    if (text === undefined) return false;
    this.#end(readFields(text, 0, this.#how));
    return true;
  }
}

module.exports = { Parser, MAX_HEADER_SIZE, validationOf };
