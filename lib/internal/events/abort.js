'use strict';
// AbortController and AbortSignal (https://dom.spec.whatwg.org/#aborting-ongoing-activities).
const {
  EventTarget,
  Event,
  defineEventHandler,
  kMaxListeners,
  kSetTrusted,
  kListenersChanged,
} = require('internal/events/event_target');
const { showMembers } = require('internal/base/shown');
const { codes } = require('internal/errors/codes');
const { validateUint32 } = require('internal/errors/validators');
const { setTimeout, clearTimeout } = require('internal/timers/timers');

const token = Symbol('construct');
let abortSignal;

// Who keeps what, so that a signal lives as long as it can still abort something and no longer:
// a timer holds its signal weakly, and strongly (`awaited`) while the signal has listeners; a
// signal of any() holds its sources, which hold it weakly, and strongly while it has listeners.
const awaited = new Set();
const timers = new FinalizationRegistry((timer) => clearTimeout(timer));

function exception(message, name) {
  const { DOMException } = require('internal/errors/domexception');
  return new DOMException(message, name);
}

const typeError = (message) =>
  Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  #timer = undefined;
  #sources = undefined; // of a signal of any(): signals that are not themselves of any()
  #dependents = undefined; // Set of WeakRef
  #listening = undefined; // Set of the dependents that have listeners
  #self = undefined; // WeakRef to this

  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  get aborted() {
    if (!(#aborted in this)) throw new codes.ERR_INVALID_THIS('AbortSignal');
    return this.#aborted;
  }
  /** What the signal was aborted with; undefined before. */
  get reason() {
    if (!(#aborted in this)) throw new codes.ERR_INVALID_THIS('AbortSignal');
    return this.#reason;
  }
  /** Throws the reason if the signal is aborted. */
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  /** A signal that is aborted already. */
  static abort(reason) {
    const signal = new AbortSignal(token);
    signal.#aborted = true;
    signal.#reason =
      reason === undefined ? exception('This operation was aborted', 'AbortError') : reason;
    return signal;
  }

  /** A signal that aborts with a TimeoutError after delay ms; it does not keep the process. */
  static timeout(delay) {
    validateUint32(delay, 'delay');
    const signal = new AbortSignal(token);
    const weak = new WeakRef(signal);
    signal.#timer = setTimeout(() => {
      const target = weak.deref();
      if (target === undefined) return;
      awaited.delete(target);
      target.#abort(exception('The operation was aborted due to timeout', 'TimeoutError'));
    }, delay);
    signal.#timer.unref();
    timers.register(signal, signal.#timer);
    return signal;
  }

  /** A signal that aborts when the first of signals does, with its reason. */
  static any(signals) {
    if (typeof signals?.[Symbol.iterator] !== 'function')
      throw typeError('signals cannot be converted to sequence.');
    const list = [...signals];
    list.forEach((one, index) => {
      if (one === null || typeof one !== 'object' || !(#aborted in one))
        throw typeError(`signals[${index}] is not of type AbortSignal.`);
    });
    const result = new AbortSignal(token);
    const first = list.find((one) => one.#aborted);
    if (first !== undefined) {
      result.#aborted = true;
      result.#reason = first.#reason;
      return result;
    }
    result.#sources = new Set(list.flatMap((one) => (one.#sources ? [...one.#sources] : [one])));
    result.#self = new WeakRef(result);
    for (const source of result.#sources) source.#addDependent(result);
    return result;
  }

  #addDependent(signal) {
    this.#dependents ??= new Set();
    // Dependents that were collected go when the set has doubled.
    if (this.#dependents.size >= (this.#dependents.limit ?? 16)) {
      for (const weak of this.#dependents)
        if (weak.deref() === undefined) this.#dependents.delete(weak);
      this.#dependents.limit = Math.max(16, this.#dependents.size * 2);
    }
    this.#dependents.add(signal.#self);
  }

  #abort(reason) {
    if (this.#aborted) return;
    const all = [this];
    this.#mark(reason);
    if (this.#dependents !== undefined) {
      for (const weak of this.#dependents) {
        const dependent = weak.deref();
        if (dependent === undefined || dependent.#aborted) continue;
        dependent.#mark(reason);
        all.push(dependent);
      }
      this.#dependents = this.#listening = undefined;
    }
    for (const signal of all) signal.dispatchEvent(new Event('abort')[kSetTrusted]());
  }

  #mark(reason) {
    this.#aborted = true;
    this.#reason = reason;
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    awaited.delete(this);
    if (this.#sources === undefined) return;
    for (const source of this.#sources) {
      source.#dependents?.delete(this.#self);
      source.#setListening(this, false);
    }
    this.#sources = undefined;
  }

  #setListening(dependent, on) {
    if (on) (this.#listening ??= new Set()).add(dependent);
    else this.#listening?.delete(dependent);
    this.#keep();
  }

  #listenerCount = 0;

  // Whether the timer must hold the signal.
  #keep() {
    if (this.#timer === undefined || this.#aborted) return;
    if (this.#listenerCount > 0 || this.#listening?.size > 0) awaited.add(this);
    else awaited.delete(this);
  }

  [kListenersChanged](type, count) {
    if (type !== 'abort') return;
    this.#listenerCount = count;
    this.#keep();
    if (this.#sources !== undefined)
      for (const source of this.#sources) source.#setListening(this, count > 0);
  }

  get [Symbol.toStringTag]() {
    return 'AbortSignal';
  }

  static {
    abortSignal = (signal, reason) => signal.#abort(reason);
  }
}
defineEventHandler(AbortSignal.prototype, 'abort');

// Signals that many wait for are common.
AbortSignal.prototype[kMaxListeners] = 0;

class AbortController {
  #signal = new AbortSignal(token);

  get signal() {
    return this.#signal;
  }

  /** Aborts the signal with reason, by default an AbortError; later calls do nothing. */
  abort(reason) {
    if (this.#signal.aborted) return;
    abortSignal(
      this.#signal,
      reason === undefined ? exception('This operation was aborted', 'AbortError') : reason,
    );
  }

  get [Symbol.toStringTag]() {
    return 'AbortController';
  }
}

for (const [prototype, names] of [
  [AbortSignal.prototype, ['aborted', 'reason', 'throwIfAborted']],
  [AbortController.prototype, ['signal', 'abort']],
]) {
  for (const name of names) Object.defineProperty(prototype, name, { enumerable: true });
}
showMembers(AbortSignal, ['aborted']);
showMembers(AbortController, ['signal']);

module.exports = { AbortController, AbortSignal };
