'use strict';
// A scenario: a program of a simulation whose exports name hosts, links and what is done with them.
const { validateObject, validateString, validateFunction } = require('internal/errors/validators');
const { codes } = require('internal/errors/codes');
const { dirname, resolve } = require('path');
const native = binding('sim');

const HOST = ['program', 'args', 'env', 'restart', 'mustEnd'];
const SCENARIO = ['hosts', 'links', 'names', 'run'];

function refuseOthers(object, known, name) {
  for (const key of Object.keys(object)) {
    if (!known.includes(key))
      throw new codes.ERR_INVALID_ARG_VALUE(`${name}.${key}`, object[key], 'is no option');
  }
}

function addHost(name, description, folder) {
  const options = typeof description === 'string' ? { program: description } : description;
  validateObject(options, `hosts.${name}`);
  refuseOthers(options, HOST, `hosts.${name}`);
  const { program, args = [], env = {}, restart = true, mustEnd = false } = options;
  validateString(program, `hosts.${name}.program`);
  const list = [resolve(folder, program), ...args.map(String)];
  if (!native.addHost(name, list, Object.entries(env).flat().map(String), restart, mustEnd))
    throw new codes.ERR_INVALID_ARG_VALUE('hosts', name, 'is a host already');
}

/** The names of two hosts with a `-` between them, which may be in the names too. */
function endsOf(link, hosts) {
  const known = (name) => Object.hasOwn(hosts, name) || name === 'nameserver';
  for (let at = link.indexOf('-'); at >= 0; at = link.indexOf('-', at + 1)) {
    const ends = [link.slice(0, at), link.slice(at + 1)];
    if (ends.every(known)) return ends;
  }
  throw new codes.ERR_INVALID_ARG_VALUE('links', link, 'are no two hosts with a - between them');
}

/**
 * Begins what a program exports, if that is a scenario.
 * @param {unknown} exports
 * @param {string} file the program's
 */
function begin(exports, file) {
  if (exports === null || typeof exports !== 'object' || exports.hosts === undefined) return;
  const { hosts, links = {}, names = {}, run } = exports;
  refuseOthers(exports, SCENARIO, 'scenario');
  validateObject(hosts, 'hosts');
  validateObject(links, 'links');
  validateObject(names, 'names');
  const folder = dirname(file);
  for (const [name, description] of Object.entries(hosts)) addHost(name, description, folder);
  for (const [name, of] of Object.entries(names)) {
    for (const host of [of].flat()) {
      validateString(host, `names.${name}`);
      if (!native.addName(name, host))
        throw new codes.ERR_INVALID_ARG_VALUE(
          `names.${name}`,
          host,
          'is no host of the simulation',
        );
    }
  }
  const sim = require('sim');
  for (const [name, options] of Object.entries(links)) {
    sim.link(...endsOf(name, hosts)).set(options);
  }
  if (run === undefined) return;
  validateFunction(run, 'run');
  new Promise((done) => {
    done(run(sim));
  }).catch((error) => {
    process.nextTick(() => {
      throw error;
    });
  });
}

module.exports = { begin };
