'use strict';
const assert = require('assert');
const { test } = require('../../helpers/test');
const stream = require('stream');
const { Readable, Writable, Transform, PassThrough, Duplex } = stream;

function collect(chunks) {
  return new Writable({
    write(chunk, encoding, callback) {
      chunks.push(chunk.toString());
      callback();
    },
  });
}

const upper = () =>
  new Transform({
    transform(chunk, encoding, callback) {
      callback(null, chunk.toString().toUpperCase());
    },
  });

test('the callbacks of write() and end() get null where nothing failed', async () => {
  const given = [];
  const note = (...args) => given.push(args);
  for (const writable of [collect([]), upper().resume()]) {
    writable.cork();
    writable.write('a', note);
    writable.write('b', note);
    writable.uncork();
    await new Promise((resolve) => writable.end('c', (...args) => resolve(note(...args))));
  }
  assert.deepStrictEqual(given, Array(6).fill([null]));
});

test('the high-water marks are those of Node 22', () => {
  assert.strictEqual(stream.getDefaultHighWaterMark(false), 65536);
  assert.strictEqual(stream.getDefaultHighWaterMark(true), 16);
  assert.strictEqual(new Readable().readableHighWaterMark, 65536);
  assert.strictEqual(new Writable({ objectMode: true }).writableHighWaterMark, 16);
});

test('the classes inherit as Node says', () => {
  assert.strictEqual(stream.Stream, stream);
  assert.ok(new PassThrough() instanceof Transform);
  assert.ok(new Duplex() instanceof Readable);
  assert.ok(new Duplex() instanceof Writable);
  assert.ok(new Duplex() instanceof stream);
  assert.ok(new Duplex() instanceof require('events'));
});

test('a pipeline passes data and ends', async () => {
  const chunks = [];
  await stream.promises.pipeline(Readable.from(['a', 'b']), upper(), collect(chunks));
  assert.strictEqual(chunks.join(''), 'AB');
});

test('a pipeline gives the error of a stream and destroys the others', () => {
  const source = new Readable({ read() {} });
  const target = collect([]);
  return new Promise((resolve, reject) => {
    stream.pipeline(source, target, (error) => {
      try {
        assert.strictEqual(error.message, 'boom');
        assert.strictEqual(target.destroyed, true);
        resolve();
      } catch (problem) {
        reject(problem);
      }
    });
    source.destroy(new Error('boom'));
  });
});

test('a pipeline ends by a signal', async () => {
  const controller = new AbortController();
  const promise = stream.promises.pipeline(new Readable({ read() {} }), new PassThrough(), {
    signal: controller.signal,
  });
  controller.abort();
  await assert.rejects(promise, { name: 'AbortError', code: 'ABORT_ERR' });
});

test('operators work on Readable', async () => {
  const numbers = () => Readable.from([1, 2, 3, 4]);
  assert.deepStrictEqual(
    await numbers()
      .map(async (n) => n * 2)
      .filter((n) => n > 2)
      .take(2)
      .toArray(),
    [4, 6],
  );
  assert.strictEqual(await numbers().reduce((sum, n) => sum + n, 0), 10);
  assert.strictEqual(await numbers().some((n) => n > 3), true);
  assert.strictEqual(await numbers().find((n) => n > 2), 3);
  assert.strictEqual(Readable.prototype.map.name, 'map');
});

test("errors have Node's codes", async () => {
  assert.throws(() => new Writable().write(null), { code: 'ERR_STREAM_NULL_VALUES' });
  assert.throws(() => new Writable().write(5), { code: 'ERR_INVALID_ARG_TYPE' });
  const ended = collect([]);
  ended.end();
  const error = await new Promise((resolve) => {
    ended.on('error', resolve);
    ended.write('x');
  });
  assert.strictEqual(error.code, 'ERR_STREAM_WRITE_AFTER_END');
  assert.throws(() => Readable.fromWeb({}), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('compose and Duplex.from make streams of functions', async () => {
  async function* shout(source) {
    for await (const chunk of source) yield String(chunk).toUpperCase();
  }
  for (const made of [stream.compose(shout), Duplex.from(shout)]) {
    made.end('hello');
    let text = '';
    for await (const chunk of made) text += chunk;
    assert.strictEqual(text, 'HELLO');
  }
});

test('duplexPair connects two streams', async () => {
  const [one, other] = stream.duplexPair();
  one.end('ping');
  let text = '';
  for await (const chunk of other) text += chunk;
  assert.strictEqual(text, 'ping');
});

test('addAbortSignal destroys the stream', async () => {
  const controller = new AbortController();
  const readable = stream.addAbortSignal(controller.signal, new Readable({ read() {} }));
  controller.abort();
  await assert.rejects(readable.toArray(), { name: 'AbortError' });
});

test('finished tells the end, the error and a premature close', async () => {
  const done = new PassThrough();
  done.resume();
  done.end('x');
  await stream.promises.finished(done);
  const closed = new PassThrough();
  const promise = stream.promises.finished(closed);
  closed.destroy();
  await assert.rejects(promise, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  assert.strictEqual(stream.isErrored(closed), false);
  assert.strictEqual(stream.isReadable(closed), false);
});

test('_uint8ArrayToBuffer gives a Buffer of the same memory', () => {
  const bytes = new Uint8Array([1, 2, 3]).subarray(1);
  const buffer = stream._uint8ArrayToBuffer(bytes);
  assert.ok(Buffer.isBuffer(buffer));
  bytes[0] = 9;
  assert.strictEqual(buffer[0], 9);
});

test('setEncoding decodes characters that are split between chunks', async () => {
  const readable = new Readable({ read() {} });
  readable.setEncoding('utf8');
  const bytes = Buffer.from('\u00e9');
  readable.push(bytes.subarray(0, 1));
  readable.push(bytes.subarray(1));
  readable.push(null);
  assert.deepStrictEqual((await readable.toArray()).join(''), '\u00e9');
});

test('what a destroyed Duplex had not written is told to its callback', async () => {
  const { Duplex } = require('stream');
  const duplex = new Duplex({ read() {}, write: (chunk, encoding, done) => done() });
  duplex.cork();
  const told = new Promise((resolve) => duplex.write('a', resolve));
  duplex.destroy();
  assert.strictEqual((await told).code, 'ERR_STREAM_DESTROYED');
});
