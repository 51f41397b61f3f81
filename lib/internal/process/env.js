'use strict';
// process.env: the environment itself, read and written as an object's properties.
const { DENIED, accessDenied, codes } = require('internal/errors/codes');
const { hiddenProxy } = require('internal/base/transparent');
const native = binding('process');

/** The value of a variable, undefined if there is none. */
function read(name, target) {
  const value = native.getEnv(name);
  if (value !== DENIED) return value;
  // What every object has is asked for by anyone.
  if (name in target) return undefined;
  throw accessDenied();
}

function write(name, value) {
  if (typeof name === 'symbol' || typeof value === 'symbol')
    throw new TypeError('Cannot convert a Symbol value to a string');
  if (name === '') return true; // no variable has that name
  const result = native.setEnv(name, `${value}`);
  if (result === DENIED) throw accessDenied();
  if (result < 0) {
    const bad = /[=\0]/.test(name);
    throw new codes.ERR_INVALID_ARG_VALUE(
      bad ? 'name' : `env.${name}`,
      bad ? name : value,
      bad
        ? 'must be a variable name without "=" and null bytes'
        : 'must be a string without null bytes',
    );
  }
  return true;
}

module.exports = hiddenProxy(
  {},
  {
    get(target, name) {
      if (typeof name === 'symbol') return target[name];
      return read(name, target) ?? target[name];
    },
    set(target, name, value) {
      return write(name, value);
    },
    has(target, name) {
      return (typeof name === 'string' && read(name, target) !== undefined) || name in target;
    },
    deleteProperty(target, name) {
      if (typeof name === 'string' && native.unsetEnv(name) === DENIED) throw accessDenied();
      return true;
    },
    ownKeys() {
      return [...new Set(native.envNames())];
    },
    getOwnPropertyDescriptor(target, name) {
      const value = typeof name === 'string' ? read(name, target) : undefined;
      return value === undefined
        ? undefined
        : { value, writable: true, enumerable: true, configurable: true };
    },
    defineProperty(target, name, descriptor) {
      if ('get' in descriptor || 'set' in descriptor)
        throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' does not accept an accessor(getter/setter) descriptor",
        );
      if (
        'value' in descriptor &&
        descriptor.configurable &&
        descriptor.writable &&
        descriptor.enumerable
      )
        return write(name, descriptor.value);
      throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY(
        "'process.env' only accepts a configurable, writable, and enumerable data descriptor",
      );
    },
  },
);
