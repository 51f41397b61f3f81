'use strict';
// In a process that run() started: what its tests tell goes to the parent, by a pipe, as messages of
// v8.serialize() with their length in front.
const { writeSync } = require('fs');

const PIPE = 3; // descriptor

const TYPED = [
  'code',
  'failureType',
  'expected',
  'actual',
  'operator',
  'generatedMessage',
  'exitCode',
  'signal',
];

/** A value that can be written: what cannot is told as inspect() shows it. */
function written(value) {
  try {
    return require('v8').serialize(value) && value;
  } catch {
    return require('util').inspect(value);
  }
}

/** What is kept of an error, as a plain object. */
function formOf(error) {
  if (!(error instanceof Error)) return { value: written(error) };
  const { name, message, stack } = error;
  const fields = {};
  for (const key of TYPED) if (key in error) fields[key] = written(error[key]);
  return {
    name,
    message,
    stack,
    fields,
    cause: 'cause' in error ? formOf(error.cause) : undefined,
  };
}

/** An error of such an object. */
function errorOf(form) {
  if ('value' in form) return form.value;
  const error = new Error(form.message);
  const hidden = (name, value) =>
    Object.defineProperty(error, name, { value, writable: true, configurable: true });
  hidden('name', form.name);
  hidden('stack', form.stack);
  if (form.cause !== undefined) hidden('cause', errorOf(form.cause));
  return Object.assign(error, form.fields);
}

function tellParent(stream) {
  stream.on('data', ({ type, data }) => {
    if (data.details?.error !== undefined)
      data = { ...data, details: { ...data.details, error: formOf(data.details.error) } };
    const body = require('v8').serialize({ type, data: { ...data, details: { ...data.details } } });
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    const bytes = Buffer.concat([head, body]);
    for (let at = 0; at < bytes.length;) at += writeSync(PIPE, bytes, at);
  });
}

/** Calls back with each message of a pipe. */
function hear(pipe, tell) {
  let waiting = Buffer.alloc(0);
  pipe.on('data', (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 4) {
      const end = 4 + waiting.readUInt32LE(0);
      if (waiting.length < end) return;
      const { type, data } = require('v8').deserialize(waiting.subarray(4, end));
      waiting = waiting.subarray(end);
      if (data.details?.error !== undefined) data.details.error = errorOf(data.details.error);
      tell(type, data);
    }
  });
}

module.exports = { PIPE, hear, tellParent };
