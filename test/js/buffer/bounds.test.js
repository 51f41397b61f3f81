'use strict';
// Properties of a Buffer that a program replaced must not lead C++ outside of its memory.
const { test } = require('../../helpers/test');
const assert = require('assert');

const liar = (name, value) => Object.defineProperty(Buffer.alloc(4, 'q'), name, { value });

test('reading with a length that is not the own throws instead of reading past the end', () => {
  for (const encoding of ['latin1', 'utf8', 'ascii', 'utf16le'])
    assert.throws(() => liar('length', 1e6).toString(encoding), {
      code: 'ERR_BUFFER_OUT_OF_BOUNDS',
    });
  assert.throws(() => liar('length', 1e6).indexOf('zzz'), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
});

test('writing with a length that is not the own changes no other memory', () => {
  const memory = new ArrayBuffer(64);
  const view = Buffer.from(memory, 0, 4);
  Object.defineProperty(view, 'length', { value: 64 });
  const text = 'x'.repeat(20);
  for (const offset of [0, 8, 40])
    try {
      view.write(text, offset);
    } catch (error) {
      assert.strictEqual(error.code, 'ERR_BUFFER_OUT_OF_BOUNDS');
    }
  assert.ok(new Uint8Array(memory, 4).every((byte) => byte === 0));
});

test('an error made in C++ needs no class that a program may have replaced', () => {
  const { RangeError: real } = globalThis;
  const caught = [];
  for (const value of [1, undefined, {}, Symbol.iterator]) {
    globalThis.RangeError = value;
    try {
      liar('length', 1e6).toString('latin1');
    } catch (error) {
      caught.push(error);
    } finally {
      globalThis.RangeError = real;
    }
  }
  assert.deepStrictEqual(
    caught.map((error) => [error instanceof Error, error.code]),
    Array(4).fill([true, 'ERR_BUFFER_OUT_OF_BOUNDS']),
  );
});

test('methods of Buffer on values of any kind return or throw', () => {
  const selves = [5, 'x', null, undefined, {}, { length: 1e5, byteLength: 1e5, byteOffset: 0 }];
  selves.push(new Float64Array(4), [1, 2], new DataView(new ArrayBuffer(3)), Symbol('s'));
  const argumentLists = [[], [0, 4], ['abc', 0, 4], [Buffer.alloc(4), 0, 1e5], [-1, NaN], [{}, {}]];
  let calls = 0;
  for (const name of Object.getOwnPropertyNames(Buffer.prototype)) {
    const { value } = Object.getOwnPropertyDescriptor(Buffer.prototype, name);
    if (typeof value !== 'function' || name === 'constructor') continue;
    for (const self of selves)
      for (const list of argumentLists) {
        calls++;
        try {
          value.apply(self, list);
        } catch (error) {
          assert.ok(error instanceof Error, name);
        }
      }
  }
  assert.ok(calls > 1000);
});
