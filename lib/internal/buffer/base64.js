'use strict';
// atob and btoa, as the HTML standard has them.

function invalidCharacter(message) {
  const { DOMException } = globalThis;
  if (typeof DOMException === 'function') return new DOMException(message, 'InvalidCharacterError');
  return Object.assign(new Error(message), { name: 'InvalidCharacterError', code: 5 });
}

function required(count) {
  if (count === 0) throw new (require('internal/errors/codes').codes.ERR_MISSING_ARGS)('input');
}

/** The base64 text of a string whose characters are bytes. */
function btoa(input) {
  required(arguments.length);
  const text = `${input}`;
  if (/[^\u0000-\u00ff]/.test(text)) throw invalidCharacter('Invalid character');
  return require('buffer').Buffer.from(text, 'latin1').toString('base64');
}

/** The string whose characters are the bytes that a base64 text holds. */
function atob(input) {
  required(arguments.length);
  let text = `${input}`.replace(/[\t\n\f\r ]+/g, '');
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text))
    throw invalidCharacter('The string to be decoded is not correctly encoded.');
  return require('buffer').Buffer.from(text, 'base64').toString('latin1');
}

module.exports = { atob, btoa };
