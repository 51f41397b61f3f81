'use strict';
// What the command line, or run(), says of tests: which of them run, and who reports of them.
const { codes } = require('internal/errors/codes');
const { flag } = require('internal/process/flags');

const REPORTERS = ['spec', 'tap', 'dot', 'junit', 'lcov'];

/** A pattern of names: a RegExp, or the text of one, /…/flags or as it is. */
function patternOf(value, name) {
  if (value instanceof RegExp) return value;
  if (typeof value !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'RegExp'], value);
  const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec(value) ?? [];
  return body === undefined ? new RegExp(value) : new RegExp(body, flags);
}

const patternsOf = (given, name) =>
  given == null ? [] : [given].flat().map((one, index) => patternOf(one, `${name}[${index}]`));

/** The filters that the options of this process are. */
const filtersOfProcess = () => ({
  names: patternsOf(flag('test-name-pattern'), '--test-name-pattern'),
  skips: patternsOf(flag('test-skip-pattern'), '--test-skip-pattern'),
  only: flag('test-only') !== undefined,
  signal: undefined,
});

function reporterOf(name) {
  if (REPORTERS.includes(name)) return require('test/reporters')[name];
  const { createRequire } = require('module');
  const loaded = createRequire(`${process.cwd()}/`)(name);
  return loaded?.default ?? loaded;
}

function destinationOf(name) {
  if (name === 'stdout') return process.stdout;
  if (name === 'stderr') return process.stderr;
  return require('fs').createWriteStream(name);
}

/** What a reporter makes of events: a class or function of transforms, a stream, or a generator. */
function reported(stream, reporter) {
  if (typeof reporter === 'function' && reporter.prototype?.getReader === undefined) {
    const isClass =
      reporter.prototype !== undefined && typeof reporter.prototype._transform === 'function';
    if (isClass) return stream.compose(new reporter());
  }
  return stream.compose(reporter);
}

/** Has the events of a run go where the options of this process say. */
function report(stream) {
  if (process.env.NODE_TEST_CONTEXT === 'child-v8') {
    require('internal/test/child').tellParent(stream);
    return;
  }
  const names = flag('test-reporter') ?? ['spec'];
  const places = flag('test-reporter-destination') ?? ['stdout'];
  if (names.length !== places.length)
    throw new codes.ERR_INVALID_ARG_VALUE(
      '--test-reporter',
      names,
      "must match the number of specified '--test-reporter-destination'",
    );
  for (const [index, name] of names.entries()) {
    const place = destinationOf(places[index]);
    reported(stream, reporterOf(name)).pipe(place, {
      end: place !== process.stdout && place !== process.stderr,
    });
  }
}

module.exports = { filtersOfProcess, patternsOf, report };
