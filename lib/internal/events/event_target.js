'use strict';
// Event, EventTarget and CustomEvent (https://dom.spec.whatwg.org/#events), for targets that have
// no parent: an event has one phase, AT_TARGET.
const { kResistsStop, onAbort } = require('internal/base/abort');
const { showMembers } = require('internal/base/shown');
const { codes } = require('internal/errors/codes');
const runtime = binding('runtime');

const NONE = 0;
const AT_TARGET = 2;

const kSetTrusted = Symbol('setTrusted');
const kDispatch = Symbol('dispatch');
/** How many listeners of a type may be there without a warning; 0 for any number. */
const kMaxListeners = Symbol('maxListeners');
const kListenersChanged = Symbol('listenersChanged');
let listenersOf; // EventTarget's private list, for listeners()

class Event {
  #type;
  #bubbles = false;
  #cancelable = false;
  #composed = false;
  #canceled = false;
  #stopped = false;
  #stoppedAtOnce = false;
  #dispatching = false;
  #passive = false;
  #trusted = false;
  #target = null;
  #timeStamp = runtime.monotonic();

  /**
   * @param {string} type
   * @param {{bubbles?: boolean, cancelable?: boolean, composed?: boolean}} [options]
   */
  constructor(type, options) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (options != null) {
      if (typeof options !== 'object' && typeof options !== 'function')
        throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
      this.#bubbles = Boolean(options.bubbles);
      this.#cancelable = Boolean(options.cancelable);
      this.#composed = Boolean(options.composed);
    }
    this.#type = `${type}`;
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (this.#dispatching) return;
    this.#type = `${type}`;
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
    this.#canceled = this.#stopped = this.#stoppedAtOnce = false;
  }

  get type() {
    return this.#type;
  }
  get target() {
    return this.#target;
  }
  get currentTarget() {
    return this.#dispatching ? this.#target : null;
  }
  get srcElement() {
    return this.#target;
  }
  get bubbles() {
    return this.#bubbles;
  }
  get cancelable() {
    return this.#cancelable;
  }
  get composed() {
    return this.#composed;
  }
  get defaultPrevented() {
    return this.#cancelable && this.#canceled;
  }
  get returnValue() {
    return !this.defaultPrevented;
  }
  set returnValue(value) {
    if (!value) this.preventDefault();
  }
  get cancelBubble() {
    return this.#stopped;
  }
  set cancelBubble(value) {
    if (value) this.stopPropagation();
  }
  get eventPhase() {
    return this.#dispatching ? AT_TARGET : NONE;
  }
  /** Milliseconds since performance.timeOrigin. */
  get timeStamp() {
    return this.#timeStamp - runtime.startedAt;
  }
  get isTrusted() {
    return this.#trusted;
  }

  composedPath() {
    return this.#dispatching ? [this.#target] : [];
  }
  preventDefault() {
    if (this.#cancelable && !this.#passive) this.#canceled = true;
  }
  stopPropagation() {
    this.#stopped = true;
  }
  stopImmediatePropagation() {
    this.#stopped = this.#stoppedAtOnce = true;
  }

  [kSetTrusted]() {
    this.#trusted = true;
    return this;
  }

  // Calls the listeners of target. `remove(listener)` takes a `once` listener off the target.
  [kDispatch](target, list, remove) {
    if (this.#dispatching) throw new codes.ERR_EVENT_RECURSION(this.#type);
    this.#target = target;
    if (list !== undefined) {
      this.#dispatching = true;
      for (const listener of list.slice()) {
        if (listener.removed || (this.#stoppedAtOnce && !listener.resists)) continue;
        if (listener.once) remove(listener);
        this.#passive = listener.passive;
        callListener(listener.callback, target, this);
      }
      this.#passive = this.#dispatching = false;
    }
    this.#stopped = this.#stoppedAtOnce = false;
    return !this.defaultPrevented;
  }

  get [Symbol.toStringTag]() {
    return 'Event';
  }
}

// A listener's exception, or its promise's rejection, is an uncaught error: the dispatch goes on.
function callListener(callback, target, event) {
  try {
    const result =
      typeof callback === 'function' ? callback.call(target, event) : callback.handleEvent(event);
    if (typeof result?.then === 'function') result.then(undefined, throwLater);
  } catch (error) {
    throwLater(error);
  }
}

function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

class CustomEvent extends Event {
  #detail;

  /**
   * @param {string} type
   * @param {{detail?: any, bubbles?: boolean, cancelable?: boolean, composed?: boolean}} [options]
   */
  constructor(type, options) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() {
    return this.#detail;
  }
  get [Symbol.toStringTag]() {
    return 'CustomEvent';
  }
}

class EventTarget {
  #listeners = undefined; // Map of type → array of listeners, made when the first one comes

  /**
   * @param {string} type
   * @param {Function|{handleEvent: Function}|null} callback
   * @param {boolean|{capture?: boolean, once?: boolean, passive?: boolean, signal?: AbortSignal}} [options]
   */
  addEventListener(type, callback, options) {
    if (!(#listeners in Object(this))) throw new codes.ERR_INVALID_THIS('EventTarget');
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    if (options !== undefined && options !== null && !/^(?:boolean|object)$/.test(typeof options))
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    if (!checkCallback(callback)) return;
    type = `${type}`;
    const capture = captureOf(options);
    let once = false;
    let passive = false;
    let resists = false;
    let signal;
    if (typeof options === 'object' && options !== null) {
      once = Boolean(options.once);
      passive = Boolean(options.passive);
      resists = options[kResistsStop] === true;
      ({ signal } = options);
      if (signal !== undefined) {
        require('internal/errors/validators').validateAbortSignal(signal, 'options.signal');
        if (signal.aborted) return;
      }
    }
    const lists = (this.#listeners ??= new Map());
    let list = lists.get(type);
    if (list === undefined) lists.set(type, (list = []));
    else if (find(list, callback, capture) >= 0) return;
    list.push({ callback, capture, once, passive, resists, removed: false });
    signal?.addEventListener(
      'abort',
      () => this.removeEventListener(type, callback, capture),
      onAbort,
    );
    this[kListenersChanged]?.(type, list.length);
    this.#warnOfMany(type, list);
  }

  #warnOfMany(type, list) {
    const { length } = list;
    const limit = this[kMaxListeners] ?? require('events').defaultMaxListeners;
    if (limit === 0 || length <= limit || list.warned) return;
    list.warned = true;
    const { inspect } = require('internal/inspect/inspect');
    const warning = new Error(
      `Possible EventTarget memory leak detected. ${length} ${type} listeners added to ` +
        `${inspect(this, { depth: -1 })}. MaxListeners is ${limit}. ` +
        'Use events.setMaxListeners() to increase limit',
    );
    process.emitWarning(
      Object.assign(warning, {
        name: 'MaxListenersExceededWarning',
        target: this,
        type,
        count: length,
      }),
    );
  }

  /** Takes off the listener that was added with this callback and the same `capture`. */
  removeEventListener(type, callback, options) {
    if (!(#listeners in Object(this))) throw new codes.ERR_INVALID_THIS('EventTarget');
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    if (!checkCallback(callback)) return;
    const list = this.#listeners?.get(`${type}`);
    if (list === undefined) return;
    const index = find(list, callback, captureOf(options));
    if (index >= 0) this.#remove(`${type}`, list, index);
  }

  /** Calls the listeners of event.type; false if one of them cancelled the event. */
  dispatchEvent(event) {
    if (!(#listeners in Object(this))) throw new codes.ERR_INVALID_THIS('EventTarget');
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('event');
    if (!(event instanceof Event)) throw new codes.ERR_INVALID_ARG_TYPE('event', 'Event', event);
    const { type } = event;
    const list = this.#listeners?.get(type);
    return event[kDispatch](this, list, (listener) => {
      const index = list.indexOf(listener);
      if (index >= 0) this.#remove(type, list, index);
    });
  }

  #remove(type, list, index) {
    list[index].removed = true;
    list.splice(index, 1);
    if (list.length === 0) this.#listeners.delete(type);
    this[kListenersChanged]?.(type, list.length);
  }

  get [Symbol.toStringTag]() {
    return 'EventTarget';
  }

  static {
    listenersOf = (target, type) =>
      #listeners in target ? target.#listeners?.get(type) : undefined;
  }
}

function checkCallback(callback) {
  if (callback == null) return false;
  if (typeof callback !== 'function' && typeof callback !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('listener', 'EventListener', callback);
  return true;
}

function captureOf(options) {
  return typeof options === 'object' && options !== null
    ? Boolean(options.capture)
    : Boolean(options);
}

function find(list, callback, capture) {
  return list.findIndex((one) => one.callback === callback && one.capture === capture);
}

/** The callbacks that listen for type on an EventTarget, in order. */
function listeners(target, type) {
  if (!(target instanceof EventTarget))
    throw new codes.ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
  return (listenersOf(target, `${String(type)}`) ?? []).map((one) => one.callback);
}

/** Defines target.on<type>: a listener in a property, null when there is none. */
function defineEventHandler(prototype, type) {
  const handlers = new WeakMap(); // target → {callback, listener}
  Object.defineProperty(prototype, `on${type}`, {
    configurable: true,
    enumerable: true,
    get() {
      return handlers.get(this)?.callback ?? null;
    },
    set(value) {
      const callback =
        typeof value === 'function' || (typeof value === 'object' && value) ? value : null;
      const known = handlers.get(this);
      if (known === undefined) {
        if (callback === null) return;
        const handler = { callback, listener: (event) => callHandler(this, handler, event) };
        handlers.set(this, handler);
        this.addEventListener(type, handler.listener);
      } else if (callback === null) {
        handlers.delete(this);
        this.removeEventListener(type, known.listener);
      } else {
        known.callback = callback; // it keeps its place among the listeners
      }
    },
  });
}

function callHandler(target, handler, event) {
  if (typeof handler.callback === 'function') handler.callback.call(target, event);
}

for (const [prototype, names] of [
  [Event.prototype, Object.getOwnPropertyNames(Event.prototype)],
  [EventTarget.prototype, Object.getOwnPropertyNames(EventTarget.prototype)],
  [CustomEvent.prototype, ['detail']],
]) {
  for (const name of names)
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true });
}
for (const [name, value] of [
  ['NONE', NONE],
  ['CAPTURING_PHASE', 1],
  ['AT_TARGET', AT_TARGET],
  ['BUBBLING_PHASE', 3],
])
  for (const target of [Event, Event.prototype])
    Object.defineProperty(target, name, { value, enumerable: true });

showMembers(Event, ['type', 'defaultPrevented', 'cancelable', 'timeStamp']);
showMembers(EventTarget);

module.exports = {
  kMaxListeners,
  Event,
  EventTarget,
  CustomEvent,
  listeners,
  defineEventHandler,
  kSetTrusted,
  kListenersChanged,
};
