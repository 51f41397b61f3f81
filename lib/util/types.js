'use strict';
// util.types: what a value is, by its internal kind, whatever its prototype or toStringTag say.
const { promiseState, proxyTarget } = binding('types');

const isObject = (value) => typeof value === 'object' && value !== null;

/** A check by a method or getter that throws when `this` is of another kind. */
function brand(probe) {
  return (value) => {
    if (!isObject(value)) return false;
    try {
      probe(value);
      return true;
    } catch {
      return false;
    }
  };
}

const getter = (Class, name) => {
  const { get } = Object.getOwnPropertyDescriptor(Class.prototype, name);
  return (value) => Reflect.apply(get, value, []);
};
const method = (Class, name, ...args) => {
  const fn = Class.prototype[name];
  return (value) => Reflect.apply(fn, value, args);
};

const TypedArray = Object.getPrototypeOf(Uint8Array);
const { get: typedArrayTag } = Object.getOwnPropertyDescriptor(
  TypedArray.prototype,
  Symbol.toStringTag,
);

/** 'Uint8Array', ... or undefined. */
const typedArrayName = (value) => Reflect.apply(typedArrayTag, value, []);

const isMap = brand(getter(Map, 'size'));
const isSet = brand(getter(Set, 'size'));
const probeKey = {};
const isWeakMap = brand(method(WeakMap, 'has', probeKey));
const isWeakSet = brand(method(WeakSet, 'has', probeKey));
const isArrayBuffer = brand(getter(ArrayBuffer, 'byteLength'));
const isSharedArrayBuffer =
  typeof SharedArrayBuffer === 'function'
    ? brand(getter(SharedArrayBuffer, 'byteLength'))
    : () => false;
const isAnyArrayBuffer = (value) => isArrayBuffer(value) || isSharedArrayBuffer(value);
const isDate = brand(method(Date, 'getTime'));
const isNumberObject = brand(method(Number, 'valueOf'));
const isStringObject = brand(method(String, 'valueOf'));
const isBooleanObject = brand(method(Boolean, 'valueOf'));
const isBigIntObject = brand(method(BigInt, 'valueOf'));
const isSymbolObject = brand(method(Symbol, 'valueOf'));
const isBoxedPrimitive = (value) =>
  isNumberObject(value) ||
  isStringObject(value) ||
  isBooleanObject(value) ||
  isBigIntObject(value) ||
  isSymbolObject(value);

// The getter answers for RegExp.prototype too, which is no regular expression.
const regExpSource = getter(RegExp, 'source');
const probeRegExp = brand(regExpSource);
const isRegExp = (value) => value !== RegExp.prototype && probeRegExp(value);

const source = Function.prototype.toString;

// Whether one of the prototypes is that of a context's Promise.
const inheritsPromise = (value) => {
  if (value instanceof Promise) return true;
  for (let one = value; (one = Object.getPrototypeOf(one)) !== null && !isProxy(one);) {
    const made = Object.getOwnPropertyDescriptor(one, 'constructor')?.value;
    if (typeof made !== 'function' || isProxy(made)) continue;
    if (/^function Promise\(\) \{\s+\[native code\]/.test(Reflect.apply(source, made, [])))
      return made !== Promise && made.prototype === one;
  }
  return false;
};

// Promise has no method that checks `this` without an effect.
const isPromise = (value) => {
  if (!isObject(value) || isProxy(value)) return false;
  if (promiseState(value) !== undefined) return true;
  return Object.prototype.toString.call(value) === '[object Promise]' && inheritsPromise(value);
};

const tagOf = (value) => Object.prototype.toString.call(value);
// Without a toStringTag, Object.prototype.toString tells the kind.
const isArgumentsObject = (value) =>
  isObject(value) && !(Symbol.toStringTag in value) && tagOf(value) === '[object Arguments]';

const AsyncFunction = async function () {}.constructor;
const GeneratorFunction = function* () {}.constructor;
const AsyncGeneratorFunction = async function* () {}.constructor;
const hasTag = (value, tag) => typeof value === 'function' && tagOf(value) === `[object ${tag}]`;
const startsAsync = (value) => /^(?:static\s+)?async\b/.test(Reflect.apply(source, value, []));
const isAsyncFunction = (value) =>
  typeof value === 'function' &&
  (value instanceof AsyncFunction ||
    value instanceof AsyncGeneratorFunction ||
    ((hasTag(value, 'AsyncFunction') || hasTag(value, 'AsyncGeneratorFunction')) &&
      startsAsync(value)));
const isGeneratorFunction = (value) =>
  typeof value === 'function' &&
  (value instanceof GeneratorFunction || value instanceof AsyncGeneratorFunction);

const iteratorPrototype = (iterable) => Object.getPrototypeOf(iterable[Symbol.iterator]());
const MapIteratorPrototype = iteratorPrototype(new Map());
const SetIteratorPrototype = iteratorPrototype(new Set());
const inherits = (value, prototype) =>
  isObject(value) && value !== prototype && Object.prototype.isPrototypeOf.call(prototype, value);
const isMapIterator = (value) => inherits(value, MapIteratorPrototype);
const isSetIterator = (value) => inherits(value, SetIteratorPrototype);
const GeneratorPrototype = Object.getPrototypeOf(function* () {}.prototype);
const isGeneratorObject = (value) => inherits(value, GeneratorPrototype);

/** Whether value is a Proxy, also a revoked one. */
function isProxy(value) {
  if (!isObject(value) && typeof value !== 'function') return false;
  // To the engine, the global object that programs see is a proxy of its own kind.
  if (value === globalThis || proxyTarget(value) === undefined) return false;
  if (value === Function) return false; // internal/start/globals has one in its place
  if (require('internal/base/transparent').proxies.has(value)) return false;
  return !require('internal/inspect/namespaces').has(value);
}

const isNativeError = (value) => Error.isError(value);

module.exports = {
  isAnyArrayBuffer,
  isArgumentsObject,
  isArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isAsyncFunction,
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive,
  isCryptoKey: () => false,
  isDataView: (value) => ArrayBuffer.isView(value) && typedArrayName(value) === undefined,
  isDate,
  isExternal: () => false,
  isGeneratorFunction,
  isGeneratorObject,
  isKeyObject: () => false,
  isMap,
  isMapIterator,
  isModuleNamespaceObject: (value) => require('internal/inspect/namespaces').has(value),
  isNativeError,
  isNumberObject,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSetIterator,
  isSharedArrayBuffer,
  isStringObject,
  isSymbolObject,
  isTypedArray: (value) => ArrayBuffer.isView(value) && typedArrayName(value) !== undefined,
  isWeakMap,
  isWeakSet,
};
for (const name of [
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
])
  module.exports[`is${name}`] = (value) =>
    ArrayBuffer.isView(value) && typedArrayName(value) === name;
