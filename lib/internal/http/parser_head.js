'use strict';
// The head of an HTTP/1.0 or 1.1 message (RFC 9112): from its lines to what they say.
const { METHODS } = require('internal/http/constants');

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([^\s]+) HTTP\/(\d)\.(\d)$/;
// The forms of RFC 9112, section 3.2: a path, an address with its scheme, or `*`.
const TARGET = /^(?:\/|\*|[A-Za-z]+:\/\/)[\x21-\x7e]*$/;
const AUTHORITY = /^[\x21-\x7e]+$/; // of CONNECT
const STATUS_LINE = /^HTTP\/(\d)\.(\d) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const LENGTH = /^\d{1,15}$/;
const methods = new Set(METHODS);

function problem(code, reason) {
  return Object.assign(new Error(`Parse Error: ${reason}`), { code, reason });
}

/** The tokens of a list, in lower case. */
const tokens = (value) =>
  value
    .toLowerCase()
    .split(',')
    .map((one) => one.trim());

const isBlank = (code) => code === 32 || code === 9;

/** The value behind the colon of a line, without the blanks around it. */
function valueOf(line, colon) {
  let from = colon + 1;
  let to = line.length;
  while (from < to && isBlank(line.charCodeAt(from))) from++;
  while (to > from && isBlank(line.charCodeAt(to - 1))) to--;
  return line.slice(from, to);
}

// Each step looks at a character once: a peer chooses what is in a line.
/** The fields of lines, from one on, as name, value, name, value…; throws. */
function readFields(lines, from, limit, lenient) {
  const raw = [];
  for (let i = from; i < lines.length; i++) {
    const line = lines[i];
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    const value = valueOf(line, colon);
    if (!TOKEN.test(name) || (lenient ? /[\r\n]/ : NOT_IN_VALUE).test(value)) {
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
  if (raw.length > 2 * limit) throw problem('HPE_HEADER_OVERFLOW', 'Header overflow');
  return raw;
}

// What the fields of a head say of the connection and of the body.
function readFraming(head, lenient) {
  let lengths = 0;
  let coding = null;
  const connection = [];
  let upgrade = false;
  const { rawHeaders } = head;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const value = rawHeaders[i + 1];
    switch (rawHeaders[i].toLowerCase()) {
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
        connection.push(...tokens(value));
        break;
      case 'upgrade':
        upgrade = true;
        break;
      case 'host':
        head.hosts++;
        break;
      case 'expect':
        head.expects = true;
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
  head.upgrade = upgrade && connection.includes('upgrade');
  const persistent =
    head.versionMinor === 1 ? !connection.includes('close') : connection.includes('keep-alive');
  head.shouldKeepAlive = persistent;
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

function readStart(line, isRequest, lenient) {
  const match = (isRequest ? REQUEST_LINE : STATUS_LINE).exec(line);
  if (match === null)
    throw isRequest
      ? problem('HPE_INVALID_METHOD', 'Invalid method encountered')
      : problem('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
  const head = {
    method: undefined,
    url: '',
    statusCode: 0,
    statusMessage: '',
    versionMajor: 1,
    versionMinor: 0,
    rawHeaders: [],
    contentLength: -1,
    chunked: false,
    coded: false,
    upgrade: false,
    shouldKeepAlive: false,
    hosts: 0, // how many fields of that name
    expects: false, // whether there is a field Expect
  };
  if (isRequest) {
    head.method = match[1];
    head.url = match[2];
    if (!methods.has(head.method))
      throw problem('HPE_INVALID_METHOD', 'Invalid method encountered');
    if (!(head.method === 'CONNECT' ? AUTHORITY : TARGET).test(head.url))
      throw problem('HPE_INVALID_URL', 'Invalid characters in url');
  } else {
    head.statusCode = Number(match[3]);
    head.statusMessage = match[4] ?? '';
  }
  const version = isRequest ? 3 : 1; // where it is in the match
  head.versionMinor = Number(match[version + 1]);
  if (match[version] !== '1' || (head.versionMinor > 1 && !lenient))
    throw problem('HPE_INVALID_VERSION', 'Invalid HTTP version');
  return head;
}

module.exports = { problem, readFields, readFraming, readStart };
