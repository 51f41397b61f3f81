'use strict';
// Options and groups of UDP sockets: methods of dgram.Socket, which gives them the three below.
const { codes, errnoException } = require('internal/errors/codes');
const { errno } = require('internal/base/constants');
const { validateNumber, validateString } = require('internal/errors/validators');

const kCall = Symbol('call');
const kBegin = Symbol('begin');
const kFamily = Symbol('family');

function setOption(socket, name, value, syscall) {
  const result = socket[kCall]('option', name, socket[kFamily], value);
  if (result < 0) throw errnoException(result, syscall);
}

/** Sets a size, or without one returns it. */
function bufferSize(socket, name, size) {
  const result = socket[kCall]('option', name, socket[kFamily], size);
  if (result >= 0) return result;
  const { systemError } = require('internal/errors/system');
  throw systemError(
    result,
    name === 'receiveBuffer' ? 'uv_recv_buffer_size' : 'uv_send_buffer_size',
    'ERR_SOCKET_BUFFER_SIZE',
    'Could not get or set buffer size',
  );
}

function validSize(size) {
  if (size >>> 0 !== size) throw new codes.ERR_SOCKET_BAD_BUFFER_SIZE();
  return size;
}

function membership(socket, join, group, interface_, source, syscall) {
  socket[kBegin]();
  const result = socket[kCall]('membership', join, group, interface_ ?? undefined, source);
  if (result < 0) throw errnoException(result, syscall);
}

const methods = {
  setBroadcast(on) {
    setOption(this, 'broadcast', on ? 1 : 0, 'setBroadcast');
  },

  setTTL(ttl) {
    validateNumber(ttl, 'ttl');
    if (ttl < 1 || ttl > 255) throw errnoException(-errno.EINVAL, 'setTTL');
    setOption(this, 'ttl', ttl, 'setTTL');
    return ttl;
  },

  setMulticastTTL(ttl) {
    validateNumber(ttl, 'ttl');
    if (ttl < 0 || ttl > 255) throw errnoException(-errno.EINVAL, 'setMulticastTTL');
    setOption(this, 'multicastTTL', ttl, 'setMulticastTTL');
    return ttl;
  },

  setMulticastLoopback(on) {
    setOption(this, 'multicastLoopback', on ? 1 : 0, 'setMulticastLoopback');
    return on;
  },

  setRecvBufferSize(size) {
    bufferSize(this, 'receiveBuffer', validSize(size));
  },
  setSendBufferSize(size) {
    bufferSize(this, 'sendBuffer', validSize(size));
  },
  getRecvBufferSize() {
    return bufferSize(this, 'receiveBuffer');
  },
  getSendBufferSize() {
    return bufferSize(this, 'sendBuffer');
  },

  setMulticastInterface(address) {
    validateString(address, 'interfaceAddress');
    const result = this[kCall]('multicastInterface', address);
    if (result < 0) throw errnoException(result, 'setMulticastInterface');
  },

  addMembership(group, interface_) {
    if (!group) throw new codes.ERR_MISSING_ARGS('multicastAddress');
    membership(this, true, group, interface_, undefined, 'addMembership');
  },
  dropMembership(group, interface_) {
    if (!group) throw new codes.ERR_MISSING_ARGS('multicastAddress');
    membership(this, false, group, interface_, undefined, 'dropMembership');
  },

  addSourceSpecificMembership(source, group, interface_) {
    validateString(source, 'sourceAddress');
    validateString(group, 'groupAddress');
    membership(this, true, group, interface_, source, 'addSourceSpecificMembership');
  },
  dropSourceSpecificMembership(source, group, interface_) {
    validateString(source, 'sourceAddress');
    validateString(group, 'groupAddress');
    membership(this, false, group, interface_, source, 'dropSourceSpecificMembership');
  },
};

module.exports = { kBegin, kCall, kFamily, methods };
