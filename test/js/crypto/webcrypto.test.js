'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { webcrypto } = require('crypto');

test('the global crypto is that of the module', () => {
  assert.strictEqual(globalThis.crypto, webcrypto);
  assert.strictEqual(Object.prototype.toString.call(webcrypto), '[object Crypto]');
  assert.throws(() => new globalThis.Crypto(), { code: 'ERR_ILLEGAL_CONSTRUCTOR' });
});

test('getRandomValues() fills a typed array of integers', () => {
  const words = new Uint32Array(16);
  assert.strictEqual(webcrypto.getRandomValues(words), words);
  assert.ok(words.some((word) => word !== 0));
  assert.strictEqual(require('crypto').getRandomValues(words), words);
  assert.throws(() => webcrypto.getRandomValues(new Float64Array(1)), {
    name: 'TypeMismatchError',
  });
  assert.throws(() => webcrypto.getRandomValues([]), { name: 'TypeMismatchError' });
  assert.throws(() => webcrypto.getRandomValues(new Uint8Array(65537)), {
    name: 'QuotaExceededError',
  });
});

test('randomUUID() gives another UUID each time', () => {
  assert.match(webcrypto.randomUUID(), /^[0-9a-f-]{36}$/);
  assert.notStrictEqual(webcrypto.randomUUID(), webcrypto.randomUUID());
});
