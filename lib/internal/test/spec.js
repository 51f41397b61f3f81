'use strict';
// The report that a person reads: a line for each test, then what failed.
const { Transform } = require('stream');

const PASS = '\u2714';
const FAIL = '\u2716';
const SKIP = '\ufe63';
const TODO = '\u26a0';
const OPEN = '\u25b6';
const INFO = '\u2139';

const indent = (nesting) => '  '.repeat(nesting);

/** An error with its cause, in lines that are indented. */
function errorText(error, nesting) {
  const { inspect } = require('util');
  const text = inspect(error?.cause ?? error, { breakLength: Infinity });
  return text.split('\n').join(`\n${indent(nesting)}  `);
}

const note = (word, value) =>
  value === undefined || value === false
    ? ''
    : ` # ${typeof value === 'string' && value !== '' ? value : word}`;

class SpecReporter extends Transform {
  #open = []; // tests that began, of which nothing was written
  #failed = [];

  constructor() {
    super({ writableObjectMode: true });
  }

  #line({ name, nesting, details, skip, todo }, failed) {
    const sign = skip !== undefined ? SKIP : failed ? (todo === undefined ? FAIL : TODO) : PASS;
    const time = ` (${details.duration_ms}ms)`;
    return `${indent(nesting)}${sign} ${name}${time}${note('SKIP', skip)}${note('TODO', todo)}\n`;
  }

  /** Lines of the tests around one that is told. */
  #opened(nesting) {
    const lines = this.#open.filter((one) => one.nesting < nesting && !one.written);
    for (const one of lines) one.written = true;
    return lines.map((one) => `${indent(one.nesting)}${OPEN} ${one.name}\n`).join('');
  }

  #ended(data, failed) {
    let text = this.#opened(data.nesting);
    this.#open = this.#open.filter((one) => one.nesting < data.nesting);
    text += this.#line(data, failed);
    if (failed) {
      if (data.details.error?.failureType !== 'subtestsFailed') this.#failed.push(data);
    }
    return text;
  }

  #failures() {
    if (this.#failed.length === 0) return '';
    const parts = this.#failed.map((data) => {
      const file =
        data.file === undefined ? '' : require('path').relative(process.cwd(), data.file);
      const place = file === '' ? '' : `test at ${file}:${data.line}:${data.column}\n`;
      const line = this.#line({ ...data, nesting: 0 }, true);
      return `${place}${line}  ${errorText(data.details.error, 0)}\n`;
    });
    return `\n${FAIL} failing tests:\n\n${parts.join('\n')}`;
  }

  #text({ type, data }) {
    if (type === 'test:start') this.#open.push({ ...data, written: false });
    else if (type === 'test:pass') return this.#ended(data, false);
    else if (type === 'test:fail') return this.#ended(data, true);
    else if (type === 'test:stdout' || type === 'test:stderr') return data.message;
    else if (type === 'test:diagnostic') return `${indent(data.nesting)}${INFO} ${data.message}\n`;
    else if (type === 'test:summary' && data.file === undefined) return this.#failures();
    return '';
  }

  _transform(event, encoding, done) {
    done(null, this.#text(event));
  }
}

/** Callable without `new` too, as reporters are. */
const spec = require('internal/base/lazy').callable(SpecReporter);

module.exports = { spec };
