'use strict';
// How a group drains: the master tells its subs, which do with their connections as it does, and
// count what becomes of them.
const group = binding('group');
const { kSeat, kSubs, CLOSED, DEAD, tasks } = require('internal/net/group/fields');

/** The master has subs drain, as is left of its own drain. */
function begin(server, drain) {
  group.drainGroup(server[kSeat], JSON.stringify(drain.orders()));
}

/** The master's drain was given up: what its subs have open goes on as after close(). */
function giveUp(server) {
  group.drainGroup(server[kSeat], JSON.stringify(null));
}

/** A sub is told. @param {object | null} orders of drain(), null: not to drain any more */
function join(server, orders) {
  if (orders === null) {
    server._drain?.giveUp();
    if (!server.listening) server.emit('stopping', server);
    return;
  }
  if (server._drain !== null) {
    server._drain.hasten(orders);
    return;
  }
  const { Drain } = require('internal/net/drain');
  server._drain = new Drain(server, orders, true);
}

/** A sub tells what became of its connections so far. */
function count(counts) {
  group.countDrained(...counts);
}

/** The master adds what its subs counted, before it lets go of them. */
function gather(server) {
  for (const sub of server[kSubs])
    if (sub !== undefined) server._drain.add(group.drained(server[kSeat], sub.index));
}

/** The deadline has passed: subs that do not see it, as one that is stuck, are ended. */
function endLate(server, late) {
  const timer = setTimeout(() => {
    for (const sub of server[kSubs]) {
      if (sub === undefined || sub.task === 0 || sub.state === CLOSED || sub.state === DEAD)
        continue;
      const [, connections] = group.member(server[kSeat], sub.index);
      server._drain?.add([0, 0, connections]);
      tasks().end(
        sub.task,
        1,
        'Error: the task did not end its connections by the deadline of drain()',
      );
    }
  }, late);
  server.once('close', () => clearTimeout(timer));
}

module.exports = { begin, giveUp, join, count, gather, endLate };
