'use strict';
// Web Streams that transform, and streams as Web Streams and back.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const {
  CompressionStream,
  DecompressionStream,
  ReadableStream,
  TextDecoderStream,
  TextEncoderStream,
  WritableStream,
} = require('stream/web');
const { Duplex, PassThrough, Readable, Writable } = require('stream');
const zlib = require('zlib');

async function collect(readable) {
  const chunks = [];
  for await (const chunk of readable) chunks.push(chunk);
  return chunks;
}

/** Writes all chunks to the pair and closes it; resolves with what comes out. */
async function through(pair, chunks) {
  const writer = pair.writable.getWriter();
  const written = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  written.catch(() => {});
  const result = await collect(pair.readable);
  await written;
  return result;
}

test('TextEncoderStream makes bytes, and joins pairs that chunks cut', async () => {
  const stream = new TextEncoderStream();
  assert.strictEqual(stream.encoding, 'utf-8');
  const chunks = await through(stream, ['a\ud83d', '\ude00b', '', 'c\ud83d']);
  for (const chunk of chunks) assert.strictEqual(chunk.constructor, Uint8Array);
  assert.strictEqual(Buffer.concat(chunks).toString(), 'a\u{1f600}bc\ufffd');
});

test('TextDecoderStream makes text, and joins characters that chunks cut', async () => {
  const bytes = Buffer.from('\ufeffgr\xfcn \u20ac');
  const chunks = await through(
    new TextDecoderStream(),
    [...bytes].map((byte) => Buffer.from([byte])),
  );
  assert.strictEqual(chunks.join(''), 'gr\xfcn \u20ac');
  assert.ok(chunks.every((chunk) => chunk !== ''));
  const latin = new TextDecoderStream('latin1', { ignoreBOM: true });
  assert.deepStrictEqual(
    [latin.encoding, latin.fatal, latin.ignoreBOM],
    ['windows-1252', false, true],
  );
  assert.throws(() => new TextDecoderStream('nothing'), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
});

test('a fatal TextDecoderStream fails at what is no text, also at the end', async () => {
  for (const bytes of [[0xff], [0xe2, 0x82]])
    await assert.rejects(
      through(new TextDecoderStream('utf-8', { fatal: true }), [new Uint8Array(bytes)]),
      { name: 'TypeError', code: 'ERR_ENCODING_INVALID_ENCODED_DATA' },
    );
});

const text = 'sluice '.repeat(50000);
const unpackers = { gzip: 'gunzipSync', deflate: 'inflateSync', 'deflate-raw': 'inflateRawSync' };
for (const [format, unpack] of Object.entries(unpackers))
  test(`CompressionStream and DecompressionStream of ${format} are those of zlib`, async () => {
    const packed = Buffer.concat(
      await through(new CompressionStream(format), [text.slice(0, 10), text.slice(10)]),
    );
    assert.strictEqual(zlib[unpack](packed).toString(), text);
    const chunks = await through(new DecompressionStream(format), [
      packed.subarray(0, 5),
      new Uint8Array(packed.subarray(5)).buffer,
    ]);
    for (const chunk of chunks) assert.strictEqual(chunk.constructor, Uint8Array);
    assert.strictEqual(Buffer.concat(chunks).toString(), text);
  });

test('what is not compressed, or not whole, is an error', async () => {
  await assert.rejects(through(new DecompressionStream('gzip'), [Buffer.from('no gzip here')]), {
    code: 'Z_DATA_ERROR',
  });
  const packed = zlib.gzipSync('hello');
  await assert.rejects(through(new DecompressionStream('gzip'), [packed.subarray(0, 12)]), {
    code: 'Z_BUF_ERROR',
  });
  assert.throws(() => new CompressionStream('x'), { code: 'ERR_INVALID_ARG_VALUE' });
  await assert.rejects(through(new CompressionStream('gzip'), [5]), TypeError);
});

test('a write of what is not compressed fails too', async () => {
  const { writable, readable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const [write, read] = await Promise.allSettled([
    writer.write(Buffer.from('no gzip here')),
    readable.getReader().read(),
  ]);
  assert.strictEqual(read.reason.code, 'Z_DATA_ERROR');
  assert.ok(write.status === 'fulfilled' || write.reason.code === 'Z_DATA_ERROR');
});

test('the classes are globals', () => {
  for (const [name, Class] of Object.entries({ CompressionStream, TextDecoderStream }))
    assert.strictEqual(globalThis[name], Class);
});

test('a small input that becomes large comes no faster than it is read', async () => {
  const bomb = zlib.gzipSync(Buffer.alloc(64 << 20));
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  let written = false;
  const done = writer.write(bomb).then(() => (written = true));
  const reader = readable.getReader();
  for (let i = 0; i < 10; i++) await reader.read();
  await new Promise(setImmediate);
  assert.strictEqual(written, false);
  await reader.cancel();
  await Promise.allSettled([done]);
});

test('Readable.toWeb() gives the chunks and the end', async () => {
  const web = Readable.toWeb(
    Readable.from([Buffer.from('a'), Buffer.from('b')], { objectMode: false }),
  );
  assert.ok(web instanceof ReadableStream);
  assert.deepStrictEqual(await collect(web), [new Uint8Array([97]), new Uint8Array([98])]);
  assert.deepStrictEqual(await collect(Readable.toWeb(Readable.from([1, { a: 2 }]))), [
    1,
    { a: 2 },
  ]);
});

test('Readable.toWeb() stops reading while nobody takes', async () => {
  let made = 0;
  const source = new Readable({
    highWaterMark: 10,
    read() {
      made++;
      this.push(Buffer.alloc(10));
    },
  });
  const reader = Readable.toWeb(source).getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.ok(made < 10, `${made} chunks were made`);
  await reader.cancel();
  assert.strictEqual(source.destroyed, true);
});

test('Readable.toWeb() passes errors on, and AbortError if there is none', async () => {
  const failing = new PassThrough();
  const reader = Readable.toWeb(failing).getReader();
  failing.destroy(new Error('broken'));
  await assert.rejects(reader.read(), { message: 'broken' });
  const ended = new PassThrough();
  const other = Readable.toWeb(ended).getReader();
  ended.destroy();
  await assert.rejects(other.read(), { name: 'AbortError' });
});

test('Readable.fromWeb() reads a ReadableStream to its end', async () => {
  const web = new ReadableStream({
    start(controller) {
      for (const part of ['a', 'b']) controller.enqueue(Buffer.from(part));
      controller.close();
    },
  });
  assert.strictEqual(Buffer.concat(await collect(Readable.fromWeb(web))).toString(), 'ab');
});

test('Readable.fromWeb() cancels what it is destroyed before the end of', async () => {
  let reason;
  const web = new ReadableStream({
    pull: (controller) => controller.enqueue(Buffer.from('x')),
    cancel: (why) => void (reason = why),
  });
  const stream = Readable.fromWeb(web);
  const problem = new Error('enough');
  stream.once('data', () => stream.destroy(problem));
  const [error] = await once(stream, 'error');
  assert.strictEqual(error, problem);
  assert.strictEqual(reason, problem);
});

test('Readable.fromWeb() fails as the ReadableStream does', async () => {
  const web = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) });
  await assert.rejects(collect(Readable.fromWeb(web)), { message: 'broken' });
});

test('Writable.toWeb() and Writable.fromWeb() write in order, and close', async () => {
  const parts = [];
  const sink = new Writable({
    write(chunk, encoding, callback) {
      parts.push(`${chunk}`);
      setImmediate(callback);
    },
    final(callback) {
      parts.push('end');
      callback();
    },
  });
  const web = Writable.toWeb(sink);
  assert.ok(web instanceof WritableStream);
  const stream = Writable.fromWeb(web);
  for (const part of ['a', 'b', 'c']) stream.write(part);
  stream.end();
  await once(stream, 'finish');
  assert.deepStrictEqual(parts, ['a', 'b', 'c', 'end']);
});

test('Writable.toWeb() fails as the stream does', async () => {
  const sink = new Writable({ write: (chunk, encoding, callback) => callback(new Error('full')) });
  const writer = Writable.toWeb(sink).getWriter();
  writer.closed.catch(() => {});
  await assert.rejects(writer.write('x'), { message: 'full' });
  await assert.rejects(writer.write('y'), { message: 'full' });
});

test('aborting Writable.toWeb() destroys the stream; destroying Writable.fromWeb() aborts', async () => {
  const sink = new PassThrough();
  const reasons = [];
  sink.on('error', (error) => reasons.push(error.message));
  await Writable.toWeb(sink).abort(new Error('one'));
  await new Promise(setImmediate);
  const web = new WritableStream({ abort: (error) => void reasons.push(error.message) });
  const stream = Writable.fromWeb(web);
  stream.destroy(new Error('two'));
  await once(stream, 'error');
  assert.deepStrictEqual(reasons, ['one', 'two']);
});

test('Duplex.toWeb() and Duplex.fromWeb() have both sides', async () => {
  const { readable, writable } = Duplex.toWeb(new PassThrough());
  const stream = Duplex.fromWeb({ readable, writable });
  stream.end('hello');
  assert.strictEqual(Buffer.concat(await collect(stream)).toString(), 'hello');
});

test('arguments are checked', () => {
  for (const convert of [Readable, Writable, Duplex].flatMap((Class) => [
    Class.fromWeb,
    Class.toWeb,
  ]))
    assert.throws(() => convert(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('finished() and pipeline() follow Web Streams to their end, and tell their errors', async () => {
  const { finished, pipeline } = require('stream/promises');
  const given = (end) =>
    new ReadableStream({
      start(controller) {
        controller.enqueue('one');
        setImmediate(() => end(controller));
      },
    });
  const seen = [];
  const into = new WritableStream({ write: (chunk) => void seen.push(chunk) });
  const over = finished(into);
  await pipeline(
    given((controller) => controller.close()),
    into,
  );
  await over;
  assert.deepStrictEqual(seen, ['one']);
  const failing = given((controller) => controller.error(new Error('broken')));
  await assert.rejects(finished(failing), /broken/);
  assert.strictEqual(require('stream').isErrored(failing), true);
});

test('brotli is a format of compression, and what is none is an error with its name', async () => {
  const pair = new CompressionStream('brotli');
  const writer = pair.writable.getWriter();
  writer.write(Buffer.from('text'));
  writer.close();
  const output = pair.readable.pipeThrough(new DecompressionStream('brotli'));
  assert.strictEqual(await new Response(output).text(), 'text');
  assert.throws(() => new CompressionStream('zip'), {
    code: 'ERR_INVALID_ARG_VALUE',
    message: /^Failed to construct 'CompressionStream': 1st argument 'zip'/,
  });
});
