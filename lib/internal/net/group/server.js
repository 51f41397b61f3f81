'use strict';
// GroupServer: the server of a group, a master with its subs or a sub.
const { codes } = require('internal/errors/codes');
const { validateFunction } = require('internal/errors/validators');
const { on } = require('internal/net/handles');
const { Server, kId, kAnnounced, encryptWith } = require('internal/net/server');
const {
  kPage,
  kSeat,
  kSubs,
  kSettings,
  READY,
  CLOSING,
  DEAD,
  tell,
} = require('internal/net/group/fields');
const { startMaster, startSub, startIfComplete } = require('internal/net/group/starting');
const { subEnded, setMaxHeap, setWatchdog } = require('internal/net/group/supervision');
const { setBalance, pick } = require('internal/net/group/balance');
const { statsOf } = require('internal/net/group/numbers');
const { end, closeIfDrained, closedByMaster } = require('internal/net/group/ending');

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
    groupWriteLimit: undefined,
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
  end(this);
  return this;
};

GroupServer.prototype._stop = function stop() {
  if (this[kId] !== 0) end(this);
};

// ---- Draining: the master's members do as it does

GroupServer.prototype._drainMembers = function drainMembers(drain) {
  if (this[kPage].master) require('internal/net/group/draining').begin(this, drain);
};
GroupServer.prototype._hastenMembers = GroupServer.prototype._drainMembers;
GroupServer.prototype._giveUpMembers = function giveUpMembers() {
  if (this[kPage].master) require('internal/net/group/draining').giveUp(this);
};
GroupServer.prototype._endMembers = function endMembers(drain, late) {
  if (this[kPage].master) require('internal/net/group/draining').endLate(this, late);
};
GroupServer.prototype._countDrained = function countDrained(counts) {
  if (!this[kPage].master) require('internal/net/group/draining').count(counts);
};

GroupServer.prototype[on.groupDrain] = function onGroupDrain(text) {
  require('internal/net/group/draining').join(this, JSON.parse(text));
};

GroupServer.prototype._closeIfDrained = function _closeIfDrained() {
  closeIfDrained(this);
};

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

/**
 * What the handlers do: the master first, then the subs. Empty in a sub task.
 * @returns {{name: string, state: string, task: number, connections: number, total: number,
 *     bytesIn: number, bytesOut: number, lag: number, heap: number, restarts: number}[]}
 *     lag in ms: how long the present turn of its loop lasts, or the last one did; heap in bytes
 */
GroupServer.prototype.stats = function stats() {
  return statsOf(this);
};

/** As of every server, of all members of the group. */
GroupServer.prototype.recent = function recent(options) {
  return require('internal/net/record').recentOf(0, this[kPage].group, options);
};

/** As of every server, of all members of the group. */
GroupServer.prototype.capture = function capture(options) {
  return require('internal/net/capture').captureOf(0, this[kPage].group, options);
};

// ---- Settings

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
setting('balance', setBalance);
setting('groupWriteLimit', (server, value) => {
  const limit = require('internal/net/write_limits').bytes(value, 'server.groupWriteLimit');
  if (!server.isMaster()) throw new codes.ERR_GROUP_NOT_MASTER('server.groupWriteLimit');
  server[kSettings].groupWriteLimit = value;
  if (server[kId] !== 0) binding('group').setWriteLimit(server[kId], limit);
});
setting('maxHeap', setMaxHeap);
setting('watchdog', setWatchdog);
// What subs may do that start from now on, as options.permission of Task.
setting('permission', (server, value) => {
  server[kSettings].policy = require('internal/task/permission').policyOf(value, 'permission');
  server[kSettings].permission = value;
});

// ---- Events

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

GroupServer.prototype[on.pick] = function onPick(address, port) {
  return pick(this, address, port);
};

GroupServer.prototype[on.groupClosed] = function onGroupClosed() {
  closedByMaster(this);
};

module.exports = { GroupServer };
