'use strict';
// Observers of the timeline, and who is told of new entries.
const { codes } = require('internal/errors/codes');
const { validateFunction, validateObject } = require('internal/errors/validators');
const { PerformanceEntry, now, token } = require('internal/perf_hooks/entries');

const TYPES = ['dns', 'function', 'mark', 'measure', 'resource'];
const observers = new Set();

/** The entries of a name and a type, in the order of their beginning. */
function filter(list, name, type) {
  return list
    .filter(
      (one) =>
        (name === undefined || one.name === name) && (type === undefined || one.entryType === type),
    )
    .sort((a, b) => a.startTime - b.startTime);
}

class PerformanceObserverEntryList {
  #list;
  constructor(secret, list) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.#list = list;
  }
  getEntries() {
    return filter(this.#list);
  }
  getEntriesByName(name, type) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    return filter(this.#list, `${name}`, type === undefined ? undefined : `${type}`);
  }
  getEntriesByType(type) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    return filter(this.#list, undefined, `${type}`);
  }
}

/** Set by the class: whether an observer wants entries of a type, and what gives it one. */
let wants;
let give;

class PerformanceObserver {
  static {
    wants = (observer, type) => observer.#types.has(type);
    give = (observer, entry) => observer.#take(entry);
  }

  #callback;
  #types = new Set();
  #waiting = [];
  #scheduled = false;

  static get supportedEntryTypes() {
    return TYPES.slice();
  }

  constructor(callback) {
    validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  /** @param {{entryTypes?: string[], type?: string, buffered?: boolean}} options */
  observe(options = {}) {
    validateObject(options, 'options');
    const { entryTypes, type } = options;
    if (entryTypes === undefined && type === undefined)
      throw new codes.ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    if (entryTypes != null && type != null)
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.entryTypes',
        entryTypes,
        'options.entryTypes can not set with options.type together',
      );
    if (entryTypes != null) {
      if (!Array.isArray(entryTypes))
        throw new codes.ERR_INVALID_ARG_TYPE('options.entryTypes', 'string[]', entryTypes);
      this.#types = new Set(entryTypes.filter((one) => TYPES.includes(one)));
    } else if (TYPES.includes(type)) {
      this.#types.add(type);
      if (options.buffered)
        for (const one of require('internal/perf_hooks/timeline').entriesOf(type)) this.#take(one);
    }
    if (this.#types.size > 0) observers.add(this);
    else this.disconnect();
  }

  disconnect() {
    observers.delete(this);
    this.#types.clear();
    this.#waiting = [];
  }

  takeRecords() {
    return this.#waiting.splice(0);
  }

  #take(entry) {
    if (!this.#types.has(entry.entryType)) return;
    this.#waiting.push(entry);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length === 0) return;
      const list = new PerformanceObserverEntryList(token, this.takeRecords());
      this.#callback.call(this, list, this);
    });
  }
}

/** Tells observers of an entry. */
function publish(entry) {
  for (const observer of observers) give(observer, entry);
}

/** Entries for observers alone, with what is known of them. */
class ObservedEntry extends PerformanceEntry {
  constructor(name, type, startTime, detail) {
    super(token, name, type, startTime, now() - startTime);
    Object.defineProperty(this, 'detail', { value: detail, enumerable: true });
  }
  toJSON() {
    return { ...super.toJSON(), detail: this.detail };
  }
}

require('internal/base/observed').hooks.begin = (type) => {
  if (![...observers].some((one) => wants(one, type))) return undefined;
  const start = now();
  return (name, detail) => publish(new ObservedEntry(name, type, start, detail));
};

module.exports = {
  ObservedEntry,
  PerformanceObserver,
  PerformanceObserverEntryList,
  filter,
  publish,
};
