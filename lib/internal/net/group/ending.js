'use strict';
// How a group ends: no more connections, those that are open go on, and `close` once they and the
// subs have ended.
const group = binding('group');
const { close } = require('internal/net/handles');
const { kId, kAnnounced, kTls, service } = require('internal/net/server');
const { kPage, kSeat, kSubs, STARTING, CLOSED, DEAD, tasks } = require('internal/net/group/fields');

/** Ends a server that listens. */
function end(server) {
  const id = server[kId];
  server[kId] = 0;
  server[kAnnounced] = false;
  server[kTls]?.close();
  if (server[kPage].master) {
    service?.ended(server);
    clearTimeout(server[kPage].startTimer);
    const told = group.closeGroup(id);
    for (const sub of server[kSubs]) {
      if (sub === undefined) continue;
      clearTimeout(sub.timer);
      // One that has not registered has nothing to finish.
      if (sub.state === STARTING) tasks().end(sub.task, 0);
      // One that left before, which may not be known here yet, goes on as it likes.
      else if (!told.includes(sub.index)) sub.left = true;
    }
  } else {
    group.retire(id);
    server[kSeat] = id; // in a drain the master may say more
  }
  server._health?.update();
  server._closeIfDrained();
}

function closeIfDrained(server) {
  if (server[kId] !== 0 || server._connections > 0 || server[kPage].closing) return;
  if (server[kPage].master) {
    if (server[kSeat] === 0) return;
    if (
      server[kSubs].some(
        (sub) => sub !== undefined && !(sub.state === DEAD || (sub.left && sub.state === CLOSED)),
      )
    )
      return;
    if (server.draining) require('internal/net/group/draining').gather(server);
    close(server[kSeat]);
    server[kSeat] = 0;
    clearInterval(server[kPage].watchTimer);
    process.nextTick(() => server.emit('close', server));
    return;
  }
  server[kPage].closing = true;
  if (server[kSeat] !== 0) close(server[kSeat]);
  server[kSeat] = 0;
  process.nextTick(() => {
    server[kPage].closing = false;
    server.emit('close', server);
    if (group.leftGroup()) process.exit();
  });
}

// The master closed. The task ends once its connections have ended and `close` was told.
function closedByMaster(server) {
  tasks().cancel(tasks().id);
  server.close();
  // In a drain each connection has its own turn.
  if (!server.draining) server.emit('stopping', server);
}

module.exports = { end, closeIfDrained, closedByMaster };
