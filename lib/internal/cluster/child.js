'use strict';
// cluster in a worker: servers that listen ask the primary for the socket.
const EventEmitter = require('events');
const native = binding('net');
const environment = require('internal/base/environment');

const { bindShared } = require('internal/net/datagrams');
const { listenShared, started } = require('internal/net/listening');
const { Peer } = require('internal/cluster/protocol');
const { Worker } = require('internal/cluster/worker');

const cluster = new EventEmitter();
const worker = new Worker({
  id: Number(environment.own('NODE_UNIQUE_ID')) | 0,
  process,
  state: 'online',
});
environment.drop('NODE_UNIQUE_ID'); // it is not for children

Object.assign(cluster, { Worker, isMaster: false, isPrimary: false, isWorker: true, worker });

const servers = new Map(); // key → net.Server or dgram.Socket that listens
const counts = new Map(); // key without the count → how many servers had it

const acts = {
  connection(message, fd) {
    const server = servers.get(message.key);
    const accepted = server?.listening === true && fd !== undefined;
    peer.answer(message, { accepted });
    const taken = accepted && native.take(server._listenerId(), fd) === 0;
    if (!taken && fd !== undefined) binding('channel').discard(fd);
  },
  disconnect: () => worker.disconnect(),
  leave({ orders }) {
    worker.exitedAfterDisconnect = true;
    require('internal/net/terminate').leave(orders);
  },
};
const peer = new Peer(process, acts, true);

// ---- Listening

// The nth server of one address is the nth in every worker.
function keyOf(base, port) {
  const count = counts.get(base) ?? 0;
  counts.set(base, count + 1);
  return port === 0 ? `${base}:${count}` : base;
}

/** Has a server listen on what the primary shares. Called by internal/net/listening. */
function listen(server, options, backlog) {
  const { host, port, path, ipv6Only } = options;
  const key = keyOf(path ?? `${host ?? ''}:${port}:${Boolean(ipv6Only)}`, port);
  const asked = {};
  server._starting = asked;
  const question = { act: 'listen', key, options: { host, port, path, ipv6Only, backlog } };
  peer.send(question, undefined, (answer, fd) => {
    if (server._starting !== asked) {
      // Closed meanwhile.
      if (fd !== undefined) binding('channel').discard(fd);
      peer.send({ act: 'close', key });
      return;
    }
    server._starting = null;
    if (answer === undefined) return; // the primary is gone, and this process goes
    const id = answer.errno ?? native.listenDescriptor(fd, backlog, server._encrypts());
    started(server, id, path ?? host ?? '::', path === undefined ? port : -1, !answer.turns);
    if (id < 0) return;
    keep(key, server);
    server.once('listening', () => tellListening(server, options));
  });
}

function keep(key, server) {
  servers.set(key, server);
  server.once('close', () => {
    servers.delete(key);
    peer.send({ act: 'close', key });
  });
}

/**
 * Has a socket of dgram bind to what the primary shares.
 * @param {import('dgram').Socket} socket
 * @param {{ family: number, flags: boolean[], ip: string, port: number }} datagrams
 * @param {(errno: number, fd: number) => boolean} bound  returns whether the socket has it
 */
function bind(socket, datagrams, bound) {
  const { family, ip, port } = datagrams;
  const key = keyOf(`udp${family} ${ip}:${port}`, port);
  peer.send({ act: 'listen', key, options: { datagrams } }, undefined, (answer, fd) => {
    if (answer === undefined) return; // the primary is gone, and this process goes
    if (!bound(answer.errno ?? 0, fd)) {
      if (fd !== undefined) binding('channel').discard(fd);
      peer.send({ act: 'close', key });
      return;
    }
    keep(key, socket);
    const address = { addressType: `udp${family}`, address: ip, port: socket.address().port };
    peer.send({ act: 'listening', address: { ...address, fd: -1 } });
  });
}

function tellListening(server, { host, path }) {
  const found = server.address();
  const address =
    path === undefined
      ? {
          addressType: found?.family === 'IPv6' ? 6 : 4,
          address: host ?? null,
          port: found?.port,
        }
      : { addressType: -1, address: path, port: -1 };
  peer.send({ act: 'listening', address: { ...address, fd: undefined } });
}

// ---- The end

/** Closes all servers, waits for them, and lets go of the primary. */
worker.disconnect = function disconnect() {
  if (worker.exitedAfterDisconnect) return worker;
  worker.exitedAfterDisconnect = true;
  let left = servers.size;
  const done = () => {
    if (left-- > 0 || !process.connected) return;
    peer.send({ act: 'exitedAfterDisconnect' }, undefined, () => {
      if (process.connected) process.disconnect();
    });
  };
  for (const server of servers.values()) server.close(done);
  done();
  return worker;
};

worker.destroy = function destroy() {
  if (worker.exitedAfterDisconnect) return;
  worker.exitedAfterDisconnect = true;
  if (!process.connected) process.exit(0);
  process.once('disconnect', () => process.exit(0));
  peer.send({ act: 'exitedAfterDisconnect' }, undefined, () => process.disconnect());
};

process.once('disconnect', () => {
  worker.emit('disconnect');
  // The primary has gone.
  if (!worker.exitedAfterDisconnect) process.exit(0);
});

listenShared(listen);
bindShared(bind);
peer.send({ act: 'online' });

module.exports = cluster;
