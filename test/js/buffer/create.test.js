'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

test('from() takes text, arrays, buffers, views, and objects that stand for them', () => {
  const bytes = (value, ...rest) => [...Buffer.from(value, ...rest)];
  assert.deepStrictEqual(bytes('abc'), [97, 98, 99]);
  assert.deepStrictEqual(bytes([1, 257, -1, '7', 'x', 1.9]), [1, 1, 255, 7, 0, 1]);
  assert.deepStrictEqual(bytes(new Uint16Array([1, 256, 65535])), [1, 0, 255]);
  assert.deepStrictEqual(bytes({ length: 2, 0: 5, 1: 6 }), [5, 6]);
  assert.deepStrictEqual(bytes({ type: 'Buffer', data: [1, 2] }), [1, 2]);
  assert.deepStrictEqual(bytes(JSON.parse(JSON.stringify(Buffer.from('ab')))), [97, 98]);
  assert.deepStrictEqual(bytes(new String('ab')), [97, 98]);
  assert.deepStrictEqual(bytes({ [Symbol.toPrimitive]: () => 'ab' }, 'hex'), [171]);
  assert.deepStrictEqual(bytes({ length: 'x' }), []);
  for (const value of [undefined, null, 5, true, {}, Symbol('s'), () => 1])
    assert.throws(() => Buffer.from(value), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => Buffer.from(5), {
    message:
      'The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array ' +
      'or an Array-like Object. Received type number (5)',
  });
});

test('from() copies a buffer and shares an ArrayBuffer', () => {
  const memory = new ArrayBuffer(8);
  const shared = Buffer.from(memory, 2, 4);
  const copied = Buffer.from(shared);
  shared[0] = 9;
  assert.strictEqual(new Uint8Array(memory)[2], 9);
  assert.strictEqual(copied[0], 0);
  assert.strictEqual(shared.parent, memory);
  assert.strictEqual(shared.offset, 2);
  assert.strictEqual(Buffer.from(memory, 3).length, 5);
  assert.throws(() => Buffer.from(memory, 9), {
    code: 'ERR_BUFFER_OUT_OF_BOUNDS',
    message: '"offset" is outside of buffer bounds',
  });
  assert.throws(() => Buffer.from(memory, 4, 5), {
    code: 'ERR_BUFFER_OUT_OF_BOUNDS',
    message: '"length" is outside of buffer bounds',
  });
});

test('buffers of the pool never overlap', () => {
  const buffers = [];
  for (let i = 0; i < 3000; i++) {
    const size = (i * 37) % 300;
    buffers.push(
      i % 3 === 0
        ? Buffer.allocUnsafe(size).fill(i & 127)
        : Buffer.from(String.fromCharCode(i & 127).repeat(size)),
    );
  }
  buffers.forEach((buffer, i) => {
    assert.strictEqual(buffer.length, (i * 37) % 300);
    assert.ok(buffer.every((byte) => byte === (i & 127)));
  });
  const poolSize = Buffer.poolSize;
  Buffer.poolSize = 0;
  assert.strictEqual(Buffer.from('\u20acbc'.repeat(9000)).length, 45000);
  assert.strictEqual(Buffer.from('abc').toString(), 'abc');
  Buffer.poolSize = poolSize;
});

test('sizes are checked', () => {
  const { kMaxLength } = require('buffer');
  for (const make of [Buffer.alloc, Buffer.allocUnsafe, Buffer.allocUnsafeSlow, Buffer.allocSafe]) {
    assert.strictEqual(make(5).length, 5);
    for (const size of [-1, NaN, kMaxLength + 1, Infinity])
      assert.throws(() => make(size), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    for (const size of ['5', null, undefined, {}])
      assert.throws(() => make(size), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.ok(Buffer.alloc(5000).every((byte) => byte === 0));
});

test('Buffer() works with and without new, as it did before from() and alloc()', () => {
  assert.strictEqual(new Buffer('abc').toString(), 'abc');
  assert.strictEqual(Buffer('616263', 'hex').toString(), 'abc');
  assert.strictEqual(new Buffer(4).length, 4);
  assert.strictEqual(Buffer([1, 2]).length, 2);
  assert.throws(() => new Buffer(5, 'utf8'), { code: 'ERR_INVALID_ARG_TYPE' });
  class Sub extends Buffer {}
  assert.ok(Buffer.isBuffer(new Sub(3)));
  assert.strictEqual(require('buffer').SlowBuffer(3).length, 3);
});

test('a Buffer is a Uint8Array whose derived arrays are Buffers', () => {
  const buffer = Buffer.from('abc');
  assert.ok(buffer instanceof Uint8Array && Buffer.isBuffer(buffer));
  assert.ok(!Buffer.isBuffer(new Uint8Array(1)));
  assert.ok(Buffer.isBuffer(buffer.map((byte) => byte + 1)));
  assert.ok(Buffer.isBuffer(buffer.filter(() => true)));
  assert.strictEqual(buffer.constructor, Buffer);
  assert.strictEqual(Buffer.name, 'Buffer');
});

test('concat joins, cuts and fills up', () => {
  const parts = [Buffer.from('ab'), new Uint8Array([99]), Buffer.from('x'.repeat(100))];
  assert.strictEqual(Buffer.concat(parts).toString(), `abc${'x'.repeat(100)}`);
  assert.strictEqual(Buffer.concat(parts, 3).toString(), 'abc');
  assert.strictEqual(Buffer.concat([parts[0]], 4).toString('hex'), '61620000');
  assert.strictEqual(Buffer.concat([]).length, 0);
  assert.throws(() => Buffer.concat('ab'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => Buffer.concat([parts[0], 'b']), {
    message:
      'The "list[1]" argument must be an instance of Buffer or Uint8Array. Received type string (\'b\')',
  });
  assert.throws(() => Buffer.concat(parts, -1), { code: 'ERR_OUT_OF_RANGE' });
});

test('of, copyBytesFrom, fromString, toArray, toJSON', () => {
  assert.strictEqual(Buffer.of(1, 2, 300).toString('hex'), '01022c');
  assert.strictEqual(
    Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1).toString('hex'),
    '0200',
  );
  assert.strictEqual(Buffer.fromString('6162', 'hex').toString(), 'ab');
  assert.deepStrictEqual(Buffer.from('ab').toArray(), [97, 98]);
  assert.strictEqual(JSON.stringify(Buffer.from('ab')), '{"type":"Buffer","data":[97,98]}');
});

test('inspection shows the first fifty bytes', () => {
  const inspect = Symbol.for('nodejs.util.inspect.custom');
  assert.strictEqual(Buffer.from('hi')[inspect](), '<Buffer 68 69>');
  assert.strictEqual(Buffer.alloc(0)[inspect](), '<Buffer >');
  assert.strictEqual(Buffer.alloc(51)[inspect](), `<Buffer${' 00'.repeat(50)} ... 1 more byte>`);
  assert.strictEqual(Buffer.alloc(60)[inspect](), `<Buffer${' 00'.repeat(50)} ... 10 more bytes>`);
});

test('the methods named by encoding read and write ranges', () => {
  const buffer = Buffer.alloc(8);
  assert.strictEqual(buffer.utf8Write('h\u00e9', 1), 3);
  assert.strictEqual(buffer.utf8Slice(1, 4), 'h\u00e9');
  assert.strictEqual(buffer.hexSlice(1, 4), '68c3a9');
  assert.strictEqual(buffer.latin1Write('\u00ffx', 0, 1), 1);
  assert.strictEqual(buffer.latin1Slice(0, 1), '\u00ff');
  assert.strictEqual(buffer.ucs2Write('ab', 0), 4);
  assert.strictEqual(buffer.ucs2Slice(0, 4), 'ab');
  assert.strictEqual(buffer.base64Write('YWI='), 2);
  assert.strictEqual(buffer.base64Slice(0, 2), 'YWI=');
  assert.throws(() => buffer.utf8Slice(0, 9), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => buffer.utf8Write('a', 9), { code: 'ERR_BUFFER_OUT_OF_BOUNDS' });
  assert.throws(() => buffer.utf8Write(5), { code: 'ERR_INVALID_ARG_TYPE' });
});
