'use strict';
// What the handlers of a group do, in numbers.
const group = binding('group');
const { kPage, kSeat, kSubs, tasks } = require('internal/net/group/fields');

// The order of enum Member::State in src/group/group.h.
const STATES = ['starting', 'ready', 'closing', 'closed', 'dead'];

/** server.stats() */
function statsOf(server) {
  const seat = server[kSeat];
  if (!server[kPage].master || seat === 0) return [];
  const all = [];
  for (let index = 0; index <= server[kPage].subs; index++) {
    const [state, connections, total, bytesIn, bytesOut] = group.member(seat, index);
    const sub = server[kSubs][index];
    const task = index === 0 ? tasks().id : sub.task;
    const [busy, last, heap] = (task !== 0 && tasks().load(task)) || [0, 0, 0];
    all.push({
      name: index === 0 ? server[kPage].name : sub.name,
      state: STATES[state],
      task,
      connections,
      total,
      bytesIn,
      bytesOut,
      lag: busy || last,
      heap: index === 0 ? (binding('runtime').memoryUsage().heapSize ?? 0) : heap,
      restarts: index === 0 ? 0 : sub.restarts,
    });
  }
  return all;
}

module.exports = { statsOf };
