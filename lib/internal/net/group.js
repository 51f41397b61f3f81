'use strict';
// The page's servers: createServer(group, subs[, subMode][, saddr[, tlsOpt]]) and
// createSubServer(group). One master accepts; connections go to it and to the subs, each in a task
// of its own. docs/api/groups.md
const native = binding('net');
const { codes, errnoException } = require('internal/errors/codes');
const {
  validateFunction,
  validateInt32,
  validateNumber,
  validatePort,
} = require('internal/errors/validators');
const { on, close } = require('internal/net/handles');
const {
  Server,
  kId,
  kAnnounced,
  kTls,
  encryptWith,
  DEFAULT_BACKLOG,
  openHandle,
  listenError,
} = require('internal/net/server');

const kPage = Symbol('page'); // what the server was made with
const kSeat = Symbol('seat'); // the number that group events come to, also after close()
const kSubs = Symbol('subs'); // the master's records of its subs, by index
const kSettings = Symbol('settings');

// States of a member: enum Member::State in src/group/group.h.
const STARTING = 0;
const READY = 1;
const CLOSING = 2;
const CLOSED = 3;
const DEAD = 4;
const STATES = ['starting', 'ready', 'closing', 'closed', 'dead'];

const START_MS = 5000; // how long accepting waits for subs
const BACKOFF_MS = 100;
const BACKOFF_MAX_MS = 30000;
const HEALTHY_MS = 60000; // a sub that lived so long starts with a short delay again

let subServer = false; // this task's server of its own group was made

/** The native side of tasks; not loaded by servers without any. */
const tasks = () => binding('task');

/** The page's server: a master with its subs, or a sub. */
function GroupServer(page) {
  Server.call(this);
  this[kPage] = page;
  this[kSeat] = 0;
  this[kSubs] = [];
  this[kSettings] = {
    respawn: true,
    balance: 'round-robin',
    watchdog: undefined,
    maxHeap: undefined,
  };
  this.groupName = { group: page.group, name: page.name };
  if (page.tlsOpt !== undefined && page.tlsOpt !== null) encryptWith(this, page.tlsOpt);
}
Object.setPrototypeOf(GroupServer.prototype, Server.prototype);
Object.setPrototypeOf(GroupServer, Server);
Object.defineProperty(GroupServer.prototype, 'constructor', {
  value: Server,
  writable: true,
  configurable: true,
});

// ---- Making

function validateGroup(group) {
  if (typeof group !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('group', 'string', group);
  if (group === '') throw new codes.ERR_INVALID_ARG_VALUE('group', group, 'must not be empty');
}

/** createServer(group, subs[, subMode][, saddr[, tlsOpt]]) */
function createGroup(args) {
  const [group, subs] = args;
  validateGroup(group);
  if (typeof subs !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('subs', 'number', subs);
  if (!Number.isInteger(subs)) throw new codes.ERR_INVALID_ARG_TYPE('subs', 'integer', subs);
  if (subs < 0) throw new codes.ERR_OUT_OF_RANGE('subs', '>= 0', subs);
  const rest = args.slice(2);
  let subMode;
  if (typeof rest[0] === 'string') subMode = rest.shift();
  else if (rest[0] === undefined && rest.length > 1) rest.shift();
  const [saddr, tlsOpt] = rest;
  if (saddr !== undefined && saddr !== null && typeof saddr !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('saddr', 'Object', saddr);
  if (tlsOpt !== undefined && tlsOpt !== null && typeof tlsOpt !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('tlsOpt', 'Object', tlsOpt);
  const address = pageAddress(saddr);
  const { group: ownGroup } = tasks();
  if (ownGroup !== '') {
    if (ownGroup === group) return subOf(group, tlsOpt?.SNICallback);
    if (subs > 0) throw new codes.ERR_GROUP_NESTED(group, ownGroup);
  }
  return new GroupServer({
    group,
    name: group,
    master: true,
    subs,
    subMode,
    saddr: address,
    tlsOpt,
  });
}

/** createSubServer(group) */
function createSubServer(group) {
  validateGroup(group);
  if (tasks().group !== group) throw new codes.ERR_GROUP_NOT_SUB(group);
  return subOf(group);
}

function subOf(group, SNICallback) {
  if (subServer) throw new codes.ERR_GROUP_JOINED(group);
  subServer = true;
  const server = new GroupServer({ group, name: tasks().name, master: false, subs: 0 });
  const shared = binding('tls').groupTls();
  if (shared !== undefined)
    server[kTls] = require('internal/tls/certificates').ofGroup(shared, SNICallback);
  return server;
}

function pageAddress(saddr) {
  const socketModule = require('socket');
  const { domain, addr, port = 0, backlog } = saddr ?? {};
  if (addr !== undefined && typeof addr !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('saddr.addr', 'string', addr);
  const number = validatePort(port, 'saddr.port');
  let host = addr;
  if (host === undefined)
    host = domain === socketModule.AF_INET6 ? socketModule.IN6ADDR_ANY : socketModule.INADDR_ANY;
  socketModule._familyOf(domain, host);
  if (backlog !== undefined) validateInt32(backlog, 'saddr.backlog', 1);
  return { host, port: number, backlog };
}

// ---- Starting

/**
 * Starts the server. A master binds and starts its subs; a sub registers with its master.
 * Failures are thrown, and leave nothing behind.
 * @param {(server: Server) => void} [callback] added to `listening`
 * @returns {this}
 */
GroupServer.prototype.listen = function listen(callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (this[kId] !== 0 || this[kSeat] !== 0) throw new codes.ERR_SERVER_ALREADY_LISTEN();
  if (this[kPage].master) startMaster(this);
  else startSub(this);
  if (callback) this.once('listening', callback);
  return this;
};

function startMaster(server) {
  const { group, subs, subMode, saddr } = server[kPage];
  server[kTls]?.open();
  let file;
  if (subs > 0) {
    const room = tasks().maxTasks - tasks().count();
    if (subs > room)
      throw new codes.ERR_OUT_OF_RANGE('subs', `<= ${room}, what the limit of tasks leaves`, subs);
    file = require('internal/task/task').findProgram(subMode ?? group);
  }
  const id = native.listen(saddr.host, saddr.port, saddr.backlog ?? DEFAULT_BACKLOG, false, false);
  if (id < 0) throw listenError(id, saddr.host, saddr.port);
  if (!native.lead(id, group, subs)) {
    close(id);
    throw new codes.ERR_GROUP_EXISTS(group);
  }
  openHandle(server, id);
  server[kSeat] = id;
  server[kTls]?.share(id);
  server[kPage].file = file;
  applyBalance(server);
  const fail = startSubs(server, subs);
  if (fail !== undefined) {
    for (const sub of server[kSubs]) if (sub?.task > 0) tasks().end(sub.task, 0);
    server[kSubs] = [];
    server[kId] = server[kSeat] = 0;
    native.closeGroup(id);
    close(id);
    throw fail;
  }
  applyWatchdog(server);
  if (subs === 0) process.nextTick(announce, server, id);
  else server[kPage].startTimer = setTimeout(announce, START_MS, server, id);
}

function startSubs(server, subs) {
  server[kSubs] = [undefined];
  for (let index = 1; index <= subs; index++) {
    const sub = {
      index,
      name: `${server[kPage].group}:${index}`,
      task: 0,
      state: DEAD,
      registered: false,
      left: false,
      restarts: 0,
      delay: BACKOFF_MS,
      started: 0,
      timer: undefined,
      stuck: undefined,
    };
    server[kSubs].push(sub);
    const errno = spawn(server, sub);
    if (errno !== 0) return errnoException(errno, 'spawn', server[kPage].file);
  }
  return undefined;
}

// Starts a sub's task; 0, or -errno.
function spawn(server, sub) {
  const { group, file } = server[kPage];
  const id = tasks().spawnSub(file, group, sub.index);
  if (id < 0) return id;
  sub.task = id;
  sub.state = STARTING;
  sub.registered = false;
  sub.left = false;
  sub.stuck = undefined;
  sub.started = performanceNow();
  if (server[kSettings].maxHeap !== undefined) tasks().setMaxHeap(id, server[kSettings].maxHeap);
  process.nextTick(tell, server, sub, 'spawn', {});
  return 0;
}

const performanceNow = () => binding('runtime').monotonic();

// Accepting starts, and listening is told: no connection comes before.
function announce(server, id) {
  if (server[kId] !== id || server[kAnnounced]) return;
  clearTimeout(server[kPage].startTimer);
  server[kAnnounced] = true;
  if (server[kPage].master) native.accepting(id, true);
  server[kTls]?.watch(server);
  server.emit('listening', server);
}

function startSub(server) {
  const id = native.join();
  if (id === 0) throw new codes.ERR_GROUP_CLOSED(server[kPage].group);
  openHandle(server, id);
  process.nextTick(announce, server, id);
}

// ---- Properties and settings

/** Whether this server accepts; false in a sub task. */
GroupServer.prototype.isMaster = function isMaster() {
  return this[kPage].master;
};

/** The master's bound port once listen() returned; undefined before that, after close(), and in subs. */
GroupServer.prototype.port = function port() {
  return this[kPage].master ? Server.prototype.port.call(this) : undefined;
};

/** The master's bound address between `listening` and close(), else null. */
GroupServer.prototype.address = function address() {
  return this[kPage].master && this[kAnnounced] ? Server.prototype.address.call(this) : null;
};

function setting(name, apply) {
  Object.defineProperty(GroupServer.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this[kSettings][name];
    },
    set(value) {
      apply(this, value);
    },
  });
}

setting('respawn', (server, value) => {
  server[kSettings].respawn = Boolean(value);
});

const BALANCES = ['round-robin', 'least-connections'];

setting('balance', (server, value) => {
  if (typeof value !== 'function' && !BALANCES.includes(value))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'server.balance',
      value,
      "must be 'round-robin', 'least-connections' or a function",
    );
  server[kSettings].balance = value;
  applyBalance(server);
});

function applyBalance(server) {
  const { balance } = server[kSettings];
  if (server[kId] !== 0)
    native.setBalance(server[kId], typeof balance === 'function' ? 2 : BALANCES.indexOf(balance));
}

setting('maxHeap', (server, value) => {
  if (value !== undefined && value !== Infinity)
    validateNumber(value, 'server.maxHeap', 0, Number.MAX_SAFE_INTEGER);
  server[kSettings].maxHeap = value === Infinity ? 0 : value;
  const bytes = server[kSettings].maxHeap ?? tasks().defaultMaxHeap;
  for (const sub of server[kSubs]) if (sub?.task > 0) tasks().setMaxHeap(sub.task, bytes);
});

setting('watchdog', (server, value) => {
  if (value !== undefined && value !== null && value !== 0) {
    const { timeout } = typeof value === 'object' ? value : { timeout: value };
    validateNumber(
      timeout,
      typeof value === 'object' ? 'server.watchdog.timeout' : 'server.watchdog',
      1,
    );
  }
  server[kSettings].watchdog = value;
  applyWatchdog(server);
});

// ---- What becomes of subs

function tell(server, sub, type, more) {
  server.emit('sub', { type, name: sub.name, index: sub.index, task: sub.task, ...more });
}

GroupServer.prototype[on.member] = function onMember(index, state) {
  const sub = this[kSubs][index];
  if (sub === undefined) return;
  sub.state = state;
  if (state === READY) sub.registered = true;
  if (state === CLOSING && this[kId] !== 0) {
    sub.left = true;
    tell(this, sub, 'leave', {});
  }
  if (state === DEAD) subEnded(this, sub);
  if (this[kId] !== 0) startIfComplete(this);
  else this._closeIfDrained();
};

function startIfComplete(server) {
  if (server[kAnnounced] || server[kSubs].some((sub) => sub?.state === STARTING && !sub.awaited))
    return;
  announce(server, server[kId]);
}

function subEnded(server, sub) {
  const [code, error, stack] = native.memberEnd(server[kSeat], sub.index);
  const open = server[kId] !== 0;
  // One that closed its server, or ended well without ever asking for connections, is not missed.
  const wanted =
    open &&
    server[kSettings].respawn &&
    !sub.left &&
    (sub.registered || code !== 0 || error !== '');
  if (performanceNow() - sub.started >= HEALTHY_MS) sub.delay = BACKOFF_MS;
  const delay = wanted ? sub.delay : undefined;
  tell(server, sub, 'exit', { code, error, stack, delay });
  sub.task = 0;
  if (wanted && server[kId] !== 0) respawnAfter(server, sub, delay);
}

function respawnAfter(server, sub, delay) {
  sub.delay = Math.min(delay * 2, BACKOFF_MAX_MS);
  sub.timer = setTimeout(() => {
    sub.timer = undefined;
    if (server[kId] === 0) return;
    sub.restarts++;
    const errno = spawn(server, sub);
    if (errno === 0) {
      // The others accept already, or wait for those of the first start only.
      sub.awaited = true;
      tell(server, sub, 'respawn', { restarts: sub.restarts });
    } else {
      const error = errnoException(errno, 'spawn', server[kPage].file);
      tell(server, sub, 'exit', { code: 1, error: String(error), stack: '', delay: sub.delay });
      respawnAfter(server, sub, sub.delay);
    }
  }, delay);
  sub.timer.unref();
}

// ---- Watching

function applyWatchdog(server) {
  clearInterval(server[kPage].watchTimer);
  const { watchdog } = server[kSettings];
  if (!watchdog || server[kSeat] === 0 || !server[kPage].master) return;
  const { timeout, end = true } = typeof watchdog === 'object' ? watchdog : { timeout: watchdog };
  server[kPage].watchTimer = setInterval(
    watch,
    Math.max(Math.floor(timeout / 4), 5),
    server,
    timeout,
    end,
  );
  server[kPage].watchTimer.unref();
}

function watch(server, timeout, end) {
  for (const sub of server[kSubs]) {
    if (sub === undefined || sub.task === 0) continue;
    const load = tasks().load(sub.task);
    // A sub that starts loads its modules in one turn.
    const limit = sub.registered ? timeout : Math.max(timeout, START_MS);
    if (load === undefined || load[0] < limit) {
      sub.stuck = undefined;
      continue;
    }
    if (sub.stuck === undefined) {
      // The task gives its stack while it runs JavaScript; one that waits in a call does not.
      sub.stuck = { looks: 0, told: false };
      tasks().wantStack(sub.task);
      continue;
    }
    if (sub.stuck.told) continue;
    const stack = tasks().takeStack(sub.task);
    if (stack === '' && ++sub.stuck.looks < 4) continue;
    sub.stuck.told = true;
    tell(server, sub, 'stuck', { busy: load[0], stack });
    if (end && sub.task !== 0)
      tasks().end(sub.task, 1, `Error: the task's loop did not turn for ${load[0]} ms`, stack);
  }
}

/**
 * What the handlers do: the master first, then the subs. Empty in a sub task.
 * @returns {{name: string, state: string, task: number, connections: number, total: number,
 *     bytesIn: number, bytesOut: number, lag: number, heap: number, restarts: number}[]}
 *     lag in ms: how long the present turn of its loop lasts, or the last one did; heap in bytes
 */
GroupServer.prototype.stats = function stats() {
  const seat = this[kSeat];
  if (!this[kPage].master || seat === 0) return [];
  const all = [];
  for (let index = 0; index <= this[kPage].subs; index++) {
    const [state, connections, total, bytesIn, bytesOut] = native.member(seat, index);
    const sub = this[kSubs][index];
    const task = index === 0 ? tasks().id : sub.task;
    const [busy, last, heap] = (task !== 0 && tasks().load(task)) || [0, 0, 0];
    all.push({
      name: index === 0 ? this[kPage].name : sub.name,
      state: STATES[state],
      task,
      connections,
      total,
      bytesIn,
      bytesOut,
      lag: busy || last,
      heap: index === 0 ? binding('runtime').memoryUsage().heapSize : heap,
      restarts: index === 0 ? 0 : sub.restarts,
    });
  }
  return all;
};

// server.balance is a function: it names the member that shall have the connection.
GroupServer.prototype[on.pick] = function onPick(address, port) {
  const seat = this[kSeat];
  const candidates = native.readyMembers(seat).map((index) => {
    const [, connections, total] = native.member(seat, index);
    const sub = this[kSubs][index];
    return {
      index,
      name: index === 0 ? this[kPage].name : sub.name,
      task: index === 0 ? tasks().id : sub.task,
      connections,
      total,
    };
  });
  const family = native.isIP(address) === 6 ? 'IPv6' : 'IPv4';
  let chosen;
  try {
    chosen = this[kSettings].balance(candidates, { address, port, family });
  } catch (error) {
    process._uncaught(error);
  }
  const found = candidates.find(
    (one) => one === chosen || one.index === chosen || one.name === chosen,
  );
  return found === undefined ? -1 : found.index;
};

// ---- The end

/**
 * Stops the server. A master stops accepting and has its subs stop; a sub leaves the group. Open
 * connections go on; `close` follows when they, and a master's subs, have ended.
 * @param {(error?: Error) => void} [callback]
 * @returns {this}
 */
GroupServer.prototype.close = function closeGroup(callback) {
  if (callback !== undefined && callback !== null) validateFunction(callback, 'callback');
  const id = this[kId];
  if (id === 0) {
    if (typeof callback === 'function')
      process.nextTick(callback, new codes.ERR_SERVER_NOT_RUNNING());
    return this;
  }
  if (typeof callback === 'function') this.once('close', () => callback());
  this[kId] = 0;
  this[kAnnounced] = false;
  this[kTls]?.close();
  if (this[kPage].master) {
    clearTimeout(this[kPage].startTimer);
    const told = native.closeGroup(id);
    for (const sub of this[kSubs]) {
      if (sub === undefined) continue;
      clearTimeout(sub.timer);
      // One that has not registered has nothing to finish.
      if (sub.state === STARTING) tasks().end(sub.task, 0);
      // One that left before, which may not be known here yet, goes on as it likes.
      else if (!told.includes(sub.index)) sub.left = true;
    }
  } else close(id);
  this._closeIfDrained();
  return this;
};

GroupServer.prototype._closeIfDrained = function closeIfDrained() {
  if (this[kId] !== 0 || this._connections > 0 || this[kPage].closing) return;
  if (this[kPage].master) {
    if (this[kSeat] === 0) return;
    if (
      this[kSubs].some(
        (sub) => sub !== undefined && !(sub.state === DEAD || (sub.left && sub.state === CLOSED)),
      )
    )
      return;
    close(this[kSeat]);
    this[kSeat] = 0;
    clearInterval(this[kPage].watchTimer);
    process.nextTick(() => this.emit('close', this));
    return;
  }
  this[kPage].closing = true;
  process.nextTick(() => {
    this[kPage].closing = false;
    this.emit('close', this);
    if (native.leftGroup()) process.exit();
  });
};

// The master closed. The task ends once its connections have ended and `close` was told.
GroupServer.prototype[on.groupClosed] = function onGroupClosed() {
  tasks().cancel(tasks().id);
  this.close();
  this.emit('stopping', this);
};

module.exports = { createGroup, createSubServer };
