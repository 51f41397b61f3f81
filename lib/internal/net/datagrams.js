'use strict';
// What the functions of dgram are given: options, and messages as bytes.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateFunction,
  validateString,
  validateUint32,
} = require('internal/errors/validators');

const { isIP } = binding('net');

const sharing = { bind: undefined }; // in a worker of a cluster: binds to what its primary has

/** Has every socket that is not `exclusive` bind by bind(socket, datagrams, bound). */
function bindShared(bind) {
  sharing.bind = bind;
}

/** 4 or 6, of udp4 and udp6. */
function checkType(type) {
  if (type === 'udp4') return 4;
  if (type === 'udp6') return 6;
  throw new codes.ERR_SOCKET_BAD_TYPE();
}

/** The bytes of a message: a string, a view, or a list of them. */
function bytesOf(message) {
  if (typeof message === 'string') return Buffer.from(message);
  if (Buffer.isBuffer(message)) return message;
  if (ArrayBuffer.isView(message))
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  throw new codes.ERR_INVALID_ARG_TYPE(
    'buffer',
    ['Buffer', 'TypedArray', 'DataView', 'string'],
    message,
  );
}

function messageOf(message) {
  if (!Array.isArray(message)) return bytesOf(message);
  if (!message.every((part) => typeof part === 'string' || ArrayBuffer.isView(part)))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'buffer list arguments',
      ['Buffer', 'TypedArray', 'DataView', 'string'],
      message,
    );
  return message.length === 1 ? bytesOf(message[0]) : Buffer.concat(message.map(bytesOf));
}

function checkOptions(options) {
  const { BlockList } = require('net');
  if (options.lookup !== undefined) validateFunction(options.lookup, 'lookup');
  validateAbortSignal(options.signal, 'options.signal');
  for (const name of ['recvBufferSize', 'sendBufferSize'])
    if (options[name]) validateUint32(options[name], `options.${name}`);
  for (const name of ['sendBlockList', 'receiveBlockList'])
    if (options[name] && !BlockList.isBlockList(options[name]))
      throw new codes.ERR_INVALID_ARG_TYPE(`options.${name}`, 'net.BlockList', options[name]);
}

function slice(message, offset, length) {
  const bytes = bytesOf(message);
  if (offset >>> 0 !== offset || offset > bytes.length)
    throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length >>> 0 !== length || length > bytes.length - offset)
    throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('length');
  return bytes.subarray(offset, offset + length);
}

/**
 * What the arguments of send() say, of a socket that is connected or not: its forms are told apart
 * by their types.
 */
function sendArguments(connected, message, offset, length, port, address, callback) {
  const sliced = connected
    ? typeof length === 'number'
    : address || (port && typeof port !== 'function');
  const data = sliced ? slice(message, offset, length) : messageOf(message);
  if (sliced && typeof port === 'function') [port, callback] = [undefined, port];
  else if (!sliced && connected) callback = offset;
  else if (!sliced) [port, address, callback] = [offset, length, port];
  if (typeof address === 'function') [address, callback] = [undefined, address];
  if (callback !== undefined && typeof callback !== 'function') callback = undefined;
  return { data, port, address, callback };
}

/** An address that needs no lookup, for a call that waits for none. */
function literal(address, name, call) {
  validateString(address, name);
  if (isIP(address) === 0 || address.includes('%'))
    throw new codes.ERR_INVALID_ARG_VALUE(
      name,
      address,
      `must be a numeric IP address; ${call} does not perform DNS resolution`,
    );
  return address;
}

module.exports = { bindShared, sharing, checkOptions, checkType, literal, sendArguments };
