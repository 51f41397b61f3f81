'use strict';
// From the engine's text of a stack to what `error.stack` reads; loads with the first one.
const { NativeError, WrappedError } = require('internal/errors/classes');
const stack = require('internal/errors/stack');
const { getPrototypeOf, hasOwn } = Object;

/** Drops the frames that make the error: of `classes`, `codes` and the classes' constructors. */
function visible(frames, target, limit) {
  let start = 0;
  while (
    start < frames.length &&
    /^node:internal\/errors\/(classes|codes)$/.test(frames[start].file)
  )
    start++;
  const first = start;
  const names = new Set();
  for (let at = target; typeof at === 'function' && at !== NativeError; at = getPrototypeOf(at))
    if (hasOwn(at, 'name') && typeof at.name === 'string' && at.name !== '') names.add(at.name);
  const isMaker = (frame) => names.has(frame.name) && !frame.native;
  if (target !== undefined) while (start < frames.length && isMaker(frames[start])) start++;
  if (start === frames.length) start = first;
  return frames.slice(start, start + Math.max(limit, 1));
}

const keyOf = ({ name, body = name, file }) => `${body}@${file}`;
const isBuiltin = ({ file }) => file === '' || file.startsWith('node:');

/**
 * Frames of the async functions that an error left and that waited then: not those that are among
 * the calls.
 */
function asyncFrames(calls, left) {
  const called = new Map();
  for (const frame of calls) called.set(keyOf(frame), (called.get(keyOf(frame)) ?? 0) + 1);
  const frames = [];
  for (const { trace, at } of left) {
    const frame = stack.parse(trace.stack ?? '').find((one) => !isBuiltin(one));
    if (frame === undefined) continue;
    const count = called.get(keyOf(frame)) ?? 0;
    if (count > 0) called.set(keyOf(frame), count - 1);
    else if (at !== undefined) frames.push({ ...frame, ...stack.placeAwaited(frame.file, at) });
  }
  return frames;
}

function framesOf(calls, left, limit) {
  const waiting = asyncFrames(calls, left);
  return [...stack.trim(calls, waiting.length > 0), ...waiting].slice(0, limit);
}

let preparing = false;

/**
 * The text of an error's stack, or what the program's Error.prepareStackTrace makes of it.
 * @param {object} object
 * @param {string} raw  the engine's text
 * @param {Function | undefined} target  what `new` was applied to
 * @param {number} limit  how many frames at most
 * @param {object[]} left  the async functions that it left (`lefts` of internal/errors/classes)
 * @returns {{ value: any, calls?: object[], header?: string }} for extend()
 */
function format(object, raw, target, limit, left) {
  const calls = visible(stack.parse(raw), target, limit);
  const frames = framesOf(calls, left, limit);
  const prepare = WrappedError.prepareStackTrace;
  if (typeof prepare === 'function' && !preparing) {
    preparing = true;
    try {
      const sites = require('internal/errors/call_site').callSites(frames);
      return { value: prepare.call(WrappedError, object, sites) };
    } finally {
      preparing = false;
    }
  }
  const header = stack.header(object);
  return { value: header + stack.formatFrames(frames), calls, header };
}

/** Adds to what format() returned the functions that the error left since. */
function extend(record, left, limit) {
  record.left = left.length;
  if (record.calls === undefined) return;
  record.value = record.header + stack.formatFrames(framesOf(record.calls, left, limit));
}

module.exports = { extend, format };
