'use strict';
// What a program claims and asks for while `sluice sim` runs it. Elsewhere nothing of it does
// anything.
const {
  validateBoolean,
  validateNumber,
  validateObject,
  validateString,
} = require('internal/errors/validators');
const { validateMembers } = require('internal/errors/options');
const { codes } = require('internal/errors/codes');
const native = binding('sim');

const ALWAYS = 0; // kinds of claims, as claim() in src/bind/sim/sim.cc takes them
const SOMETIMES = 1;
const REACHABLE = 2;

function claim(kind, name, held) {
  validateString(name, 'name');
  if (native.active) native.claim(kind, name, held);
}

/**
 * Claims that condition holds whenever this is reached: where it does not, the simulation fails.
 * @param {unknown} condition
 * @param {string} name of the claim
 */
const always = (condition, name) => claim(ALWAYS, name, Boolean(condition));

/**
 * Claims that condition holds at least once with some seed of a range.
 * @param {unknown} condition
 * @param {string} name of the claim
 */
const sometimes = (condition, name) => claim(SOMETIMES, name, Boolean(condition));

/**
 * Claims that some seed of a range comes here.
 * @param {string} name of the claim
 */
const reachable = (name) => claim(REACHABLE, name, true);

/**
 * Ends the faults, and waits: what must happen once the network is whole again must have happened
 * then.
 * @param {number} [ms]
 * @returns {Promise<void>}
 */
function quiet(ms = 0) {
  validateNumber(ms, 'ms', 0);
  if (!native.active) return Promise.resolve();
  native.calm();
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

function unknown(name, value) {
  throw new codes.ERR_INVALID_ARG_VALUE(name, value, 'is no host of the simulation');
}

const never = -1; // of kill() and setLink(): no number

const END = new Set(['restartAfter']);
const CUT = new Set(['oneWay']);
const LINK = new Set(['latency', 'bandwidth', 'loss']);

class Host {
  #name;
  constructor(name) {
    this.#name = name;
  }
  get name() {
    return this.#name;
  }

  /**
   * The machine loses its power: its peers hear nothing of it.
   * @param {{restartAfter?: number}} [options] ms until it starts again; not at all if not told
   */
  crash(options) {
    this.#end(true, options);
  }

  /**
   * The program's process is killed: its system closes what it had open.
   * @param {{restartAfter?: number}} [options] ms until it starts again; not at all if not told
   */
  kill(options) {
    this.#end(false, options);
  }

  #end(power, options = {}) {
    validateObject(options, 'options');
    validateMembers(options, 'options', END);
    const { restartAfter } = options;
    if (restartAfter !== undefined) validateNumber(restartAfter, 'options.restartAfter', 0);
    if (native.active && !native.kill(this.#name, power, restartAfter ?? never))
      unknown('name', this.#name);
  }
}

class Link {
  #a;
  #b;
  constructor(a, b) {
    this.#a = a;
    this.#b = b;
  }

  /**
   * Loses whatever is sent.
   * @param {{oneWay?: boolean}} [options] oneWay: only from the first host to the second
   */
  cut(options = {}) {
    validateObject(options, 'options');
    validateMembers(options, 'options', CUT);
    if (options.oneWay !== undefined) validateBoolean(options.oneWay, 'options.oneWay');
    this.#set(true, options.oneWay !== true);
  }

  /** Is whole again, both ways. */
  heal() {
    this.#set(false, true);
  }

  /**
   * Changes what the link is like.
   * @param {{latency?: number, bandwidth?: number, loss?: number}} options ms one way; bytes a
   *   second, 0 without a limit; the share of packets that get lost
   */
  set(options) {
    validateObject(options, 'options');
    validateMembers(options, 'options', LINK);
    const most = { loss: 1 };
    for (const name of LINK)
      if (options[name] !== undefined)
        validateNumber(options[name], `options.${name}`, 0, most[name]);
    const { latency = never, bandwidth = never, loss = never } = options;
    if (native.active && !native.setLink(this.#a, this.#b, latency, bandwidth, loss))
      unknown('link', `${this.#a}-${this.#b}`);
  }

  #set(cut, both) {
    if (native.active && !native.cut(this.#a, this.#b, cut, both))
      unknown('link', `${this.#a}-${this.#b}`);
  }
}

/**
 * The faults of the simulation and how much of each there is, as --faults takes them; none that
 * breaks anything once it is quiet, and none at all outside of a simulation.
 * @returns {Record<string, number>}
 */
function faults() {
  const pairs = native.active ? native.faults().split(',').filter(Boolean) : [];
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name, level] = pair.split('=');
      return [name, Number(level)];
    }),
  );
}

/**
 * How many descriptors the program has open on its simulated machine, those of its loops included;
 * undefined outside of a simulation.
 */
const descriptors = () => (native.active ? native.descriptors() : undefined);

/**
 * A host by its name; the program's own if none is given.
 * @param {string} [name]
 */
function host(name) {
  if (name !== undefined) validateString(name, 'name');
  return new Host(name ?? (native.active ? native.hostName() : ''));
}

/**
 * The link between two hosts.
 * @param {string} a
 * @param {string} b
 */
function link(a, b) {
  validateString(a, 'a');
  validateString(b, 'b');
  return new Link(a, b);
}

module.exports = {
  /** Whether a simulation runs the program. */
  active: native.active,
  /** The seed; undefined outside of a simulation. */
  seed: native.active ? BigInt(native.seed()) : undefined,
  always,
  sometimes,
  reachable,
  quiet,
  faults,
  descriptors,
  host,
  link,
};
