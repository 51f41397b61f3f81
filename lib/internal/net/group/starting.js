'use strict';
// How a group starts: the master binds and starts its subs; a sub registers with its master.
const native = binding('net');
const group = binding('group');
const { codes, errnoException } = require('internal/errors/codes');
const { close } = require('internal/net/handles');
const { kId, kAnnounced, kTls, openHandle, service } = require('internal/net/server');
const { DEFAULT_BACKLOG, activatedDescriptor, listenError } = require('internal/net/listening');
const {
  kPage,
  kSeat,
  kSubs,
  kSettings,
  STARTING,
  START_MS,
  tasks,
} = require('internal/net/group/fields');
const { record, spawn } = require('internal/net/group/subs');
const { applyBalance } = require('internal/net/group/balance');
const { applyWatchdog } = require('internal/net/group/supervision');

function startMaster(server) {
  const { group: name, subs, subMode, saddr } = server[kPage];
  server[kTls]?.open();
  let file;
  if (subs > 0) {
    const room = tasks().maxTasks - tasks().count();
    if (subs > room)
      throw new codes.ERR_OUT_OF_RANGE('subs', `<= ${room}, what the limit of tasks leaves`, subs);
    file = require('internal/task/task').findProgram(subMode ?? name);
  }
  const backlog = saddr.backlog ?? DEFAULT_BACKLOG;
  const activated = activatedDescriptor(saddr);
  const id =
    activated >= 0
      ? native.listenDescriptor(activated, backlog)
      : native.listen(saddr.host, saddr.port, backlog, false, false);
  if (id < 0) throw listenError(id, saddr.host, saddr.port);
  if (!group.lead(id, name, subs, server._encrypts())) {
    close(id);
    throw new codes.ERR_GROUP_EXISTS(name);
  }
  openHandle(server, id);
  server[kSeat] = id;
  server[kTls]?.share(id);
  server[kPage].file = file;
  service?.begun(server);
  applyBalance(server);
  const { groupWriteLimit } = server[kSettings];
  if (groupWriteLimit > 0 && groupWriteLimit !== Infinity) group.setWriteLimit(id, groupWriteLimit);
  const fail = startSubs(server, subs);
  if (fail !== undefined) {
    service?.ended(server);
    for (const sub of server[kSubs]) if (sub?.task > 0) tasks().end(sub.task, 0);
    server[kSubs] = [];
    server[kId] = server[kSeat] = 0;
    group.closeGroup(id);
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
    const sub = record(server, index);
    server[kSubs].push(sub);
    const errno = spawn(server, sub);
    if (errno !== 0) return errnoException(errno, 'spawn', server[kPage].file);
  }
  return undefined;
}

// Accepting starts, and listening is told: no connection comes before.
function announce(server, id) {
  if (server[kId] !== id || server[kAnnounced]) return;
  clearTimeout(server[kPage].startTimer);
  server[kAnnounced] = true;
  if (server[kPage].master) native.accepting(id, true);
  server[kTls]?.watch(server);
  if (server[kPage].master) service?.listening(server);
  server.emit('listening', server);
}

function startSub(server) {
  const id = group.join();
  if (id === 0) throw new codes.ERR_GROUP_CLOSED(server[kPage].group);
  openHandle(server, id);
  process.nextTick(announce, server, id);
}

/** Has accepting start once no sub of the first start is waited for. */
function startIfComplete(server) {
  if (server[kAnnounced] || server[kSubs].some((sub) => sub?.state === STARTING && !sub.awaited))
    return;
  announce(server, server[kId]);
}

module.exports = { startMaster, startSub, startIfComplete };
