'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

test('Atomics.wait() waits, as programs without an event loop do', () => {
  assert.strictEqual(Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1), 'timed-out');
});

test('shared memory is taken wherever memory is', () => {
  const memory = new SharedArrayBuffer(4);
  const bytes = Buffer.from(memory, 1, 2);
  new Uint8Array(memory).fill(97);
  assert.strictEqual(bytes.toString(), 'aa');
  assert.strictEqual(Buffer.byteLength(memory), 4);
  assert.strictEqual(new TextDecoder().decode(memory), 'aaaa');
  assert.strictEqual(require('crypto').hkdfSync('sha256', memory, memory, memory, 8).byteLength, 8);
  assert.strictEqual(
    require('zlib')
      .inflateSync(require('zlib').deflateSync(new Uint8Array(memory)))
      .toString(),
    'aaaa',
  );
  require('crypto').randomFillSync(new Uint8Array(memory));
});
