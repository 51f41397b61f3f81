'use strict';
// The memory of a WebAssembly program moves when it grows, and nothing can hold it: whoever lets C++
// look at bytes for longer than a call copies those first. Such an ArrayBuffer cannot be told from
// another, so that what hands them out is watched. Loaded at the start.
const memories = new WeakSet();

function watch(prototype, name, kind) {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  const original = descriptor?.[kind];
  if (original === undefined) return;
  const { apply } = Reflect;
  const replacement = function () {
    const buffer = apply(original, this, []);
    memories.add(buffer);
    return buffer;
  };
  Object.defineProperty(replacement, 'name', { value: original.name, configurable: true });
  Object.defineProperty(prototype, name, { ...descriptor, [kind]: replacement });
}

if (globalThis.WebAssembly !== undefined) {
  watch(WebAssembly.Memory.prototype, 'buffer', 'get');
  watch(WebAssembly.Memory.prototype, 'toFixedLengthBuffer', 'value');
}

const { has } = memories;

/** Whether an ArrayBuffer may move although it cannot be resized. */
exports.moves = (buffer) => Reflect.apply(has, memories, [buffer]);
