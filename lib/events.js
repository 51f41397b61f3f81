'use strict';
// EventEmitter as Node documents it (https://nodejs.org/api/events.html). Written here because
// emit() is on the path of every message.
const { codes } = require('internal/errors/codes');
const { capture, captureRejectionSymbol, kCapture } = require('internal/events/rejections');
const validators = () => require('internal/errors/validators');
const functions = () => require('internal/events/functions');

const errorMonitor = Symbol('events.errorMonitor');
let defaultMaxListeners = 10;
const { create } = Object;
const bare = () => create(null); // a literal that names its prototype costs five times as much

function EventEmitter(options) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = bare();
    this._eventsCount = 0;
  }
  this._maxListeners ??= undefined;
  if (options?.captureRejections) {
    if (options.captureRejections !== true)
      throw new codes.ERR_INVALID_ARG_TYPE(
        'options.captureRejections',
        'boolean',
        options.captureRejections,
      );
    this[kCapture] = options.captureRejections;
  }
}

EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;
EventEmitter.prototype[kCapture] = false;

function checkListener(listener) {
  if (typeof listener !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('listener', 'Function', listener);
}

function maxListeners(emitter) {
  return emitter._maxListeners === undefined ? defaultMaxListeners : emitter._maxListeners;
}

EventEmitter.prototype.setMaxListeners = function setMaxListeners(count) {
  validators().validateNumber(count, 'setMaxListeners', 0);
  this._maxListeners = count;
  return this;
};

EventEmitter.prototype.getMaxListeners = function getMaxListeners() {
  return maxListeners(this);
};

function unhandled(emitter, args) {
  const error = args[0];
  if (error instanceof Error) {
    require('internal/errors/hints').noteEmitted(error, emitter);
    return error;
  }
  const problem = new codes.ERR_UNHANDLED_ERROR(error);
  problem.context = error;
  return problem;
}

function callMany(emitter, type, listeners, args) {
  const copy = listeners.slice();
  const captures = emitter[kCapture];
  for (let i = 0; i < copy.length; i++) {
    const result = Reflect.apply(copy[i], emitter, args);
    if (captures && result != null) capture(emitter, result, type, args);
  }
}

EventEmitter.prototype.emit = function emit(type, a, b, c) {
  const events = this._events;
  const count = arguments.length;
  if (type === 'error') {
    const args = Array.prototype.slice.call(arguments, 1);
    if (events?.[errorMonitor] !== undefined) this.emit(errorMonitor, ...args);
    if (this._events?.error === undefined) throw unhandled(this, args);
  }
  if (events === undefined) return false;
  const handler = this._events[type];
  if (handler === undefined) return false;
  if (typeof handler === 'function') {
    let result;
    switch (count) {
      case 1:
        result = handler.call(this);
        break;
      case 2:
        result = handler.call(this, a);
        break;
      case 3:
        result = handler.call(this, a, b);
        break;
      case 4:
        result = handler.call(this, a, b, c);
        break;
      default:
        result = Reflect.apply(handler, this, Array.prototype.slice.call(arguments, 1));
    }
    if (result != null && this[kCapture])
      capture(this, result, type, Array.prototype.slice.call(arguments, 1));
  } else {
    callMany(this, type, handler, Array.prototype.slice.call(arguments, 1));
  }
  return true;
};

function add(emitter, type, listener, first) {
  checkListener(listener);
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = bare();
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit('newListener', type, listener.listener ?? listener);
    events = emitter._events;
  }
  let list = events[type];
  if (list === undefined) {
    events[type] = listener;
    emitter._eventsCount++;
    return emitter;
  }
  if (typeof list === 'function') list = events[type] = first ? [listener, list] : [list, listener];
  else if (first) list.unshift(listener);
  else list.push(listener);
  const limit = maxListeners(emitter);
  if (limit > 0 && list.length > limit && !list.warned)
    functions().warnLeak(emitter, type, list, limit);
  return emitter;
}

EventEmitter.prototype.addListener = function addListener(type, listener) {
  return add(this, type, listener, false);
};
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.prependListener = function prependListener(type, listener) {
  return add(this, type, listener, true);
};

function wrapOnce(emitter, type, listener) {
  checkListener(listener);
  let done = false;
  function wrapper(...args) {
    if (done) return undefined;
    done = true;
    emitter.removeListener(type, wrapper);
    return Reflect.apply(listener, emitter, args);
  }
  wrapper.listener = listener;
  return wrapper;
}

EventEmitter.prototype.once = function once(type, listener) {
  return this.on(type, wrapOnce(this, type, listener));
};
EventEmitter.prototype.prependOnceListener = function prependOnceListener(type, listener) {
  return this.prependListener(type, wrapOnce(this, type, listener));
};

EventEmitter.prototype.removeListener = function removeListener(type, listener) {
  checkListener(listener);
  const events = this._events;
  const list = events?.[type];
  if (list === undefined) return this;
  let removed;
  if (list === listener || list.listener === listener) {
    removed = list;
    delete events[type];
    this._eventsCount--;
  } else if (typeof list !== 'function') {
    let index = list.length - 1;
    while (index >= 0 && list[index] !== listener && list[index].listener !== listener) index--;
    if (index < 0) return this;
    removed = list[index];
    list.splice(index, 1);
    if (list.length === 1) events[type] = list[0];
  } else {
    return this;
  }
  if (events.removeListener !== undefined)
    this.emit('removeListener', type, removed.listener ?? removed);
  return this;
};
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;

EventEmitter.prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener !== undefined) {
    // Those who are told of it go last.
    const types =
      arguments.length === 0
        ? [...Reflect.ownKeys(events).filter((key) => key !== 'removeListener'), 'removeListener']
        : [type];
    for (const one of types) {
      const list = events[one];
      if (list === undefined) continue;
      for (const listener of typeof list === 'function' ? [list] : list.slice().reverse())
        this.removeListener(one, listener);
    }
    if (arguments.length > 0) return this;
  }
  if (arguments.length === 0) {
    this._events = bare();
    this._eventsCount = 0;
  } else if (events[type] !== undefined) {
    delete events[type];
    this._eventsCount--;
  }
  return this;
};

function listOf(emitter, type) {
  const list = emitter._events?.[type];
  if (list === undefined) return [];
  return typeof list === 'function' ? [list] : list.slice();
}

EventEmitter.prototype.listeners = function listeners(type) {
  return listOf(this, type).map((listener) => listener.listener ?? listener);
};
EventEmitter.prototype.rawListeners = function rawListeners(type) {
  return listOf(this, type);
};
EventEmitter.prototype.listenerCount = function listenerCount(type, listener) {
  const list = this._events?.[type];
  if (list === undefined) return 0;
  if (listener != null)
    return listOf(this, type).filter((one) => one === listener || one.listener === listener).length;
  return typeof list === 'function' ? 1 : list.length;
};
EventEmitter.prototype.eventNames = function eventNames() {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

// ---- Functions of the module

const maxListenersOfTargets = () => require('internal/events/event_target').kMaxListeners;

/** Throws unless target is an EventEmitter or an EventTarget. */
function isTarget(target, name) {
  if (typeof target?.on === 'function') return false;
  const { EventTarget } = require('internal/events/event_target');
  if (target instanceof EventTarget) return true;
  throw new codes.ERR_INVALID_ARG_TYPE(name, ['EventEmitter', 'EventTarget'], target);
}

/** Resolves with the arguments of the next type event; rejects on error or abort. */
function once(emitter, type, options = {}) {
  return functions().once(emitter, type, options);
}

/** An async iterator of the arguments of every type event. */
function on(emitter, type, options = {}) {
  return require('internal/events/iterator').on(emitter, type, options);
}

/** Calls listener once when signal aborts, at once if it has; returns a Disposable. */
function addAbortListener(signal, listener) {
  return functions().addAbortListener(signal, listener);
}

module.exports = EventEmitter;
Object.assign(EventEmitter, {
  EventEmitter,
  usingDomains: false,
  errorMonitor,
  captureRejectionSymbol,
  once,
  on,
  addAbortListener,
  getEventListeners(target, type) {
    if (typeof target.listeners === 'function') return target.listeners(type);
    return require('internal/events/event_target').listeners(target, type);
  },
  getMaxListeners(target) {
    if (typeof target?.getMaxListeners === 'function') return target.getMaxListeners();
    isTarget(target, 'emitter');
    return target[maxListenersOfTargets()] ?? defaultMaxListeners;
  },
  setMaxListeners(count = defaultMaxListeners, ...targets) {
    validators().validateNumber(count, 'setMaxListeners', 0);
    if (targets.length === 0) defaultMaxListeners = count;
    for (const target of targets) {
      if (typeof target.setMaxListeners === 'function') target.setMaxListeners(count);
      else if (isTarget(target, 'eventTargets')) target[maxListenersOfTargets()] = count;
    }
  },
  listenerCount(emitter, type) {
    if (typeof emitter.listenerCount === 'function') return emitter.listenerCount(type);
    return require('internal/events/event_target').listeners(emitter, type).length;
  },
});
Object.defineProperties(EventEmitter, {
  defaultMaxListeners: {
    enumerable: true,
    get: () => defaultMaxListeners,
    set(count) {
      validators().validateNumber(count, 'defaultMaxListeners', 0);
      defaultMaxListeners = count;
    },
  },
  captureRejections: {
    enumerable: true,
    get: () => EventEmitter.prototype[kCapture],
    set(value) {
      if (typeof value !== 'boolean')
        throw new codes.ERR_INVALID_ARG_TYPE('EventEmitter.captureRejections', 'boolean', value);
      EventEmitter.prototype[kCapture] = value;
    },
  },
});
Object.defineProperty(EventEmitter, 'EventEmitterAsyncResource', {
  configurable: true,
  enumerable: true,
  get: () => require('internal/events/async_resource').EventEmitterAsyncResource,
});
