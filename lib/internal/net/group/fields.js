'use strict';
// What the parts of a group's server know of each other.

/** The native side of tasks; not loaded by servers without any. */
const tasks = () => binding('task');

/** A monotonic clock, in ms. */
const now = () => binding('runtime').monotonic();

/** Tells of a sub: `sub` with its type, name, index and task. */
function tell(server, sub, type, more) {
  server.emit('sub', { type, name: sub.name, index: sub.index, task: sub.task, ...more });
}

module.exports = {
  kPage: Symbol('page'), // what the server was made with
  kSeat: Symbol('seat'), // the number that group events come to, also after close()
  kSubs: Symbol('subs'), // the master's records of its subs, by index
  kSettings: Symbol('settings'),

  // States of a member, of enum Member::State in src/group/group.h.
  STARTING: 0,
  READY: 1,
  CLOSING: 2,
  CLOSED: 3,
  DEAD: 4,

  START_MS: 5000, // how long accepting waits for subs
  BACKOFF_MS: 100, // before a sub starts again
  tasks,
  now,
  tell,
};
