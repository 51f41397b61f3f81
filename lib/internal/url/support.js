'use strict';
// What the URL parser of the package whatwg-url takes from other packages (tools/embed.mjs):
// UTF-8 by Buffer, and tr46, whose big tables load when a host is not plain ASCII.
const { Buffer } = require('buffer');

function utf8Encode(text) {
  return Buffer.from(text, 'utf8');
}

function utf8DecodeWithoutBOM(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Percent-encodes what is in set or is not printable ASCII. Encodings other than UTF-8 are not used. */
function percentEncodeAfterEncoding(encoding, text, set) {
  let result = '';
  for (const byte of utf8Encode(text)) {
    const char = String.fromCharCode(byte);
    if (byte > 0x1f && byte < 0x7f && !set.includes(char)) result += char;
    else result += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

const plainHost = /^(?!xn--)(?:[\0-\x7f](?!xn--))*$/i;

// Characters of a domain that is not plain, whose forms take the square of their time. DNS has names of 253.
const LONGEST = 1024;

/** The ASCII form of a domain, or null if it has none. */
function toASCII(domain, options) {
  if (!options.verifyDNSLength && !options.useSTD3ASCIIRules && isPlain(domain))
    return domain.toLowerCase();
  if (domain.length > LONGEST) return null;
  return require('vendor/tr46').toASCII(domain, options);
}

/** The readable form of a domain and whether something is wrong with it. */
function toUnicode(domain, options) {
  if (isPlain(domain)) return { domain: domain.toLowerCase(), error: false };
  if (domain.length > LONGEST) return { domain: '', error: true };
  return require('vendor/tr46').toUnicode(domain, options);
}

function isPlain(domain) {
  return plainHost.test(domain);
}

module.exports = {
  utf8Encode,
  utf8DecodeWithoutBOM,
  percentEncodeAfterEncoding,
  toASCII,
  toUnicode,
};
