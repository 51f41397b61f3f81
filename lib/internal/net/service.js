'use strict';
// A program that a service manager such as systemd started: the sockets that it was given
// (sd_listen_fds(3)), and what the manager is told (sd_notify(3)). Loaded only where there is one.
const native = binding('net');
const environment = require('internal/base/environment');
const { codes, errnoException } = require('internal/errors/codes');
const { isPipeName } = require('internal/net/options');

const FIRST_FD = 3;
const UNUSED_MS = 10000; // after that a socket that nobody took is told
const MOST_FDS = 65536; // that a manager gives
const TIMER_MAX = 2 ** 31 - 1;

// ---- Sockets that are listening already

/** { name, fd, address, error, taken } of each, in the manager's order. */
const inherited = [];

function inherit() {
  const {
    LISTEN_PID,
    LISTEN_FDS,
    LISTEN_FDNAMES = '',
  } = environment.owned('LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES');
  if (Number(LISTEN_PID) !== process.pid) return;
  // Programs that this one runs are not meant.
  for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID'])
    environment.drop(name);
  const names = LISTEN_FDNAMES.split(':');
  const count = Number(LISTEN_FDS);
  if (!Number.isInteger(count) || count < 0 || count > MOST_FDS) {
    process.emitWarning(`LISTEN_FDS must be a number of sockets, not '${LISTEN_FDS}'`, {
      code: 'SLUICE_ACTIVATION_COUNT',
    });
    return;
  }
  for (let i = 0; i < count; i++) {
    const found = native.inheritListener(FIRST_FD + i);
    const error = typeof found === 'number' ? errnoException(found, 'getsockopt').code : '';
    inherited.push({
      name: names[i] || 'unknown', // what the manager calls one without a name
      fd: FIRST_FD + i,
      address: error ? null : (found.path ?? found),
      error,
      taken: false,
    });
  }
  if (count > 0) setTimeout(tellUnused, UNUSED_MS).unref();
}

function tellUnused() {
  const unused = inherited.filter((one) => !one.taken).map((one) => `${one.name} (${one.fd})`);
  if (unused.length > 0)
    process.emitWarning(
      `nobody listens on sockets that this process was started with: ${unused.join(', ')}`,
      { code: 'SLUICE_ACTIVATION_UNUSED' },
    );
}

/** @returns {{name: string, fd: number, address: object|string|null}[]} */
function activated() {
  return inherited.map(({ name, fd, address }) => ({ name, fd, address }));
}

/**
 * The descriptor of a socket that nobody took yet.
 * @param {string|number} which its name, of which there may be several, or its place from 0
 * @throws ERR_ACTIVATION_FD
 */
function take(which) {
  const fail = (reason) => {
    throw new codes.ERR_ACTIVATION_FD(which, reason);
  };
  if (typeof which !== 'string' && !Number.isInteger(which))
    throw new codes.ERR_INVALID_ARG_TYPE('options.activated', ['string', 'integer'], which);
  const all = inherited.filter((one, i) => which === i || which === one.name);
  if (all.length === 0) {
    const names = inherited.map((one, i) => `${i} '${one.name}'`).join(', ');
    fail(names === '' ? 'the process was started with none' : `there are ${names}`);
  }
  const one = all.find((each) => !each.taken);
  if (one === undefined) fail('a server has it');
  if (one.error !== '') fail(`descriptor ${one.fd} is no stream socket that listens: ${one.error}`);
  one.taken = true;
  return one.fd;
}

/** With --activated: the descriptor of the socket that listens where host and port say, or -1. */
function takeAddress(host, port) {
  const one = inherited.find(({ address, taken }) => {
    if (taken || address === null) return false;
    if (isPipeName(host) && port < 0) return address === host;
    return address.port === Number(port) && address.address === host;
  });
  if (one === undefined) return -1;
  one.taken = true;
  return one.fd;
}

// ---- What the manager is told

const beginning = new Set(); // servers whose listen() has not ended
const serving = new Set();
let firstTurn = true;
let ready = false;
let leaving = false;
let told = '';

function notify(...lines) {
  native.notifyService(lines.join('\n'));
}

const where = (server) => {
  const address = server.address();
  return typeof address === 'string' ? address : `${address?.address}:${address?.port}`;
};

function status() {
  const places = [...serving].filter((server) => server.listening).map(where);
  if (places.length === 0) return 'STATUS=not listening';
  let connections = 0;
  for (const server of serving)
    for (const one of server.stats?.() ?? [{ connections: server._connections }])
      connections += one.connections;
  return `STATUS=listening on ${places.join(', ')}; ${connections} connections`;
}

function tell() {
  if (beginning.size > 0 || firstTurn || leaving) return;
  const text = status();
  if (!ready) notify('READY=1', text);
  else if (text !== told) notify(text);
  ready = true;
  told = text;
}

/** listen() of a server begins. */
function begun(server) {
  beginning.add(server);
}
function listening(server) {
  beginning.delete(server);
  serving.add(server);
  tell();
}
/** A server did not begin to listen, or stopped. */
function ended(server) {
  beginning.delete(server);
  if (serving.delete(server)) tell();
}

/** The process ends, and its connections may take so many ms. */
function draining(ms) {
  leaving = true;
  notify('STOPPING=1', 'STATUS=draining', `EXTEND_TIMEOUT_USEC=${Math.ceil(ms) * 1000}`);
}

/** The process ends. */
function stopping() {
  if (ready && !leaving) notify('STOPPING=1');
}

/** How long the longest present turn of a group's subs has lasted, in ms. */
function longestTurn(server) {
  if (server.stats === undefined) return 0;
  const { kSubs, tasks } = require('internal/net/group/fields');
  const turns = server[kSubs].map((sub) => (sub?.task > 0 ? tasks().load(sub.task) : undefined));
  return Math.max(0, ...turns.map((turn) => turn?.[0] ?? 0));
}

// With a task that is stuck all is not well.
function alive(limit) {
  for (const server of serving) if (longestTurn(server) > limit) return;
  notify('WATCHDOG=1');
  tell();
}

function watch() {
  const { WATCHDOG_USEC, WATCHDOG_PID } = environment.owned('WATCHDOG_USEC', 'WATCHDOG_PID');
  const milliseconds = Number(WATCHDOG_USEC) / 1000;
  if (!(milliseconds > 0) || (WATCHDOG_PID && Number(WATCHDOG_PID) !== process.pid)) return;
  const half = Math.min(TIMER_MAX, milliseconds / 2);
  setInterval(alive, Math.max(1, half), half).unref();
}

/** Before the program runs. */
function begin() {
  inherit();
  if (!environment.own('NOTIFY_SOCKET')) return;
  setImmediate(() => {
    firstTurn = false;
    tell();
  }).unref();
  watch();
}

module.exports = {
  activated,
  begin,
  begun,
  draining,
  ended,
  listening,
  stopping,
  take,
  takeAddress,
};
