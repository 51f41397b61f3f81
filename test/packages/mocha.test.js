'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { suite } = require('./harness');
const { file, run, write } = require('./programs');

const { test } = suite('mocha');

const FILES = {
  'a.test.js': `const assert = require('assert');
describe('first', () => {
  it('passes', () => {});
  it('awaits', async () => { await new Promise((resolve) => setTimeout(resolve, 5)); });
  it('fails', () => assert.deepStrictEqual({ a: 1 }, { a: 2 }));
  it.skip('is skipped', () => {});
});`,
  'b.test.js': `describe('second', () => {
  before((done) => setImmediate(done));
  it('calls back', (done) => setTimeout(done, 5));
  it('takes too long', function (done) { this.timeout(20); });
});`,
};

test('tests pass, fail, are skipped and take too long', (t) => {
  const { code, output } = run(write(t, FILES), file('mocha/bin/mocha.js'), '*.test.js');
  assert.strictEqual(code, 2);
  for (const part of ['3 passing', '1 pending', '2 failing', 'Timeout of 20ms exceeded', '"a": 2'])
    assert.ok(output.includes(part), `${part} is not in\n${output}`);
});

test('files run in processes of their own, beside each other', (t) => {
  const { code, output } = run(
    write(t, FILES),
    file('mocha/bin/mocha.js'),
    '--parallel',
    '*.test.js',
  );
  assert.strictEqual(code, 2);
  for (const part of ['3 passing', '1 pending', '2 failing'])
    assert.ok(output.includes(part), `${part} is not in\n${output}`);
});

test('tests run again when a file has changed', async (t) => {
  const where = write(t, { 'a.test.js': "it('passes', () => {});" });
  const child = spawn(process.execPath, [file('mocha/bin/mocha.js'), '--watch', 'a.test.js'], {
    cwd: where,
  });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      output += bytes;
      look();
    });
  const shown = (text) =>
    new Promise((resolve) => {
      look = () => {
        if (output.includes(text)) resolve();
      };
      look();
    });
  await shown('waiting for changes');
  fs.writeFileSync(
    path.join(where, 'a.test.js'),
    "it('passes', () => {}); it('passes too', () => {});",
  );
  await shown('2 passing');
});
