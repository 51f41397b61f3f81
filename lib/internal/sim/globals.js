'use strict';
// The globals of a program in a simulation: what else would come from the machine comes from the
// seed.
const native = binding('sim');

const hidden = (object, name, value) =>
  Object.defineProperty(object, name, { value, writable: true, configurable: true });

hidden(Math, 'random', { random: () => native.random() }.random);

const RealDate = Date;
const now = () => Math.floor(native.wallMs());
function SimulatedDate(...parts) {
  if (new.target === undefined) return new RealDate(now()).toString();
  return Reflect.construct(RealDate, parts.length === 0 ? [now()] : parts, new.target);
}
hidden(SimulatedDate, 'name', 'Date');
hidden(SimulatedDate, 'length', RealDate.length);
Object.defineProperty(SimulatedDate, 'prototype', {
  value: RealDate.prototype,
  writable: false,
});
hidden(SimulatedDate, 'now', now);
hidden(SimulatedDate, 'parse', RealDate.parse);
hidden(SimulatedDate, 'UTC', RealDate.UTC);
hidden(RealDate.prototype, 'constructor', SimulatedDate);
hidden(globalThis, 'Date', SimulatedDate);

// What formats no date in particular formats the one of now.
const format = Intl.DateTimeFormat.prototype;
const { get: bound } = Object.getOwnPropertyDescriptor(format, 'format');
const formats = new WeakMap();
Object.defineProperty(format, 'format', {
  get() {
    const real = bound.call(this);
    if (!formats.has(this)) formats.set(this, (date) => real(date === undefined ? now() : date));
    return formats.get(this);
  },
  configurable: true,
});
const { formatToParts } = format;
hidden(
  format,
  'formatToParts',
  {
    formatToParts(date) {
      return formatToParts.call(this, date === undefined ? now() : date);
    },
  }.formatToParts,
);

// When memory is collected is no matter of the seed: nothing that is referred to weakly is.
class SimulatedWeakRef {
  #target;
  constructor(target) {
    this.#target = target;
  }
  deref() {
    return this.#target;
  }
}
hidden(SimulatedWeakRef, 'name', 'WeakRef');
hidden(globalThis, 'WeakRef', SimulatedWeakRef);

class SimulatedRegistry {
  register() {}
  unregister() {
    return false;
  }
}
hidden(SimulatedRegistry, 'name', 'FinalizationRegistry');
hidden(globalThis, 'FinalizationRegistry', SimulatedRegistry);

// Who waits lets the simulation go on.
const { wait, notify } = Atomics;
const placeOf = (array, index) => Math.trunc(index) * array.BYTES_PER_ELEMENT;
hidden(
  Atomics,
  'wait',
  {
    wait(array, index, value, timeout = Infinity) {
      const answer = wait(array, index, value, 0); // it throws, or the value differs
      const limit = Number(timeout);
      if (answer !== 'timed-out' || limit <= 0) return answer;
      const most = limit <= Number.MAX_SAFE_INTEGER ? Math.ceil(limit) : -1;
      return native.wait(array, placeOf(array, index), most) ? 'ok' : 'timed-out';
    },
  }.wait,
);
hidden(
  Atomics,
  'notify',
  {
    notify(array, index, count = Infinity) {
      const others = notify(array, index, count); // it throws, or tells those of waitAsync()
      const most = Math.max(Math.trunc(count) || 0, 0) - others;
      return others + native.notify(array, placeOf(array, index), most);
    },
  }.notify,
);

// The engine compiles on threads of its own, which end when they end.
if (globalThis.WebAssembly !== undefined) {
  const { Module, Instance } = WebAssembly;
  const compile = async (bytes) => new Module(bytes);
  hidden(WebAssembly, 'compile', compile);
  hidden(WebAssembly, 'instantiate', async (source, imports) => {
    if (source instanceof Module) return new Instance(source, imports);
    const module = await compile(source);
    return { module, instance: new Instance(module, imports) };
  });
}
