'use strict';
// process.env of a worker that does not share its parent's, and what setEnvironmentData() keeps.
const { codes } = require('internal/errors/codes');
const { hiddenProxy } = require('internal/base/transparent');

/** Marks that a worker uses the environment of the process itself. */
const SHARE_ENV = Symbol.for('nodejs.worker_threads.SHARE_ENV');

function text(value) {
  if (typeof value === 'symbol') throw new TypeError('Cannot convert a Symbol value to a string');
  return `${value}`;
}

/** An environment of its own: an object whose properties are strings. @param {object} values */
function makeEnvironment(values) {
  const env = {};
  for (const name of Object.keys(values)) env[name] = values[name];
  return hiddenProxy(env, {
    set: (target, name, value) => Reflect.set(target, text(name), text(value)),
    defineProperty(target, name, descriptor) {
      if ('get' in descriptor || 'set' in descriptor)
        throw new codes.ERR_INVALID_OBJECT_DEFINE_PROPERTY(
          "'process.env' does not accept an accessor(getter/setter) descriptor",
        );
      return Reflect.defineProperty(target, name, { ...descriptor, value: text(descriptor.value) });
    },
  });
}

/** Copies the environment that a worker is given. @param {object} env */
function copyEnvironment(env) {
  const copy = {};
  for (const name of Object.keys(env)) if (env[name] !== undefined) copy[name] = text(env[name]);
  return copy;
}

const data = new Map();

/** Keeps a value for workers that are started later; undefined forgets the key. */
function setEnvironmentData(key, value) {
  if (value === undefined) data.delete(key);
  else data.set(key, value);
}

/** A copy of what the parent, or this thread, kept by that key. */
function getEnvironmentData(key) {
  return data.get(key);
}

module.exports = {
  SHARE_ENV,
  copyEnvironment,
  environmentData: data,
  getEnvironmentData,
  makeEnvironment,
  setEnvironmentData,
};
