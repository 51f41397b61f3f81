'use strict';
// server.health() and server.agent(): what a server tells those who send it clients. They are
// answered by threads of the runtime, whatever the program does. docs/operate.md
const native = binding('health');
const { errnoException } = require('internal/errors/codes');
const {
  validateAddress,
  validateFunction,
  validateInteger,
  validatePort,
} = require('internal/errors/validators');
const { kAnnounced } = require('internal/net/server');
const { validateNames } = require('internal/net/record');

// Of enum Readiness::State in src/control/readiness.h
const STARTING = 0;
const SERVING = 1;
const DRAINING = 2;
const CLOSING = 3;

const READY_MS = 5000; // a turn that lasts longer: no more clients
const LIVE_MS = 30000; // or the process is to start again
const EVERY_MS = 1000; // how often the program's numbers are looked at
const FULL = 100; // per cent

/** What one server tells. */
class Health {
  #server;
  #number;
  #state = STARTING;
  #weight; // a function of the program's
  #told = -1; // what it said last
  #balancers = 1;
  #timer;

  constructor(server) {
    this.#server = server;
    this.#number = native.open(READY_MS, LIVE_MS);
    server.on('listening', this.#onListening);
    server.once('close', () => this.close());
    this.update();
  }

  #onListening = () => this.update();

  /** Something has changed: whether the server listens, or drains. */
  update() {
    const server = this.#server;
    if (server.draining) this.#state = DRAINING;
    else if (server[kAnnounced]) this.#state = SERVING;
    else if (this.#state !== STARTING) this.#state = CLOSING;
    native.setState(this.#number, this.#state, server._listenerId());
    this.#look();
  }

  serve({ host, port }, forAgent) {
    const result = native.serve(this.#number, host, port, forAgent);
    if (result < 0) throw errnoException(result, 'listen', `${host}:${port}`);
    return { address: host, port: result };
  }

  /** How long a turn may last, in ms, where it is told. */
  wait({ ready = 0, live = 0 }) {
    native.setPatience(this.#number, ready, live);
  }

  /** What the agent tells further. */
  tune({ weight, balancers = 1 }) {
    this.#weight = weight;
    this.#balancers = balancers;
    this.#weigh();
    this.#timer ??= setInterval(() => this.#weigh(), EVERY_MS).unref();
  }

  // Nothing else calls the program: what it throws is no error of drain() or listen().
  #weigh() {
    const told = this.#weight === undefined ? NaN : Number(this.#weight());
    this.#told = Number.isNaN(told) ? -1 : Math.min(FULL, Math.max(0, Math.round(told)));
    this.#look();
  }

  #look() {
    const most = this.#server.maxConnections;
    native.setLimits(
      this.#number,
      most > 0 && most < Infinity ? most : 0,
      this.#balancers,
      this.#told,
      this.#server._listenerId(),
    );
  }

  close() {
    clearInterval(this.#timer);
    this.#server.off('listening', this.#onListening);
    native.close(this.#number);
    this.#server._health = null;
  }
}

function place(options, names) {
  validateNames(options, 'options', ['host', 'port', ...names]);
  const { host = '127.0.0.1' } = options;
  validateAddress(host, 'options.host');
  const port = validatePort(options.port, 'options.port');
  return { host, port };
}

function healthOf(server) {
  server._health ??= new Health(server);
  return server._health;
}

/** server.health() */
function health(server, options) {
  const where = place(options, ['ready', 'live']);
  for (const name of ['ready', 'live'])
    if (options[name] !== undefined) validateInteger(options[name], `options.${name}`, 1);
  const one = healthOf(server);
  one.wait(options);
  return one.serve(where, false);
}

/** server.agent() */
function agent(server, options) {
  const where = place(options, ['weight', 'balancers']);
  const { weight, balancers } = options;
  if (weight !== undefined) validateFunction(weight, 'options.weight');
  if (balancers !== undefined) validateInteger(balancers, 'options.balancers', 1);
  const one = healthOf(server);
  one.tune(options);
  return one.serve(where, true);
}

module.exports = { agent, health };
