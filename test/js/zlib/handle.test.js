'use strict';
const { test } = require('../../helpers/test');
const { pattern } = require('../../helpers/net');
const assert = require('assert');
const zlib = require('zlib');

const { DEFLATE, INFLATE, Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_DATA_ERROR } = zlib.constants;
const ZlibHandle = zlib.createInflate()._handle.constructor;

function codec(mode, dictionary) {
  const state = new Uint32Array(2);
  const handle = new ZlibHandle(mode);
  handle.init(15, -1, 8, 0, state, () => assert.fail('a write was asynchronous'), dictionary);
  return { handle, state };
}

/** All output for input, flushed, in steps of `room` bytes. */
function work({ handle, state }, input, room, flush = Z_PARTIAL_FLUSH) {
  const parts = [];
  const out = Buffer.alloc(room + 2);
  let [offset, left] = [0, input.length];
  do {
    handle.writeSync(flush, input, offset, left, out, 1, room);
    parts.push(Buffer.from(out.subarray(1, 1 + room - state[0])));
    offset += left - state[1];
    left = state[1];
  } while (state[0] === 0);
  assert.deepStrictEqual([left, out[0], out[room + 1]], [0, 0, 0]);
  return Buffer.concat(parts);
}

test('the handle of a stream has the class of codecs that work step by step', () => {
  const [packer, unpacker] = [codec(DEFLATE), codec(INFLATE)];
  for (const size of [1, 100, 50000]) {
    const data = pattern(size, size);
    for (const room of [64, 16384])
      assert.ok(work(unpacker, work(packer, data, room), room).equals(data), `${size} ${room}`);
  }
});

test('a handle takes a dictionary, and no input', () => {
  const dictionary = Buffer.from('some words that occur');
  const packer = codec(DEFLATE, dictionary);
  packer.handle.writeSync(Z_SYNC_FLUSH, null, 0, 0, Buffer.alloc(100), 0, 100);
  const data = Buffer.from('some words');
  const packed = work(codec(DEFLATE, dictionary), data, 64);
  assert.ok(work(codec(INFLATE, dictionary), packed, 64).equals(data));
});

test('a failure calls onerror of a handle', () => {
  const { handle } = codec(INFLATE);
  const seen = [];
  handle.onerror = (...args) => seen.push(args);
  handle.writeSync(Z_SYNC_FLUSH, Buffer.from('no such data'), 0, 12, Buffer.alloc(100), 0, 100);
  assert.deepStrictEqual(seen, [['incorrect header check', Z_DATA_ERROR, 'Z_DATA_ERROR']]);
});

test('a handle without a codec, and modes and sizes that are none, are errors', () => {
  const handle = new ZlibHandle(DEFLATE);
  const write = () => handle.writeSync(0, null, 0, 0, Buffer.alloc(1), 0, 1);
  assert.throws(write, { code: 'ERR_INVALID_STATE' });
  assert.throws(() => new ZlibHandle(99), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => handle.init(1e9, -1, 8, 0, new Uint32Array(2), () => {}), {
    code: 'ERR_OUT_OF_RANGE',
  });
  handle.init(15, -1, 8, 0, new Uint32Array(2), () => {});
  write();
  handle.close();
  assert.throws(write, { code: 'ERR_INVALID_STATE' });
});

test('a stream has a handle until it is closed', () => {
  const stream = zlib.createGzip();
  assert.strictEqual(stream._handle, stream._handle);
  stream.close();
  assert.strictEqual(stream._handle, null);
});

test('_processChunk() works without the stream, in parts and to the end', () => {
  const { Z_FINISH, Z_NO_FLUSH } = zlib.constants;
  const data = Buffer.alloc(100000, 'text of some length ');
  for (const [Compress, Decompress] of [
    ['Gzip', 'Gunzip'],
    ['Deflate', 'Inflate'],
    ['DeflateRaw', 'InflateRaw'],
  ]) {
    const stream = new zlib[Compress]();
    const parts = [
      stream._processChunk(data.subarray(0, 70000), Z_NO_FLUSH),
      stream._processChunk(data.subarray(70000), Z_FINISH),
    ];
    const whole = new zlib[Decompress]()._processChunk(Buffer.concat(parts), Z_FINISH);
    assert.ok(whole.equals(data));
  }
});

test('_processChunk() throws what is wrong with its data, and when the stream is closed', () => {
  const stream = new zlib.Inflate();
  const bad = { code: 'Z_DATA_ERROR', errno: Z_DATA_ERROR };
  assert.throws(() => stream._processChunk(Buffer.from('none'), Z_SYNC_FLUSH), bad);
  stream.close();
  assert.throws(() => stream._processChunk(Buffer.alloc(1), 0), { code: 'ERR_INVALID_STATE' });
});

test('the handle of a stream may be set to itself', () => {
  for (const stream of [zlib.createGzip(), zlib.createBrotliCompress()]) {
    const { _handle: handle } = stream;
    stream._handle = handle;
    assert.strictEqual(stream._handle, handle);
  }
});
