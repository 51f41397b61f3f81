'use strict';
// The performance module (https://nodejs.org/api/perf_hooks.html): clock, marks, measures and
// their observers. Entries stay until they are cleared.
const { codes } = require('internal/errors/codes');
const { defineLazy } = require('internal/base/lazy');
const { validateFunction, validateObject, validateString } = require('internal/errors/validators');
const { EventTarget } = require('internal/events/event_target');
const {
  MILESTONES,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceResourceTiming,
  copyDetail,
  now,
  token,
} = require('internal/perf_hooks/entries');
const {
  ObservedEntry,
  PerformanceObserver,
  PerformanceObserverEntryList,
  publish,
} = require('internal/perf_hooks/observer');
const timeline = require('internal/perf_hooks/timeline');
const runtime = binding('runtime');

const timeOrigin = Date.now() - (runtime.monotonic() - runtime.startedAt);

/** The time of a mark's name, of a milestone's, or of a number. */
function timeOf(mark) {
  if (typeof mark === 'number') {
    if (mark < 0) throw new codes.ERR_PERFORMANCE_INVALID_TIMESTAMP(mark);
    return mark;
  }
  const name = `${mark}`;
  if (MILESTONES.includes(name)) return performance.nodeTiming[name];
  const time = timeline.timeOfMark(name);
  if (time !== undefined) return time;
  const { DOMException } = require('internal/errors/domexception');
  throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
}

/** When a measure begins and ends. */
function spanOf({ start, end, duration }) {
  let last;
  if (end !== undefined) last = timeOf(end);
  else if (start !== undefined && duration !== undefined) last = timeOf(start) + duration;
  else last = now();
  if (start !== undefined) return [timeOf(start), last];
  return [duration === undefined ? 0 : last - duration, last];
}

/** The arguments of measure() as options. */
function measureOptions(startOrOptions, endMark) {
  if (startOrOptions === null || typeof startOrOptions !== 'object')
    return { start: startOrOptions ?? undefined, end: endMark };
  const { start, end, duration } = startOrOptions;
  const Invalid = codes.ERR_PERFORMANCE_MEASURE_INVALID_OPTIONS;
  if (Object.keys(startOrOptions).length === 0) return { end: endMark };
  if (endMark !== undefined) throw new Invalid('endMark must not be specified');
  if (start !== undefined && end !== undefined && duration !== undefined)
    throw new Invalid('Must not have options.start, options.end, and options.duration specified');
  return startOrOptions;
}

function check(performance) {
  if (!(performance instanceof Performance)) throw new codes.ERR_INVALID_THIS('Performance');
}

class Performance extends EventTarget {
  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  /** Milliseconds since timeOrigin, with a fraction; the clock never goes back. */
  now() {
    check(this);
    return now();
  }
  /** When the engine of this task started, in milliseconds of the wall clock. */
  get timeOrigin() {
    check(this);
    return timeOrigin;
  }
  /** What is known of the process's beginning. */
  get nodeTiming() {
    check(this);
    return require('internal/perf_hooks/node_timing');
  }

  mark(name, options) {
    check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    return timeline.keep(new PerformanceMark(name, options));
  }

  /**
   * @param {string} name
   * @param {string|{start?: string|number, end?: string|number, duration?: number, detail?: any}} [startOrOptions]
   * @param {string} [endMark]
   */
  measure(name, startOrOptions, endMark) {
    check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    validateString(name, 'name');
    const options = measureOptions(startOrOptions, endMark);
    const [start, end] = spanOf(options);
    const detail = copyDetail(options.detail);
    return timeline.keep(
      new PerformanceMeasure(token, name, 'measure', start, end - start, detail),
    );
  }

  clearMarks(name) {
    check(this);
    timeline.clear('mark', name);
  }
  clearMeasures(name) {
    check(this);
    timeline.clear('measure', name);
  }
  clearResourceTimings(name) {
    check(this);
    timeline.clear('resource', name);
  }
  /** Sets how many entries of resources there may be. */
  setResourceTimingBufferSize(size) {
    check(this);
    timeline.setLimit(size >>> 0);
  }
  getEntries() {
    check(this);
    return timeline.find();
  }
  getEntriesByName(name, type) {
    check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    return timeline.find(`${name}`, type === undefined ? undefined : `${type}`);
  }
  getEntriesByType(type) {
    check(this);
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    return timeline.entriesOf(`${type}`);
  }

  /** fn, whose calls make entries of type 'function' for observers. */
  timerify(fn, options = {}) {
    validateFunction(fn, 'fn');
    validateObject(options, 'options');
    const { histogram } = options;
    checkHistogram(histogram);
    function timerified(...args) {
      const start = now();
      const done = () => {
        const entry = new ObservedEntry(fn.name, 'function', start, args);
        histogram?.record(Math.max(1, Math.ceil(entry.duration * 1e6)));
        publish(entry);
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

  /** What fetch() tells of a request that ended. */
  markResourceTiming(timing, url, initiatorType, _global, cacheMode, _bodyInfo, status, type = '') {
    const about = { cacheMode, deliveryType: type, initiatorType, responseStatus: status };
    const tellFull = () => performance.dispatchEvent(new Event('resourcetimingbufferfull'));
    return timeline.addResource(tellFull, timing, `${url}`, about);
  }

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
    check(this);
    return {
      nodeTiming: this.nodeTiming.toJSON(),
      timeOrigin,
      eventLoopUtilization: this.eventLoopUtilization(),
    };
  }

  get [Symbol.toStringTag]() {
    return 'Performance';
  }
}
for (const name of Object.getOwnPropertyNames(Performance.prototype))
  if (name !== 'constructor')
    Object.defineProperty(Performance.prototype, name, { enumerable: true });

function checkHistogram(histogram) {
  if (histogram === undefined) return;
  const { RecordableHistogram } = require('internal/perf_hooks/histogram');
  if (!(histogram instanceof RecordableHistogram))
    throw new codes.ERR_INVALID_ARG_TYPE('options.histogram', 'RecordableHistogram', histogram);
}

const performance = new Performance(token);
require('internal/events/event_target').defineEventHandler(
  Performance.prototype,
  'resourcetimingbufferfull',
);

const utilizationOf = (idle, active) => ({ idle, active, utilization: active / (active + idle) });

module.exports = {
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  PerformanceResourceTiming,
  performance,
  eventLoopUtilization: performance.eventLoopUtilization,
  timerify: performance.timerify,
  constants: {},
};
defineLazy(
  module.exports,
  'internal/perf_hooks/histogram',
  ['createHistogram', 'monitorEventLoopDelay'],
  true,
);
