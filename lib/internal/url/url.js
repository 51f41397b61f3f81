'use strict';
// URL (https://url.spec.whatwg.org). The parser is that of the package whatwg-url; the class is here
// because it is small and programs use it often.
const { codes } = require('internal/errors/codes');
const { notDeclared } = require('internal/errors/receiver');
const machine = require('vendor/whatwg-url');
const {
  URLSearchParams,
  attach,
  need,
  replaceList,
  toUSVString,
} = require('internal/url/search_params');

// ---- URL

function invalid(input, base) {
  const error = new codes.ERR_INVALID_URL();
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

// Returns the parsed record, or null.
function parse(input, base) {
  let record = null;
  if (base !== undefined) {
    record = machine.basicURLParse(base);
    if (record === null) return null;
  }
  return machine.basicURLParse(input, { baseURL: record });
}

class URL {
  #url;
  #params = null;

  /**
   * @param {string} input
   * @param {string} [base] what a relative input is relative to
   */
  constructor(input, base = undefined) {
    need(arguments, 1, 'url');
    input = toUSVString(input);
    if (base !== undefined) base = toUSVString(base);
    this.#url = parse(input, base);
    if (this.#url === null) throw invalid(input, base);
  }

  /** Whether new URL(input, base) would not throw. */
  static canParse(input, base = undefined) {
    need(arguments, 1, 'url');
    return parse(toUSVString(input), base === undefined ? undefined : toUSVString(base)) !== null;
  }

  /** new URL(input, base), or null if that is not valid. */
  static parse(input, base = undefined) {
    need(arguments, 1, 'url');
    try {
      return new URL(input, base);
    } catch (error) {
      if (error.code === 'ERR_INVALID_URL') return null;
      throw error;
    }
  }

  /** A URL of a Blob, which keeps it until revokeObjectURL(). */
  static createObjectURL(blob) {
    return require('internal/url/object_urls').create(blob);
  }

  static revokeObjectURL(url) {
    need(arguments, 1, 'url');
    require('internal/url/object_urls').revoke(`${url}`);
  }

  #set(value, state) {
    machine.basicURLParse(value, { url: this.#url, stateOverride: state });
  }

  #queryChanged() {
    if (this.#params !== null) replaceList(this.#params, this.#url.query ?? '');
  }

  get href() {
    return machine.serializeURL(URL.#check(this).#url);
  }
  set href(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    const url = parse(value);
    if (url === null) throw invalid(value);
    this.#url = url;
    this.#queryChanged();
  }

  get origin() {
    if (!(#url in this)) throw notDeclared('context');
    return machine.serializeURLOrigin(this.#url);
  }

  get protocol() {
    if (!(#url in this)) throw notDeclared('context');
    return `${this.#url.scheme}:`;
  }
  set protocol(value) {
    if (!(#url in this)) throw notDeclared('context');
    this.#set(`${toUSVString(value)}:`, 'scheme start');
  }

  get username() {
    if (!(#url in this)) throw notDeclared('context');
    return this.#url.username;
  }
  set username(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url))
      machine.setTheUsername(this.#url, value);
  }

  get password() {
    if (!(#url in this)) throw notDeclared('context');
    return this.#url.password;
  }
  set password(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url))
      machine.setThePassword(this.#url, value);
  }

  get host() {
    if (!(#url in this)) throw notDeclared('context');
    const { host, port } = this.#url;
    if (host === null) return '';
    return port === null ? machine.serializeHost(host) : `${machine.serializeHost(host)}:${port}`;
  }
  set host(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(value, 'host');
  }

  get hostname() {
    if (!(#url in this)) throw notDeclared('context');
    return this.#url.host === null ? '' : machine.serializeHost(this.#url.host);
  }
  set hostname(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(value, 'hostname');
  }

  get port() {
    if (!(#url in this)) throw notDeclared('context');
    return this.#url.port === null ? '' : `${this.#url.port}`;
  }
  set port(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (machine.cannotHaveAUsernamePasswordPort(this.#url)) return;
    if (value === '') this.#url.port = null;
    else this.#set(value, 'port');
  }

  get pathname() {
    if (!(#url in this)) throw notDeclared('context');
    return machine.serializePath(this.#url);
  }
  set pathname(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (machine.hasAnOpaquePath(this.#url)) return;
    this.#url.path = [];
    this.#set(value, 'path start');
  }

  get search() {
    URL.#check(this);
    return this.#url.query ? `?${this.#url.query}` : '';
  }
  set search(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (value === '') {
      this.#url.query = null;
    } else {
      this.#url.query = '';
      this.#set(value.startsWith('?') ? value.slice(1) : value, 'query');
    }
    this.#queryChanged();
  }

  get searchParams() {
    if (!(#url in this)) throw notDeclared('context');
    this.#params ??= attach(this.#url.query ?? '', (query) => {
      this.#url.query = query === '' ? null : query;
    });
    return this.#params;
  }

  get hash() {
    if (!(#url in this)) throw notDeclared('context');
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }
  set hash(value) {
    if (!(#url in this)) throw notDeclared('context');
    value = toUSVString(value);
    if (value === '') {
      this.#url.fragment = null;
    } else {
      this.#url.fragment = '';
      this.#set(value.startsWith('#') ? value.slice(1) : value, 'fragment');
    }
  }

  static #check(url) {
    if (typeof url !== 'object' || url === null || !(#url in url))
      throw new TypeError('Receiver must be an instance of class URL');
    return url;
  }

  toString() {
    return machine.serializeURL(URL.#check(this).#url);
  }
  toJSON() {
    return machine.serializeURL(URL.#check(this).#url);
  }

  get [Symbol.toStringTag]() {
    return 'URL';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return inspect(this, { ...options, depth, customInspect: false });
    const fields = {};
    for (const name of shown) fields[name] = this[name];
    return `${this.constructor.name} ${inspect(fields, options)}`;
  }
}
const shown = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'searchParams',
  'hash',
];

for (const Class of [URL, URLSearchParams]) {
  for (const name of Object.getOwnPropertyNames(Class.prototype))
    if (name !== 'constructor') Object.defineProperty(Class.prototype, name, { enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    enumerable: false,
  });
}

for (const name of ['canParse', 'parse', 'createObjectURL', 'revokeObjectURL'])
  Object.defineProperty(URL, name, { enumerable: true });

module.exports = { URL, URLSearchParams };
