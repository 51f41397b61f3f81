'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const { Readable } = require('stream');
const { pipeline } = require('stream/promises');
const { promisify } = require('util');
const zlib = require('zlib');

const big = Buffer.from(Array.from({ length: 1 << 20 }, (_, i) => (i * i) % 251));

async function collect(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

const pairs = [
  ['Deflate', 'Inflate'],
  ['Gzip', 'Gunzip'],
  ['DeflateRaw', 'InflateRaw'],
  ['BrotliCompress', 'BrotliDecompress'],
];

for (const [make, back] of pairs) {
  test(`${make} and ${back} are streams that give back what they got`, async () => {
    for (const size of [1, 1000, 20000, 1 << 20]) {
      const parts = [];
      for (let i = 0; i < Math.min(big.length, size * 200); i += size)
        parts.push(big.subarray(i, i + size));
      const packed = zlib[`create${make}`]({
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 },
      });
      const unpacked = zlib[`create${back}`]();
      const result = collect(unpacked);
      await pipeline(Readable.from(parts), packed, unpacked);
      assert.ok((await result).equals(Buffer.concat(parts)), `${size}`);
    }
  });

  test(`${make} and ${back} have functions with a callback`, async () => {
    const name = (text) => text[0].toLowerCase() + text.slice(1);
    const options = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
    const packed = await promisify(zlib[name(make)])(big, options);
    assert.ok(packed.length < big.length);
    assert.ok((await promisify(zlib[name(back)])(packed)).equals(big));
    await assert.rejects(promisify(zlib[name(back)])(packed, { maxOutputLength: 1000 }), {
      code: 'ERR_BUFFER_TOO_LARGE',
    });
    await assert.rejects(promisify(zlib[name(back)])(packed.subarray(0, packed.length - 10)), {
      code: 'Z_BUF_ERROR',
    });
  });
}

test('input byte by byte is the same as input at once', async () => {
  const packed = zlib.gzipSync('some text, some text');
  for (const stream of [zlib.createGunzip(), zlib.createUnzip()]) {
    const result = collect(stream);
    for (const byte of Buffer.concat([packed, packed])) stream.write(Buffer.from([byte]));
    stream.end();
    assert.strictEqual((await result).toString(), 'some text, some textsome text, some text');
  }
});

test('a reader that stops holds up the stream', async () => {
  const packed = zlib.gzipSync(Buffer.alloc(50e6));
  const stream = zlib.createGunzip();
  stream.end(packed);
  await once(stream, 'readable');
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
  assert.ok(stream.readableLength <= 64 * 1024, `${stream.readableLength}`);
  assert.strictEqual((await collect(stream)).length, 50e6);
});

test('flush() hands out what was written so far', async () => {
  const deflate = zlib.createDeflateRaw();
  const inflate = zlib.createInflateRaw();
  deflate.on('data', (data) => inflate.write(data));
  for (const text of ['one', 'two', 'three']) {
    deflate.write(text);
    deflate.flush(zlib.constants.Z_SYNC_FLUSH);
    const [data] = await once(inflate, 'data');
    assert.strictEqual(data.toString(), text);
  }
  await new Promise((resolve) => {
    deflate.flush(resolve);
  });
  deflate.close();
  inflate.close();
});

test('reset() begins again', async () => {
  const inflate = zlib.createInflateRaw();
  const packed = zlib.deflateRawSync('text');
  inflate.write(packed.subarray(0, 1));
  await new Promise((resolve) => {
    inflate.flush(zlib.constants.Z_SYNC_FLUSH, resolve);
  });
  inflate.reset();
  inflate.end(packed);
  assert.strictEqual((await collect(inflate)).toString(), 'text');
});

test('params() changes the level on the way', async () => {
  const deflate = zlib.createDeflate({ level: 0 });
  const result = collect(deflate.pipe(zlib.createInflate()));
  deflate.write(big.subarray(0, 100000));
  await promisify(deflate.params).call(deflate, 9, zlib.constants.Z_DEFAULT_STRATEGY);
  deflate.end(big.subarray(100000));
  assert.ok((await result).equals(big));
  assert.strictEqual(deflate.bytesWritten, big.length);
  assert.throws(() => deflate.params(20, 0), { code: 'ERR_OUT_OF_RANGE' });
});

test('malformed data are an error event', async () => {
  for (const data of ['nothing compressed', Buffer.alloc(100000, 7)]) {
    const inflate = zlib.createInflate();
    inflate.end(data);
    const [error] = await once(inflate, 'error');
    assert.strictEqual(error.code, 'Z_DATA_ERROR');
    assert.strictEqual(error.errno, zlib.constants.Z_DATA_ERROR);
    assert.ok(inflate.destroyed);
  }
});

test('a stream can be destroyed while a worker has its codec', async () => {
  for (let i = 0; i < 50; i++) {
    const stream = zlib.createGzip();
    stream.on('data', () => {});
    stream.write(big);
    if (i % 2 === 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    stream.destroy();
    assert.throws(() => stream.reset(), { code: 'ERR_INVALID_STATE' });
  }
  const closed = zlib.createGzip();
  await promisify(closed.close)
    .call(closed)
    .catch((error) => assert.strictEqual(error.code, 'ERR_STREAM_PREMATURE_CLOSE'));
});

test('a codec that a worker has is not reset', () => {
  const stream = zlib.createGzip();
  stream.resume();
  stream.write(big);
  assert.throws(() => stream.reset(), { code: 'ERR_INVALID_STATE' });
  stream.destroy();
});

const testCollected =
  process.env.JSC_useGC === '0'
    ? (name) => test.skip(name, 'the collector is off')
    : test.needs('statistics');
testCollected('codecs that nobody holds are collected before they fill the memory', async () => {
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 8000; i++) {
    zlib.createDeflate();
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  // Each has some 260 KB.
  assert.ok(process.memoryUsage().rss - before < 500e6);
});
