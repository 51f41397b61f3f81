'use strict';
// Globals as properties of the global object.
const { test } = require('../../helpers/test');
const assert = require('assert');

test('programs that hand on what Object.keys(globalThis) lists find the functions of timers and of the web', () => {
  const names = [
    ...['global', 'clearImmediate', 'setImmediate', 'clearInterval', 'clearTimeout', 'setInterval'],
    ...['setTimeout', 'queueMicrotask', 'structuredClone', 'atob', 'btoa', 'performance', 'fetch'],
    ...['crypto', 'navigator'],
  ];
  const listed = Object.keys(globalThis);
  assert.deepStrictEqual(listed.slice(0, names.length), names);
  for (const hidden of ['process', 'Buffer', 'URL', 'console', 'Blob'])
    assert.ok(!listed.includes(hidden), hidden);
});

test('a global that is computed when it is read is as enumerable as before', () => {
  assert.strictEqual(typeof globalThis.structuredClone, 'function');
  assert.ok(Object.keys(globalThis).includes('structuredClone'));
  assert.strictEqual(typeof globalThis.Blob, 'function');
  assert.ok(!Object.keys(globalThis).includes('Blob'));
});
