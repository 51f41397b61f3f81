'use strict';
const assert = require('assert');
const { Console } = require('console');
const { test } = require('../../helpers/test');

/** A console whose output is text. */
function recorder(options) {
  const stream = () => {
    const self = { text: '', write: (chunk) => (self.text += chunk) };
    return self;
  };
  const stdout = stream();
  const stderr = stream();
  return { stdout, stderr, log: new Console({ stdout, stderr, ...options }) };
}

const prints = (use, out, err = '') => {
  const { stdout, stderr, log } = recorder();
  use(log);
  assert.strictEqual(stdout.text, out);
  assert.strictEqual(stderr.text, err);
};

test('log, info and debug go to standard output, warn and error to standard error', () => {
  prints(
    (log) => {
      log.log('a %s', 1, { b: 2 });
      log.info('i');
      log.debug('d');
      log.dirxml([1]);
      log.log();
      log.warn('w');
      log.error('e');
    },
    'a 1 { b: 2 }\ni\nd\n[ 1 ]\n\n',
    'w\ne\n',
  );
});

test('groups indent every line', () => {
  prints((log) => {
    log.group('g');
    log.log('a\nb');
    log.group();
    log.log('c');
    log.groupEnd();
    log.groupEnd();
    log.groupEnd();
    log.log('d');
  }, 'g\n  a\n  b\n    c\nd\n');
});

test('count and countReset keep a number a label', () => {
  prints((log) => {
    log.count();
    log.count('x');
    log.count();
    log.countReset();
    log.count();
  }, 'default: 1\nx: 1\ndefault: 2\ndefault: 1\n');
});

test('time, timeLog and timeEnd print the time that passed', () => {
  const { stdout, log } = recorder();
  log.time('t');
  log.timeLog('t', 'more', 1);
  log.timeEnd('t');
  assert.match(stdout.text, /^t: [\d.]+m?s more 1\nt: [\d.]+m?s\n$/);
});

test('assert prints only failures', () => {
  prints(
    (log) => {
      log.assert(true, 'no');
      log.assert(false, 'because %d', 5);
      log.assert(false);
    },
    '',
    'Assertion failed: because 5\nAssertion failed\n',
  );
});

test('trace prints the message and the callers', () => {
  const { stderr, log } = recorder();
  log.trace('here %s', 1);
  assert.match(stderr.text, /^Trace: here 1\n {4}at .*console\.test\.js:\d+:\d+/);
});

test('dir takes options', () => {
  prints((log) => log.dir({ a: { b: 1 } }, { depth: 0 }), '{ a: [Object] }\n');
});

test('table draws rows and columns', () => {
  const lines = [
    '\u250c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u252c\u2500\u2500\u2500\u2500\u2500\u2510',
    '\u2502 (index) \u2502 a \u2502 b   \u2502',
    '\u251c\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u253c\u2500\u2500\u2500\u2500\u2500\u2524',
    "\u2502 0       \u2502 1 \u2502 'x' \u2502",
    '\u2502 1       \u2502 2 \u2502     \u2502',
    '\u2514\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2534\u2500\u2500\u2500\u2500\u2500\u2518',
  ];
  prints((log) => log.table([{ a: 1, b: 'x' }, { a: 2 }]), `${lines.join('\n')}\n`);
  prints((log) => log.table(5), '5\n');
});

test('colors are used on a terminal only', () => {
  const { stdout, log } = recorder();
  log.log(1);
  stdout.isTTY = true;
  log.log(2);
  assert.strictEqual(stdout.text, '1\n\x1b[33m2\x1b[39m\n');
  const forced = recorder({ colorMode: true });
  forced.log.log(3);
  assert.strictEqual(forced.stdout.text, '\x1b[33m3\x1b[39m\n');
});

test('methods are bound, and subclasses may replace them', () => {
  const { stdout, stderr, log } = recorder();
  const { log: detached } = log;
  detached('x');
  class Mine extends Console {
    log(...args) {
      super.log('mine', ...args);
    }
  }
  new Mine({ stdout, stderr }).log('y');
  assert.strictEqual(stdout.text, 'x\nmine y\n');
  assert(log instanceof Console && console instanceof Console);
});

test('a stream that fails does not reach the caller', () => {
  const stdout = {
    write() {
      throw new Error('broken');
    },
  };
  new Console({ stdout }).log('x');
  assert.throws(() => new Console({ stdout, ignoreErrors: false }).log('x'), { message: 'broken' });
  assert.throws(() => new Console({}), { code: 'ERR_CONSOLE_WRITABLE_STREAM' });
});

test('the module is the global console', () => {
  assert.strictEqual(require('console'), console);
  assert.strictEqual(typeof console.Console, 'function');
});
