'use strict';
// A scenario: a program of a simulation whose exports name hosts, links and what is done with them.
const { validateMembers } = require('internal/errors/options');
const {
  validateArray,
  validateBoolean,
  validateFunction,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { codes } = require('internal/errors/codes');
const { dirname, resolve } = require('path');
const native = binding('sim');

const HOST = new Set(['program', 'args', 'env', 'restart', 'mustEnd']);
const SCENARIO = new Set(['hosts', 'links', 'names', 'run']);
// A host's name is that of a folder, too.
const NAME = /^[a-z0-9_][a-z0-9_.-]*$/i;
const NAMESERVER = 'nameserver';

function addHost(name, description, folder) {
  const options = typeof description === 'string' ? { program: description } : description;
  if (!NAME.test(name) || name === NAMESERVER)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'hosts',
      name,
      `must be names of letters, digits, _, - and ., and not ${NAMESERVER}`,
    );
  validateObject(options, `hosts.${name}`);
  validateMembers(options, `hosts.${name}`, HOST);
  const { program, args = [], env = {}, restart = true, mustEnd = false } = options;
  validateString(program, `hosts.${name}.program`);
  validateArray(args, `hosts.${name}.args`);
  validateObject(env, `hosts.${name}.env`);
  validateBoolean(restart, `hosts.${name}.restart`);
  validateBoolean(mustEnd, `hosts.${name}.mustEnd`);
  const list = [resolve(folder, program), ...args.map(String)];
  if (!native.addHost(name, list, Object.entries(env).flat().map(String), restart, mustEnd))
    throw new codes.ERR_INVALID_ARG_VALUE('hosts', name, 'is a host already');
}

/** The names of two hosts with a `-` between them, which may be in the names too. */
function endsOf(link, hosts) {
  const known = (name) => Object.hasOwn(hosts, name) || name === NAMESERVER;
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
  validateMembers(exports, 'scenario', SCENARIO);
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
    validateObject(options, `links.${name}`);
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
