'use strict';
// What can be given to another process along with a message: sockets, servers, UDP sockets. Each
// kind has a name in the message, a way to leave this process, and a way to arrive in the other.
const { codes } = require('internal/errors/codes');

/** A descriptor as it is, which stays open here. */
class Descriptor {
  /** @param {number} fd */
  constructor(fd) {
    this.fd = fd;
  }
}

/** The kind of an object that may be sent. @throws {TypeError} ERR_INVALID_HANDLE_TYPE */
function kindOf(object) {
  if (object instanceof Descriptor) return 'Descriptor';
  const net = require('net');
  if (object instanceof net.Socket) return 'net.Socket';
  if (object instanceof net.Server) return 'net.Server';
  const { Handle } = require('internal/net/handles');
  if (object instanceof Handle) return 'net.Native';
  if (object instanceof require('dgram').Socket) return 'dgram.Socket';
  throw new codes.ERR_INVALID_HANDLE_TYPE();
}

/** Emits object once it has fd; one that is not of its kind is closed, and nothing comes of it. */
function arriving(object, fd, emit, take) {
  const refused = () => binding('channel').discard(fd);
  object.once('error', refused);
  take(() => {
    object.off('error', refused);
    emit(object);
  });
}

/**
 * Each: leave(object, message, options) returns the descriptor to send, undefined if there is none
 * any more; left(object, options) follows once a copy of it is on its way; arrive(message, fd, emit)
 * calls emit with an object of this process.
 */
const kinds = {
  Descriptor: {
    leave: (descriptor) => (descriptor.fd >= 0 ? descriptor.fd : undefined),
    left() {},
    arrive(_message, fd, emit) {
      emit(fd);
    },
  },
  'net.Native': {
    leave: (handle) => (handle.fd >= 0 ? handle.fd : undefined),
    left() {},
    arrive(_message, fd, emit) {
      emit(new (require('net').Socket)({ fd, manualStart: true })._handle);
    },
  },
  'net.Server': {
    leave: (server) => server._handle?.fd,
    left() {},
    arrive(_message, fd, emit) {
      const server = new (require('net').Server)();
      arriving(server, fd, emit, (done) => server.listen({ fd }, done));
    },
  },
  'net.Socket': {
    leave: (socket) => socket._handle?.fd,
    left(socket, options) {
      if (!options.keepOpen) require('internal/net/socket').detach(socket);
    },
    arrive(_message, fd, emit) {
      emit(new (require('net').Socket)({ fd, readable: true, writable: true }));
    },
  },
  'dgram.Socket': {
    leave(socket, message) {
      message.dgramType = socket.type;
      return socket._handle?.fd;
    },
    left() {},
    arrive(message, fd, emit) {
      const socket = require('dgram').createSocket(message.dgramType);
      arriving(socket, fd, emit, (done) => socket.bind({ fd }, done));
    },
  },
};

module.exports = { Descriptor, kindOf, kinds };
