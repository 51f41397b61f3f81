'use strict';
// The performance module (https://nodejs.org/api/perf_hooks.html): clock, marks, measures and
// their observers. Entries stay until they are cleared.
const { codes } = require('internal/errors/codes');
const {
  validateFunction,
  validateObject,
  validateInteger,
  validateString,
} = require('internal/errors/validators');
const { EventTarget } = require('internal/events/event_target');
const runtime = binding('runtime');

const token = Symbol('construct');
const timeOrigin = Date.now() - (runtime.monotonic() - runtime.startedAt);
let entries = [];

function now() {
  return runtime.monotonic() - runtime.startedAt;
}

class PerformanceEntry {
  constructor(secret, name, entryType, startTime, duration, detail) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.name = name;
    this.entryType = entryType;
    this.startTime = startTime;
    this.duration = duration;
    if (detail !== undefined) this.detail = detail;
  }

  toJSON() {
    return { ...this };
  }
}

function copyDetail(detail) {
  return detail == null ? null : structuredClone(detail);
}

class PerformanceMark extends PerformanceEntry {
  /** @param {string} name @param {{startTime?: number, detail?: any}} [options] */
  constructor(name, options = {}) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    validateObject(options, 'options');
    const startTime = options.startTime ?? now();
    if (typeof startTime !== 'number')
      throw new codes.ERR_INVALID_ARG_TYPE('startTime', 'number', startTime);
    if (startTime < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(startTime);
    super(token, `${name}`, 'mark', startTime, 0, copyDetail(options.detail));
  }
}

class PerformanceMeasure extends PerformanceEntry {}

// ---- Observers

const observerTypes = ['dns', 'function', 'mark', 'measure'];
const observers = new Set();

class PerformanceObserverEntryList {
  #list;
  constructor(list) {
    this.#list = list;
  }
  getEntries() {
    return this.#list.slice();
  }
  getEntriesByName(name, type) {
    return filter(this.#list, name, type);
  }
  getEntriesByType(type) {
    return filter(this.#list, undefined, type);
  }
}

class PerformanceObserver {
  #callback;
  #types = new Set();
  #waiting = [];
  #scheduled = false;

  static get supportedEntryTypes() {
    return observerTypes.slice();
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
    if (entryTypes !== undefined && type !== undefined)
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.entryTypes',
        entryTypes,
        'can not be set together with options.type',
      );
    if (entryTypes !== undefined) this.#types = new Set(entryTypes);
    else this.#types.add(type);
    observers.add(this);
    if (options.buffered && type !== undefined)
      for (const one of filter(entries, undefined, type)) this._take(one);
  }

  disconnect() {
    observers.delete(this);
    this.#types.clear();
    this.#waiting = [];
  }

  takeRecords() {
    return this.#waiting.splice(0);
  }

  _wants(type) {
    return this.#types.has(type);
  }

  _take(entry) {
    if (!this.#types.has(entry.entryType)) return;
    this.#waiting.push(entry);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length === 0) return;
      this.#callback.call(this, new PerformanceObserverEntryList(this.takeRecords()), this);
    });
  }
}
for (const name of ['_take', '_wants'])
  Object.defineProperty(PerformanceObserver.prototype, name, { enumerable: false });

function publish(entry) {
  for (const observer of observers) observer._take(entry);
}

require('internal/base/observed').hooks.begin = (type) => {
  if (![...observers].some((one) => one._wants(type))) return undefined;
  const start = now();
  return (name, detail) =>
    publish(new PerformanceEntry(token, name, type, start, now() - start, detail));
};

// ---- The timeline

function filter(list, name, type) {
  return list
    .filter(
      (one) =>
        (name === undefined || one.name === name) && (type === undefined || one.entryType === type),
    )
    .sort((a, b) => a.startTime - b.startTime);
}

function clear(type, name) {
  entries = entries.filter(
    (one) => one.entryType !== type || (name !== undefined && one.name !== name),
  );
}

// The time of a mark's name, or of a number.
function timeOf(mark, name) {
  if (typeof mark === 'number') {
    if (mark < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
    return mark;
  }
  for (let i = entries.length - 1; i >= 0; i--)
    if (entries[i].entryType === 'mark' && entries[i].name === `${mark}`)
      return entries[i].startTime;
  const { DOMException } = require('internal/errors/domexception');
  if (mark !== undefined)
    throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  throw new codes.ERR_MISSING_ARGS(name);
}

class Performance extends EventTarget {
  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  /** Milliseconds since timeOrigin, with a fraction; the clock never goes back. */
  now() {
    return now();
  }
  /** When the engine of this task started, in milliseconds of the wall clock. */
  get timeOrigin() {
    return timeOrigin;
  }

  mark(name, options) {
    const mark = new PerformanceMark(name, options);
    entries.push(mark);
    publish(mark);
    return mark;
  }

  /**
   * @param {string} name
   * @param {string|{start?: string|number, end?: string|number, duration?: number, detail?: any}} [startOrOptions]
   * @param {string} [endMark]
   */
  measure(name, startOrOptions, endMark) {
    validateString(name, 'name');
    const options =
      startOrOptions !== null && typeof startOrOptions === 'object'
        ? startOrOptions
        : { start: startOrOptions, end: endMark };
    const { duration } = options;
    let end;
    if (options.end !== undefined) end = timeOf(options.end);
    else if (options.start !== undefined && duration !== undefined)
      end = timeOf(options.start) + duration;
    else end = now();
    let start = 0;
    if (options.start !== undefined) start = timeOf(options.start);
    else if (duration !== undefined) start = end - duration;
    const measure = new PerformanceMeasure(
      token,
      name,
      'measure',
      start,
      end - start,
      copyDetail(options.detail),
    );
    entries.push(measure);
    publish(measure);
    return measure;
  }

  clearMarks(name) {
    clear('mark', name);
  }
  clearMeasures(name) {
    clear('measure', name);
  }
  getEntries() {
    return filter(entries);
  }
  getEntriesByName(name, type) {
    return filter(entries, `${name}`, type);
  }
  getEntriesByType(type) {
    return filter(entries, undefined, `${type}`);
  }

  /** fn, whose calls make entries of type 'function' for observers. */
  timerify(fn, options = {}) {
    validateFunction(fn, 'fn');
    validateObject(options, 'options');
    const { histogram } = options;
    function timerified(...args) {
      const start = now();
      const done = () => {
        const duration = now() - start;
        histogram?.record(Math.max(1, Math.ceil(duration * 1e6)));
        publish(new PerformanceEntry(token, fn.name, 'function', start, duration, args));
      };
      const result = new.target ? Reflect.construct(fn, args, fn) : Reflect.apply(fn, this, args);
      if (typeof result?.finally === 'function') return result.finally(done);
      done();
      return result;
    }
    Object.defineProperties(timerified, {
      length: { value: fn.length, configurable: true },
      name: { value: `timerified ${fn.name}`, configurable: true },
    });
    return timerified;
  }

  /** For fetch(); there are no entries of resources. */
  markResourceTiming() {}

  /**
   * How long the loop waited and how long it did not, in ms: since it began; with one argument, what
   * this function returned before, since then; with two, from the second to the first.
   */
  eventLoopUtilization(until, since) {
    if (since !== undefined)
      return utilizationOf(until.idle - since.idle, until.active - since.active);
    const active = binding('metrics').busy() * 1e3;
    const whole = utilizationOf(Math.max(now() - active, 0), active);
    return until === undefined
      ? whole
      : utilizationOf(whole.idle - until.idle, whole.active - until.active);
  }

  toJSON() {
    return { timeOrigin, eventLoopUtilization: this.eventLoopUtilization() };
  }

  get [Symbol.toStringTag]() {
    return 'Performance';
  }
}

// ---- Histograms

/** Counts of nanoseconds by value, kept to about three significant digits. */
class Histogram {
  #counts = new Map();
  #sum = 0;
  #squares = 0;
  count = 0;
  min = 2 ** 63;
  max = 0;
  exceeds = 0;

  record(value) {
    const number = Number(value);
    validateInteger(number, 'val', 1);
    const step = 10 ** Math.max(0, Math.floor(Math.log10(number)) - 3);
    const bucket = Math.round(number / step) * step;
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#sum += number;
    this.#squares += number * number;
    this.count++;
    this.min = Math.min(this.min, number);
    this.max = Math.max(this.max, number);
  }

  get mean() {
    return this.count > 0 ? this.#sum / this.count : NaN;
  }
  get stddev() {
    return this.count > 0
      ? Math.sqrt(Math.max(0, this.#squares / this.count - this.mean ** 2))
      : NaN;
  }

  /** The value that part percent of the recorded ones do not exceed. */
  percentile(part) {
    if (typeof part !== 'number')
      throw new codes.ERR_INVALID_ARG_TYPE('percentile', 'number', part);
    if (!(part > 0 && part <= 100))
      throw new codes.ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', part);
    let left = Math.ceil((part / 100) * this.count);
    for (const [value, count] of [...this.#counts].sort((a, b) => a[0] - b[0])) {
      left -= count;
      if (left <= 0) return value;
    }
    return 0;
  }

  get percentiles() {
    const result = new Map();
    for (const part of [50, 75, 90, 95, 99, 99.9, 100]) result.set(part, this.percentile(part));
    return result;
  }

  reset() {
    this.#counts.clear();
    this.#sum = this.#squares = this.count = this.max = this.exceeds = 0;
    this.min = 2 ** 63;
  }
}

// Records how long a timer takes, in nanoseconds, as Node's does: the interval and what it is late.
class EventLoopDelay extends Histogram {
  #resolution;
  #timer = null;
  constructor(resolution) {
    super();
    this.#resolution = resolution;
  }

  enable() {
    if (this.#timer !== null) return false;
    let last = runtime.monotonic();
    this.#timer = setInterval(() => {
      const time = runtime.monotonic();
      this.record(Math.max(1, Math.round((time - last) * 1e6)));
      last = time;
    }, this.#resolution);
    this.#timer.unref();
    return true;
  }

  disable() {
    if (this.#timer === null) return false;
    clearInterval(this.#timer);
    this.#timer = null;
    return true;
  }
}

/** A histogram of the loop's delays; resolution is in milliseconds. */
function monitorEventLoopDelay(options = {}) {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new EventLoopDelay(resolution);
}

const performance = new Performance(token);

const utilizationOf = (idle, active) => ({
  idle,
  active,
  utilization: active + idle > 0 ? active / (active + idle) : 0,
});

module.exports = {
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  performance,
  monitorEventLoopDelay,
  createHistogram: () => new Histogram(),
  eventLoopUtilization: performance.eventLoopUtilization,
  timerify: performance.timerify,
  constants: {},
};
