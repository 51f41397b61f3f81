'use strict';
// A scenario in one file: each host runs that file again, with its role as the argument.
const QUIET_AFTER_MS = 60_000;
const QUIET_MS = 240_000;

/**
 * Runs the role that the command line names; without one, returns the scenario.
 * @param {string} file the scenario's
 * @param {Record<string, () => void>} roles by the names of their hosts
 * @param {{endless?: string[], lasting?: string[], quietAfter?: number,
 *   names?: Record<string, string[]>}} [options] endless: hosts that need not end; lasting: hosts that
 *   no fault ends; names: further names of hosts
 */
module.exports = function scenario(file, roles, options = {}) {
  const { endless = [], lasting = [], quietAfter = QUIET_AFTER_MS, names = {} } = options;
  const role = process.argv[2];
  if (role !== undefined) {
    roles[role]();
    return undefined;
  }
  const hosts = {};
  for (const name of Object.keys(roles))
    hosts[name] = {
      program: file,
      args: [name],
      mustEnd: !endless.includes(name),
      restart: !lasting.includes(name),
    };
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const run = async (sim) => {
    await wait(quietAfter);
    await sim.quiet(QUIET_MS);
  };
  return { hosts, names, run };
};
