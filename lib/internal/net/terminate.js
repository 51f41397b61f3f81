'use strict';
// --drain: what SIGTERM does to the servers of this process, those of all tasks and of a cluster's
// workers.
const { all } = require('internal/net/handles');
const { Server, service } = require('internal/net/server');
const { flag } = require('internal/process/flags');

const USAGE = 2; // exit code of a wrong command line
const TERMINATED = 143; // of a process that SIGTERM ended, as shells tell it
const MORE_MS = 5000; // beyond the deadline, in which the last connections are reset

const LATE_MS = 2000; // beyond it, after which the process waits for nobody

const UNITS = { ms: 1, s: 1000, m: 60000 };

/** Ends the process: its command line is wrong. */
function refuse(what) {
  binding('runtime').writeSync(2, `sluice: ${what}\n`);
  return process.reallyExit(USAGE);
}

/** The time that an option tells, in ms; undefined without it. Ends the process if it tells none. */
function timeOf(name) {
  const text = flag(name)?.at(-1);
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = number === undefined ? NaN : Number(number) * UNITS[unit];
  if (ms <= 2 ** 31 - 1) return ms;
  return refuse(`--${name} must be a number with ms, s or m, as 30s, not '${text}'`);
}

/** Reads the options, and has SIGTERM do what they say. */
function begin() {
  const deadline = timeOf('drain');
  const grace = timeOf('drain-grace') ?? 0;
  if (deadline === undefined) refuse('--drain-grace is a part of --drain, which is not given');
  if (deadline === 0) refuse('--drain must be more than 0');
  if (grace >= deadline)
    refuse(`--drain-grace must be less than --drain (${deadline} ms), not ${grace} ms`);
  process.once('SIGTERM', () => {
    process.once('SIGTERM', () => process.exit(TERMINATED));
    leave({ deadline, grace });
  });
}

// What else leaves: functions of the options of drain(), that return promises.
const others = [tasks];

/** The servers of other tasks. */
function tasks(options) {
  return new Promise((resolve) => {
    binding('net').leaveTasks(JSON.stringify(options), resolve);
  });
}

/** All servers leave, then the process ends. @param {{deadline: number, grace: number}} options */
async function leave(options) {
  // Those that workers of a cluster share end with the last worker that has them.
  const servers = all().filter((one) => one instanceof Server && one.listening && !one._shared);
  service?.draining(options.deadline + MORE_MS);
  // A task that is stuck does not hear of it.
  setTimeout(() => process.exit(0), options.deadline + LATE_MS);
  await Promise.allSettled([
    ...servers.map((server) => server.drain(options)),
    ...others.map((other) => other(options)),
  ]);
  process.exit(0);
}

module.exports = { begin, leave, others };
