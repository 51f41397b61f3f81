'use strict';
const zlib = require('zlib');
const { inspect, promisify } = require('util');
const { program, event } = require('./harness');

const TEXT = Buffer.from('hello hello hello hello '.repeat(20));
const KINDS = {
  deflate: 'inflate',
  deflateRaw: 'inflateRaw',
  gzip: 'gunzip',
  brotliCompress: 'brotliDecompress',
  zstdCompress: 'zstdDecompress',
};
const short = (value) =>
  Buffer.isBuffer(value) ? [value.length, value.subarray(0, 8).toString('hex')] : value;

program('limits of what comes out', async (fact) => {
  for (const [compress, expand] of Object.entries(KINDS)) {
    const packed = zlib[`${compress}Sync`](TEXT);
    for (const maxOutputLength of [
      10,
      480,
      479,
      1,
      0,
      -1,
      'x',
      NaN,
      Infinity,
      1.5,
      2 ** 40,
      null,
    ]) {
      fact.of(
        `${expand} ${maxOutputLength}`,
        () => zlib[`${expand}Sync`](packed, { maxOutputLength }).length,
      );
      await promisify(zlib[expand])(packed, {
        maxOutputLength: [10, 480].includes(maxOutputLength) ? maxOutputLength : 480,
      }).then(
        (value) => fact('promise', value.length),
        (error) => fact('promise', error),
      );
    }
    fact.of(
      `${compress} limited`,
      () => zlib[`${compress}Sync`](TEXT, { maxOutputLength: 3 }).length,
    );
  }
});

program('what follows the end', async (fact) => {
  for (const [compress, expand] of Object.entries(KINDS)) {
    const packed = zlib[`${compress}Sync`]('abc');
    for (const tail of [Buffer.from('garbage'), Buffer.alloc(3), packed, Buffer.alloc(0)])
      for (const rejectGarbageAfterEnd of [true, false, undefined]) {
        const whole = Buffer.concat([packed, tail]);
        fact.of(`${expand} ${tail.length} ${rejectGarbageAfterEnd}`, () =>
          String(zlib[`${expand}Sync`](whole, { rejectGarbageAfterEnd })),
        );
      }
    for (const bad of ['x', 5, null])
      fact.of(`${expand} ${bad}`, () =>
        String(zlib[`${expand}Sync`](packed, { rejectGarbageAfterEnd: bad })),
      );
    fact.of(`${expand} cut`, () => String(zlib[`${expand}Sync`](packed.subarray(0, -2))));
    fact.of(`${expand} empty`, () => String(zlib[`${expand}Sync`](Buffer.alloc(0))));
    fact.of(`${expand} cut, flushed`, () =>
      String(
        zlib[`${expand}Sync`](packed.subarray(0, -2), {
          finishFlush: compress.startsWith('b')
            ? zlib.constants.BROTLI_OPERATION_FLUSH
            : compress.startsWith('z')
              ? zlib.constants.ZSTD_e_flush
              : zlib.constants.Z_SYNC_FLUSH,
        }),
      ),
    );
  }
});

program('options of Brotli and Zstandard', (fact) => {
  const { constants } = zlib;
  for (const params of [
    {},
    { [constants.BROTLI_PARAM_QUALITY]: 1 },
    { [constants.BROTLI_PARAM_QUALITY]: 99 },
    { [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
    { [constants.BROTLI_PARAM_SIZE_HINT]: 480 },
    { [constants.BROTLI_PARAM_LGWIN]: 10 },
    { [constants.BROTLI_PARAM_LARGE_WINDOW]: true },
    { 999: 1 },
    { x: 1 },
    { [-1]: 1 },
    { [constants.BROTLI_PARAM_QUALITY]: 'x' },
    { [constants.BROTLI_PARAM_QUALITY]: -1 },
  ])
    fact.of(
      `brotli ${inspect(params)}`,
      () =>
        String(zlib.brotliDecompressSync(zlib.brotliCompressSync(TEXT, { params }))) ===
        String(TEXT),
    );
  for (const params of [
    { [constants.ZSTD_c_compressionLevel]: 1 },
    { [constants.ZSTD_c_compressionLevel]: 22 },
    { [constants.ZSTD_c_compressionLevel]: 999 },
    { [constants.ZSTD_c_compressionLevel]: -5 },
    { [constants.ZSTD_c_checksumFlag]: true },
    { [constants.ZSTD_c_checksumFlag]: 5 },
    { [constants.ZSTD_c_windowLog]: 99 },
    { 99999: 1 },
    { x: 1 },
    { [constants.ZSTD_c_compressionLevel]: 'x' },
  ])
    fact.of(
      `zstd ${inspect(params)}`,
      () =>
        String(zlib.zstdDecompressSync(zlib.zstdCompressSync(TEXT, { params }))) === String(TEXT),
    );
  for (const pledgedSrcSize of [480, 479, 481, 0, -1, 'x', null, undefined])
    fact.of(
      `pledged ${pledgedSrcSize}`,
      () => zlib.zstdDecompressSync(zlib.zstdCompressSync(TEXT, { pledgedSrcSize })).length,
    );
  for (const bad of [5, 'x', null, []]) {
    fact.of(
      `brotli params ${inspect(bad)}`,
      () => zlib.brotliCompressSync('x', { params: bad }).length > 0,
    );
    fact.of(
      `zstd params ${inspect(bad)}`,
      () => zlib.zstdCompressSync('x', { params: bad }).length > 0,
    );
  }
  const dictionary = Buffer.from('hello hello ');
  fact.of('zstd dictionary', () =>
    String(
      zlib.zstdDecompressSync(zlib.zstdCompressSync('hello hello x', { dictionary }), {
        dictionary,
      }),
    ),
  );
  fact.of(
    'without it',
    () => String(zlib.zstdDecompressSync(zlib.zstdCompressSync(TEXT, { dictionary }))).length,
  );
  fact.of('bad dictionary', () => zlib.zstdCompressSync('x', { dictionary: 5 }).length > 0);
});

program('options of each', (fact) => {
  const options = {
    chunkSize: [64, 63, 0, -1, 'x', Infinity, NaN, 1.5, undefined, null],
    windowBits: [8, 9, 15, 16, 7, 0, 'x', NaN, -15],
    level: [-1, 0, 9, 10, -2, 'x', 1.5, NaN, undefined, null],
    memLevel: [1, 9, 0, 10, 'x', NaN],
    strategy: [0, 4, 5, -1, 'x', NaN],
    flush: [0, 5, 6, -1, 'x', NaN],
    finishFlush: [0, 4, 6, -1, 'x', NaN],
    dictionary: [Buffer.from('x'), new ArrayBuffer(2), new Uint16Array(2), 'x', 5, {}],
  };
  for (const [name, values] of Object.entries(options))
    for (const value of values)
      for (const kind of [
        'createDeflate',
        'createGunzip',
        'createInflateRaw',
        'createBrotliCompress',
        'createZstdCompress',
      ])
        fact.of(
          `${kind} ${name} ${inspect(value)}`,
          () => zlib[kind]({ [name]: value }).constructor.name,
        );
  for (const bad of [5, 'x', null, () => {}])
    fact.of(`options ${inspect(bad)}`, () => zlib.createGzip(bad).constructor.name);
});

program('crc32() and codes', (fact) => {
  for (const args of [
    ['abc'],
    [Buffer.from('abc')],
    ['abc', 5],
    ['', 0],
    [new Uint8Array(3)],
    [new DataView(new ArrayBuffer(2))],
    [new ArrayBuffer(2)],
    [5],
    [null],
    ['x', -1],
    ['x', 2 ** 32],
    ['x', 'y'],
    ['x', 1.5],
    [],
  ])
    fact.of(`crc32 ${inspect(args)}`, () => zlib.crc32(...args));
  fact(
    'codes',
    Object.keys(zlib.codes).length,
    zlib.codes[0],
    zlib.codes['-3'],
    zlib.codes.Z_BUF_ERROR,
    Object.isFrozen(zlib.codes),
  );
  fact('constants', Object.keys(zlib.constants).sort(), Object.isFrozen(zlib.constants));
});

program('streams', async (fact) => {
  const gzip = zlib.createGzip();
  fact(
    'new',
    gzip.bytesWritten,
    gzip.bytesRead,
    gzip._level,
    gzip._strategy,
    gzip._chunkSize,
    gzip._flushFlag,
  );
  const pieces = [];
  gzip.on('data', (piece) => pieces.push(piece));
  gzip.write('hello');
  await new Promise((done) => gzip.flush(done));
  fact(
    'flushed',
    pieces.length > 0,
    gzip.bytesWritten,
    String(zlib.gunzipSync(Buffer.concat(pieces), { finishFlush: zlib.constants.Z_SYNC_FLUSH })),
  );
  await new Promise((done) => gzip.flush(zlib.constants.Z_FULL_FLUSH, done));
  gzip.end(' world');
  await event(gzip, 'end');
  fact('whole', String(zlib.gunzipSync(Buffer.concat(pieces))), gzip.bytesWritten);
  await new Promise((done) => gzip.close(done));
  fact('closed', gzip.destroyed, gzip.closed);
  await new Promise((done) => gzip.flush(done)).then((value) => fact('flush after close', value));
  const closing = zlib.createInflate();
  const said = [];
  closing
    .on('close', () => said.push('close'))
    .on('error', (error) => said.push(error.code))
    .on('end', () => said.push('end'));
  closing.write(zlib.deflateSync('abc').subarray(0, 4));
  closing.end();
  await event(closing, 'close');
  fact('cut', said);
  for (const run of [
    () => closing.flush(5.5),
    () => zlib.createDeflate().params('x', 0, () => {}),
    () => zlib.createDeflate().params(10, 0, () => {}),
    () => zlib.createDeflate().params(1, 9, () => {}),
    () => zlib.createBrotliCompress().params?.(1, 0, () => {}),
    () => closing.close(),
    () => zlib.createGzip().write(5),
    () => zlib.createGzip().write(null),
  ])
    fact.of(String(run), () => typeof run());
  const parts = zlib.createGunzip();
  const got = [];
  parts.on('data', (piece) => got.push(String(piece)));
  for (const byte of Buffer.concat([zlib.gzipSync('one'), zlib.gzipSync('two')]))
    parts.write(Buffer.of(byte));
  parts.end();
  await event(parts, 'end');
  fact('members byte by byte', got.join(''), parts.bytesWritten);
  const unzip = zlib.createUnzip();
  unzip.end(zlib.deflateSync('deflated'));
  fact('unzip', String((await unzip.toArray())[0]));
  const failing = zlib.createGunzip();
  failing.end('this is no gzip');
  const error = await event(failing, 'error');
  fact('error', error, error.errno, error.code);
  const info = zlib.gunzipSync(zlib.gzipSync('x'), { info: true });
  fact(
    'info',
    Object.keys(info),
    String(info.buffer),
    info.engine.constructor.name,
    info.engine.bytesWritten,
  );
  fact('info of brotli', Object.keys(zlib.brotliCompressSync('x', { info: true })));
});

program('input of the forms that return all', async (fact) => {
  for (const input of [
    'text',
    Buffer.from('b'),
    new Uint16Array(2),
    new DataView(new ArrayBuffer(2)),
    new ArrayBuffer(2),
    '',
    5,
    null,
    undefined,
    {},
    [],
    true,
  ]) {
    fact.of(`sync ${inspect(input)}`.split('\n')[0], () =>
      short(zlib.inflateSync(zlib.deflateSync(input))),
    );
    fact.of(`callback ${inspect(input)}`.split('\n')[0], () => zlib.deflate(input, () => {}));
  }
  for (const args of [
    ['x'],
    ['x', {}],
    ['x', 5],
    ['x', {}, 5],
    ['x', null, () => {}],
    ['x', 5, () => {}],
  ])
    fact.of(`deflate ${inspect(args)}`, () => zlib.deflate(...args));
  fact('promisified', short(await promisify(zlib.deflate)('x')));
});
