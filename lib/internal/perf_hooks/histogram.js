'use strict';
// Histograms: how often each value was recorded, to a number of significant digits
// (https://nodejs.org/api/perf_hooks.html#class-histogram).
const { codes } = require('internal/errors/codes');
const { validateInteger, validateNumber, validateObject } = require('internal/errors/validators');
const runtime = binding('runtime');

const EMPTY_MIN = 9223372036854776000; // of a histogram without values
const PERCENTS = [0, 50, 75, 87.5, 93.75, 96.875, 98.4375, 99.21875, 99.609375];
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

const token = Symbol('construct');

class Histogram {
  #counts = new Map(); // value, rounded → how often
  #highest;
  #digits;
  #sum = 0;
  #squares = 0;
  #count = 0;
  #exceeds = 0;
  #min = EMPTY_MIN;
  #max = 0;

  constructor(given, { highest = MOST, figures = 3 } = {}) {
    if (given !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    this.#highest = Number(highest);
    this.#digits = figures;
  }

  _record(value) {
    if (value > this.#highest) {
      this.#exceeds++;
      return;
    }
    const bucket = this.#round(value);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#sum += value;
    this.#squares += value * value;
    this.#count++;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  #round(value) {
    if (value === 0) return 0;
    const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - this.#digits);
    return Math.round(value / step) * step;
  }

  _add(other) {
    for (const [value, count] of other.#counts)
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
    this.#sum += other.#sum;
    this.#squares += other.#squares;
    this.#count += other.#count;
    this.#exceeds += other.#exceeds;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  get count() {
    return this.#count;
  }
  get countBigInt() {
    return BigInt(this.#count);
  }
  get exceeds() {
    return this.#exceeds;
  }
  get exceedsBigInt() {
    return BigInt(this.#exceeds);
  }
  get min() {
    return this.#min;
  }
  get minBigInt() {
    return this.#min === EMPTY_MIN ? 2n ** 63n - 1n : BigInt(this.#min);
  }
  get max() {
    return this.#max;
  }
  get maxBigInt() {
    return BigInt(this.#max);
  }
  get mean() {
    return this.#count > 0 ? this.#sum / this.#count : NaN;
  }
  get stddev() {
    if (this.#count === 0) return NaN;
    return Math.sqrt(Math.max(0, this.#squares / this.#count - this.mean ** 2));
  }

  /** The value that part percent of the recorded ones do not exceed. */
  percentile(part) {
    validateNumber(part, 'percentile');
    if (!(part > 0 && part <= 100))
      throw new codes.ERR_OUT_OF_RANGE('percentile', '> 0 && <= 100', part);
    return this.#at(part);
  }
  percentileBigInt(part) {
    return BigInt(this.percentile(part));
  }

  #at(part) {
    let left = Math.max(1, Math.ceil((part / 100) * this.#count));
    for (const [value, count] of [...this.#counts].sort((a, b) => a[0] - b[0])) {
      left -= count;
      if (left <= 0) return value;
    }
    return 0;
  }

  /** The values of some percentages, up to where all are counted. */
  get percentiles() {
    const result = new Map();
    if (this.#count === 0) return result.set(100, 0);
    for (const part of PERCENTS) {
      result.set(part, this.#at(part));
      if (this.#at(part) === this.#at(100)) break;
    }
    return result.set(100, this.#at(100));
  }
  get percentilesBigInt() {
    return new Map(Array.from(this.percentiles, ([part, value]) => [part, BigInt(value)]));
  }

  reset() {
    this.#counts.clear();
    this.#sum = this.#squares = this.#count = this.#max = this.#exceeds = 0;
    this.#min = EMPTY_MIN;
  }

  toJSON() {
    const { count, min, max, mean, exceeds, stddev } = this;
    const percentiles = Object.fromEntries(this.percentiles);
    return { count, min, max, mean, exceeds, stddev, percentiles };
  }
}

/** One that programs record values in. */
class RecordableHistogram extends Histogram {
  #last; // when recordDelta() was called

  /** @param {number | bigint} value */
  record(value) {
    if (typeof value === 'bigint') {
      if (value < 0n || value > MOST)
        throw new codes.ERR_OUT_OF_RANGE('val', `>= 0 && <= ${MOST}`, value);
      this._record(Number(value));
      return;
    }
    validateInteger(value, 'val', 0);
    this._record(value);
  }

  /** Records the nanoseconds since it was called last. */
  recordDelta() {
    const now = runtime.monotonic() * 1e6;
    if (this.#last !== undefined) this._record(Math.max(1, Math.round(now - this.#last)));
    this.#last = now;
  }

  /** Adds the values of another one. */
  add(other) {
    if (!(other instanceof RecordableHistogram))
      throw new codes.ERR_INVALID_ARG_TYPE('other', 'RecordableHistogram', other);
    this._add(other);
  }
}

// Of the event loop's delays: how long a timer takes, in nanoseconds, the interval and what it is late.
class ELDHistogram extends Histogram {
  #resolution;
  #timer = null;
  constructor(given, resolution) {
    super(given);
    this.#resolution = resolution;
  }

  enable() {
    if (this.#timer !== null) return false;
    let last = runtime.monotonic();
    const { setInterval } = require('internal/timers/timers');
    this.#timer = setInterval(() => {
      const time = runtime.monotonic();
      this._record(Math.max(1, Math.round((time - last) * 1e6)));
      last = time;
    }, this.#resolution);
    this.#timer.unref();
    return true;
  }

  disable() {
    if (this.#timer === null) return false;
    require('internal/timers/timers').clearInterval(this.#timer);
    this.#timer = null;
    return true;
  }

  [Symbol.dispose]() {
    this.disable();
  }
}
for (const name of ['_record', '_add'])
  Object.defineProperty(Histogram.prototype, name, { enumerable: false });

/** A histogram of the loop's delays; resolution is in milliseconds. */
function monitorEventLoopDelay(options = {}) {
  validateObject(options, 'options');
  const { resolution = 10 } = options;
  validateInteger(resolution, 'options.resolution', 1);
  return new ELDHistogram(token, resolution);
}

/** @param {{ lowest?: number | bigint, highest?: number | bigint, figures?: number }} [options] */
function createHistogram(options = {}) {
  validateObject(options, 'options');
  const { lowest = 1, highest = Number.MAX_SAFE_INTEGER, figures = 3 } = options;
  if (typeof lowest !== 'bigint') validateInteger(lowest, 'options.lowest', 1);
  if (typeof highest !== 'bigint') validateInteger(highest, 'options.highest');
  const least = 2n * BigInt(lowest);
  if (highest < least)
    throw new codes.ERR_OUT_OF_RANGE(
      'options.highest',
      `>= 2 * options.lowest (${least}n)`,
      highest,
    );
  validateInteger(figures, 'options.figures', 1, 5);
  return new RecordableHistogram(token, { highest, figures });
}

module.exports = { Histogram, RecordableHistogram, createHistogram, monitorEventLoopDelay };
