'use strict';
// Which memory can go away while C++ looks at it for longer than a call: that of an ArrayBuffer that
// can be resized, and that of a WebAssembly program, which moves when it grows. Who hands such bytes
// over copies them first. The memory of WebAssembly cannot be told from other, so that what hands it
// out is watched. Loaded at the start.
const { apply } = Reflect;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const memories = new WeakSet();

function watch(prototype, name, kind) {
  const descriptor = getOwnPropertyDescriptor(prototype, name);
  const original = descriptor?.[kind];
  if (original === undefined) return;
  const replacement = function () {
    '$native';
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
// Not what a program may have put in their place: properties of an object can say anything.
const getterOf = (prototype, name) => getOwnPropertyDescriptor(prototype, name)?.get;
const TypedArrayPrototype = getPrototypeOf(Uint8Array.prototype);
const bufferOf = getterOf(TypedArrayPrototype, 'buffer');
const offsetOf = getterOf(TypedArrayPrototype, 'byteOffset');
const lengthOf = getterOf(TypedArrayPrototype, 'byteLength');
const sizeOf = getterOf(ArrayBuffer.prototype, 'byteLength');
const isResizable = getterOf(ArrayBuffer.prototype, 'resizable');

/** What is behind the first count bytes of a view. @param {Uint8Array} view @returns {Uint8Array} */
exports.behind = (view, count) =>
  new Uint8Array(
    apply(bufferOf, view, []),
    apply(offsetOf, view, []) + count,
    apply(lengthOf, view, []) - count,
  );

/** @param {Uint8Array} view @returns {boolean} whether its memory may go away or move */
exports.movable = (view) => {
  const buffer = apply(bufferOf, view, []);
  try {
    apply(sizeOf, buffer, []);
  } catch {
    return false; // a SharedArrayBuffer grows in its place
  }
  return (
    (isResizable !== undefined && apply(isResizable, buffer, [])) || apply(has, memories, [buffer])
  );
};
