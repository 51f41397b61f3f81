'use strict';
// The module domain (https://nodejs.org/api/domain.html): what is thrown within run(), by bound
// functions and by members, is an `error` of the domain. Callbacks do not find their domain by
// themselves; what makes one carries it.
const EventEmitter = require('events');

const stack = [];

function changed() {
  exports.active = process.domain = stack.at(-1);
}

class Domain extends EventEmitter {
  members = [];

  enter() {
    stack.push(this);
    changed();
  }

  /** Leaves this domain and those that were entered after it. */
  exit() {
    const index = stack.lastIndexOf(this);
    if (index >= 0) stack.length = index;
    changed();
  }

  /** Errors of an emitter go to the domain. */
  add(emitter) {
    if (emitter.domain === this) return;
    emitter.domain?.remove(emitter);
    emitter.domain = this;
    this.members.push(emitter);
    if (typeof emitter.on === 'function') emitter.on('error', this.#listener);
  }

  remove(emitter) {
    const index = this.members.indexOf(emitter);
    if (index < 0) return;
    this.members.splice(index, 1);
    emitter.domain = null;
    if (typeof emitter.off === 'function') emitter.off('error', this.#listener);
  }

  #listener = (error) => {
    error.domain = this;
    this.emit('error', error);
  };

  /** Calls fn(...args); what it throws is an `error` of the domain. */
  run(fn, ...args) {
    this.enter();
    try {
      return fn(...args);
    } catch (error) {
      this.#failed(error);
      return undefined;
    } finally {
      this.exit();
    }
  }

  bind(fn) {
    const domain = this;
    return function (...args) {
      return domain.run(() => Reflect.apply(fn, this, args));
    };
  }

  /** As bind(); a first argument that is an error goes to the domain instead. */
  intercept(fn) {
    const domain = this;
    return function (error, ...args) {
      if (error instanceof Error) return domain.#failed(error);
      return domain.run(() => Reflect.apply(fn, this, args));
    };
  }

  #failed(error) {
    if (error !== null && typeof error === 'object') {
      error.domain = this;
      error.domainThrown = true;
    }
    if (!this.emit('error', error)) throw error;
  }

  dispose() {
    this.exit();
  }
}

exports.Domain = Domain;
exports.create = exports.createDomain = () => new Domain();
exports.active = undefined;
exports._stack = stack;
