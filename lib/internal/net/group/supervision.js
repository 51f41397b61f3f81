'use strict';
// What becomes of subs: those that end start again, those that do not turn their loops are ended.
const group = binding('group');
const { codes, errnoException } = require('internal/errors/codes');
const { validateBoolean, validateNumber } = require('internal/errors/validators');
const { validateNames } = require('internal/net/record');
const { kId } = require('internal/net/server');
const {
  kPage,
  kSeat,
  kSubs,
  kSettings,
  START_MS,
  BACKOFF_MS,
  tasks,
  now,
  tell,
} = require('internal/net/group/fields');
const { spawn } = require('internal/net/group/subs');

const BACKOFF_MAX_MS = 30000;
const MOST_MS = 2 ** 31 - 1; // of a timer
const HEALTHY_MS = 60000; // a sub that lived so long starts with a short delay again

function subEnded(server, sub) {
  const [code, error, stack] = group.memberEnd(server[kSeat], sub.index);
  const open = server[kId] !== 0;
  // One that closed its server, or ended well without ever asking for connections, is not missed.
  const wanted =
    open &&
    server[kSettings].respawn &&
    !sub.left &&
    (sub.registered || code !== 0 || error !== '');
  if (now() - sub.started >= HEALTHY_MS) sub.delay = BACKOFF_MS;
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

// ---- Limits

/** server.maxHeap, in bytes. */
function setMaxHeap(server, value) {
  if (value !== undefined && value !== Infinity)
    validateNumber(value, 'server.maxHeap', 0, Number.MAX_SAFE_INTEGER);
  const measured = process.versions.fast_paths.includes('statistics');
  if (value > 0 && value !== Infinity && !measured)
    throw new codes.ERR_FEATURE_UNAVAILABLE('server.maxHeap, with an engine that tells no sizes,');
  server[kSettings].maxHeap = value === Infinity ? 0 : value;
  const bytes = server[kSettings].maxHeap ?? tasks().defaultMaxHeap;
  for (const sub of server[kSubs]) if (sub?.task > 0) tasks().setMaxHeap(sub.task, bytes);
}

/** server.watchdog */
function setWatchdog(server, value) {
  if (value !== undefined && value !== null && value !== 0) {
    const name = 'server.watchdog';
    if (typeof value === 'object') {
      validateNames(value, name, ['timeout', 'end']);
      validateNumber(value.timeout, `${name}.timeout`, 1, MOST_MS);
      if (value.end !== undefined) validateBoolean(value.end, `${name}.end`);
    } else validateNumber(value, name, 1, MOST_MS);
  }
  server[kSettings].watchdog = value;
  applyWatchdog(server);
}

// How long a stuck sub may take to tell its stack: it is asked every 20 ms of processor time, of which
// a busy machine gives it little.
const STACK_MS = 1000;

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
      sub.stuck = { asked: load[0], told: false };
      tasks().wantStack(sub.task);
      continue;
    }
    if (sub.stuck.told) continue;
    const stack = tasks().takeStack(sub.task);
    if (stack === '' && load[0] - sub.stuck.asked < STACK_MS) continue;
    sub.stuck.told = true;
    tell(server, sub, 'stuck', { busy: load[0], stack });
    if (end && sub.task !== 0)
      tasks().end(sub.task, 1, `Error: the task's loop did not turn for ${load[0]} ms`, stack);
  }
}

module.exports = { subEnded, applyWatchdog, setMaxHeap, setWatchdog };
