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
    /^sluice:internal\/errors\/(classes|codes)$/.test(frames[start].file)
  )
    start++;
  const names = new Set();
  for (let at = target; typeof at === 'function' && at !== NativeError; at = getPrototypeOf(at))
    if (hasOwn(at, 'name') && typeof at.name === 'string' && at.name !== '') names.add(at.name);
  const isMaker = (frame) => names.has(frame.name) && !frame.native;
  if (target !== undefined) while (start < frames.length && isMaker(frames[start])) start++;
  if (start === frames.length) start = 0;
  return frames.slice(start, start + Math.max(limit, 1));
}

let preparing = false;

/**
 * The text of an error's stack, or what the program's Error.prepareStackTrace makes of it.
 * @param {object} object
 * @param {string} raw  the engine's text
 * @param {Function | undefined} target  what `new` was applied to
 * @param {number} limit  how many frames at most
 */
function format(object, raw, target, limit) {
  const frames = stack.trim(visible(stack.parse(raw), target, limit));
  const prepare = WrappedError.prepareStackTrace;
  if (typeof prepare === 'function' && !preparing) {
    preparing = true;
    try {
      return prepare.call(
        WrappedError,
        object,
        require('internal/errors/call_site').callSites(frames),
      );
    } finally {
      preparing = false;
    }
  }
  return stack.header(object) + stack.formatFrames(frames);
}

module.exports = { format };
