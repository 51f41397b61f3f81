'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { run, write } = require('./programs');

const { test } = suite('pino-pretty', [], [], ['pino']);

const OPTIONS = "{ colorize: false, ignore: 'time,pid,hostname' }";

test('lines are written as text, in this thread and by a transport', (t) => {
  const folder = write(t, {
    'own.js': `const log = require('pino')(require('pino-pretty')(${OPTIONS}));
log.info({ a: { b: 1 } }, 'told');`,
    'transport.js': `const pino = require('pino');
const log = pino(pino.transport({ target: 'pino-pretty', options: ${OPTIONS} }));
log.info({ a: { b: 1 } }, 'told');`,
  });
  for (const name of ['own.js', 'transport.js']) {
    const { code, output } = run(folder, name);
    assert.strictEqual(code, 0);
    assert.match(output, /^INFO: told\n {4}a: \{\n {6}"b": 1\n {4}\}\n$/);
  }
});
