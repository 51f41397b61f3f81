'use strict';
// A sub: what its master knows of it, and how its task is started.
const {
  kPage,
  kSettings,
  STARTING,
  DEAD,
  BACKOFF_MS,
  tasks,
  now,
  tell,
} = require('internal/net/group/fields');

/** What a master knows of a sub. */
function record(server, index) {
  return {
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
}

// Starts a sub's task; 0, or -errno.
function spawn(server, sub) {
  const { group, file } = server[kPage];
  const id = tasks().spawnSub(file, group, sub.index, ...(server[kSettings].policy ?? []));
  if (id < 0) return id;
  sub.task = id;
  sub.state = STARTING;
  sub.registered = false;
  sub.left = false;
  sub.stuck = undefined;
  sub.started = now();
  if (server[kSettings].maxHeap !== undefined) tasks().setMaxHeap(id, server[kSettings].maxHeap);
  process.nextTick(tell, server, sub, 'spawn', {});
  return 0;
}

module.exports = { record, spawn };
