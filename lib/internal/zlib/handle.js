'use strict';
// `_handle` of the streams of zlib: packages take its class to work step by step without a stream.
const { codes } = require('internal/errors/codes');
const { validateInteger } = require('internal/errors/validators');
const { DEFLATE, UNZIP, Z_FIXED } = require('internal/zlib/constants').constants;
const native = binding('zlib');

class ZlibHandle {
  #mode;
  #codec;
  #state;

  /** @param {number} mode a number of constants: DEFLATE, INFLATE, … */
  constructor(mode) {
    validateInteger(mode, 'mode', DEFLATE, UNZIP);
    this.#mode = mode;
  }

  /**
   * Makes the codec.
   * @param {number} windowBits 0 takes the size that the data's header tells
   * @param {number} level
   * @param {number} memLevel
   * @param {number} strategy
   * @param {Uint32Array} writeState where writeSync() tells how many bytes are left of the output,
   *   and of the input
   * @param {Function} processCallback of asynchronous writes, which streams have
   * @param {Uint8Array} [dictionary]
   */
  init(windowBits, level, memLevel, strategy, writeState, processCallback, dictionary) {
    validateInteger(windowBits, 'windowBits', 0, 15);
    validateInteger(level, 'level', -1, 9);
    validateInteger(memLevel, 'memLevel', 1, 9);
    validateInteger(strategy, 'strategy', 0, Z_FIXED);
    this.#codec = native.zlib(this.#mode, level, windowBits, memLevel, strategy, dictionary);
    if (this.#codec === undefined) throw new codes.ERR_ZLIB_INITIALIZATION_FAILED();
    this.#state = writeState;
  }

  /**
   * Takes bytes of input (null: none) and gives bytes of output, as far as there is room. A failure
   * calls `onerror(message, errno, code)`, which the user of the handle sets.
   */
  writeSync(flush, input, inOffset, inLength, output, outOffset, outLength) {
    this.#check();
    const from = input?.subarray(inOffset, inOffset + inLength) ?? new Uint8Array();
    const to = output.subarray(outOffset, outOffset + outLength);
    const result = native.run(this.#codec, flush, from, to);
    if (result.length === 3) return this.onerror(...result);
    const [read, written] = result;
    this.#state[0] = to.length - written;
    this.#state[1] = from.length - read;
  }

  params(level, strategy) {
    this.#check();
    native.params(this.#codec, level, strategy);
  }

  reset() {
    this.#check();
    native.reset(this.#codec);
  }

  close() {
    this.#codec = undefined;
  }

  #check() {
    if (this.#codec === undefined) throw new codes.ERR_INVALID_STATE('the handle has no codec');
  }
}

module.exports = { ZlibHandle };
