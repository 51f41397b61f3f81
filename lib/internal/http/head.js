'use strict';
// Reads the head of an HTTP/1.0 or 1.1 message (RFC 9112, sections 2 to 6): its first line, its fields,
// and what they say of the connection and of the body.
const { METHODS } = require('internal/http/constants');

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([^\s]+) HTTP\/(\d)\.(\d)$/;
// The forms of RFC 9112, section 3.2: a path, an address with its scheme, or `*`.
const TARGET = /^(?:\/|\*|[A-Za-z]+:\/\/)[\x21-\x7e]*$/;
const AUTHORITY = /^[\x21-\x7e]+$/; // of CONNECT
const STATUS_LINE = /^HTTP\/(\d)\.(\d) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const LENGTH = /^\d{1,15}$/;

const methods = new Map(METHODS.map((method) => [method, method]));

function problem(code, reason) {
  return Object.assign(new Error(`Parse Error: ${reason}`), { code, reason });
}

/** The tokens of a list, in lower case. */
const tokens = (value) =>
  value
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());

const isBlank = (code) => code === SPACE || code === TAB;

/** The value behind the colon of a line, without the blanks around it. */
function valueOf(line, colon) {
  let from = colon + 1;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from++;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
  return line.slice(from, to);
}

// What a character may be part of: a token, a value of a field, the target of a request.
const [IN_TOKEN, IN_VALUE, IN_TARGET] = [1, 2, 4];
const kinds = Uint8Array.from({ length: 256 }, (_, code) => {
  const char = String.fromCharCode(code);
  const inTarget = code > 0x20 && code < 0x7f;
  return (
    (TOKEN.test(char) ? IN_TOKEN : 0) |
    (NOT_IN_VALUE.test(char) ? 0 : IN_VALUE) |
    (inTarget ? IN_TARGET : 0)
  );
});
const [TAB, LF, CR, SPACE, ASTERISK, SLASH, ZERO, COLON] = [9, 10, 13, 32, 42, 47, 48, 58];

// Each step looks at a character once: a peer chooses what is in a line.
/**
 * The fields of lines that end in CRLF, the last one without, as name, value, name, value…; throws.
 * @param {string} text of characters up to U+00FF
 * @param {number} at where the first line begins
 * @param {{ limit: number, lenient: boolean, relaxed?: boolean }} how as readHead() takes it
 * @param {Head} [head] takes note of hosts, and of whether readFraming() has something to read
 */
function readFields(text, at, how, head = null) {
  const raw = [];
  const end = text.length;
  while (at < end) {
    let i = at;
    while (i < end && (kinds[text.charCodeAt(i)] & IN_TOKEN) !== 0) i++;
    let from = i + 1;
    while (from < end && isBlank(text.charCodeAt(from))) from++;
    let next = from;
    while (next < end && (kinds[text.charCodeAt(next)] & IN_VALUE) !== 0) next++;
    const isLine =
      next === end || (text.charCodeAt(next) === CR && text.charCodeAt(next + 1) === LF);
    if (i === at || text.charCodeAt(i) !== COLON || !isLine) {
      readUnusual(raw, text.slice(at).split('\r\n'), how);
      if (head !== null) head.framed = true;
      break;
    }
    if (head !== null) noteName(head, text, at, i);
    let to = next;
    while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
    raw.push(text.slice(at, i), text.slice(from, to));
    at = next + 2;
  }
  if (raw.length > 2 * how.limit) throw problem('HPE_HEADER_OVERFLOW', 'Header overflow');
  return raw;
}

/** Lines of which one is no field, unless the reader is lenient or relaxed. */
function readUnusual(raw, lines, { lenient, relaxed }) {
  const bad = lenient ? /[\r\n]/ : relaxed ? /[\0\r\n]/ : NOT_IN_VALUE;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = valueOf(line, colon);
    if (!TOKEN.test(name) || bad.test(value)) {
      const folded = isBlank(line.charCodeAt(0));
      if (lenient && raw.length > 0 && folded) {
        raw.push(`${raw.pop()} ${line.trim()}`.trimStart());
        continue;
      }
      if (folded) throw problem('HPE_INVALID_HEADER_TOKEN', 'Invalid header token');
      if (/[\r\n]/.test(line)) throw problem('HPE_CR_EXPECTED', 'Missing expected CR');
      throw problem('HPE_INVALID_HEADER_TOKEN', 'Invalid header token');
    }
    raw.push(name, value);
  }
}

/** A head: its first line, its fields, and what they say of the connection and of the body. */
class Head {
  method = undefined;
  url = '';
  statusCode = 0;
  statusMessage = '';
  versionMajor = 1;
  versionMinor = 0;
  rawHeaders = undefined;
  contentLength = -1;
  chunked = false;
  coded = false;
  upgrade = false;
  shouldKeepAlive = false;
  hosts = 0;
  framed = false; // there are fields that readFraming() looks at, beside hosts
  expect = undefined;
}

// By the length of a name that readFraming() looks at: its first letter.
const FIRST_LETTERS = new Uint8Array(18);
for (const name of [
  'host',
  'expect',
  'upgrade',
  'connection',
  'content-length',
  'transfer-encoding',
])
  FIRST_LETTERS[name.length] = name.charCodeAt(0);
const TO_LOWER = 0x20;
const [LETTER_O, LETTER_S, LETTER_T] = [0x6f, 0x73, 0x74];

// Of the name text[from, to); from the characters, as a part of a text is made a string of its own when it is
// looked at.
function noteName(head, text, from, to) {
  if (FIRST_LETTERS[to - from] !== (text.charCodeAt(from) | TO_LOWER)) return;
  const isHost =
    to - from === 4 &&
    (text.charCodeAt(from + 1) | TO_LOWER) === LETTER_O &&
    (text.charCodeAt(from + 2) | TO_LOWER) === LETTER_S &&
    (text.charCodeAt(from + 3) | TO_LOWER) === LETTER_T;
  if (isHost) head.hosts++;
  else head.framed = true;
}

function readFraming(head, lenient) {
  head.hosts = 0;
  let lengths = 0;
  let coding = null;
  let connection;
  let upgrade = false;
  const { rawHeaders } = head;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    const first = FIRST_LETTERS[name.length];
    if (first === undefined || first !== (name.charCodeAt(0) | TO_LOWER)) continue;
    const value = rawHeaders[i + 1];
    switch (name.toLowerCase()) {
      case 'host':
        head.hosts++;
        break;
      case 'expect':
        head.expect = head.expect === undefined ? value : `${head.expect}, ${value}`;
        break;
      case 'content-length':
        if (!LENGTH.test(value))
          throw problem('HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length');
        lengths++;
        head.contentLength = Number(value);
        break;
      case 'transfer-encoding':
        coding = coding === null ? value : `${coding}, ${value}`;
        break;
      case 'connection':
        connection = connection === undefined ? tokens(value) : [...connection, ...tokens(value)];
        break;
      case 'upgrade':
        upgrade = true;
        break;
      default:
    }
  }
  if (lengths > 1) throw problem('HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length');
  if (coding !== null && lengths > 0 && !lenient)
    throw problem(
      'HPE_INVALID_TRANSFER_ENCODING',
      "Transfer-Encoding can't be present with Content-Length",
    );
  if (coding !== null) readCoding(head, tokens(coding));
  if (coding !== null) head.contentLength = -1;
  const says = (token) => connection !== undefined && connection.includes(token);
  head.upgrade = upgrade && says('upgrade');
  head.shouldKeepAlive = head.versionMinor === 1 ? !says('close') : says('keep-alive');
}

function readCoding(head, codings) {
  const last = codings.length - 1;
  head.chunked = codings.indexOf('chunked') === last;
  // A response may end with the connection; who sends a request cannot end it so.
  const wrong = codings.includes('chunked') ? !head.chunked : head.method !== undefined;
  if (wrong || (head.method !== undefined && head.versionMinor === 0) || codings.includes(''))
    throw problem('HPE_INVALID_TRANSFER_ENCODING', 'Request has invalid `Transfer-Encoding`');
  head.coded = true;
}

/**
 * Reads a head without the empty line at its end; throws.
 * @param {string} text of characters up to U+00FF, its lines end in CRLF
 * @param {{ isRequest: boolean, limit: number, lenient: boolean, relaxed?: boolean }} how limit: of
 *     fields; relaxed: values may have control characters, as those of fetch
 * @returns {Head}
 */
function readHead(text, how) {
  const { isRequest, lenient } = how;
  let head = new Head();
  let at = isRequest ? readRequestLine(head, text) : -1;
  if (at < 0) {
    const end = text.indexOf('\r\n');
    at = end < 0 ? text.length : end + 2;
    head = readStart(end < 0 ? text : text.slice(0, end), isRequest, lenient);
  }
  head.rawHeaders = readFields(text, at, how, head);
  if (head.framed) readFraming(head, lenient);
  else head.shouldKeepAlive = head.versionMinor === 1;
  return head;
}

const GET = 'GET ';
const VERSION = ' HTTP/1.';

// As startsWith(), which is a call.
function hasAt(text, at, what) {
  for (let i = 0; i < what.length; i++)
    if (text.charCodeAt(at + i) !== what.charCodeAt(i)) return false;
  return true;
}

/** Reads the line of a request. @returns {number} where the next one begins; -1: it is unusual */
function readRequestLine(head, text) {
  const isGet = hasAt(text, 0, GET);
  const from = isGet ? GET.length : text.indexOf(' ') + 1;
  const method = isGet ? 'GET' : methods.get(text.slice(0, from - 1));
  if (method === undefined || method === 'CONNECT') return -1;
  const first = text.charCodeAt(from);
  if (first !== SLASH && first !== ASTERISK) return -1;
  let to = from + 1;
  while (to < text.length && (kinds[text.charCodeAt(to)] & IN_TARGET) !== 0) to++;
  const end = to + VERSION.length + 1;
  const minor = text.charCodeAt(end - 1) - ZERO;
  if (!hasAt(text, to, VERSION) || (minor !== 1 && minor !== 0)) return -1;
  if (end < text.length && !text.startsWith('\r\n', end)) return -1;
  head.method = method;
  head.url = text.slice(from, to);
  head.versionMinor = minor;
  return end + 2;
}

function readStart(line, isRequest, lenient) {
  const match = (isRequest ? REQUEST_LINE : STATUS_LINE).exec(line);
  if (match === null)
    throw isRequest
      ? problem('HPE_INVALID_METHOD', 'Invalid method encountered')
      : problem('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
  const head = new Head();
  let major;
  if (isRequest) {
    if (!methods.has(match[1])) throw problem('HPE_INVALID_METHOD', 'Invalid method encountered');
    head.method = match[1];
    head.url = match[2];
    if (!(head.method === 'CONNECT' ? AUTHORITY : TARGET).test(head.url))
      throw problem('HPE_INVALID_URL', 'Invalid characters in url');
    major = match[3];
    head.versionMinor = Number(match[4]);
  } else {
    major = match[1];
    head.versionMinor = Number(match[2]);
    head.statusCode = Number(match[3]);
    head.statusMessage = match[4] ?? '';
  }
  if (major !== '1' || (head.versionMinor > 1 && !lenient))
    throw problem('HPE_INVALID_VERSION', 'Invalid HTTP version');
  return head;
}

module.exports = { problem, readFields, readHead };
