'use strict';
// What the parts of `crypto` share: arguments as bytes, digests by name, results in an encoding.
const { carry } = require('internal/base/stores');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateString } = require('internal/errors/validators');
const { Buffer } = require('buffer');
const { FastBuffer, isArrayBuffer, isUint8Array } = require('internal/buffer/fast_buffer');
const native = binding('crypto_hash');

const BYTES = ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView'];
const TEXT_OR_BYTES = ['string', ...BYTES];

/** A view as a Uint8Array, which native functions take. */
function viewBytes(view) {
  return isUint8Array(view) ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/**
 * The bytes of an argument, as a Uint8Array: a string's in its encoding.
 * @param {string | ArrayBuffer | ArrayBufferView} data
 */
function toBytes(data, name, encoding, expected = TEXT_OR_BYTES) {
  if (typeof data === 'string' && expected !== BYTES)
    return Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  if (ArrayBuffer.isView(data)) return viewBytes(data);
  if (isArrayBuffer(data)) return new Uint8Array(data);
  throw new codes.ERR_INVALID_ARG_TYPE(name, expected, data);
}

/** toBytes() of what must not be a string. */
const binaryBytes = (data, name) => toBytes(data, name, undefined, BYTES);

/** A Buffer over the memory of a Uint8Array that native code made. */
function toBuffer(bytes) {
  return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** An ArrayBuffer of just the bytes of a view that native code made. */
function toArrayBuffer(bytes) {
  const { buffer, byteLength } = bytes;
  return buffer.byteLength === byteLength ? buffer : buffer.slice(0, byteLength);
}

/** A buffer as the caller wants it: a string in an encoding, or itself. */
function encode(buffer, encoding) {
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

// Names of digests → their numbers. Only names that are there are kept.
const digests = new Map();

/** The number of a digest, undefined for a name that is none. */
function digestNumber(name) {
  let number = digests.get(name);
  if (number === undefined) {
    number = native.digest(name);
    if (number < 0) return undefined;
    digests.set(name, number);
  }
  return number;
}

/** Checks that an argument names a digest. */
function checkDigest(name, argument = 'digest') {
  validateString(name, argument);
  if (digestNumber(name) === undefined) throw new codes.ERR_CRYPTO_INVALID_DIGEST(name);
  return name;
}

/**
 * Runs a native job on a worker; callback gets the error, or null and what convert makes of the
 * result. Without callback it runs at once and returns that.
 */
function runJob(job, args, convert, callback) {
  if (callback === undefined) return convert(job(undefined, ...args));
  validateFunction(callback, 'callback');
  job(
    carry((error, result) => {
      if (error) return callback(error);
      let converted;
      try {
        converted = convert(result);
      } catch (problem) {
        return callback(problem);
      }
      callback(null, converted);
    }, 'CRYPTOJOB'),
    ...args,
  );
  return undefined;
}

/** runJob() as a promise. */
function promiseJob(job, args, convert) {
  const { promise, resolve, reject } = Promise.withResolvers();
  runJob(job, args, convert, (error, result) => (error ? reject(error) : resolve(result)));
  return promise;
}

module.exports = {
  BYTES,
  TEXT_OR_BYTES,
  binaryBytes,
  checkDigest,
  digestNumber,
  encode,
  promiseJob,
  runJob,
  toArrayBuffer,
  toBuffer,
  toBytes,
  viewBytes,
};
