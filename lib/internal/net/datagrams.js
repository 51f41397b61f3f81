'use strict';
// What the functions of dgram are given: options, and messages as bytes.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateFunction,
  validateUint32,
} = require('internal/errors/validators');

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

module.exports = { bindShared, sharing, checkOptions, checkType, messageOf, slice };
