'use strict';
// Entries of the timeline (https://nodejs.org/api/perf_hooks.html#class-performanceentry).
const { codes } = require('internal/errors/codes');
const { validateObject } = require('internal/errors/validators');
const runtime = binding('runtime');

const HEADERS = 300; // bytes that a response's headers count for in transferSize

const token = Symbol('construct');

/** Milliseconds since the engine of this task started. */
const now = () => runtime.monotonic() - runtime.startedAt;

class PerformanceEntry {
  #name;
  #type;
  #startTime;
  #duration;

  constructor(secret, name, entryType, startTime, duration) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.#name = name;
    this.#type = entryType;
    this.#startTime = startTime;
    this.#duration = duration;
  }

  get name() {
    return this.#name;
  }
  get entryType() {
    return this.#type;
  }
  get startTime() {
    return this.#startTime;
  }
  get duration() {
    return this.#duration;
  }
  get [Symbol.toStringTag]() {
    return 'PerformanceEntry';
  }

  toJSON() {
    const { name, entryType, startTime, duration } = this;
    return { name, entryType, startTime, duration };
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return this;
    const own = inspect(this.toJSON(), {
      ...options,
      depth: options.depth == null ? null : depth - 1,
    });
    return `${this.constructor.name} ${own}`;
  }
}

/** Entries with a value of the program's. */
class DetailedEntry extends PerformanceEntry {
  #detail;
  constructor(secret, name, entryType, startTime, duration, detail) {
    super(secret, name, entryType, startTime, duration);
    this.#detail = detail;
  }
  get detail() {
    return this.#detail;
  }
  toJSON() {
    return { ...super.toJSON(), detail: this.detail };
  }
}

const copyDetail = (detail) => (detail == null ? null : structuredClone(detail));

// Names of the times of nodeTiming, which measures can begin and end with.
const MILESTONES = [
  'nodeStart',
  'v8Start',
  'environment',
  'loopStart',
  'loopExit',
  'bootstrapComplete',
];

class PerformanceMark extends DetailedEntry {
  /** @param {string} name @param {{startTime?: number, detail?: any}} [options] */
  constructor(name, options) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    const text = `${name}`;
    if (MILESTONES.includes(text)) throw new codes.ERR_INVALID_ARG_VALUE('name', name);
    if (options != null) validateObject(options, 'options');
    const startTime = options?.startTime ?? now();
    if (typeof startTime !== 'number')
      throw new codes.ERR_INVALID_ARG_TYPE('startTime', 'number', startTime);
    if (startTime < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(startTime);
    super(token, text, 'mark', startTime, 0, copyDetail(options?.detail));
  }
  get [Symbol.toStringTag]() {
    return 'PerformanceMark';
  }
}

class PerformanceMeasure extends DetailedEntry {
  get [Symbol.toStringTag]() {
    return 'PerformanceMeasure';
  }
}

// ---- Resources

/** What fetch() took (https://nodejs.org/api/perf_hooks.html#class-performanceresourcetiming). */
class PerformanceResourceTiming extends PerformanceEntry {
  #timing;
  #about;

  constructor(secret, name, timing, about) {
    super(secret, name, 'resource', timing?.startTime, timing?.endTime - timing?.startTime);
    this.#timing = timing;
    this.#about = about;
  }

  get #connection() {
    return this.#timing.finalConnectionTimingInfo;
  }
  get initiatorType() {
    return this.#about.initiatorType;
  }
  get workerStart() {
    return this.#timing.finalServiceWorkerStartTime;
  }
  get redirectStart() {
    return this.#timing.redirectStartTime;
  }
  get redirectEnd() {
    return this.#timing.redirectEndTime;
  }
  get fetchStart() {
    return this.#timing.postRedirectStartTime;
  }
  get domainLookupStart() {
    return this.#connection?.domainLookupStartTime;
  }
  get domainLookupEnd() {
    return this.#connection?.domainLookupEndTime;
  }
  get connectStart() {
    return this.#connection?.connectionStartTime;
  }
  get connectEnd() {
    return this.#connection?.connectionEndTime;
  }
  get secureConnectionStart() {
    return this.#connection?.secureConnectionStartTime;
  }
  get nextHopProtocol() {
    return this.#connection?.ALPNNegotiatedProtocol;
  }
  get requestStart() {
    return this.#timing.finalNetworkRequestStartTime;
  }
  get responseStart() {
    return this.#timing.finalNetworkResponseStartTime;
  }
  get responseEnd() {
    return this.#timing.endTime;
  }
  get encodedBodySize() {
    return this.#timing.encodedBodySize;
  }
  get decodedBodySize() {
    return this.#timing.decodedBodySize;
  }
  get transferSize() {
    const { cacheMode } = this.#about;
    if (cacheMode === 'local') return 0;
    return cacheMode === 'validated' ? HEADERS : this.#timing.encodedBodySize + HEADERS;
  }
  get deliveryType() {
    return this.#about.deliveryType;
  }
  get responseStatus() {
    return this.#about.responseStatus;
  }
  get [Symbol.toStringTag]() {
    return 'PerformanceResourceTiming';
  }

  toJSON() {
    const members = Object.getOwnPropertyDescriptors(PerformanceResourceTiming.prototype);
    const own = Object.keys(members).filter((name) => members[name].get !== undefined);
    return { ...super.toJSON(), ...Object.fromEntries(own.map((name) => [name, this[name]])) };
  }
}

for (const { prototype } of [PerformanceEntry, DetailedEntry, PerformanceResourceTiming])
  for (const name of Object.getOwnPropertyNames(prototype))
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true });

module.exports = {
  DetailedEntry,
  MILESTONES,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceResourceTiming,
  copyDetail,
  now,
  token,
};
