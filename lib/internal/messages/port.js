'use strict';
// MessageChannel and MessagePort (https://html.spec.whatwg.org/#message-channels), with the members
// of Node's that are like those of an EventEmitter. What a port does with a message for its other
// side is up to its `route`: another port of this task, or the way to one elsewhere, from which the
// port takes what arrived.
const { codes } = require('internal/errors/codes');
const { validateNumber } = require('internal/errors/validators');
const {
  EventTarget,
  Event,
  defineEventHandler,
  kListenersChanged,
  kMaxListeners,
} = require('internal/events/event_target');
const { createFastMessageEvent } = require('internal/messages/events');
const { copyMoving, isHandle, kTransfer } = require('internal/util/structured_clone');

const construct = Symbol('construct');
const LONGEST_MS = 2 ** 31 - 1;
const MOST_A_TURN = 64; // so that a flood of messages does not starve sockets

const messageOf = (error, message) => Object.assign(error, { message });

/** The objects that options of postMessage() let move. */
function transferOf(options) {
  if (options === undefined || options === null) return [];
  const isList = typeof options !== 'object' || Symbol.iterator in options;
  const list = isList ? options : (options.transfer ?? []);
  if (typeof list[Symbol.iterator] === 'function') return [...list];
  const name = isList ? 'transferList' : 'options.transfer';
  throw messageOf(
    new codes.ERR_INVALID_ARG_TYPE(name, 'Iterable', list),
    `Optional ${name} argument must be an iterable`,
  );
}

class MessagePort extends EventTarget {
  #route = null; // { post(value, transfer), close(), take()? }; null once closed or transferred
  #queue = []; // what arrived and nobody heard yet: functions that return { data, ports }
  #more = false; // the route may have something to take
  #started = false;
  #scheduled = false;
  #detached = false;
  #keepAlive; // a timer, while the port keeps its task alive
  #wanted = true; // unref() makes it false
  #listening = false; // for `message`
  #listeners = new Map(); // of on(): type → Map of listener → callback

  constructor(secret) {
    if (secret !== construct) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super();
  }

  /**
   * Sends a copy of a value to the other side.
   * @param {any} value
   * @param {object[] | {transfer?: object[]}} [options] ArrayBuffers and ports that move there
   */
  postMessage(value, options) {
    if (arguments.length === 0)
      throw messageOf(
        new codes.ERR_MISSING_ARGS('message'),
        'Not enough arguments to MessagePort.postMessage',
      );
    const transfer = transferOf(options);
    if (transfer.includes(this)) refuse('Transfer list contains source port');
    if (this.#route !== null) this.#route.post(value, transfer);
    else require('internal/messages/task_route').lose(value, transfer);
  }

  /** Lets messages arrive; on('message') and onmessage do that too. */
  start() {
    this.#started = true;
    this.#schedule();
    this.#hold();
  }

  /** Ends the channel; both sides get `close`. */
  close() {
    const route = this.#route;
    if (route === null) return;
    this.#route = null;
    route.close();
    this.#closed();
  }

  /** The port keeps its task alive while somebody listens to `message`: the default. */
  ref() {
    this.#wanted = true;
    this.#hold();
  }
  unref() {
    this.#wanted = false;
    this.#hold();
  }
  hasRef() {
    return this.#keepAlive !== undefined;
  }

  // ---- As an EventEmitter

  on(type, listener) {
    const map = this.#listeners.get(type) ?? new Map();
    this.#listeners.set(type, map);
    if (map.has(listener)) return this;
    const callback = (event) => Reflect.apply(listener, this, valuesOf(event));
    map.set(listener, callback);
    this.addEventListener(type, callback);
    if (type === 'message') this.start();
    return this;
  }
  once(type, listener) {
    const once = (...args) => {
      this.off(type, listener);
      Reflect.apply(listener, this, args);
    };
    this.on(type, once);
    const map = this.#listeners.get(type);
    map.set(listener, map.get(once));
    map.delete(once);
    return this;
  }
  off(type, listener) {
    const callback = this.#listeners.get(type)?.get(listener);
    if (callback !== undefined) {
      this.#listeners.get(type).delete(listener);
      this.removeEventListener(type, callback);
    }
    return this;
  }
  addListener(type, listener) {
    return this.on(type, listener);
  }
  removeListener(type, listener) {
    return this.off(type, listener);
  }
  removeAllListeners(type) {
    for (const [name, map] of this.#listeners)
      if (type === undefined || name === type)
        for (const listener of [...map.keys()]) this.off(name, listener);
    return this;
  }
  listenerCount(type) {
    return this.#listeners.get(type)?.size ?? 0;
  }
  /** How many listeners of an event there may be before a warning tells of it. */
  setMaxListeners(count) {
    validateNumber(count, 'setMaxListeners', 0);
    this[kMaxListeners] = count;
  }
  getMaxListeners() {
    return this[kMaxListeners] ?? require('events').defaultMaxListeners;
  }
  eventNames() {
    return [...this.#listeners.keys()].filter((type) => this.listenerCount(type) > 0);
  }
  emit(type, ...args) {
    const map = this.#listeners.get(type);
    if (map === undefined || map.size === 0) return false;
    for (const listener of [...map.keys()]) Reflect.apply(listener, this, args);
    return true;
  }

  [kListenersChanged](type, count) {
    if (type !== 'message') return;
    this.#listening = count > 0;
    this.#hold();
  }

  // ---- Between ports

  /** Whether it can be sent to: neither closed nor transferred. */
  get _open() {
    return this.#route !== null;
  }

  _connect(route) {
    this.#route = route;
    this.#more = route.take !== undefined;
  }

  /** A message for this port. @param {() => { data: any, ports: MessagePort[] }} read makes its copy */
  _deliver(read) {
    this.#queue.push(read);
    this.#schedule();
  }

  /** The other side closed. */
  _peerClosed() {
    if (this.#route === null) return;
    this.#route = null;
    this.#closed();
  }

  /** Something arrived at the route, or its other side closed. */
  _arrived() {
    this.#more = true;
    if (this.#started) this.#schedule();
    else if (this.#route?.ended) this.close();
  }

  /** The next message, for receiveMessageOnPort(); undefined if none waits. */
  _take() {
    if (this.#queue.length > 0) return this.#queue.shift();
    const taken = this.#route?.take?.();
    if (taken == null) this.#more = false;
    if (taken === null) this.close();
    return taken ?? undefined;
  }

  /** Hears what waits now, without waiting for the loop. */
  _drainNow() {
    this.#started = true;
    for (let read = this._take(); read !== undefined; read = this._take()) this.#hear(read);
  }

  /** Goes on by another route; returns what waits. */
  _reroute(route) {
    const queue = this.#queue;
    this.#queue = [];
    this.#route = route;
    route.moved(this);
    return queue;
  }

  /** Gives route and waiting messages to who makes the port anew, here or in another task. */
  [kTransfer]() {
    if (this.#detached || this.#route === null)
      refuse('MessagePort in transfer list is already detached');
    const moved = { route: this.#route, queue: this.#queue };
    this.#detached = true;
    this.#route = null;
    this.#queue = [];
    this.#hold();
    return moved;
  }

  /** The port anew, in this task; this one is of no use afterwards. */
  _remade() {
    const { route, queue } = this[kTransfer]();
    const made = makePort(route, queue);
    route.moved(made);
    return made;
  }

  #closed() {
    setImmediate(() => {
      this.#drain();
      this.#hold();
      this.dispatchEvent(new Event('close'));
    });
  }

  #schedule() {
    if (this.#scheduled || !this.#started || (this.#queue.length === 0 && !this.#more)) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#drain();
    });
  }

  #drain() {
    // What a listener posts in answer waits for the next turn.
    for (let left = this.#queue.length || MOST_A_TURN; left > 0 && this.#started; left--) {
      const read = this._take();
      if (read === undefined) break;
      if (!this.#hear(read)) break;
    }
    this.#schedule();
  }

  // Returns whether more may be heard in this turn.
  #hear(read) {
    let event;
    try {
      event = createFastMessageEvent('message', read());
    } catch (error) {
      event = createFastMessageEvent('messageerror', { data: error });
    }
    this.dispatchEvent(event);
    return process._settle();
  }

  // A timer that never fires keeps the task alive.
  #hold() {
    const hold = this.#wanted && this.#listening && this.#started && this.#route !== null;
    if (hold) this.#keepAlive ??= setInterval(() => {}, LONGEST_MS);
    else {
      clearInterval(this.#keepAlive);
      this.#keepAlive = undefined;
    }
  }
}

for (const type of ['message', 'messageerror', 'close'])
  defineEventHandler(MessagePort.prototype, type);
const { set: setOnMessage, get: getOnMessage } = Object.getOwnPropertyDescriptor(
  MessagePort.prototype,
  'onmessage',
);
Object.defineProperty(MessagePort.prototype, 'onmessage', {
  configurable: true,
  enumerable: true,
  get: getOnMessage,
  set(callback) {
    setOnMessage.call(this, callback);
    if (typeof callback === 'function') this.start();
  },
});
Object.defineProperty(MessagePort.prototype, Symbol.toStringTag, {
  value: 'MessagePort',
  configurable: true,
});

function refuse(message) {
  const { DOMException } = require('internal/errors/domexception');
  throw new DOMException(message, 'DataCloneError');
}

function valuesOf(event) {
  if (event.type === 'message' || event.type === 'messageerror') return [event.data];
  return event.type === 'close' ? [] : [event];
}

/** A port that is told of what arrives by _deliver() and _peerClosed(), or by _arrived(). */
function makePort(route, queue = []) {
  const port = new MessagePort(construct);
  port._connect(route);
  for (const read of queue) port._deliver(read);
  return port;
}

/** A port with an end of a channel between tasks. @param {number} id of the end */
function adopt(id) {
  const { TaskRoute } = require('internal/messages/task_route');
  const route = new TaskRoute(id, { adopt, release });
  const port = makePort(route);
  route.moved(port);
  return port;
}

/** Gives a port's end away, for another task. @returns {number} its number */
function release(port) {
  const { route, queue } = port[kTransfer]();
  return route.leave(queue);
}

// The way from a port of this task to another of it. `ends` has both; a transfer changes one.
class LocalRoute {
  constructor(ends, mine) {
    this.ends = ends;
    this.mine = mine;
  }
  get other() {
    return this.ends[1 - this.mine];
  }
  post(value, transfer) {
    if (transfer.some(isHandle)) {
      // Those are nobody's until they are taken, which is so between tasks alone.
      const routes = require('internal/messages/task_route').between();
      this.#widen(routes, this.ends[this.mine]._reroute(routes[0]));
      routes[0].post(value, transfer);
      return;
    }
    const { copy, ports } = copyOf(value, transfer);
    this.other?._deliver(() => ({ data: copy, ports }));
  }
  close() {
    this.other?._peerClosed();
  }
  /** A port was made anew of what kTransfer gave. */
  moved(port) {
    this.ends[this.mine] = port;
  }
  /** Gives this end away, with what waits there. @returns {number} */
  leave(queue) {
    const routes = require('internal/messages/task_route').between();
    this.#widen(routes, queue);
    return routes[0].leave();
  }
  // The channel becomes one between tasks, with what waits at both ends.
  #widen([mine, theirs], queue) {
    const waiting = this.other._reroute(theirs);
    for (const [route, list] of [
      [theirs, queue],
      [mine, waiting],
    ])
      for (const read of list) {
        const { data, ports } = read();
        route.post(data, ports);
      }
  }
}

/** A copy of a value whose ports and buffers move to it. */
function copyOf(value, transfer) {
  const ports = [];
  const copy = copyMoving(value, transfer, (port) => {
    const made = port._remade();
    ports.push(made);
    return made;
  });
  return { copy, ports };
}

/** Two ports that are connected. */
class MessageChannel {
  constructor() {
    const ends = [];
    ends.push(makePort(new LocalRoute(ends, 0)), makePort(new LocalRoute(ends, 1)));
    [this.port1, this.port2] = ends;
  }
  get [Symbol.toStringTag]() {
    return 'MessageChannel';
  }
}

/** The oldest message that waits at a port, as {message}; undefined if none does. */
function receiveMessageOnPort(port) {
  if (typeof port?._take !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('port', 'MessagePort', port);
  const read = port._take();
  return read === undefined ? undefined : { message: read().data };
}

module.exports = { MessageChannel, MessagePort, adopt, receiveMessageOnPort, release };
