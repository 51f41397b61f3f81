'use strict';
// Sockets and servers that move to another thread, in the transfer list of a message: a copy of the
// descriptor goes there, and the object here ends.
const native = binding('net');
const { codes, errnoException } = require('internal/errors/codes');
const { Server, kId: kServerId } = require('internal/net/server');
const { Socket, detach } = require('internal/net/socket');
const { kId } = require('internal/net/socket_fields');

const OPTIONS = [
  'allowHalfOpen',
  'highWaterMark',
  'keepAlive',
  'keepAliveInitialDelay',
  'noDelay',
  'pauseOnConnect',
];
const FIELDS = ['maxConnections', 'dropMaxConnection']; // that a program sets, and that go along
// What is of this task alone, or holds for all of a server's connections together.
const STAYING = ['admission', 'blockList', 'proxy', 'timeouts', 'writeLimit'];

function refuse(what) {
  throw new codes.ERR_WORKER_HANDLE_NOT_TRANSFERABLE(what);
}

/** A copy of a handle's descriptor, which is the caller's. */
function duplicate(id) {
  const fd = native.duplicate(id);
  if (fd < 0) throw errnoException(fd, 'dup');
  return fd;
}

const isTcp = (id) => native.localAddress(id)?.address !== undefined;

/** @throws ERR_WORKER_HANDLE_NOT_TRANSFERABLE where something is read, or is to be written */
function ofSocket(socket) {
  const check = () => {
    const id = socket[kId];
    if (id === 0 || socket.connecting || socket.destroyed) refuse('it is not connected');
    if (socket.encrypted || !isTcp(id)) refuse('it is no plain connection of TCP');
    if (socket.bytesRead > 0 || socket.readableLength > 0 || socket.readableEnded)
      refuse('something of it was read');
    if (socket.readableEncoding !== null) refuse('it has an encoding');
    if (socket.writableLength > 0 || native.queued(id) > 0 || socket.writableEnded)
      refuse('something waits to be written to it');
    const tie = socket.writeLimit === undefined ? native.tie(id) : 'a writeLimit';
    if (tie !== undefined) refuse(`it has ${tie}, which would not go along`);
    return id;
  };
  check();
  return {
    state: ['Socket', { allowHalfOpen: socket.allowHalfOpen }],
    duplicate: () => duplicate(check()),
    leave() {
      detach(socket);
      socket.destroy();
    },
  };
}

/** @throws ERR_WORKER_HANDLE_NOT_TRANSFERABLE where it does not listen on a port */
function ofServer(server) {
  const check = () => {
    const id = server[kServerId];
    if (id === 0) refuse('it does not listen');
    if (Object.getPrototypeOf(server) !== Server.prototype || server._encrypts() || !isTcp(id))
      refuse('it is no plain server of TCP');
    const staying = STAYING.find((name) => server[name] != null);
    if (staying !== undefined) refuse(`it has ${staying}, which would not go along`);
    if (server._health !== null) refuse('it tells load balancers how it is');
    if (server._drain !== null) refuse('it drains');
    return id;
  };
  check();
  const those = (names) => Object.fromEntries(names.map((name) => [name, server[name]]));
  return {
    state: ['Server', those(OPTIONS), those(FIELDS)],
    duplicate: () => duplicate(check()),
    leave: () => server._stop(),
  };
}

/** What arrived, as revive() of structured clones has it made. */
function revive(_kind, [fd, name, options, fields]) {
  if (name === 'Socket') return new Socket({ ...options, fd });
  const server = Object.assign(new Server(options), fields);
  server.listen({ fd });
  if (!server.listening) {
    server.on('error', () => {}); // nobody has it who could hear of that
    refuse('it cannot listen in this thread');
  }
  return server;
}

module.exports = { ofServer, ofSocket, revive };
