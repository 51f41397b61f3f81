'use strict';
// BroadcastChannel (https://html.spec.whatwg.org/#broadcasting-to-other-browsing-contexts) among all
// tasks.
const native = binding('ports');
const { codes } = require('internal/errors/codes');
const {
  EventTarget,
  defineEventHandler,
  kListenersChanged,
} = require('internal/events/event_target');
const { createFastMessageEvent } = require('internal/messages/events');
const { TaskRoute } = require('internal/messages/task_route');

const LONGEST_MS = 2 ** 31 - 1;
const MOST_A_TURN = 64; // so that a flood of messages does not starve sockets
// Nothing moves by a broadcast.
const noPorts = { adopt: () => undefined, release: () => undefined };

class BroadcastChannel extends EventTarget {
  #name;
  #route;
  #scheduled = false;
  #listening = false;
  #wanted = true;
  #keepAlive;

  /** @param {string} name of those that hear each other */
  constructor(name) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('name');
    super();
    this.#name = `${name}`;
    this.#route = new TaskRoute(native.broadcast(this.#name), noPorts);
    this.#route.moved(this);
  }

  get name() {
    return this.#name;
  }

  /** Sends a copy of a value to every other channel of the name. */
  postMessage(value) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('message');
    if (this.#route === null) {
      const { DOMException } = require('internal/errors/domexception');
      throw new DOMException('BroadcastChannel is closed.', 'InvalidStateError');
    }
    this.#route.post(value, []);
  }

  close() {
    this.#route?.close();
    this.#route = null;
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

  /** Something arrived at the route. */
  _arrived() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  /** The next message, for receiveMessageOnPort(); undefined if none waits. */
  _take() {
    return this.#route?.take() ?? undefined;
  }

  #drain() {
    for (let left = MOST_A_TURN; left > 0; left--) {
      const read = this._take();
      if (read === undefined) return;
      let event;
      try {
        event = createFastMessageEvent('message', { data: read().data });
      } catch (error) {
        event = createFastMessageEvent('messageerror', { data: error });
      }
      this.dispatchEvent(event);
      if (!process._settle()) break;
    }
    this._arrived();
  }

  [kListenersChanged](type, count) {
    if (type !== 'message') return;
    this.#listening = count > 0;
    this.#hold();
  }

  #hold() {
    if (this.#wanted && this.#listening && this.#route !== null)
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
