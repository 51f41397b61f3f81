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
