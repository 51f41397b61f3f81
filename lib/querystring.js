'use strict';
// Query strings (https://nodejs.org/api/querystring.html).

const plain = /^[A-Za-z0-9\-_.!~*'()]*$/;

/** Percent-encodes str for a query. */
function escape(str) {
  if (typeof str !== 'string') str = typeof str === 'object' ? String(str) : `${str}`;
  if (plain.test(str)) return str;
  if (!str.isWellFormed()) {
    const error = new URIError('URI malformed');
    error.code = 'ERR_INVALID_URI';
    throw error;
  }
  return encodeURIComponent(str);
}

/** Decodes the percent-encodings of str to bytes; what is none stays as it is. */
function unescapeBuffer(str, plus) {
  const { Buffer } = require('buffer');
  const source = Buffer.from(`${str}`);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source[i];
    if (byte === 0x25) {
      const value = hex(source[i + 1]) * 16 + hex(source[i + 2]);
      if (value >= 0) {
        byte = value;
        i += 2;
      }
    } else if (plus && byte === 0x2b) {
      byte = 0x20;
    }
    source[length++] = byte;
  }
  return source.subarray(0, length);
}

function hex(code) {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return NaN;
}

/** Decodes str; malformed parts stay or become U+FFFD. */
function unescape(str, plus) {
  try {
    return decodeURIComponent(str);
  } catch {
    return unescapeBuffer(str, plus).toString();
  }
}

function textOf(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : '';
  if (typeof value === 'bigint' || typeof value === 'boolean') return `${value}`;
  return '';
}

/**
 * Makes a query string of an object's own keys; an array gives a pair for each value.
 * @param {object} object
 * @param {string} [separator] '&'
 * @param {string} [equals] '='
 * @param {{encodeURIComponent?: Function}} [options]
 */
function stringify(object, separator, equals, options) {
  separator ||= '&';
  equals ||= '=';
  if (object === null || typeof object !== 'object') return '';
  const given = options?.encodeURIComponent;
  const encode = typeof given === 'function' ? given : module.exports.escape;
  const pairs = [];
  for (const key of Object.keys(object)) {
    const prefix = `${encode(key)}${equals}`;
    const value = object[key];
    for (const one of Array.isArray(value) ? value : [value])
      pairs.push(prefix + encode(textOf(one)));
  }
  return pairs.join(separator);
}

/**
 * Parses a query string to an object without prototype; a key that comes again gives an array.
 * @param {string} text
 * @param {string} [separator] '&'
 * @param {string} [equals] '='
 * @param {{maxKeys?: number, decodeURIComponent?: Function}} [options] maxKeys 1000; 0: no limit
 */
function parse(text, separator, equals, options) {
  const result = { __proto__: null };
  if (typeof text !== 'string' || text.length === 0) return result;
  separator = separator ? `${separator}` : '&';
  equals = equals ? `${equals}` : '=';
  const limit = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;
  const given = options?.decodeURIComponent;
  const decode = typeof given === 'function' ? given : module.exports.unescape;

  let pairs = 0;
  for (const part of text.split(separator)) {
    if (part === '') continue;
    if (limit > 0 && pairs++ >= limit) break;
    const split = part.indexOf(equals);
    const key = decoded(split < 0 ? part : part.slice(0, split), decode);
    const value = split < 0 ? '' : decoded(part.slice(split + equals.length), decode);
    if (!(key in result)) result[key] = value;
    else if (Array.isArray(result[key])) result[key].push(value);
    else result[key] = [result[key], value];
  }
  return result;
}

function decoded(text, decode) {
  if (decode === unescape && !text.includes('%')) return text.replaceAll('+', ' ');
  try {
    return decode(text.replaceAll('+', '%20'));
  } catch {
    return unescape(text.replaceAll('+', '%20'));
  }
}

module.exports = {
  unescapeBuffer,
  unescape,
  escape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};
