'use strict';
// Fields of HTTP messages: checks of what a program sends, and the object that it reads.
const { codes } = require('internal/errors/codes');

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const INVALID_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether text is a token (RFC 9110, section 5.6.2). */
const isToken = (text) => TOKEN.test(text);

// Names that were tokens: programs send the same ones again and again.
const tokens = new Set();
const MOST_TOKENS = 256;

function validateHeaderName(name, label = 'Header name') {
  if (tokens.has(name)) return;
  if (typeof name !== 'string' || !TOKEN.test(name))
    throw new codes.ERR_INVALID_HTTP_TOKEN(label, name);
  if (tokens.size < MOST_TOKENS) tokens.add(name);
}

function validateHeaderValue(name, value) {
  if (typeof value === 'number') return;
  if (value === undefined) throw new codes.ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (INVALID_VALUE.test(value)) throw new codes.ERR_INVALID_CHAR('header content', name);
}

const isValidHeaderName = (name) => typeof name === 'string' && TOKEN.test(name);
const isValidHeaderValue = (value) => value !== undefined && !INVALID_VALUE.test(value);

function validateTrailer(name, value) {
  if (INVALID_VALUE.test(value)) throw new codes.ERR_INVALID_CHAR('trailer content', name);
}

/** Checks a field with one value or many. */
function validateHeader(name, value) {
  validateHeaderName(name);
  if (Array.isArray(value)) for (const one of value) validateHeaderValue(name, one);
  else validateHeaderValue(name, value);
}

// Of these fields only the first counts.
const SINGLE = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

const LINK = /^(?:<[^>]*>)(?:\s*;\s*[^=;"\s]+(?:=(")?[^;"\s]*\1)?)*$/;

/** The value of the field Link of early hints; '' for none. @throws ERR_INVALID_ARG_VALUE */
function linksOf({ link }) {
  if (link === null || link === undefined) return '';
  const links = [].concat(link);
  for (const one of links)
    if (typeof one !== 'string' || !LINK.test(one))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'hints',
        link,
        'must be an array or string of format "</styles.css>; rel=preload; as=style"',
      );
  return links.join(', ');
}

/** Fields by name in lower case, from the list name, value, name, value… */
function joinHeaders(raw, joinDuplicates) {
  const headers = {};
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    const value = raw[i + 1];
    const own = Object.hasOwn(headers, name);
    if (name === 'set-cookie') {
      if (own) headers[name].push(value);
      else headers[name] = [value];
    } else if (!own) {
      // A field `__proto__` is a field like others.
      if (name === '__proto__')
        Object.defineProperty(headers, name, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      else headers[name] = value;
    } else if (joinDuplicates || !SINGLE.has(name)) {
      headers[name] += (name === 'cookie' ? '; ' : ', ') + value;
    }
  }
  return headers;
}

/** The same with a list of values for each name. */
function distinctHeaders(raw) {
  const headers = { __proto__: null };
  for (let i = 0; i < raw.length; i += 2) (headers[raw[i].toLowerCase()] ??= []).push(raw[i + 1]);
  return headers;
}

module.exports = {
  distinctHeaders,
  isToken,
  isValidHeaderName,
  isValidHeaderValue,
  joinHeaders,
  linksOf,
  validateHeader,
  validateHeaderName,
  validateHeaderValue,
  validateTrailer,
};
