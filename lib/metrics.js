'use strict';
// Metrics of the process and of the program, in the text format of Prometheus. docs/observe.md
const native = binding('metrics');
const { codes, errnoException } = require('internal/errors/codes');
const {
  validateAddress,
  validateArray,
  validateNumber,
  validateObject,
  validatePort,
  validateString,
} = require('internal/errors/validators');

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const OWN = /^(?:sluice|process)_/;
// Of a histogram's cells (src/control/program_metrics.h): a count for each bound, one for what is above
// them, the sum.
const DEFAULT_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MOST_BOUNDS = 100;

// The numbers of enum MetricType in src/control/program_metrics.h.
const COUNTER = 0;
const GAUGE = 1;
const HISTOGRAM = 2;
// Of enum ProgramMetrics::Known.
const WELL = 0;
const OTHER = 1;

const escape = (value) => String(value).replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));

/** One series of a counter: a number that only grows. */
class CounterSeries {
  #cells;
  constructor(cells) {
    this.#cells = cells;
  }
  /** Adds a number, 0 or more. */
  inc(by = 1) {
    validateNumber(by, 'by');
    if (!(by >= 0 && by < Infinity)) throw new codes.ERR_OUT_OF_RANGE('by', '>= 0', by);
    this.#cells[0] += by;
  }
}

/** One series of a gauge: a number of now. Those of several tasks are added up. */
class GaugeSeries {
  #cells;
  constructor(cells) {
    this.#cells = cells;
  }
  /** Makes it that number. */
  set(value) {
    validateNumber(value, 'value');
    this.#cells[0] = value;
  }
  inc(by = 1) {
    validateNumber(by, 'by');
    this.#cells[0] += by;
  }
  dec(by = 1) {
    this.inc(-by);
  }
}

/** One series of a histogram: how often values fell between bounds. */
class HistogramSeries {
  #cells;
  #bounds;
  constructor(cells, bounds) {
    this.#cells = cells;
    this.#bounds = bounds;
  }
  /** Counts a value. */
  observe(value) {
    validateNumber(value, 'value');
    // It would make the sum none for ever.
    if (Number.isNaN(value)) throw new codes.ERR_OUT_OF_RANGE('value', 'a number', value);
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) bucket++;
    this.#cells[bucket]++;
    this.#cells[bounds.length + 1] += value;
  }
}

const KINDS = ['counter', 'gauge', 'histogram']; // by enum MetricType

/** A metric: its series by the values of its labels. */
class Metric {
  #type;
  #name;
  #labels;
  #make;
  #series = new Map();

  constructor(type, name, labels, make) {
    this.#type = type;
    this.#name = name;
    this.#labels = [...labels];
    this.#make = make;
  }

  /**
   * The series of these values; keep it where it is used often.
   * @param {object} values a value for every label
   */
  with(values = {}) {
    validateObject(values, 'values');
    for (const key of Object.keys(values))
      if (!this.#labels.includes(key))
        throw new codes.ERR_INVALID_ARG_VALUE(
          `values.${key}`,
          values[key],
          `is no label of ${this.#name}; there are ${this.#labels.join(', ') || 'none'}`,
        );
    const texts = this.#labels.map((label) => {
      if (values[label] === undefined)
        throw new codes.ERR_INVALID_ARG_VALUE(`values.${label}`, undefined, 'must be given');
      return `${label}="${escape(values[label])}"`;
    });
    const key = texts.join(',');
    let series = this.#series.get(key);
    if (series === undefined) {
      const other = this.#labels.map((label) => `${label}="other"`).join(',');
      series = this.#make(native.series(this.#name, key, other));
      if (this.#series.size < native.mostSeries) this.#series.set(key, series);
    }
    return series;
  }

  inc(by) {
    this.#only(COUNTER, GAUGE).inc(by);
  }
  dec(by) {
    this.#only(GAUGE).dec(by);
  }
  set(value) {
    this.#only(GAUGE).set(value);
  }
  observe(value) {
    this.#only(HISTOGRAM).observe(value);
  }

  /** The series without labels, of a metric that is of one of these types. */
  #only(...types) {
    if (!types.includes(this.#type))
      throw new codes.ERR_INVALID_THIS(types.map((type) => KINDS[type]).join(' or '));
    return this.with();
  }
}

function declare(type, name, help, labels, bounds) {
  validateString(name, 'name');
  if (!NAME.test(name) || OWN.test(name))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'name',
      name,
      'must be letters, digits, _ and :, and not begin with sluice_ or process_',
    );
  if (type === COUNTER && !name.endsWith('_total'))
    throw new codes.ERR_INVALID_ARG_VALUE('name', name, 'must end in _total, as it is a counter');
  validateString(help, 'help');
  if (help === '') throw new codes.ERR_INVALID_ARG_VALUE('help', help, 'must not be empty');
  validateArray(labels, 'labels');
  labels.forEach((label, i) => {
    validateString(label, `labels[${i}]`);
    if (!LABEL.test(label) || label === 'le' || label.startsWith('__'))
      throw new codes.ERR_INVALID_ARG_VALUE(
        `labels[${i}]`,
        label,
        'must be letters, digits and _, and neither le nor begin with __',
      );
    if (labels.indexOf(label) !== i)
      throw new codes.ERR_INVALID_ARG_VALUE(`labels[${i}]`, label, 'is a label twice');
  });
  const known = native.declare(name, help, type, labels, bounds);
  if (known !== WELL)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'name',
      name,
      known === OTHER
        ? 'is a metric of another type, other labels or other bounds already'
        : 'would have samples of the same names as another metric, a histogram with its _bucket, _sum and _count',
    );
}

/**
 * A counter of the program. The same name in several tasks is one metric, the sum of them.
 * @param {string} name ending in `_total`
 * @param {string} help what it counts
 * @param {string[]} [labels] their names; more than 1,000 series are counted as of the value `other`
 * @returns {Metric} with inc(by) where it has no labels, and with({label: value}).inc(by)
 */
function counter(name, help, labels = []) {
  declare(COUNTER, name, help, labels, []);
  return new Metric(COUNTER, name, labels, (cells) => new CounterSeries(cells));
}

/** A gauge, with set(value), inc(by) and dec(by); else as counter(). */
function gauge(name, help, labels = []) {
  declare(GAUGE, name, help, labels, []);
  return new Metric(GAUGE, name, labels, (cells) => new GaugeSeries(cells));
}

/** A histogram, with observe(value); bounds ascend; else as counter(). */
function histogram(name, help, labels = [], bounds = DEFAULT_BOUNDS) {
  validateArray(bounds, 'bounds');
  const own = bounds.map(Number);
  if (
    own.length === 0 ||
    own.length > MOST_BOUNDS ||
    own.some((bound, i) => !Number.isFinite(bound) || (i > 0 && bound <= own[i - 1]))
  )
    throw new codes.ERR_INVALID_ARG_VALUE('bounds', bounds, 'must be 1 to 100 ascending numbers');
  declare(HISTOGRAM, name, help, labels, own);
  return new Metric(HISTOGRAM, name, labels, (cells) => new HistogramSeries(cells, own));
}

/** All metrics, of the runtime and of all tasks of the program, as text. */
function text() {
  return native.text();
}

/**
 * Serves the text by HTTP, from a thread that waits for no task.
 * @param {{host?: string, port?: number, path?: string}} [options] host: an IP address, 127.0.0.1 if
 *     not told; port: 9464 if not told; path: /metrics if not told
 * @returns {{address: string, port: number}} where
 * @throws {Error} of listen(2)
 */
function serve(options = {}) {
  validateObject(options, 'options');
  const { host = '127.0.0.1', path = '/metrics', ...more } = options;
  const port = validatePort(more.port ?? 9464, 'options.port');
  validateAddress(host, 'options.host');
  validateString(path, 'options.path');
  if (!path.startsWith('/'))
    throw new codes.ERR_INVALID_ARG_VALUE('options.path', path, 'must begin with /');
  for (const key of Object.keys(more))
    if (key !== 'port')
      throw new codes.ERR_INVALID_ARG_VALUE(`options.${key}`, more[key], 'is no option');
  const bound = native.serve(host, port, path);
  if (bound < 0) throw errnoException(bound, 'listen', `${host}:${port}`);
  return { address: host, port: bound };
}

module.exports = {
  /** The Content-Type of text(). */
  contentType: native.contentType,
  counter,
  gauge,
  histogram,
  serve,
  text,
};
