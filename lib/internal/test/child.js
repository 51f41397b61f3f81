'use strict';
// In a process that run() started: what its tests tell goes to the parent, by a pipe, as messages of
// v8.serialize() with their length in front.
const { writeSync } = require('fs');
const { errorOf, sendError } = require('internal/worker/errors');

const PIPE = 3; // descriptor

const DEEPEST = 20; // causes of causes

/** What is kept of an error, and of what caused it. */
function formOf(error, depth = 0) {
  const caused = depth < DEEPEST && Error.isError(error) && Object.hasOwn(error, 'cause');
  const cause = caused ? [formOf(error.cause, depth + 1)] : undefined;
  let form;
  sendError(error, (one) => {
    if (cause) delete one.properties.cause;
    require('v8').serialize(one);
    form = one;
  });
  return { form, cause };
}

/** An error of such an object. */
function errorFrom({ form, cause }) {
  const error = errorOf(form);
  if (cause) {
    const value = errorFrom(cause[0]);
    Object.defineProperty(error, 'cause', { value, writable: true, configurable: true });
  }
  return error;
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
      if (data.details?.error !== undefined) data.details.error = errorFrom(data.details.error);
      tell(type, data);
    }
  });
}

module.exports = { PIPE, hear, tellParent };
