'use strict';
// Header fields: the objects of programs, and the text that the engine has of them: name NUL value
// NUL each, in Latin-1; \1 before a name says that its value must not be compressed.
const { codes } = require('internal/errors/codes');
const { isToken } = require('internal/http/headers');

const sensitiveHeaders = Symbol('sensitiveHeaders');

const REQUEST = new Set([':method', ':authority', ':scheme', ':path', ':protocol']);
const RESPONSE = new Set([':status']);
const TRAILERS = new Set();

// Fields of HTTP/1 connections, which HTTP/2 forbids (RFC 9113, section 8.2.2).
const OF_CONNECTIONS = new Set([
  'connection',
  'upgrade',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
]);

// Fields that stand once.
const SINGLE = new Set(
  (
    ':status :method :authority :scheme :path :protocol access-control-allow-credentials' +
    ' access-control-max-age access-control-request-method age authorization content-encoding' +
    ' content-language content-length content-location content-md5 content-range content-type date' +
    ' dnt etag expires from host if-match if-modified-since if-none-match if-range' +
    ' if-unmodified-since last-modified location max-forwards proxy-authorization range referer' +
    ' retry-after tk upgrade-insecure-requests user-agent x-content-type-options'
  ).split(' '),
);

const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** The text of fields. */
class FieldWriter {
  pseudo = '';
  rest = '';
  #allowed;
  #sensitive;
  #strict;
  #seen = new Set();

  constructor(allowed, sensitive, strict) {
    this.#allowed = allowed;
    this.#strict = strict;
    if (sensitive !== undefined && !Array.isArray(sensitive))
      throw new codes.ERR_INVALID_ARG_VALUE('headers[http2.neverIndex]', sensitive);
    this.#sensitive =
      sensitive?.length > 0 ? new Set(sensitive.map((name) => name.toLowerCase())) : null;
  }

  /** A field with one value or many. */
  add(given, value) {
    if (value === undefined) return;
    const name = given.toLowerCase();
    if (name === '') return;
    const single = this.#strict && SINGLE.has(name);
    if (single && this.#seen.has(name)) throw new codes.ERR_HTTP2_HEADER_SINGLE_VALUE(name);
    this.#seen.add(name);
    if (!Array.isArray(value)) {
      this.#one(name, value);
      return;
    }
    if (single && value.length > 1) throw new codes.ERR_HTTP2_HEADER_SINGLE_VALUE(name);
    for (const one of value) this.#one(name, one);
  }

  #one(name, value) {
    const text = String(value);
    const before = this.#sensitive?.has(name) ? '\x01' : '';
    if (name[0] === ':') {
      if (!this.#allowed.has(name)) throw new codes.ERR_HTTP2_INVALID_PSEUDOHEADER(name);
      this.#check(name, text);
      this.pseudo += `${before}${name}\0${text}\0`;
      return;
    }
    if (!isToken(name)) throw new codes.ERR_INVALID_HTTP_TOKEN('Header name', name);
    if (OF_CONNECTIONS.has(name) || (name === 'te' && text !== 'trailers'))
      throw new codes.ERR_HTTP2_INVALID_CONNECTION_HEADERS(name);
    this.#check(name, text);
    this.rest += `${before}${name}\0${text}\0`;
  }

  #check(name, text) {
    if (INVALID_VALUE.test(text)) throw new codes.ERR_INVALID_CHAR('header content', name);
  }
}

/**
 * The engine's bytes of fields; those that begin with `:` come first.
 * @param {object | string[]} headers  by name, or name, value, name, value…
 * @param {Set<string>} allowed  REQUEST, RESPONSE or TRAILERS
 * @param {boolean} strict  whether fields that stand once may have one value only
 * @param {string[]} [sensitive]  names; by default headers[sensitiveHeaders]
 * @returns {Buffer}
 */
function pack(headers, allowed, strict, sensitive = headers[sensitiveHeaders]) {
  const writer = new FieldWriter(allowed, sensitive, strict);
  if (Array.isArray(headers))
    for (let i = 0; i < headers.length; i += 2) writer.add(headers[i], headers[i + 1]);
  else for (const name of Object.keys(headers)) writer.add(name, headers[name]);
  return Buffer.from(writer.pseudo + writer.rest, 'latin1');
}

/** What arrived. @returns {[headers: object, raw: string[]]} */
function unpack(text = '') {
  const raw = text.split('\0');
  raw.pop();
  const headers = { __proto__: null };
  const sensitive = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i].charCodeAt(0) === 1) {
      raw[i] = raw[i].slice(1);
      sensitive.push(raw[i]);
    }
    const name = raw[i];
    const value = name === ':status' ? Number(raw[i + 1]) : raw[i + 1];
    const before = headers[name];
    if (before === undefined || name === '__proto__')
      headers[name] = name === 'set-cookie' ? [value] : value;
    else if (!SINGLE.has(name)) {
      if (name === 'set-cookie') before.push(value);
      else headers[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
    }
  }
  headers[sensitiveHeaders] = sensitive;
  return [headers, raw];
}

module.exports = { OF_CONNECTIONS, REQUEST, RESPONSE, TRAILERS, pack, sensitiveHeaders, unpack };
