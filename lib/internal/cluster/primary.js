'use strict';
// cluster in the primary process: it forks the workers and has the sockets that they listen on.
const EventEmitter = require('events');
const { fork } = require('child_process');
const { validateObject, validateString } = require('internal/errors/validators');
const { Peer } = require('internal/cluster/protocol');
const { Worker } = require('internal/cluster/worker');
const { EINVAL } = binding('os').errno;

const SCHED_NONE = 1;
const SCHED_RR = 2;
const POLICIES = { none: SCHED_NONE, rr: SCHED_RR };

const cluster = new EventEmitter();
const peers = new Map(); // Worker → Peer
const servers = new Map(); // key → SharedServer
let nextId = 0;
let policySettled = false;

Object.assign(cluster, {
  SCHED_NONE,
  SCHED_RR,
  Worker,
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  schedulingPolicy:
    POLICIES[require('internal/base/environment').own('NODE_CLUSTER_SCHED_POLICY')] ?? SCHED_RR,
  settings: {},
  workers: {},
});

/** Sets what fork() starts: exec, args, execArgv, cwd, silent, stdio, serialization, uid, gid. */
cluster.setupPrimary = function setupPrimary(options = {}) {
  validateObject(options, 'options');
  if (options.exec !== undefined) validateString(options.exec, 'options.exec');
  cluster.settings = {
    args: process.argv.slice(2),
    exec: process.argv[1],
    execArgv: process.execArgv,
    silent: false,
    ...cluster.settings,
    ...options,
  };
  policySettled = true;
  process.nextTick(() => cluster.emit('setup', cluster.settings));
};
cluster.setupMaster = cluster.setupPrimary;

/** Starts a worker. @param {object} [env] added to its environment @returns {Worker} */
cluster.fork = function forkWorker(env) {
  if (!policySettled) cluster.setupPrimary();
  const id = ++nextId;
  const { exec, args, ...options } = cluster.settings;
  const child = fork(exec, args, {
    ...options,
    env: { ...process.env, ...env, NODE_UNIQUE_ID: `${id}` },
  });
  const worker = new Worker({ id, process: child });
  cluster.workers[id] = worker;
  peers.set(worker, new Peer(child, actsOf(worker), false));
  worker.on('message', (message, handle) => cluster.emit('message', worker, message, handle));
  child.once('exit', (code, signal) => ended(worker, code, signal));
  child.once('disconnect', () => disconnected(worker));
  worker.disconnect = () => disconnect(worker);
  worker.destroy = (signal = 'SIGTERM') => worker.process.kill(signal);
  process.nextTick(() => cluster.emit('fork', worker));
  return worker;
};

/** Disconnects all workers; calls back once there are none. */
cluster.disconnect = function disconnectAll(callback) {
  const all = Object.values(cluster.workers);
  let told = false;
  const check = () => {
    if (told || Object.keys(cluster.workers).length > 0) return;
    told = true;
    callback?.();
  };
  if (all.length === 0) process.nextTick(check);
  for (const worker of all) {
    worker.process.once('disconnect', () => setImmediate(check));
    if (worker.isConnected()) worker.disconnect();
  }
};

function disconnect(worker) {
  worker.exitedAfterDisconnect = true;
  leave(worker);
  peers.get(worker)?.send({ act: 'disconnect' });
  return worker;
}

// ---- The end of a worker

function leave(worker) {
  for (const server of servers.values()) server.remove(peers.get(worker));
}

function forget(worker) {
  leave(worker);
  peers.delete(worker);
  delete cluster.workers[worker.id];
}

function disconnected(worker) {
  worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
  worker.state = 'disconnected';
  leave(worker);
  if (worker.isDead()) forget(worker);
  else delete cluster.workers[worker.id];
  worker.emit('disconnect');
  cluster.emit('disconnect', worker);
}

function ended(worker, code, signal) {
  if (!worker.isConnected()) forget(worker);
  worker.exitedAfterDisconnect = Boolean(worker.exitedAfterDisconnect);
  worker.state = 'dead';
  worker.emit('exit', code, signal);
  cluster.emit('exit', worker, code, signal);
}

// The primary leaves (--drain): so do all workers, which then end.
require('internal/net/terminate').others.push((orders) =>
  Promise.all(
    Object.values(cluster.workers).map((worker) => {
      worker.exitedAfterDisconnect = true;
      return new Promise((resolve) => {
        peers.get(worker).send({ act: 'leave', orders }, undefined, resolve);
      });
    }),
  ),
);

// ---- What workers ask for

function share(key, options, ended) {
  if (options.datagrams !== undefined) {
    const { SharedDatagrams } = require('internal/cluster/shared_datagrams');
    return new SharedDatagrams(options.datagrams, ended);
  }
  const { SharedServer } = require('internal/cluster/shared_server');
  const { host, port, path, ipv6Only, backlog } = options;
  const where = { host, port, path, ipv6Only, backlog };
  return new SharedServer(key, where, cluster.schedulingPolicy !== SCHED_NONE, ended);
}

function listen(worker, message) {
  const { key, options } = message;
  const peer = peers.get(worker);
  let server = servers.get(key);
  if (server === undefined) {
    try {
      server = share(key, options, () => servers.delete(key));
    } catch {
      peer.answer(message, { errno: -EINVAL }); // no such thing to listen on
      return;
    }
    servers.set(key, server);
  }
  server.add(peer, (result, descriptor) => peer.answer(message, result, descriptor));
}

function actsOf(worker) {
  return {
    online() {
      worker.state = 'online';
      worker.emit('online');
      cluster.emit('online', worker);
    },
    listening({ address }) {
      worker.state = 'listening';
      worker.emit('listening', address);
      cluster.emit('listening', worker, address);
    },
    listen: (message) => listen(worker, message),
    close: ({ key }) => servers.get(key)?.remove(peers.get(worker)),
    // It ends because it wants to.
    exitedAfterDisconnect(message) {
      worker.exitedAfterDisconnect = true;
      peers.get(worker).answer(message, {});
    },
  };
}

module.exports = cluster;
