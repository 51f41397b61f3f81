'use strict';
// Named channels for messages about what a program does
// (https://nodejs.org/api/diagnostics_channel.html).
const { codes } = require('internal/errors/codes');
const { validateFunction } = require('internal/errors/validators');

const channels = new Map(); // name → WeakRef, or the channel itself while it has subscribers

function checkName(name) {
  if (typeof name !== 'string' && typeof name !== 'symbol')
    throw new codes.ERR_INVALID_ARG_TYPE('channel', ['string', 'symbol'], name);
}

function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

class Channel {
  #subscribers = []; // replaced, not changed: a publish under way keeps its list
  #stores = new Map(); // AsyncLocalStorage → transform

  constructor(name) {
    this.name = name;
  }

  get hasSubscribers() {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }

  /** Calls listener(message, name) for every message. */
  subscribe(listener) {
    validateFunction(listener, 'subscription');
    this.#subscribers = [...this.#subscribers, listener];
    this.#hold();
  }

  /** Whether listener was subscribed; it is no more. */
  unsubscribe(listener) {
    const index = this.#subscribers.indexOf(listener);
    if (index < 0) return false;
    this.#subscribers = this.#subscribers.toSpliced(index, 1);
    this.#hold();
    return true;
  }

  #hold() {
    channels.set(this.name, this.hasSubscribers ? this : new WeakRef(this));
  }

  /** A subscriber's exception is an uncaught error; the others still get the message. */
  publish(message) {
    for (const listener of this.#subscribers) {
      try {
        listener(message, this.name);
      } catch (error) {
        throwLater(error);
      }
    }
  }

  bindStore(store, transform) {
    this.#stores.set(store, transform);
    this.#hold();
  }

  unbindStore(store) {
    const was = this.#stores.delete(store);
    this.#hold();
    return was;
  }

  /** Publishes context and calls fn with it as the value of every bound store. */
  runStores(context, fn, thisArg, ...args) {
    let run = () => {
      this.publish(context);
      return Reflect.apply(fn, thisArg, args);
    };
    for (const [store, transform] of this.#stores) {
      const next = run;
      run = () => {
        let value = context;
        try {
          if (transform !== undefined) value = transform(context);
        } catch (error) {
          throwLater(error);
          return next();
        }
        return store.run(value, next);
      };
    }
    return run();
  }
}

/** The channel of that name, the same object every time. */
function channel(name) {
  const known = channels.get(name);
  const found = known instanceof WeakRef ? known.deref() : known;
  if (found !== undefined) return found;
  checkName(name);
  const made = new Channel(name);
  channels.set(name, new WeakRef(made));
  return made;
}

function hasSubscribers(name) {
  const known = channels.get(name);
  const found = known instanceof WeakRef ? known.deref() : known;
  return found !== undefined && found.hasSubscribers;
}

require('internal/base/channels').publish = (name, message) => {
  if (hasSubscribers(name)) channel(name).publish(message);
};

/** What a call is traced by, if somebody listens. @type {Map<string, TracingChannel>} */
const traced = new Map();

require('internal/base/channels').trace = (how, name, fn, context, thisArg, ...args) => {
  if (!traced.has(name)) traced.set(name, new TracingChannel(name));
  return traced.get(name)[how](fn, context, thisArg, ...args);
};

const traceEvents = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

class TracingChannel {
  constructor(nameOrChannels) {
    for (const event of traceEvents) {
      const one =
        typeof nameOrChannels === 'string'
          ? channel(`tracing:${nameOrChannels}:${event}`)
          : nameOrChannels?.[event];
      if (!(one instanceof Channel))
        throw new codes.ERR_INVALID_ARG_TYPE(`nameOrChannels.${event}`, 'Channel', one);
      Object.defineProperty(this, event, { value: one, enumerable: true });
    }
  }

  get hasSubscribers() {
    return traceEvents.some((event) => this[event].hasSubscribers);
  }

  subscribe(handlers) {
    for (const event of traceEvents) if (handlers[event]) this[event].subscribe(handlers[event]);
  }

  unsubscribe(handlers) {
    let all = true;
    for (const event of traceEvents)
      if (handlers[event] && !this[event].unsubscribe(handlers[event])) all = false;
    return all;
  }

  traceSync(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    return this.start.runStores(context, () => {
      try {
        context.result = Reflect.apply(fn, thisArg, args);
        return context.result;
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  tracePromise(fn, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const settled = (name, value) => {
      context[name] = value;
      if (name === 'error') this.error.publish(context);
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
    };
    return this.start.runStores(context, () => {
      try {
        return Promise.resolve(Reflect.apply(fn, thisArg, args)).then(
          (result) => {
            settled('result', result);
            return result;
          },
          (error) => {
            settled('error', error);
            throw error;
          },
        );
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  traceCallback(fn, position = -1, context = {}, thisArg, ...args) {
    if (!this.hasSubscribers) return Reflect.apply(fn, thisArg, args);
    const callback = args.at(position);
    validateFunction(callback, 'callback');
    const channel = this;
    args.splice(position, 1, function wrapped(error, result) {
      if (error) {
        context.error = error;
        channel.error.publish(context);
      } else {
        context.result = result;
      }
      return channel.asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(callback, this, arguments);
        } finally {
          channel.asyncEnd.publish(context);
        }
      });
    });
    return this.start.runStores(context, () => {
      try {
        return Reflect.apply(fn, thisArg, args);
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
}

module.exports = {
  channel,
  hasSubscribers,
  subscribe: (name, listener) => channel(name).subscribe(listener),
  unsubscribe: (name, listener) => channel(name).unsubscribe(listener),
  tracingChannel: (nameOrChannels) => new TracingChannel(nameOrChannels),
  Channel,
};
