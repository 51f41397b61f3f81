'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { file, run, write } = require('./programs');

const { test } = suite('jest');

const FILES = {
  'package.json': '{}',
  'dep.js': 'exports.value = 1;',
  'a.test.js': `jest.mock('./dep', () => ({ value: 42 }));
test('a module is mocked', () => expect(require('./dep').value).toBe(42));
test('timers are faked', () => {
  jest.useFakeTimers();
  const called = jest.fn();
  setTimeout(called, 1000);
  jest.advanceTimersByTime(1000);
  expect(called).toHaveBeenCalledTimes(1);
});
test('fails', () => expect({ a: 1 }).toEqual({ a: 2 }));`,
  'b.test.js': `const net = require('net');
test('sockets connect', (done) => {
  const server = net.createServer((socket) => socket.end('x')).listen(0, () =>
    net.connect(server.address().port).on('data', (data) => {
      expect(String(data)).toBe('x');
      server.close(done);
    }),
  );
});
test('promises reject', () => expect(Promise.reject(new Error('no'))).rejects.toThrow('no'));`,
};

for (const [how, option] of [
  ['one after another', '--runInBand'],
  ['in processes of their own', '--maxWorkers=2'],
])
  test(`files run ${how}`, (t) => {
    const { code, output } = run(write(t, FILES), file('jest/bin/jest.js'), option);
    assert.strictEqual(code, 1);
    for (const part of ['4 passed, 5 total', '1 failed', '"a": 2', 'PASS ./b.test.js'])
      assert.ok(output.includes(part), `${part} is not in\n${output}`);
  });
