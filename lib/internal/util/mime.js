'use strict';
// MIME types and their parameters (https://mimesniff.spec.whatwg.org).
const { codes } = require('internal/errors/codes');

const NOT_IN_TOKEN = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/;
const NOT_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const BLANKS = '\t\n\r ';
const lower = (text) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const readAsToken = (text, what, whole = text) => {
  const at = text.search(NOT_IN_TOKEN);
  if (text === '' || at >= 0) throw new codes.ERR_INVALID_MIME_SYNTAX(what, whole, at);
  return lower(text);
};
const isToken = (text) => text !== '' && !NOT_IN_TOKEN.test(text);

/** A value as it stands after a `=`. */
const write = (value) =>
  isToken(value) ? value : `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`;

/** The text from `at` to where a pattern matches first. */
function upTo(pattern, text, at) {
  pattern.lastIndex = at;
  return text.slice(at, pattern.exec(text).index);
}

/** A text without the blanks at its end. */
function withoutEnd(text) {
  let end = text.length;
  while (end > 0 && BLANKS.includes(text[end - 1])) end--;
  return text.slice(0, end);
}

/** A text in quotes from `at` on: what is between them, and where it ends. */
function readQuoted(text, at) {
  let value = '';
  for (at++; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++;
    value += text[at];
  }
  const semicolon = text.indexOf(';', at);
  return [value, semicolon < 0 ? text.length : semicolon];
}

/** The pairs of the text after a type; what is no pair is left out, as is a name's second. */
function* readPairs(text) {
  for (let at = 0; at < text.length; at++) {
    const name = upTo(/[;=]|$/g, text, at);
    at += name.length;
    if (text[at] !== '=') continue;
    let value;
    if (text[at + 1] === '"') [value, at] = readQuoted(text, at + 1);
    else {
      const plain = upTo(/;|$/g, text, at + 1);
      at += 1 + plain.length;
      value = withoutEnd(plain);
      if (value === '') continue;
    }
    yield [lower(name.replace(/^[\t\n\r ]+/, '')), value];
  }
}

class MIMEParams {
  #pairs = new Map();

  /** What a text of parameters says. */
  static read(text) {
    const params = new MIMEParams();
    for (const [name, value] of readPairs(text))
      if (isToken(name) && !NOT_IN_VALUE.test(value) && !params.#pairs.has(name))
        params.#pairs.set(name, value);
    return params;
  }

  delete(name) {
    this.#pairs.delete(`${name}`);
  }

  /** @returns {string | null} */
  get(name) {
    return this.#pairs.get(lower(`${name}`)) ?? null;
  }

  has(name) {
    return this.#pairs.has(`${name}`);
  }

  set(name, value) {
    name = readAsToken(`${name}`, 'parameter name');
    value = `${value}`;
    const at = value.search(NOT_IN_VALUE);
    if (at >= 0) throw new codes.ERR_INVALID_MIME_SYNTAX('parameter value', value, at);
    this.#pairs.set(name, value);
  }

  *entries() {
    yield* this.#pairs.entries();
  }

  *keys() {
    yield* this.#pairs.keys();
  }

  *values() {
    yield* this.#pairs.values();
  }

  toString() {
    return Array.from(this.#pairs, ([name, value]) => `${name}=${write(value)}`).join(';');
  }
}
const { read } = MIMEParams;
delete MIMEParams.read;

class MIMEType {
  #type;
  #subtype;
  #params;

  /** @param {string} input @throws {TypeError} ERR_INVALID_MIME_SYNTAX */
  constructor(input) {
    const text = `${input}`.replace(/^[\t\n\r ]+/, '');
    const slash = text.indexOf('/');
    const type = slash < 0 ? text : text.slice(0, slash);
    if (slash < 0 || !isToken(type))
      throw new codes.ERR_INVALID_MIME_SYNTAX(
        'type',
        text,
        slash < 0 ? -1 : type.search(NOT_IN_TOKEN),
      );
    const semicolon = text.indexOf(';', slash);
    const rest = text.slice(slash + 1, semicolon < 0 ? undefined : semicolon);
    this.#type = lower(type);
    this.#subtype = readAsToken(withoutEnd(rest), 'subtype', text);
    this.#params = read(semicolon < 0 ? '' : text.slice(semicolon + 1));
  }

  /** @returns {MIMEType | null} null for what the constructor throws at */
  static parse(input) {
    try {
      return new MIMEType(input);
    } catch (error) {
      if (error.code !== 'ERR_INVALID_MIME_SYNTAX') throw error;
      return null;
    }
  }

  get type() {
    return this.#type;
  }
  set type(value) {
    this.#type = readAsToken(`${value}`, 'type');
  }

  get subtype() {
    return this.#subtype;
  }
  set subtype(value) {
    this.#subtype = readAsToken(`${value}`, 'subtype');
  }

  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }

  get params() {
    return this.#params;
  }

  toString() {
    const params = this.#params.toString();
    return params === '' ? this.essence : `${this.essence};${params}`;
  }
}

const hide = (target, name, value) =>
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
hide(MIMEParams.prototype, Symbol.iterator, MIMEParams.prototype.entries);
for (const Class of [MIMEParams, MIMEType])
  hide(Class.prototype, 'toJSON', Class.prototype.toString);

module.exports = { MIMEParams, MIMEType };
