'use strict';
const assert = require('assert');
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
