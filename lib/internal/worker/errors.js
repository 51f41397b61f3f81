'use strict';
// An error on its way from a worker to its parent: what it was, with the properties of its own that
// can be copied.

const { errorClasses } = require('internal/util/structured_clone');

const CLASSES = { ...errorClasses, AggregateError };

/** The first of the built-in classes that value is of. */
function classOf(value) {
  for (let one = Object.getPrototypeOf(value); one !== null; one = Object.getPrototypeOf(one)) {
    const name = Object.getOwnPropertyDescriptor(one, 'constructor')?.value?.name;
    if (CLASSES[name]?.prototype === one) return name;
  }
  return 'Error';
}

/** The forms of a value, each with less than the one before; the last can always be sent. */
function* formsOf(value) {
  const { inspect } = require('internal/inspect/inspect');
  if (!Error.isError(value)) {
    yield { value };
    yield { value: inspect(value) };
    return;
  }
  require('internal/errors/stack').fixStack(value);
  const properties = {};
  for (const name of Object.getOwnPropertyNames(value))
    if (name !== 'stack') properties[name] = value[name];
  const { message, name } = value;
  const form = { class: classOf(value), stack: `${value.stack}`, name: `${name}` };
  yield { ...form, properties };
  for (const key of Object.keys(properties))
    if (typeof properties[key] === 'function') delete properties[key];
    else if (typeof properties[key] === 'object') properties[key] = inspect(properties[key]);
  yield { ...form, properties };
  yield { ...form, properties: { message: `${message}` } };
}

/** Sends an error in the fullest form that can be copied. @param {(form: object) => void} send */
function sendError(value, send) {
  let failure;
  for (const form of formsOf(value)) {
    try {
      send(form);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** The error of a form. */
function errorOf(form) {
  if (form.class === undefined) return form.value;
  const Class = CLASSES[form.class];
  const error = Class === AggregateError ? new AggregateError([]) : new Class();
  const define = (name, value, enumerable) =>
    Object.defineProperty(error, name, {
      value,
      writable: true,
      configurable: true,
      enumerable,
    });
  for (const [name, value] of Object.entries(form.properties))
    define(name, value, !['message', 'cause', 'errors', 'name'].includes(name));
  define('stack', form.stack, false);
  if (error.name !== form.name) define('name', form.name, false);
  return error;
}

module.exports = { errorOf, sendError };
