'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { suite } = require('./harness');
const { run, write } = require('./programs');

const { test } = suite('winston');

test('what is logged goes to a file and to the terminal, all of it before the end', (t) => {
  const where = write(t, {
    'a.js': `const { createLogger, format, transports } = require('winston');
const file = new transports.File({ filename: 'log' });
const plain = new transports.Console({ format: format.simple() });
const options = { format: format.combine(format.splat(), format.json()), transports: [file, plain] };
const log = createLogger(options);
for (let i = 0; i < 1000; i++) log.info('line %d', i, { extra: i });
log.child({ who: 'child' }).warn('careful');
log.end();`,
  });
  const { code, output } = run(where, 'a.js');
  assert.strictEqual(code, 0);
  assert.strictEqual(output.match(/^info: line \d+/gm).length, 1000);
  const lines = fs
    .readFileSync(path.join(where, 'log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.strictEqual(lines.length, 1001);
  assert.deepStrictEqual(lines[1000], { level: 'warn', message: 'careful', who: 'child' });
});
