'use strict';
const zlib = require('zlib');
const { promisify } = require('util');
const { program, event } = require('./harness');

const text = Buffer.from('abcabcabc'.repeat(100));
const PAIRS = [
  ['deflate', 'inflate'],
  ['deflateRaw', 'inflateRaw'],
  ['gzip', 'gunzip'],
  ['brotliCompress', 'brotliDecompress'],
  ['zstdCompress', 'zstdDecompress'],
];

program('what the module exports', (fact) => {
  for (const name of ['deflate', 'deflateSync', 'createGzip', 'crc32', 'Gzip'])
    fact(name, typeof zlib[name]);
  fact('codes', zlib.codes.Z_DATA_ERROR, zlib.codes['-3']);
});

program('round trips', async (fact) => {
  for (const [compress, decompress] of PAIRS) {
    for (const data of [
      text,
      text.toString(),
      new Uint16Array([1, 2]),
      new DataView(new ArrayBuffer(2)),
      text.buffer.slice(text.byteOffset, text.byteOffset + 3),
      '',
    ]) {
      const packed = zlib[`${compress}Sync`](data);
      fact(compress, Buffer.isBuffer(packed), zlib[`${decompress}Sync`](packed).length);
    }
    fact(
      'async',
      (await promisify(zlib[decompress])(await promisify(zlib[compress])(text))).equals(text),
    );
    for (const bad of [undefined, null, 5, {}, []])
      fact.of(`${compress} ${bad}`, () => zlib[`${compress}Sync`](bad));
    for (const bad of [undefined, 5])
      fact.of(`${compress} callback ${bad}`, () => zlib[compress]('a', bad));
  }
});

program('options are checked', (fact) => {
  for (const name of ['createDeflate', 'createInflate', 'createGzip', 'createDeflateRaw'])
    for (const [option, values] of Object.entries({
      chunkSize: [63, 64, 'x', NaN, Infinity, -1],
      windowBits: [7, 8, 9, 15, 16, 0, 'x', NaN],
      level: [-2, -1, 9, 10, 'x', NaN, 1.5],
      memLevel: [0, 1, 9, 10, 'x'],
      strategy: [0, 4, 5, -1, 'x'],
      flush: [0, 5, 6, 7, -1, 'x'],
      finishFlush: [0, 6, -1, 'x'],
      maxOutputLength: [0, 1, -1, 'x', 2 ** 53],
      dictionary: ['x', 5, null, Buffer.from('a'), new ArrayBuffer(1)],
      info: [true],
    }))
      for (const value of values)
        fact.of(
          `${name} ${option} ${String(value)}`,
          () => zlib[name]({ [option]: value }),
          () => 'a stream',
        );
  for (const name of ['createBrotliCompress', 'createZstdCompress'])
    for (const options of [
      { params: { x: 1 } },
      { params: { 99999: 1 } },
      { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 'x' } },
      { params: 5 },
      { flush: 9 },
      { finishFlush: -1 },
      { chunkSize: 1 },
      { maxOutputLength: 0 },
      null,
      5,
    ])
      fact.of(
        `${name} ${JSON.stringify(options)}`,
        () => zlib[name](options),
        () => 'a stream',
      );
});

program('damaged data', async (fact) => {
  for (const [compress, decompress] of PAIRS) {
    const packed = zlib[`${compress}Sync`](text);
    const cases = {
      cut: packed.subarray(0, packed.length - 3),
      none: Buffer.alloc(0),
      garbage: Buffer.from('not compressed at all'),
      trailing: Buffer.concat([packed, Buffer.from('trailing')]),
      twice: Buffer.concat([packed, packed]),
    };
    for (const [name, data] of Object.entries(cases)) {
      try {
        fact(`${decompress} ${name}`, zlib[`${decompress}Sync`](data).length);
      } catch (error) {
        fact(`${decompress} ${name}`, error, error.errno, Object.keys(error));
      }
      await new Promise((done) =>
        zlib[decompress](data, (error, result) =>
          done(fact(`async ${name}`, error, error?.errno, result?.length)),
        ),
      );
    }
  }
  const packed = zlib.gzipSync(text);
  fact.of(
    'finishFlush',
    () =>
      zlib.gunzipSync(packed.subarray(0, packed.length - 3), {
        finishFlush: zlib.constants.Z_SYNC_FLUSH,
      }).length,
  );
  fact.of('maxOutputLength', () => zlib.gunzipSync(packed, { maxOutputLength: 10 }));
  fact.of('maxOutputLength fits', () => zlib.gunzipSync(packed, { maxOutputLength: 900 }).length);
  await new Promise((done) =>
    zlib.gunzip(packed, { maxOutputLength: 10 }, (error) => done(fact('async', error))),
  );
});

program('dictionaries', (fact) => {
  const dictionary = Buffer.from('abcabc');
  const packed = zlib.deflateSync(text, { dictionary });
  fact('with', zlib.inflateSync(packed, { dictionary }).equals(text));
  fact.of('without', () => zlib.inflateSync(packed));
  fact.of('other', () => zlib.inflateSync(packed, { dictionary: Buffer.from('x') }));
  const raw = zlib.deflateRawSync(text, { dictionary });
  fact('raw', zlib.inflateRawSync(raw, { dictionary }).equals(text));
  fact.of('raw without', () => zlib.inflateRawSync(raw));
});

program('info, unzip and crc32', (fact) => {
  const { buffer, engine } = zlib.gzipSync(text, { info: true });
  fact('info', Buffer.isBuffer(buffer), engine.constructor.name, engine.bytesWritten);
  for (const packed of [zlib.gzipSync(text), zlib.deflateSync(text)])
    fact('unzip', zlib.unzipSync(packed).equals(text));
  fact.of('unzip of raw', () => zlib.unzipSync(zlib.deflateRawSync(text)));
  fact('crc32', zlib.crc32('hello'), zlib.crc32(Buffer.from('hello'), 5), zlib.crc32(''));
  for (const args of [[5], [null], ['a', 'x'], ['a', -1], ['a', 2 ** 32], []])
    fact.of(`crc32 ${args}`, () => zlib.crc32(...args));
});

program('streams', async (fact) => {
  for (const name of [
    'createDeflate',
    'createGzip',
    'createBrotliCompress',
    'createZstdCompress',
  ]) {
    const stream = zlib[name]();
    fact.events(name, stream, ['end', 'close', 'finish', 'error']);
    fact(
      'before',
      stream.bytesWritten,
      stream.constructor.name,
      stream.writableHighWaterMark,
      stream.readableHighWaterMark,
      typeof stream._handle,
    );
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.write('abc');
    await new Promise((done) => stream.flush(done));
    fact('flushed', chunks.length > 0);
    stream.end('def');
    await event(stream, 'close');
    fact('after', stream.bytesWritten, stream.destroyed, stream._closed);
    fact.of('flush after close', () => stream.flush(() => {}));
    fact.of('close again', () => stream.close(() => fact('closed')));
  }
  const closed = zlib.createGzip();
  closed.on('error', (error) => fact('error', error));
  closed.close(() => fact('close callback'));
  closed.write('x', (error) => fact('write after close', error));
  await new Promise(setImmediate);
});

program('params() and reset()', async (fact) => {
  const stream = zlib.createDeflate({ level: 9 });
  stream.resume();
  stream.write('abc');
  await new Promise((done) =>
    stream.params(0, zlib.constants.Z_DEFAULT_STRATEGY, (error) => done(fact('params', error))),
  );
  for (const args of [
    [10, 0],
    ['x', 0],
    [1, 9],
    [1, 'x'],
  ])
    fact.of(`params ${args}`, () => stream.params(...args, () => {}));
  fact.of('reset', () => stream.reset());
  stream.end();
  await event(stream, 'end');
  const packed = zlib.createInflate();
  fact('inflate', typeof packed.params, typeof packed.reset);
});

program('a damaged stream', async (fact) => {
  const stream = zlib.createGunzip();
  fact.events('gunzip', stream, ['end', 'close', 'finish', 'data']);
  stream.end('garbage');
  const error = await event(stream, 'error');
  fact('error', error, error.errno, error.code);
  await new Promise(setImmediate);
  fact('destroyed', stream.destroyed);
});

program('without new', (fact) => {
  for (const name of [
    'Deflate',
    'Inflate',
    'Gzip',
    'Gunzip',
    'DeflateRaw',
    'InflateRaw',
    'Unzip',
    'BrotliCompress',
    'BrotliDecompress',
  ])
    fact.of(
      name,
      () => zlib[name](),
      (one) => [one instanceof zlib[name], one.constructor.name],
    );
  function Own() {
    zlib.Gzip.call(this);
  }
  require('util').inherits(Own, zlib.Gzip);
  fact.of(
    'inherits',
    () => new Own(),
    (one) => [one instanceof zlib.Gzip, one instanceof Own],
  );
});
