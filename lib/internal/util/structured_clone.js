'use strict';
// structuredClone() (https://html.spec.whatwg.org/#structured-cloning).
const { kHandle, kOpaque, kState } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');

/** The classes of errors that keep their class in a copy. */
const errorClasses = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};
const toStringTag = Object.prototype.toString;

/** The method of ports, which move to a copy beside ArrayBuffers. */
const kTransfer = Symbol('transfer');

function refuse(message) {
  const { DOMException } = require('internal/errors/domexception');
  throw new DOMException(message, 'DataCloneError');
}

function describe(value) {
  if (typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return Function.prototype.toString.call(value);
  return toStringTag.call(value).replace(/^\[object (.*)\]$/, '#<$1>');
}

// The getter of an accessor throws on an object that is not of its class, whatever its prototype
// says: that tells the classes of values apart.
function brand(prototype, name) {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name);
  return (value) => {
    try {
      get.call(value);
      return true;
    } catch {
      return false;
    }
  };
}

function methodBrand(method, ...args) {
  return (value) => {
    try {
      Reflect.apply(method, value, args);
      return true;
    } catch {
      return false;
    }
  };
}

const isMap = brand(Map.prototype, 'size');
const isSet = brand(Set.prototype, 'size');
const isArrayBuffer = brand(ArrayBuffer.prototype, 'byteLength');
const isDate = methodBrand(Date.prototype.getTime);
const isShared =
  typeof SharedArrayBuffer === 'function'
    ? brand(SharedArrayBuffer.prototype, 'byteLength')
    : () => false;
const isWeakMap = methodBrand(WeakMap.prototype.has, {});
const isWeakSet = methodBrand(WeakSet.prototype.has, {});
const isWeakRef = methodBrand(WeakRef.prototype.deref);
const { promiseState } = binding('types');
const isPromise = (value) => value instanceof Promise || promiseState(value) !== undefined;
const regExpFlags = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get;
const regExpSource = brand(RegExp.prototype, 'source');
const isRegExp = (value) => value !== RegExp.prototype && regExpSource(value);
const primitives = [
  methodBrand(Boolean.prototype.valueOf),
  methodBrand(Number.prototype.valueOf),
  methodBrand(String.prototype.valueOf),
  methodBrand(BigInt.prototype.valueOf),
];
const typedArrayName = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function refuseDetached(buffer) {
  if (buffer.detached) refuse('An ArrayBuffer is detached and could not be cloned.');
}

class Cloner {
  constructor() {
    this.seen = new Map();
    this.pending = []; // objects whose properties are still to be cloned, so that depth has no limit
  }

  clone(value) {
    const copy = this.value(value);
    while (this.pending.length > 0) this.pending.pop()();
    return copy;
  }

  value(value) {
    if (typeof value === 'symbol' || typeof value === 'function')
      refuse(`${describe(value)} could not be cloned.`);
    if (typeof value !== 'object' || value === null) return value;
    const known = this.seen.get(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return this.later(value, new Array(value.length), this.properties);
    const prototype = Object.getPrototypeOf(value);
    if (prototype === null) return this.later(value, {}, this.properties);
    if (prototype === Object.prototype && toStringTag.call(value) === '[object Object]')
      return this.later(value, {}, this.properties);
    return this.special(value);
  }

  later(value, copy, fill) {
    if (uncloneable.has(value)) refuse(`${describe(value)} could not be cloned.`);
    this.seen.set(value, copy);
    this.pending.push(() => fill.call(this, value, copy));
    return copy;
  }

  keep(value, copy) {
    this.seen.set(value, copy);
    return copy;
  }

  properties(value, copy) {
    for (const key of Object.keys(value)) {
      Object.defineProperty(copy, key, {
        value: this.value(value[key]),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }

  special(value) {
    if (ArrayBuffer.isView(value)) return this.view(value);
    if (isArrayBuffer(value)) return this.buffer(value);
    if (isShared(value)) return this.keep(value, value);
    if (isMap(value)) return this.map(value);
    if (isSet(value)) return this.set(value);
    if (isDate(value)) return this.keep(value, new Date(Date.prototype.getTime.call(value)));
    if (isRegExp(value)) return this.keep(value, new RegExp(value.source, regExpFlags.call(value)));
    if (isError(value)) return this.error(value);
    if (primitives.some((is) => is(value))) return this.keep(value, Object(value.valueOf()));
    if (isDOMException(value)) return this.exception(value);
    if (isMovable(value)) refuse(NEEDS_TRANSFER);
    if (hasState(value)) return this.keep(value, revive(...stateOf(value)));
    if (isExotic(value) || value instanceof require('internal/events/event_target').EventTarget)
      refuse(`${describe(value)} could not be cloned.`);
    return this.later(value, {}, this.properties);
  }

  buffer(value) {
    refuseDetached(value);
    if (!value.resizable) return this.keep(value, ArrayBuffer.prototype.slice.call(value, 0));
    const copy = new ArrayBuffer(value.byteLength, { maxByteLength: value.maxByteLength });
    new Uint8Array(copy).set(new Uint8Array(value));
    return this.keep(value, copy);
  }

  // Views of one buffer are views of one buffer again. Subclasses become the built-in class.
  view(value) {
    const { byteOffset } = value;
    const buffer = this.value(value.buffer);
    const name = typedArrayName.call(value);
    if (name === undefined)
      return this.keep(value, new DataView(buffer, byteOffset, value.byteLength));
    return this.keep(value, new globalThis[name](buffer, byteOffset, value.length));
  }

  map(value) {
    const pairs = [...Map.prototype.entries.call(value)];
    return this.later(value, new Map(), (_, copy) => {
      for (const [key, one] of pairs) copy.set(this.value(key), this.value(one));
    });
  }

  set(value) {
    const values = [...Set.prototype.values.call(value)];
    return this.later(value, new Set(), (_, copy) => {
      for (const one of values) copy.add(this.value(one));
    });
  }

  error(value) {
    require('internal/errors/stack').fixStack(value);
    const Class = Object.hasOwn(errorClasses, value.name) ? errorClasses[value.name] : Error;
    const error = this.keep(value, new Class());
    for (const name of ['message', 'stack', 'cause']) {
      if (name === 'message' ? value.message === undefined : !Object.hasOwn(value, name)) continue;
      const one = name === 'cause' ? this.value(value.cause) : String(value[name]);
      Object.defineProperty(error, name, {
        value: one,
        writable: true,
        configurable: true,
        enumerable: false,
      });
    }
    return error;
  }

  exception(value) {
    const { DOMException } = require('internal/errors/domexception');
    const copy = new DOMException(value.message, value.name);
    Object.defineProperty(copy, 'stack', {
      value: value.stack,
      writable: true,
      configurable: true,
    });
    return this.keep(value, copy);
  }
}

function isDOMException(value) {
  return value instanceof require('internal/errors/domexception').DOMException;
}

function isError(value) {
  if (isDOMException(value)) return false;
  return typeof Error.isError === 'function' ? Error.isError(value) : value instanceof Error;
}

const uncloneable = new WeakSet(); // what programs marked so

const isWebAssembly = (value) =>
  typeof WebAssembly === 'object' &&
  ['Module', 'Instance', 'Memory', 'Table', 'Global'].some(
    (name) => value instanceof WebAssembly[name],
  );

/** Whether value has a state that cannot be copied, or is marked as such. */
// By the kind of an object with a state: the module that makes one of it.
const modules = {
  __proto__: null,
  Handle: 'internal/net/moving',
  Blob: 'internal/buffer/blob',
  CryptoKey: 'internal/crypto/cryptokey',
  File: 'internal/buffer/blob',
  KeyObject: 'internal/crypto/keys',
  SocketAddress: 'internal/net/socketaddress',
};

/** An object of a kind with a state, as its method kState gives both. */
const revive = (kind, state) => require(modules[kind]).revive(kind, state);

/** [kind, state] of such an object. */
const stateOf = (value) => value[kState]();

/** Whether an object has a state and may be cloned with it. */
const hasState = (value) => typeof value[kState] === 'function' && !uncloneable.has(value);

function isExotic(value) {
  return (
    isPromise(value) ||
    isWeakMap(value) ||
    isWeakSet(value) ||
    isWeakRef(value) ||
    uncloneable.has(value) ||
    value[kOpaque] === true ||
    isWebAssembly(value)
  );
}

const untransferable = new WeakSet();

const NEEDS_TRANSFER =
  'Object that needs transfer was found in message but not listed in transferList';

/**
 * Throws unless each of a list may move.
 * @param {any[]} list
 * @param {(one: any) => boolean} isMovable whether it is something else than an ArrayBuffer that may
 */
function checkTransferable(list, isMovable) {
  list.forEach((one, index) => {
    if (list.indexOf(one) !== index)
      refuse(`Transfer list contains duplicate ${isMovable(one) ? 'MessagePort' : 'ArrayBuffer'}`);
    if (untransferable.has(one))
      refuse('An object in the transfer list is marked as untransferable.');
    if (isMovable(one)) return;
    if (one === null || typeof one !== 'object' || !isArrayBuffer(one))
      refuse('Found invalid value in transferList.');
    refuseDetached(one);
    if (!isDetachable(one)) refuse('The memory of a WebAssembly.Memory could not be transferred.');
  });
}

// A length that no buffer has is looked at after whether the buffer may go at all.
function isDetachable(buffer) {
  try {
    buffer.transfer(Number.MAX_SAFE_INTEGER);
  } catch (error) {
    return error instanceof RangeError;
  }
}

/**
 * A deep copy of value. ArrayBuffers and ports in options.transfer move to the copy instead.
 * @param {any} value
 * @param {{transfer?: Iterable<object>}} [options]
 */
function structuredClone(value, options) {
  if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('value');
  if (options != null && typeof options !== 'object' && typeof options !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
  const transfer = options?.transfer;
  if (transfer != null && typeof transfer[Symbol.iterator] !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('options.transfer', 'Iterable', transfer);
  const moved = transfer == null ? [] : [...transfer];
  // Sockets and servers end with a message that fails: only those between tasks see to that.
  if (moved.some(isHandle)) return require('internal/messages/task_route').passed(value, moved);
  return copyMoving(value, moved);
}

/**
 * A deep copy of value.
 * @param {any} value
 * @param {object[]} moved  ArrayBuffers and ports, which move to the copy
 * @param {(port: object) => object} [movePort]  what becomes of a port
 */
function copyMoving(value, moved, movePort = (port) => port._remade()) {
  checkTransferable(moved, isMovable);
  const cloner = new Cloner();
  if (moved.length === 0) return cloner.clone(value);
  // Everything that can fail comes before anything moves: a refused value leaves it alone. What the
  // program has of getters runs once.
  const { copy, views } = unmoved(value, moved);
  for (const one of moved) cloner.seen.set(one, isMovable(one) ? movePort(one) : one.transfer());
  for (const [view, make] of views) cloner.seen.set(view, make(cloner.seen));
  return cloner.clone(copy);
}

const isHandle = (one) => typeof one?.[kHandle] === 'function';
const isMovable = (one) => isHandle(one) || typeof one?.[kTransfer] === 'function';

// A copy of value with the buffers and views of value; and its views of the buffers that move, with
// what makes them anew: they lose their length and offset when their buffer goes.
function unmoved(value, moved) {
  const found = new Map();
  const walker = new Cloner();
  walker.view = (view) => {
    if (moved.includes(view.buffer)) {
      const { buffer, byteOffset } = view;
      const name = typedArrayName.call(view);
      const length = name === undefined ? view.byteLength : view.length;
      const Class = name === undefined ? DataView : globalThis[name];
      found.set(view, (seen) => new Class(seen.get(buffer), byteOffset, length));
    } else walker.value(view.buffer);
    return walker.keep(view, view);
  };
  walker.buffer = (buffer) => {
    refuseDetached(buffer);
    return walker.keep(buffer, buffer);
  };
  for (const one of moved) walker.seen.set(one, one);
  return { copy: walker.clone(value), views: found };
}

module.exports = {
  errorClasses,
  checkTransferable,
  NEEDS_TRANSFER,
  hasState,
  isExotic,
  isHandle,
  revive,
  stateOf,
  copyMoving,
  structuredClone,
  kTransfer,
  uncloneable,
  untransferable,
};
