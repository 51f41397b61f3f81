'use strict';
// --drain: what SIGTERM does to the servers of this process.
const { all } = require('internal/net/handles');
const { Server, service } = require('internal/net/server');
const { flag } = require('internal/process/flags');

const USAGE = 2; // exit code of a wrong command line
const TERMINATED = 143; // of a process that SIGTERM ended, as shells tell it
const MORE_MS = 5000; // beyond the deadline, in which the last connections are reset

const UNITS = { ms: 1, s: 1000, m: 60000 };

/** The time that an option tells, in ms. Ends the process if it tells none. */
function timeOf(name) {
  const text = flag(name)?.at(-1);
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const ms = number === undefined ? NaN : Number(number) * UNITS[unit];
  if (ms <= 2 ** 31 - 1) return ms;
  binding('runtime').writeSync(
    2,
    `sluice: --${name} must be a number with ms, s or m, as 30s, not '${text}'\n`,
  );
  return process.reallyExit(USAGE);
}

/** Reads the options, and has SIGTERM do what they say. */
function begin() {
  const deadline = timeOf('drain') ?? 0;
  const grace = timeOf('drain-grace') ?? 0;
  if (deadline === 0 || grace >= deadline) {
    binding('runtime').writeSync(2, 'sluice: --drain must be more than 0 and than --drain-grace\n');
    process.reallyExit(USAGE);
  }
  process.once('SIGTERM', () => {
    process.once('SIGTERM', () => process.exit(TERMINATED));
    leave({ deadline, grace });
  });
}

async function leave(options) {
  const servers = all().filter((one) => one instanceof Server && one.listening);
  service?.draining(options.deadline + MORE_MS);
  await Promise.allSettled(servers.map((server) => server.drain(options)));
  process.exit(0);
}

module.exports = { begin };
