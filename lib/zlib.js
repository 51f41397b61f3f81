'use strict';
// Compression as Node documents it (https://nodejs.org/api/zlib.html), by zlib, Brotli and
// Zstandard.
const { codes: errors } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateUint32 } = require('internal/errors/validators');
const { Buffer, kMaxLength } = require('buffer');
const { FastBuffer, isArrayBuffer, isUint8Array } = require('internal/buffer/fast_buffer');
const {
  ZlibBase,
  failure,
  handleOf,
  inRange,
  inherit,
  rangeOption,
  rejectsGarbage,
} = require('internal/zlib/stream');
const { codes, constants } = require('internal/zlib/constants');
const { ZlibHandle } = require('internal/zlib/handle');
const native = binding('zlib');

const {
  BROTLI_OPERATION_FINISH,
  BROTLI_OPERATION_FLUSH,
  BROTLI_OPERATION_PROCESS,
  BROTLI_PARAM_SIZE_HINT,
  BROTLI_DECODER_PARAM_LARGE_WINDOW,
  Z_BLOCK,
  Z_DEFAULT_COMPRESSION,
  Z_DEFAULT_MEMLEVEL,
  Z_DEFAULT_STRATEGY,
  Z_DEFAULT_WINDOWBITS,
  Z_FINISH,
  Z_FIXED,
  Z_FULL_FLUSH,
  Z_NO_FLUSH,
  Z_SYNC_FLUSH,
} = constants;
const ZLIB_FLAGS = {
  flush: Z_NO_FLUSH,
  finishFlush: Z_FINISH,
  fullFlush: Z_FULL_FLUSH,
  most: Z_BLOCK,
};
const BROTLI_FLAGS = {
  flush: BROTLI_OPERATION_PROCESS,
  finishFlush: BROTLI_OPERATION_FINISH,
  fullFlush: BROTLI_OPERATION_FLUSH,
  most: 3,
};

const ZSTD_FLAGS = {
  flush: constants.ZSTD_e_continue,
  finishFlush: constants.ZSTD_e_end,
  fullFlush: constants.ZSTD_e_flush,
  most: 2,
};

const BYTES = ['Buffer', 'TypedArray', 'DataView', 'ArrayBuffer'];

function dataBytes(data, name, expected = ['string', ...BYTES]) {
  if (typeof data === 'string' && expected.includes('string')) return Buffer.from(data);
  if (isUint8Array(data)) return data;
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (isArrayBuffer(data)) return new Uint8Array(data);
  throw new errors.ERR_INVALID_ARG_TYPE(name, expected, data);
}

function zlibHandle(mode, options) {
  const decompresses = [constants.INFLATE, constants.GUNZIP, constants.UNZIP].includes(mode);
  // 0 takes the size that the data's header tells.
  const windowBits =
    decompresses && !options?.windowBits
      ? options?.windowBits === undefined
        ? Z_DEFAULT_WINDOWBITS
        : 0
      : rangeOption(
          options,
          'windowBits',
          Z_DEFAULT_WINDOWBITS,
          mode === constants.GZIP ? 9 : 8,
          15,
        );
  const level = rangeOption(options, 'level', Z_DEFAULT_COMPRESSION, -1, 9);
  const memLevel = rangeOption(options, 'memLevel', Z_DEFAULT_MEMLEVEL, 1, 9);
  const strategy = rangeOption(options, 'strategy', Z_DEFAULT_STRATEGY, 0, Z_FIXED);
  const dictionary =
    options?.dictionary === undefined
      ? undefined
      : dataBytes(options.dictionary, 'options.dictionary', BYTES);
  // zlib cannot make a raw stream of so small a window.
  const bits = mode === constants.DEFLATERAW && windowBits === 8 ? 9 : windowBits;
  const oneMember = rejectsGarbage(options);
  return native.zlib(mode, level, bits, memLevel, strategy, dictionary, oneMember);
}

const kMode = Symbol('mode');
const kSettings = Symbol('settings');

function Zlib(mode, options) {
  const handle = zlibHandle(mode, options);
  if (handle === undefined) throw new errors.ERR_ZLIB_INITIALIZATION_FAILED();
  ZlibBase.call(this, handle, ZLIB_FLAGS, options);
  this[kMode] = mode;
  this[kSettings] = {
    level: options?.level ?? Z_DEFAULT_COMPRESSION,
    strategy: options?.strategy ?? Z_DEFAULT_STRATEGY,
    shownHandle: undefined,
  };
}
inherit(
  Zlib,
  ZlibBase,
  class {
    // Packages look whether it is null, and make codecs of their own by its class.
    get _handle() {
      if (this._closed) return null;
      return (this[kSettings].shownHandle ??= new ZlibHandle(this[kMode]));
    }
    set _handle(handle) {
      this[kSettings].shownHandle = handle ?? undefined;
    }

    /** Changes how what follows is compressed. */
    params(level, strategy, callback) {
      inRange(level, 'level', undefined, -1, 9);
      inRange(strategy, 'strategy', undefined, 0, Z_FIXED);
      const settings = this[kSettings];
      if (settings.level === level && settings.strategy === strategy) {
        process.nextTick(callback);
        return;
      }
      this.flush(Z_SYNC_FLUSH, (error) => {
        const handle = handleOf(this);
        if (!error && handle !== undefined) {
          native.params(handle, level, strategy);
          settings.level = level;
          settings.strategy = strategy;
        }
        if (error) callback?.(error);
        else callback?.();
      });
    }
  },
);

/** Pairs of number and value of options.params, each of which allowed() must know. */
function parameters(options, allowed, unknown) {
  const list = [];
  const seen = new Set();
  for (const [key, value] of Object.entries(options?.params ?? {})) {
    const number = Number(key);
    if (!(Number.isInteger(number) && allowed(number)) || seen.has(number)) throw unknown(key);
    seen.add(number);
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw new errors.ERR_INVALID_ARG_TYPE('options.params[key]', 'number', value);
    list.push(number, Number(value));
  }
  return list;
}

function brotliHandle(encodes, options) {
  const most = encodes ? BROTLI_PARAM_SIZE_HINT + 3 : BROTLI_DECODER_PARAM_LARGE_WINDOW;
  const list = parameters(
    options,
    (number) => number >= 0 && number <= most,
    (key) => new errors.ERR_BROTLI_INVALID_PARAM(key),
  );
  if (options?.dictionary !== undefined) {
    dataBytes(options.dictionary, 'options.dictionary', BYTES);
    throw new errors.ERR_FEATURE_UNAVAILABLE('The option "dictionary" of Brotli');
  }
  return native.brotli(encodes, ...list);
}

const zstdParameters = (prefix) =>
  new Set(
    Object.entries(constants)
      .filter(([name]) => name.startsWith(prefix))
      .map(([, value]) => value),
  );

function zstdHandle(encodes, options) {
  const known = zstdParameters(encodes ? 'ZSTD_c_' : 'ZSTD_d_');
  const list = parameters(
    options,
    (number) => known.has(number),
    (key) => new errors.ERR_ZSTD_INVALID_PARAM(key),
  );
  const { pledgedSrcSize, dictionary } = options ?? {};
  if (encodes && pledgedSrcSize !== undefined)
    validateInteger(pledgedSrcSize, 'options.pledgedSrcSize', 0);
  return native.zstd(
    encodes,
    encodes ? (pledgedSrcSize ?? -1) : -1,
    dictionary === undefined ? undefined : dataBytes(dictionary, 'options.dictionary', BYTES),
    rejectsGarbage(options),
    ...list,
  );
}

// ---- All of some data at once

/** The most bytes that a result may have. */
function outputLimit(options) {
  const most = Number.MAX_SAFE_INTEGER;
  return Math.min(rangeOption(options, 'maxOutputLength', kMaxLength, 1, most), kMaxLength);
}

function finish(parts, size, Engine, options, taken) {
  const buffer = Buffer.concat(parts, size);
  if (!options?.info) return buffer;
  return { buffer, engine: Object.assign(new Engine(options), { bytesWritten: taken }) };
}

function runSync(Engine, makeHandle, flags, data, options) {
  const bytes = dataBytes(data, 'buffer');
  const limit = outputLimit(options);
  const chunkSize = rangeOption(options, 'chunkSize', 16 * 1024, 64, Infinity);
  rangeOption(options, 'flush', flags.flush, 0, flags.most);
  const flag = rangeOption(options, 'finishFlush', flags.finishFlush, 0, flags.most);
  const rejects = rejectsGarbage(options);
  const handle = makeHandle(options);
  if (handle === undefined) throw new errors.ERR_ZLIB_INITIALIZATION_FAILED();
  const parts = [];
  let [offset, size, full] = [0, 0, true];
  while (full) {
    const out = new FastBuffer(chunkSize);
    const result = native.run(handle, flag, bytes.subarray(offset), out);
    if (result.length === 3) throw failure(result);
    const [read, written] = result;
    offset += read;
    size += written;
    if (size > limit) throw new errors.ERR_BUFFER_TOO_LARGE(limit);
    if (written > 0) parts.push(out.subarray(0, written));
    full = written === out.length || (read > 0 && offset < bytes.length);
  }
  if (offset < bytes.length && rejects) throw new errors.ERR_TRAILING_JUNK_AFTER_STREAM_END();
  return finish(parts, size, Engine, options, offset);
}

function runLater(Engine, data, options, callback) {
  const limit = outputLimit(options);
  const stream = new Engine(options);
  const parts = [];
  let size = 0;
  stream.on('data', (part) => {
    size += part.length;
    if (size > limit) stream.destroy(new errors.ERR_BUFFER_TOO_LARGE(limit));
    else parts.push(part);
  });
  stream.on('error', callback);
  stream.on('end', () => callback(null, finish(parts, size, Engine, options, stream.bytesWritten)));
  stream.end(dataBytes(data, 'buffer'));
}

function withoutNew(Engine, options) {
  process.emitWarning(
    `Instantiating ${Engine.name} without the 'new' keyword has been deprecated.`,
    'DeprecationWarning',
    'DEP0184',
  );
  return new Engine(options);
}

/** Exports a class and its functions: createX, x and xSync. */
function add(className, Engine, makeHandle, flags) {
  const name = className[0].toLowerCase() + className.slice(1);
  Object.defineProperty(Engine, 'name', { value: className });
  module.exports[className] = Engine;
  const functions = {
    [`create${className}`](options) {
      return new Engine(options);
    },
    [name](buffer, options, callback) {
      if (typeof options === 'function') {
        callback = options;
        options = {};
      }
      validateFunction(callback, 'callback');
      runLater(Engine, buffer, options, callback);
    },
    [`${name}Sync`](buffer, options) {
      return runSync(Engine, makeHandle, flags, buffer, options);
    },
  };
  Object.assign(module.exports, functions);
}

for (const [className, mode] of [
  ['Deflate', constants.DEFLATE],
  ['Inflate', constants.INFLATE],
  ['Gzip', constants.GZIP],
  ['Gunzip', constants.GUNZIP],
  ['DeflateRaw', constants.DEFLATERAW],
  ['InflateRaw', constants.INFLATERAW],
  ['Unzip', constants.UNZIP],
]) {
  const Engine = function (options) {
    if (!(this instanceof Engine)) return withoutNew(Engine, options);
    Zlib.call(this, mode, options);
  };
  inherit(Engine, Zlib);
  add(className, Engine, (options) => zlibHandle(mode, options), ZLIB_FLAGS);
}

for (const [className, makeHandle, encodes, flags] of [
  ['BrotliCompress', brotliHandle, true, BROTLI_FLAGS],
  ['BrotliDecompress', brotliHandle, false, BROTLI_FLAGS],
  ['ZstdCompress', zstdHandle, true, ZSTD_FLAGS],
  ['ZstdDecompress', zstdHandle, false, ZSTD_FLAGS],
]) {
  const Engine = function (options) {
    if (!(this instanceof Engine)) return new Engine(options);
    const handle = makeHandle(encodes, options);
    if (handle === undefined) throw new errors.ERR_ZLIB_INITIALIZATION_FAILED();
    ZlibBase.call(this, handle, flags, options);
  };
  inherit(Engine, ZlibBase);
  add(className, Engine, (options) => makeHandle(encodes, options), flags);
}

/** The CRC-32 of data; value is that of the data before it. */
module.exports.crc32 = function crc32(data, value = 0) {
  const bytes = dataBytes(data, 'data', ['string', 'Buffer', 'TypedArray', 'DataView']);
  validateUint32(value, 'value');
  return native.crc32(bytes, value);
};

Object.defineProperty(module.exports, 'constants', { enumerable: true, value: constants });
Object.defineProperty(module.exports, 'codes', { enumerable: true, value: codes });
// Older names, which packages use.
for (const [name, value] of Object.entries(constants))
  if (!/^(?:BROTLI|ZSTD)/.test(name)) Object.defineProperty(module.exports, name, { value });
