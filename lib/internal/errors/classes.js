'use strict';
// Makes `error.stack` of errors that JavaScript code creates read as V8's does: a header with the
// message, `    at` lines, formatted when first read, Error.captureStackTrace and
// Error.prepareStackTrace. Runs before every other module.
//
// The global Error classes are replaced by functions that construct the engine's own objects, with
// the engine's prototypes. Each makes two errors: the one the program gets, without a trace, and a
// hidden one whose trace the engine turns into text only when it is asked to. So `stack` can be an
// accessor on Error.prototype; one on each error would make the engine write the text at once,
// which costs several times as much. Errors that the engine itself throws lose their own `stack` on
// the way, and keep its text in a property that the accessor finds.
//
// Every global scope runs this on its own classes, so that Function.prototype.toString() is made here.

const NativeError = Error;
// Of the engine's text in an error that the engine threw (src/engine/stack_traces.cc).
const kThrown = binding('traces').key;
const { getPrototypeOf, defineProperty, hasOwn } = Object;
const { construct, set } = Reflect;
// JavaScriptCore has it from 2.48 on.
const isError =
  NativeError.isError ??
  ((value) => {
    if (value === null || typeof value !== 'object') return false;
    if (Symbol.toStringTag in value) return value instanceof NativeError;
    return Object.prototype.toString.call(value) === '[object Error]';
  });

let limit = 10;
// The engine's limit; the function that makes an error is one more frame, which is not shown. Set
// by Reflect.set: optimised code for a plain assignment stores the property without telling the
// engine.
let nativeLimit = limit + 1;
set(NativeError, 'stackTraceLimit', nativeLimit);

class Identity {
  constructor(object) {
    return object;
  }
}

/** A private field on any object: where its trace is. */
class Traced extends Identity {
  // An error with the engine's trace; or the engine's text of one; or { value }, once formatted.
  #trace;
  // What `new` was applied to: its frames are not shown.
  #target;

  constructor(object, trace, target) {
    super(object);
    this.#trace = trace;
    this.#target = target;
  }

  static set(object, trace, target) {
    if (!(#trace in object)) {
      new Traced(object, trace, target);
      return;
    }
    object.#trace = trace;
    object.#target = target;
  }

  /** The object with a trace: this one or one of its prototypes; null if there is none. */
  static #find(object) {
    for (let at = object; at !== null; at = getPrototypeOf(at)) {
      if (#trace in at) return at;
      if (hasOwn(at, kThrown)) return new Traced(at, at[kThrown]);
    }
    // The engine threw it without calls if the limit was 0.
    return isError(object) ? new Traced(object, '') : null;
  }

  static read(start) {
    const object = Traced.#find(start);
    if (object === null) return undefined;
    const trace = object.#trace;
    const left = lefts.get(object);
    if (typeof trace === 'object' && hasOwn(trace, 'value')) {
      if (left !== undefined && left.length > trace.left)
        require('internal/errors/format').extend(trace, left, limit);
      return trace.value;
    }
    const record = { value: undefined, left: left === undefined ? 0 : left.length };
    object.#trace = record;
    const raw = typeof trace === 'string' ? trace : (trace.stack ?? '');
    const { format } = require('internal/errors/format');
    Object.assign(record, format(object, raw, object.#target, limit, left ?? []));
    object.#target = undefined;
    return record.value;
  }
}

/**
 * The async functions that an error left, the innermost first: an error with the calls there, and
 * where the function waited, as `line:column`; undefined before it did.
 * @type {WeakMap<Error, { trace: Error, at: string | undefined }[]>}
 */
const lefts = new WeakMap();

/** Notes that an error leaves the async function that called the caller. */
function leave(error, at) {
  if (limit === 0 || !isError(error)) return;
  let left = lefts.get(error);
  if (left === undefined) lefts.set(error, (left = []));
  // It may leave functions for ever: that of a promise that many wait for.
  if (left.length >= 2 * limit) return;
  set(NativeError, 'stackTraceLimit', 4);
  left.push({ trace: new NativeError(), at });
  set(NativeError, 'stackTraceLimit', nativeLimit);
}

const accessor = {
  get stack() {
    return this === null || typeof this !== 'object' ? undefined : Traced.read(this);
  },
  set stack(value) {
    if (this === null || (typeof this !== 'object' && typeof this !== 'function')) return;
    defineProperty(this, 'stack', { value, writable: true, enumerable: false, configurable: true });
  },
};
const { get: getStack, set: setStack } = Object.getOwnPropertyDescriptor(accessor, 'stack');
const stackProperty = { get: getStack, set: setStack, enumerable: false, configurable: true };

const MOST_CLASSES = 16;

/** How many classes there are from one down to the one that it is derived from, which does not count. */
function classesOver(target, base) {
  let count = 0;
  for (let at = target; at !== base && at !== null && count < MOST_CLASSES; count++)
    at = getPrototypeOf(at);
  return count;
}

function wrap(Native) {
  const Wrapper = function (message, _options) {
    '$native';
    const target = new.target ?? Wrapper;
    // Each class below this one is a frame more that is not shown.
    if (target !== Wrapper && limit > 0)
      set(NativeError, 'stackTraceLimit', nativeLimit + classesOver(target, Wrapper));
    const trace = limit > 0 ? new NativeError() : ''; // '' is a stack without calls
    set(NativeError, 'stackTraceLimit', 0);
    let error;
    try {
      error =
        target === Wrapper && arguments.length < 2
          ? new Native(message)
          : construct(Native, arguments, target);
    } finally {
      set(NativeError, 'stackTraceLimit', nativeLimit);
    }
    new Traced(error, trace, target);
    return error;
  };
  const hidden = (value) => ({ value, writable: false, enumerable: false, configurable: true });
  defineProperty(Wrapper, 'name', hidden(Native.name));
  defineProperty(Wrapper, 'length', hidden(Native.length));
  defineProperty(Wrapper, 'prototype', {
    value: Native.prototype,
    writable: false,
    enumerable: false,
    configurable: false,
  });
  defineProperty(Native.prototype, 'constructor', {
    value: Wrapper,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  if (Native !== NativeError) Object.setPrototypeOf(Wrapper, WrappedError);
  defineProperty(globalThis, Native.name, {
    value: Wrapper,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return Wrapper;
}

/** Gives object a `stack` of the present calls; those above and including above are left out. */
function captureStackTrace(object, above) {
  '$native';
  if (object === null || (typeof object !== 'object' && typeof object !== 'function')) {
    const { codes } = require('internal/errors/codes');
    throw new codes.ERR_INVALID_ARG_TYPE('object', 'Object', object);
  }
  let trace = '';
  if (limit > 0) {
    if (typeof above === 'function') {
      const holder = {};
      NativeError.captureStackTrace(holder, above);
      trace = holder.stack;
    } else {
      trace = new NativeError();
    }
  }
  Traced.set(object, trace, undefined);
  if (hasOwn(object, 'stack') || !(object instanceof NativeError)) {
    if (!Reflect.defineProperty(object, 'stack', stackProperty))
      throw new TypeError('Cannot define property stack, object is not extensible');
  }
}

const WrappedError = wrap(NativeError);
for (const name of [
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'SuppressedError',
])
  if (typeof globalThis[name] === 'function') wrap(globalThis[name]);

const method = (value) => ({ value, writable: true, enumerable: false, configurable: true });
defineProperty(WrappedError, 'captureStackTrace', method(captureStackTrace));
defineProperty(WrappedError, 'isError', method(isError));
defineProperty(WrappedError, 'stackTraceLimit', {
  get: () => limit,
  set(value) {
    limit = typeof value === 'number' && value > 0 ? Math.min(Math.trunc(value), 1000) : 0;
    nativeLimit = limit > 0 ? limit + 1 : 0;
    set(NativeError, 'stackTraceLimit', nativeLimit);
  },
  enumerable: true,
  configurable: true,
});
defineProperty(NativeError.prototype, 'stack', stackProperty);

// Of this scope's functions, too: what the engine has the text of is what the loader made of it.
const engineText = Function.prototype.toString;
// Of functions of the language; packages compare the text as V8 has it.
const NATIVE_BODY = '{\n    [native code]\n}';
const PROXY_HEAD = 'function ProxyObject() '; // some stand for functions of the language
const V8_BODY = '{ [native code] }';
const { toString } = {
  toString() {
    '$native';
    const text = Reflect.apply(engineText, this, []);
    if (text.endsWith(NATIVE_BODY)) {
      const head = text.slice(0, -NATIVE_BODY.length);
      return (head === PROXY_HEAD ? `function ${this.name}() ` : head) + V8_BODY;
    }
    if (!text.includes('$')) return text;
    return require('internal/base/function_text').written(this, text);
  },
};
defineProperty(Function.prototype, 'toString', method(toString));

module.exports = { NativeError, WrappedError, leave };
