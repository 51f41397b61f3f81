'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { suite } = require('./harness');
const { run, write } = require('./programs');

const { test } = suite('pino');

test('lines of JSON are written, with redacted fields and children', (t) => {
  const where = write(t, {
    'a.js': `const log = require('pino')({ redact: ['password'] });
log.info({ password: 'secret', error: new Error('mine') }, 'hello %s', 'you');
log.child({ request: 7 }).warn('careful');
log.debug('not this');`,
  });
  const { code, output } = run(where, 'a.js');
  assert.strictEqual(code, 0);
  const [first, second, ...rest] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepStrictEqual([first.level, first.msg, first.password], [30, 'hello you', '[Redacted]']);
  assert.deepStrictEqual([second.level, second.msg, second.request, rest], [40, 'careful', 7, []]);
});

test('a crash and an end lose no line', (t) => {
  const where = write(t, {
    'crash.js': "const log = require('pino')(); log.info('before'); throw new Error('crash');",
    'end.js':
      "const log = require('pino')(); for (let i = 0; i < 500; i++) log.info('line'); process.exit(3);",
  });
  assert.match(run(where, 'crash.js').output, /"msg":"before"/);
  const { code, output } = run(where, 'end.js');
  assert.deepStrictEqual([code, output.match(/"msg":"line"/g).length], [3, 500]);
});

test('a transport in a thread of its own gets every line before the end', (t) => {
  const where = write(t, {
    'a.js': `const pino = require('pino');
const log = pino(pino.transport({ target: 'pino/file', options: { destination: __dirname + '/log' } }));
for (let i = 0; i < 500; i++) log.info('line %d', i);`,
  });
  const { code, output } = run(where, 'a.js');
  assert.deepStrictEqual([code, output], [0, '']);
  const lines = fs.readFileSync(path.join(where, 'log'), 'utf8').trim().split('\n');
  const texts = lines.map((line) => JSON.parse(line).msg);
  assert.deepStrictEqual(
    texts,
    Array.from({ length: 500 }, (_, i) => `line ${i}`),
  );
});
