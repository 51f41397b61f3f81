'use strict';
// read(), write(), readv() and writev(): what their forms take, and the requests that become of it.
// A form gives [data, offset, length, position, callback]; a position of -1 is that of the file.
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateObject } = require('internal/errors/validators');
const { request } = require('internal/fs/requests');
const { native, toBytes, toFd } = require('internal/fs/utils');

const VIEWS = ['Buffer', 'TypedArray', 'DataView'];
const NULLABLE = { nullable: true };
const same = (result) => result;
const { isView } = ArrayBuffer;

function checkView(buffer, expected = VIEWS) {
  if (!isView(buffer)) throw new codes.ERR_INVALID_ARG_TYPE('buffer', expected, buffer);
}

/** Offset, length and position out of the object of options that stands in their place. */
function spread(buffer, options) {
  const { offset = 0, length = buffer?.byteLength - offset, position = null } = options ?? {};
  return [offset, length, position];
}

/** The bytes of a buffer from offset on. */
function part(buffer, offset, length) {
  if (length > buffer.byteLength - offset)
    throw new codes.ERR_OUT_OF_RANGE('length', `<= ${buffer.byteLength - offset}`, length);
  return new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
}

// ---- Reading

const newBuffer = () => require('buffer').Buffer.alloc(16384);

/** readSync(fd, buffer[, options]) or readSync(fd, buffer, offset, length[, position]) */
function readFormSync(args) {
  const [buffer, offset, length, position] = args;
  checkView(buffer);
  const named = args.length <= 2 || typeof offset === 'object';
  if (named && offset !== undefined) validateObject(offset, 'options', NULLABLE);
  return [buffer, ...(named ? spread(buffer, offset) : [offset, length, position])];
}

/** read(fd[, buffer][, options], callback) or read(fd, buffer, offset, length, position, callback) */
function readForm(args) {
  let [buffer, offset, length, position, callback] = args;
  if (args.length < 4) {
    let options = null;
    callback = args.at(-1);
    if (args.length === 3) {
      validateObject(offset, 'options', NULLABLE);
      options = offset;
    } else if (args.length < 2) {
      buffer = newBuffer();
    } else if (!isView(buffer)) {
      options = buffer;
      if (options !== undefined) validateObject(options, 'options', NULLABLE);
      ({ buffer = newBuffer() } = options ?? {});
    }
    [offset, length, position] = spread(buffer, options);
  }
  checkView(buffer);
  validateFunction(callback, 'cb');
  return [buffer, offset ?? 0, length, position, callback];
}

/** FileHandle.read([options]), (buffer[, options]) or (buffer, offset[, length[, position]]) */
function readFormOfHandle([buffer, offset, length, position]) {
  if (!isView(buffer)) {
    const options = buffer;
    if (options !== undefined) validateObject(options, 'options', NULLABLE);
    ({ buffer = newBuffer() } = options ?? {});
    checkView(buffer);
    [offset, length, position] = spread(buffer, options);
  } else if (offset !== null && typeof offset === 'object') {
    [offset, length, position] = spread(buffer, offset);
  }
  return [buffer, offset ?? 0, length ?? buffer.byteLength - (offset ?? 0), position];
}

function toReadPosition(position, length) {
  if (position == null) return -1;
  if (typeof position === 'bigint') {
    const most = 2n ** 63n - 1n - BigInt(length);
    if (position < -1n || position > most)
      throw new codes.ERR_OUT_OF_RANGE('position', `>= -1 && <= ${most}`, position);
    return Number(position);
  }
  if (typeof position !== 'number')
    throw new codes.ERR_INVALID_ARG_TYPE('position', ['bigint', 'integer'], position);
  validateInteger(position, 'position', -1);
  return position;
}

/** What stands for the call where there is nothing to ask the system, not even of the descriptor. */
const answering = (result) => (callback) =>
  callback === undefined ? result : void process.nextTick(callback, result);
const nothing = answering(0);

/** @param {[ArrayBufferView, number, number, number | bigint | null]} form */
function read(fd, [buffer, offset, length, position]) {
  toFd(fd);
  if (offset === undefined) offset = 0;
  validateInteger(offset, 'offset', 0);
  length |= 0;
  const at = toReadPosition(position, length);
  if (length === 0) return request(nothing, [], 'read', undefined, undefined, same);
  if (buffer.byteLength === 0)
    throw new codes.ERR_INVALID_ARG_VALUE('buffer', buffer, 'is empty and cannot be written');
  if (length < 0) throw new codes.ERR_OUT_OF_RANGE('length', '>= 0', length);
  const view = part(buffer, offset, length);
  return request(native.read, [fd, view, at], 'read', undefined, undefined, same);
}

// ---- Writing

/** A position of something written: what is none means the present one, without a complaint. */
const toWritePosition = (position) =>
  Number.isSafeInteger(position) && position >= 0 ? position : -1;

/**
 * write(fd, buffer[, offset[, length[, position]]], callback), write(fd, buffer, options, callback)
 * or write(fd, string[, position[, encoding]], callback)
 */
function writeForm([data, offset, length, position, callback]) {
  if (isView(data)) {
    callback ||= position || length || offset;
    validateFunction(callback, 'cb');
    return [data, typeof offset === 'function' ? 0 : offset, length, position, callback];
  }
  checkData(data);
  if (typeof position === 'function') callback = position;
  else if (typeof offset === 'function') [offset, length, callback] = [null, 'utf8', offset];
  else [length, callback] = ['utf8', length];
  checkText(data, length);
  validateFunction(callback, 'cb');
  return [data, offset, length, undefined, callback];
}

const checkData = (data) => {
  if (typeof data !== 'string') checkView(data, ['string', ...VIEWS]);
};

function checkText(text, encoding) {
  if (typeof encoding === 'string' && encoding.toLowerCase() === 'hex' && text.length % 2 === 1)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'encoding',
      encoding,
      `is invalid for data of length ${text.length}`,
    );
}

/** The bytes and the place of write(fd, buffer, …). */
function partToWrite(buffer, offset, length, position) {
  if (typeof offset === 'object') [offset, length, position] = spread(buffer, offset);
  offset ??= 0;
  validateInteger(offset, 'offset', 0);
  if (typeof length !== 'number') length = buffer.byteLength - offset;
  if (offset > buffer.byteLength)
    throw new codes.ERR_OUT_OF_RANGE('offset', `<= ${buffer.byteLength}`, offset);
  if (length > buffer.byteLength - offset) part(buffer, offset, length);
  if (length < 0) throw new codes.ERR_OUT_OF_RANGE('length', '>= 0', length);
  validateInteger(length, 'length');
  return [part(buffer, offset, length), toWritePosition(position)];
}

/** @param {[ArrayBufferView | string, ...any]} form  of a string: the string, position, encoding */
function write(fd, [data, offset, length, position]) {
  let view;
  let at = toWritePosition(offset);
  if (isView(data)) {
    [view, at] = partToWrite(data, offset, length, position);
  } else {
    checkData(data);
    checkText(data, length);
    view = toBytes(data, require('buffer').Buffer.isEncoding(length) ? length : 'utf8');
  }
  toFd(fd);
  return request(native.write, [fd, view, at], 'write', undefined, undefined, same);
}

// ---- Several buffers: one call of the kernel, which may take or give less than all of them

/** readv(fd, buffers[, position], callback) and writev() */
function vectorForm([buffers, position, callback]) {
  checkVector(buffers);
  callback ||= position;
  validateFunction(callback, 'cb');
  return [buffers, position, callback];
}

function checkVector(buffers) {
  if (!Array.isArray(buffers) || !buffers.every((one) => isView(one)))
    throw new codes.ERR_INVALID_ARG_TYPE('buffers', 'ArrayBufferView[]', buffers);
}

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

const refusal = answering(-binding('os').errno.EINVAL);

function readv(fd, [buffers, position]) {
  toFd(fd);
  checkVector(buffers);
  if (buffers.length === 0) return request(refusal, [], 'read');
  const at = toWritePosition(position);
  const views = Array.from(buffers, bytesOf);
  return request(native.readv, [fd, views, at], 'read', undefined, undefined, same);
}

function writev(fd, [buffers, position]) {
  checkVector(buffers);
  if (buffers.length === 0) return request(nothing, [], 'write', undefined, undefined, same);
  toFd(fd);
  const at = toWritePosition(position);
  const views = Array.from(buffers, bytesOf);
  return request(native.writev, [fd, views, at], 'write', undefined, undefined, same);
}

module.exports = {
  read,
  write,
  readv,
  writev,
  readForm,
  readFormSync,
  readFormOfHandle,
  writeForm,
  vectorForm,
};
