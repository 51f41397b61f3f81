'use strict';
// Cipheriv and Decipheriv: symmetric ciphers, step by step or as a stream.
const { callable } = require('internal/base/lazy');
const { codes } = require('internal/errors/codes');
const { validateInteger, validateObject, validateString } = require('internal/errors/validators');
const { StringDecoder } = require('string_decoder');
const { FastBuffer } = require('internal/buffer/fast_buffer');
const { LazyTransform } = require('internal/crypto/lazy_transform');
const { toBytes } = require('internal/crypto/util');
const { secretBytes } = require('internal/crypto/secret');
const native = binding('crypto_cipher');

const BLOCK = 32; // bytes that one step may write beyond what it reads

// Lengths of tags by mode; other modes have 1 to 16.
const TAGS = { __proto__: null, gcm: [4, 8, 12, 13, 14, 15, 16], ccm: [4, 6, 8, 10, 12, 14, 16] };
const WHOLE = ['ccm', 'siv', 'gcm-siv']; // they check the tag when they get the text, all at once
const MOST_CCM = 2 ** 24 - 1; // bytes of text with the shortest length field that Node allows for

const invalidState = (operation) =>
  new codes.ERR_CRYPTO_INVALID_STATE(`Invalid state for operation ${operation}`);
const invalidTag = (length) =>
  new codes.ERR_CRYPTO_INVALID_AUTH_TAG(`Invalid authentication tag length: ${length}`);
const unsupported = () => new Error('Trying to add data in unsupported state');

/** The length of the tag that options ask for; undefined if they do not, or there is none. */
function tagLength(info, name, options) {
  if (!info.authenticated) return undefined;
  const length = options?.authTagLength;
  if (length !== undefined && length !== null) {
    if (!Number.isInteger(length) || length < 0 || length > 2 ** 32 - 1)
      throw new codes.ERR_INVALID_ARG_VALUE('options.authTagLength', length);
    const known = TAGS[info.mode];
    const fits = known === undefined ? length >= 1 && length <= 16 : known.includes(length);
    if (!fits) throw invalidTag(length);
    return length;
  }
  if (info.mode === 'ccm' || info.mode === 'ocb')
    throw new codes.ERR_CRYPTO_INVALID_AUTH_TAG(`authTagLength required for ${name}`);
  return undefined;
}

function checkIv(info, iv) {
  const length = iv?.byteLength ?? 0;
  const fits =
    info.ivLength === 0 ? length === 0 : info.authenticated ? length > 0 : length === info.ivLength;
  if (!fits) throw new codes.ERR_CRYPTO_INVALID_IV();
}

class CipherBase extends LazyTransform {
  #handle;
  #info;
  #encrypts;
  #tagLength;
  #tag; // of a cipher that has finished; whether there is one for a decipher
  #finished = false;
  #failed = false; // what a mode of WHOLE found when it got the text
  #decoder;

  constructor(encrypts, name, key, iv, options) {
    super(options);
    validateString(name, 'cipher');
    const encoding = options?.encoding;
    const keyBytes = secretBytes(key, encoding);
    const ivBytes = iv === null ? undefined : toBytes(iv, 'iv', encoding);
    const info = native.info(name);
    if (info === undefined) throw new codes.ERR_CRYPTO_UNKNOWN_CIPHER();
    if (keyBytes.byteLength !== info.keyLength && info.mode !== 'stream')
      throw new codes.ERR_CRYPTO_INVALID_KEYLEN();
    checkIv(info, ivBytes);
    this.#tagLength = tagLength(info, name, options);
    const early = info.mode === 'ccm' || info.mode === 'ocb' ? this.#tagLength : 0;
    const made = native.create(name, encrypts, keyBytes, ivBytes, early);
    if (made === 'key') throw new codes.ERR_CRYPTO_INVALID_KEYLEN();
    if (made === 'iv') throw new codes.ERR_CRYPTO_INVALID_IV();
    this.#handle = made;
    this.#info = info;
    this.#encrypts = encrypts;
  }

  #update(bytes) {
    if (this.#finished) throw unsupported();
    const out = new FastBuffer(bytes.byteLength + BLOCK);
    const written = native.update(this.#handle, bytes, out);
    if (written >= 0) return out.subarray(0, written);
    if (!WHOLE.includes(this.#info.mode) || this.#encrypts) throw unsupported();
    this.#failed = true;
    return out.subarray(0, 0);
  }

  #final() {
    if (this.#finished) throw new codes.ERR_CRYPTO_INVALID_STATE('Invalid state');
    this.#finished = true;
    const authenticated = this.#info.authenticated;
    const out = new FastBuffer(BLOCK);
    let written = -1;
    let problem;
    if (this.#encrypts || !authenticated || (this.#tag !== undefined && !this.#failed)) {
      try {
        // CCM has checked all when it got the text.
        const done = this.#info.mode === 'ccm' && !this.#encrypts;
        written = done ? 0 : native.finish(this.#handle, out);
      } catch (error) {
        problem = error;
      }
    }
    if (written < 0)
      throw authenticated ? new Error('Unsupported state or unable to authenticate data') : problem;
    if (authenticated && this.#encrypts) {
      this.#tag = new FastBuffer(this.#tagLength ?? 16);
      native.tag(this.#handle, this.#tag);
    }
    return out.subarray(0, written);
  }

  #encode(bytes, encoding, last) {
    if (!encoding || encoding === 'buffer') return bytes;
    this.#decoder ??= new StringDecoder(encoding);
    if (this.#decoder.encoding !== new StringDecoder(encoding).encoding)
      throw new codes.ERR_INVALID_ARG_VALUE('outputEncoding', encoding, 'cannot change');
    return last ? this.#decoder.end(bytes) : this.#decoder.write(bytes);
  }

  /** The next part of the result, as a Buffer or as text. */
  update(data, inputEncoding, outputEncoding) {
    if (typeof data !== 'string' && !ArrayBuffer.isView(data))
      throw new codes.ERR_INVALID_ARG_TYPE(
        'data',
        ['string', 'Buffer', 'TypedArray', 'DataView'],
        data,
      );
    return this.#encode(this.#update(toBytes(data, 'data', inputEncoding)), outputEncoding, false);
  }

  /** The last part of the result. */
  final(outputEncoding) {
    return this.#encode(this.#final(), outputEncoding, true);
  }

  setAutoPadding(on = true) {
    if (this.#finished) throw invalidState('setAutoPadding');
    native.setPadding(this.#handle, !!on);
    return this;
  }

  /** Data that is authenticated only; plaintextLength in bytes, for CCM. */
  setAAD(buffer, options) {
    const encoding = options?.encoding;
    const length = options?.plaintextLength;
    if (length !== undefined) validateInteger(length, 'options.plaintextLength', 0, MOST_CCM);
    const bytes = toBytes(buffer, 'buffer', encoding);
    if (this.#finished || !this.#info.authenticated) throw invalidState('setAAD');
    if (this.#info.mode === 'ccm') {
      if (length === undefined) {
        const error = new codes.ERR_MISSING_ARGS('options.plaintextLength');
        error.message = 'options.plaintextLength required for CCM mode with AAD';
        throw error;
      }
      if (!native.setTotal(this.#handle, length)) throw invalidState('setAAD');
    }
    if (!native.setAad(this.#handle, bytes)) throw invalidState('setAAD');
    return this;
  }

  static getTag(cipher) {
    if (cipher.#tag === undefined || !cipher.#encrypts) throw invalidState('getAuthTag');
    return cipher.#tag;
  }

  static setTag(decipher, tag, encoding) {
    const bytes = toBytes(tag, 'buffer', encoding);
    if (!decipher.#info.authenticated || decipher.#finished || decipher.#tag !== undefined)
      throw invalidState('setAuthTag');
    const length = bytes.byteLength;
    const expected = decipher.#tagLength;
    // A shorter tag is one that is easier to guess: only who says so gets it.
    if (length !== (expected ?? 16) || !native.setTag(decipher.#handle, bytes))
      throw invalidTag(length);
    decipher.#tag = bytes;
  }

  _transform(chunk, encoding, callback) {
    let result;
    try {
      result = this.#update(toBytes(chunk, 'chunk', encoding));
    } catch (error) {
      return callback(error);
    }
    callback(null, result);
  }

  _flush(callback) {
    let result;
    try {
      result = this.#final();
    } catch (error) {
      return callback(error);
    }
    callback(null, result);
  }
}
const { getTag, setTag } = CipherBase;
delete CipherBase.getTag;
delete CipherBase.setTag;

class Cipheriv extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(true, cipher, key, iv, options);
  }

  /** The tag that authenticates what was encrypted, once final() was called. */
  getAuthTag() {
    return getTag(this);
  }
}

class Decipheriv extends CipherBase {
  constructor(cipher, key, iv, options) {
    super(false, cipher, key, iv, options);
  }

  /** The tag that final() shall check. */
  setAuthTag(buffer, encoding) {
    setTag(this, buffer, encoding);
    return this;
  }
}

/** What a cipher needs; undefined if there is none, or if it does not take the lengths given. */
function getCipherInfo(nameOrNid, options) {
  if (typeof nameOrNid !== 'number') validateString(nameOrNid, 'nameOrNid');
  if (options !== undefined) validateObject(options, 'options');
  const { keyLength, ivLength } = options ?? {};
  if (keyLength !== undefined) validateInteger(keyLength, 'options.keyLength', 0);
  if (ivLength !== undefined) validateInteger(ivLength, 'options.ivLength', 0);
  const info = native.info(nameOrNid);
  if (info === undefined) return undefined;
  if (keyLength !== undefined && keyLength !== info.keyLength) return undefined;
  if (ivLength !== undefined && !info.authenticated && ivLength !== info.ivLength) return undefined;
  if (ivLength !== undefined && info.mode === 'ccm' && !(ivLength >= 7 && ivLength <= 13))
    return undefined;
  const { mode, name, nid, blockSize } = info;
  return {
    mode,
    name,
    nid,
    ...(mode === 'stream' ? undefined : { blockSize }),
    ...(info.ivLength > 0 ? { ivLength: ivLength ?? info.ivLength } : undefined),
    keyLength: info.keyLength,
  };
}

let names;
function getCiphers() {
  names ??= native.names();
  return [...names];
}

module.exports = {
  Cipheriv: callable(Cipheriv),
  Decipheriv: callable(Decipheriv),
  getCipherInfo,
  getCiphers,
};
