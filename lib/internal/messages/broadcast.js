'use strict';
// BroadcastChannel (https://html.spec.whatwg.org/#broadcasting-to-other-browsing-contexts) among the
// channels of a task.
const { codes } = require('internal/errors/codes');
const {
  EventTarget,
  defineEventHandler,
  kListenersChanged,
} = require('internal/events/event_target');
const { createFastMessageEvent } = require('internal/messages/events');
const { structuredClone } = require('internal/util/structured_clone');

const LONGEST_MS = 2 ** 31 - 1;
const channels = new Set();

class BroadcastChannel extends EventTarget {
  #name;
  #closed = false;
  #listening = false;
  #wanted = true;
  #keepAlive;

  /** @param {string} name of those that hear each other */
  constructor(name) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    super();
    this.#name = `${name}`;
    channels.add(this);
  }

  get name() {
    return this.#name;
  }

  /** Sends a copy of a value to every other channel of the name. */
  postMessage(value) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('message');
    if (this.#closed) {
      const { DOMException } = require('internal/errors/domexception');
      throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    }
    for (const other of channels) {
      if (other === this || other.name !== this.#name) continue;
      const data = structuredClone(value);
      setImmediate(() => {
        if (!other.#closed) other.dispatchEvent(createFastMessageEvent('message', { data }));
      });
    }
  }

  close() {
    this.#closed = true;
    channels.delete(this);
    this.#hold();
  }
  ref() {
    this.#wanted = true;
    this.#hold();
    return this;
  }
  unref() {
    this.#wanted = false;
    this.#hold();
    return this;
  }

  [kListenersChanged](type, count) {
    if (type !== 'message') return;
    this.#listening = count > 0;
    this.#hold();
  }

  #hold() {
    if (this.#wanted && this.#listening && !this.#closed)
      this.#keepAlive ??= setInterval(() => {}, LONGEST_MS);
    else {
      clearInterval(this.#keepAlive);
      this.#keepAlive = undefined;
    }
  }

  get [Symbol.toStringTag]() {
    return 'BroadcastChannel';
  }
}

defineEventHandler(BroadcastChannel.prototype, 'message');
defineEventHandler(BroadcastChannel.prototype, 'messageerror');

module.exports = { BroadcastChannel };
