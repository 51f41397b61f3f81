'use strict';
// URLSearchParams (https://url.spec.whatwg.org/#interface-urlsearchparams).
const { codes } = require('internal/errors/codes');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

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
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return `${value}`.toWellFormed();
}

function need(args, count, ...names) {
  if (args.length < count) throw new codes.ERR_MISSING_ARGS(...names);
}

// ---- URLSearchParams

let attach; // makes the parameters of a URL
let replaceList;
let isParams;

const notThis = (name = 'URLSearchParams') => new codes.ERR_INVALID_THIS(name);

class URLSearchParams {
  #list = [];
  #update = null; // tells the URL that the list changed

  /** @param {string|Iterable<[string, string]>|Object<string, string>} [init] */
  constructor(init = undefined) {
    if (init === undefined) return;
    if ((typeof init === 'object' && init !== null) || typeof init === 'function') {
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
    if (!isParams(this)) throw notThis();
    return this.#list.length / 2;
  }

  append(name, value) {
    if (!isParams(this)) throw notThis();
    need(arguments, 2, 'name', 'value');
    this.#list.push(toUSVString(name), toUSVString(value));
    this.#changed();
  }

  /** Takes out all pairs of that name, or those that have this value too. */
  delete(name, value = undefined) {
    if (!isParams(this)) throw notThis();
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
    if (!isParams(this)) throw notThis();
    need(arguments, 1, 'name');
    const index = this.#find(toUSVString(name), 0);
    return index < 0 ? null : this.#list[index + 1];
  }

  getAll(name) {
    if (!isParams(this)) throw notThis();
    need(arguments, 1, 'name');
    name = toUSVString(name);
    const values = [];
    for (let i = this.#find(name, 0); i >= 0; i = this.#find(name, i + 2))
      values.push(this.#list[i + 1]);
    return values;
  }

  has(name, value = undefined) {
    if (!isParams(this)) throw notThis();
    need(arguments, 1, 'name');
    name = toUSVString(name);
    if (value === undefined) return this.#find(name, 0) >= 0;
    return this.getAll(name).includes(toUSVString(value));
  }

  set(name, value) {
    if (!isParams(this)) throw notThis();
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
    if (!isParams(this)) throw notThis();
    const list = this.#list;
    const pairs = [];
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
    pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#list = pairs.flat();
    this.#changed();
  }

  forEach(callback, thisArg = undefined) {
    if (!isParams(this)) throw notThis();
    require('internal/errors/validators').validateFunction(callback, 'callback');
    for (let i = 0; i < this.#list.length; i += 2)
      callback.call(thisArg, this.#list[i + 1], this.#list[i], this);
  }

  entries() {
    if (!isParams(this)) throw notThis();
    return iterate(() => this.#list, 'entries');
  }
  keys() {
    if (!isParams(this)) throw notThis();
    return iterate(() => this.#list, 'keys');
  }
  values() {
    if (!isParams(this)) throw notThis();
    return iterate(() => this.#list, 'values');
  }

  toString() {
    if (!isParams(this)) throw notThis();
    return serializeQuery(this.#list);
  }

  [kInspect](depth, options, inspect) {
    if (!isParams(this)) throw notThis();
    if (depth < 0) return '[Object]';
    const pairs = [...this].map(
      ([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`,
    );
    return pairs.length > 0 ? `URLSearchParams { ${pairs.join(', ')} }` : 'URLSearchParams {}';
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
    isParams = (value) => typeof value === 'object' && value !== null && #list in value;
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

const kinds = {
  entries: (list, i) => [list[i], list[i + 1]],
  keys: (list, i) => list[i],
  values: (list, i) => list[i + 1],
};
let iterate;

// Looks at the list at every step: changes meanwhile count, as for a Map.
class SearchParamsIterator {
  #listOf;
  #kind;
  #index = 0;

  next() {
    if (this === null || typeof this !== 'object' || !(#listOf in this))
      throw notThis('URLSearchParamsIterator');
    const list = this.#listOf();
    if (this.#index >= list.length) return { value: undefined, done: true };
    this.#index += 2;
    return { value: kinds[this.#kind](list, this.#index - 2), done: false };
  }

  [kInspect](depth, options, inspect) {
    if (this === null || typeof this !== 'object' || !(#listOf in this))
      throw notThis('URLSearchParamsIterator');
    if (typeof depth === 'number' && depth < 0) return '[Object]';
    const list = this.#listOf();
    const left = [];
    for (let i = this.#index; i < list.length; i += 2) left.push(kinds[this.#kind](list, i));
    return `URLSearchParams Iterator {${left.length > 0 ? ` ${left.map((one) => inspect(one, options)).join(', ')} ` : '  '}}`;
  }

  static {
    iterate = (listOf, kind) => {
      const iterator = new SearchParamsIterator();
      iterator.#listOf = listOf;
      iterator.#kind = kind;
      return iterator;
    };
  }
}
Object.setPrototypeOf(
  SearchParamsIterator.prototype,
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
);
delete SearchParamsIterator.prototype.constructor;
Object.defineProperty(SearchParamsIterator.prototype, 'next', { enumerable: true });
Object.defineProperty(SearchParamsIterator.prototype, Symbol.toStringTag, {
  value: 'URLSearchParams Iterator',
  configurable: true,
});

module.exports = { URLSearchParams, attach, need, replaceList, toUSVString };
