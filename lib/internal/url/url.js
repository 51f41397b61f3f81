'use strict';
// URL and URLSearchParams (https://url.spec.whatwg.org). The parser is that of the package
// whatwg-url; the classes are here because they are small and programs use them often.
const { codes } = require('internal/errors/codes');
const machine = require('vendor/whatwg-url');

// ---- application/x-www-form-urlencoded

const plainComponent = /^[A-Za-z0-9*\-._]*$/;

function encodeComponent(text) {
  if (plainComponent.test(text)) return text;
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function decodeComponent(text) {
  text = text.replaceAll('+', ' ');
  if (!text.includes('%')) return text.toWellFormed();
  try {
    return decodeURIComponent(text).toWellFormed();
  } catch {
    return require('querystring').unescapeBuffer(text).toString();
  }
}

// Returns a flat list of names and values.
function parseQuery(text) {
  const list = [];
  for (const part of text.split('&')) {
    if (part === '') continue;
    const split = part.indexOf('=');
    if (split < 0) list.push(decodeComponent(part), '');
    else list.push(decodeComponent(part.slice(0, split)), decodeComponent(part.slice(split + 1)));
  }
  return list;
}

function serializeQuery(list) {
  let text = '';
  for (let i = 0; i < list.length; i += 2)
    text += `${i > 0 ? '&' : ''}${encodeComponent(list[i])}=${encodeComponent(list[i + 1])}`;
  return text;
}

function toUSVString(value) {
  return `${value}`.toWellFormed();
}

function need(args, count, ...names) {
  if (args.length < count) throw new codes.ERR_MISSING_ARGS(...names);
}

// ---- URLSearchParams

let attach; // makes the parameters of a URL
let replaceList;

class URLSearchParams {
  #list = [];
  #update = null; // tells the URL that the list changed

  /** @param {string|Iterable<[string, string]>|Object<string, string>} [init] */
  constructor(init = undefined) {
    if (init == null) return;
    if (typeof init === 'object' || typeof init === 'function') {
      const method = init[Symbol.iterator];
      if (method == null) {
        for (const key of Reflect.ownKeys(init)) {
          if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue;
          this.#assign(toUSVString(key), toUSVString(init[key]));
        }
        return;
      }
      if (typeof method !== 'function') throw new codes.ERR_ARG_NOT_ITERABLE('Query pairs');
      for (const pair of init) {
        if (
          pair === null ||
          typeof pair !== 'object' ||
          typeof pair[Symbol.iterator] !== 'function'
        )
          throw new codes.ERR_INVALID_TUPLE('Each query pair', '[name, value]');
        const parts = [...pair];
        if (parts.length !== 2)
          throw new codes.ERR_INVALID_TUPLE('Each query pair', '[name, value]');
        this.#list.push(toUSVString(parts[0]), toUSVString(parts[1]));
      }
      return;
    }
    const text = toUSVString(init);
    this.#list = parseQuery(text.startsWith('?') ? text.slice(1) : text);
  }

  // Keys of an object that become equal as strings count once, with the last value.
  #assign(name, value) {
    const index = this.#find(name, 0);
    if (index < 0) this.#list.push(name, value);
    else this.#list[index + 1] = value;
  }

  #find(name, from) {
    const list = this.#list;
    for (let i = from; i < list.length; i += 2) if (list[i] === name) return i;
    return -1;
  }

  #changed() {
    this.#update?.(serializeQuery(this.#list));
  }

  get size() {
    return this.#list.length / 2;
  }

  append(name, value) {
    need(arguments, 2, 'name', 'value');
    this.#list.push(toUSVString(name), toUSVString(value));
    this.#changed();
  }

  /** Takes out all pairs of that name, or those that have this value too. */
  delete(name, value = undefined) {
    need(arguments, 1, 'name');
    name = toUSVString(name);
    if (value !== undefined) value = toUSVString(value);
    this.#filter((key, one) => key !== name || (value !== undefined && one !== value));
    this.#changed();
  }

  #filter(keep) {
    const list = this.#list;
    let length = 0;
    for (let i = 0; i < list.length; i += 2) {
      if (!keep(list[i], list[i + 1])) continue;
      list[length++] = list[i];
      list[length++] = list[i + 1];
    }
    list.length = length;
  }

  get(name) {
    need(arguments, 1, 'name');
    const index = this.#find(toUSVString(name), 0);
    return index < 0 ? null : this.#list[index + 1];
  }

  getAll(name) {
    need(arguments, 1, 'name');
    name = toUSVString(name);
    const values = [];
    for (let i = this.#find(name, 0); i >= 0; i = this.#find(name, i + 2))
      values.push(this.#list[i + 1]);
    return values;
  }

  has(name, value = undefined) {
    need(arguments, 1, 'name');
    name = toUSVString(name);
    if (value === undefined) return this.#find(name, 0) >= 0;
    return this.getAll(name).includes(toUSVString(value));
  }

  set(name, value) {
    need(arguments, 2, 'name', 'value');
    name = toUSVString(name);
    value = toUSVString(value);
    const first = this.#find(name, 0);
    if (first < 0) {
      this.#list.push(name, value);
    } else {
      let seen = false;
      this.#filter((key) => key !== name || (!seen && (seen = true)));
      this.#list[first + 1] = value;
    }
    this.#changed();
  }

  /** Sorts by name, by UTF-16 code units; equal names keep their order. */
  sort() {
    const list = this.#list;
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
    pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#list = pairs.flat();
    this.#changed();
  }

  forEach(callback, thisArg = undefined) {
    require('internal/errors/validators').validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i += 2)
      callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
  }

  entries() {
    return iterate(
      () => this.#list,
      (list, i) => [list[i], list[i + 1]],
    );
  }
  keys() {
    return iterate(
      () => this.#list,
      (list, i) => list[i],
    );
  }
  values() {
    return iterate(
      () => this.#list,
      (list, i) => list[i + 1],
    );
  }

  toString() {
    return serializeQuery(this.#list);
  }

  get [Symbol.toStringTag]() {
    return 'URLSearchParams';
  }

  static {
    attach = (query, update) => {
      const params = new URLSearchParams();
      params.#list = parseQuery(query);
      params.#update = update;
      return params;
    };
    replaceList = (params, query) => {
      params.#list = parseQuery(query);
    };
  }
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  value: URLSearchParams.prototype.entries,
  writable: true,
  configurable: true,
});

const iteratorPrototype = {
  __proto__: Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
  [Symbol.toStringTag]: 'URLSearchParams Iterator',
};

// Looks at the list at every step: changes meanwhile count, as for a Map.
function iterate(listOf, value) {
  let index = 0;
  return Object.create(iteratorPrototype, {
    next: {
      value() {
        const list = listOf();
        if (index >= list.length) return { value: undefined, done: true };
        index += 2;
        return { value: value(list, index - 2), done: false };
      },
    },
  });
}

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

  static createObjectURL() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('URL.createObjectURL()');
  }
  static revokeObjectURL() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('URL.revokeObjectURL()');
  }

  #set(value, state) {
    machine.basicURLParse(value, { url: this.#url, stateOverride: state });
  }

  #queryChanged() {
    if (this.#params !== null) replaceList(this.#params, this.#url.query ?? '');
  }

  get href() {
    return machine.serializeURL(this.#url);
  }
  set href(value) {
    value = toUSVString(value);
    const url = parse(value);
    if (url === null) throw invalid(value);
    this.#url = url;
    this.#queryChanged();
  }

  get origin() {
    return machine.serializeURLOrigin(this.#url);
  }

  get protocol() {
    return `${this.#url.scheme}:`;
  }
  set protocol(value) {
    this.#set(`${toUSVString(value)}:`, 'scheme start');
  }

  get username() {
    return this.#url.username;
  }
  set username(value) {
    value = toUSVString(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url))
      machine.setTheUsername(this.#url, value);
  }

  get password() {
    return this.#url.password;
  }
  set password(value) {
    value = toUSVString(value);
    if (!machine.cannotHaveAUsernamePasswordPort(this.#url))
      machine.setThePassword(this.#url, value);
  }

  get host() {
    const { host, port } = this.#url;
    if (host === null) return '';
    return port === null ? machine.serializeHost(host) : `${machine.serializeHost(host)}:${port}`;
  }
  set host(value) {
    value = toUSVString(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(value, 'host');
  }

  get hostname() {
    return this.#url.host === null ? '' : machine.serializeHost(this.#url.host);
  }
  set hostname(value) {
    value = toUSVString(value);
    if (!machine.hasAnOpaquePath(this.#url)) this.#set(value, 'hostname');
  }

  get port() {
    return this.#url.port === null ? '' : `${this.#url.port}`;
  }
  set port(value) {
    value = toUSVString(value);
    if (machine.cannotHaveAUsernamePasswordPort(this.#url)) return;
    if (value === '') this.#url.port = null;
    else this.#set(value, 'port');
  }

  get pathname() {
    return machine.serializePath(this.#url);
  }
  set pathname(value) {
    value = toUSVString(value);
    if (machine.hasAnOpaquePath(this.#url)) return;
    this.#url.path = [];
    this.#set(value, 'path start');
  }

  get search() {
    return this.#url.query ? `?${this.#url.query}` : '';
  }
  set search(value) {
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
    this.#params ??= attach(this.#url.query ?? '', (query) => {
      this.#url.query = query === '' ? null : query;
    });
    return this.#params;
  }

  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }
  set hash(value) {
    value = toUSVString(value);
    if (value === '') {
      this.#url.fragment = null;
    } else {
      this.#url.fragment = '';
      this.#set(value.startsWith('#') ? value.slice(1) : value, 'fragment');
    }
  }

  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }

  get [Symbol.toStringTag]() {
    return 'URL';
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return this.href;
    const fields = {};
    for (const name of shown) fields[name] = this[name];
    return `URL ${inspect(fields, options)}`;
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

URLSearchParams.prototype[Symbol.for('nodejs.util.inspect.custom')] = function (
  depth,
  options,
  inspect,
) {
  if (depth < 0) return '[Object]';
  const pairs = [...this].map(
    ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`,
  );
  return pairs.length > 0 ? `URLSearchParams { ${pairs.join(', ')} }` : 'URLSearchParams {}';
};

for (const Class of [URL, URLSearchParams]) {
  for (const name of Object.getOwnPropertyNames(Class.prototype))
    if (name !== 'constructor') Object.defineProperty(Class.prototype, name, { enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.for('nodejs.util.inspect.custom'), {
    enumerable: false,
  });
}

module.exports = { URL, URLSearchParams };
