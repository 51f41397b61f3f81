'use strict';
// Begins streams with states that are small. A connection's two states have some fifty fields, most
// of which keep their first value while it is open: those are in one state of each kind, made by the
// package, that the states of all connections inherit from. A state gets a field of its own when
// the field is set. Arrays and functions that belong to one stream are made when first asked for.
const { define } = require('internal/base/lazy');
const { Duplex, Readable, getDefaultHighWaterMark } = require('stream');
const parts = require('vendor/readable-stream');
const { create } = Object;
const { ReadableState } = parts.readable;
const { WritableState } = parts.writable;

const OPTIONS = { emitClose: false, autoDestroy: true }; // of connections
const MESSAGE_OPTIONS = { emitClose: true, autoDestroy: true };
const MARK = getDefaultHighWaterMark(false); // what the shared states have

/** Makes `state[name]` of one state a value of its own when it is first read. */
function ownWhenRead(prototype, name, make) {
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      const value = make(this);
      define(this, name, value, true);
      return value;
    },
    set(value) {
      define(this, name, value, true);
    },
  });
}

/** What the states that State makes share, as one that inherits from State.prototype. */
function sharedState(State, options, makers) {
  const shared = new State(options, undefined, true);
  for (const name of Reflect.ownKeys(shared)) {
    const value = shared[name];
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) continue;
    ownWhenRead(shared, name, makers[name] ?? (() => new value.constructor()));
  }
  return shared;
}

// What waits already is rare, and what joins to it is then loaded.
const join = (list, chunk) => list.length > 0 && require('internal/streams/join').join(list, chunk);

// What a class's objects have room for at first, the engine takes from its constructor, and from the
// prototype's own values; so these are one further up.

/** The class of small states of what is read, with options of a stream. */
function leanReadable(options) {
  const shared = sharedState(ReadableState, options, {});
  shared.join = join;
  // Own from the beginning: what is set in the life of every stream that reads.
  function LeanReadableState(highWaterMark) {
    this.state = shared.state;
    this.length = 0;
    this.flowing = null;
    if (highWaterMark !== shared.highWaterMark) this.highWaterMark = highWaterMark;
  }
  LeanReadableState.prototype = create(shared);
  return LeanReadableState;
}
const LeanConnectionState = leanReadable(OPTIONS);
let LeanMessageState; // made for the first message

function LeanWritableState(stream) {
  this.owner = stream;
}
const writable = sharedState(WritableState, OPTIONS, {
  onwrite: ({ owner }) => new WritableState(OPTIONS, owner, true).onwrite,
  buffered(state) {
    state.unlisted = false;
    return [];
  },
});
writable.unlisted = true;
LeanWritableState.prototype = create(writable);

/** Whether no write of the state waits in its list, for an ordinary state too. */
function listsNothing(state) {
  return state.unlisted === true || state.bufferedIndex === state.buffered.length;
}

/**
 * Does what Duplex.call(stream, options) does, for a stream of bytes that emits its own close.
 * @param {Duplex} stream
 * @param {boolean} allowHalfOpen
 * @param {object} options highWaterMark, readableHighWaterMark, writableHighWaterMark; readable,
 *     writable
 */
function beginDuplex(stream, allowHalfOpen, options) {
  if (!isLean(stream, options)) {
    Duplex.call(stream, { ...options, ...OPTIONS, allowHalfOpen });
    if (!stream._readableState.objectMode) stream._readableState.join = join;
    return;
  }
  stream._readableState = new LeanConnectionState(MARK);
  stream._writableState = new LeanWritableState(stream);
  beginEmitter(stream);
  stream.allowHalfOpen = allowHalfOpen;
}

/**
 * Does what Readable.call(stream, {highWaterMark}) does.
 * @param {Readable} stream
 * @param {number} [highWaterMark] bytes
 */
function beginReadable(stream, highWaterMark = getDefaultHighWaterMark(false)) {
  if (stream._construct !== undefined || !(highWaterMark >= 0)) {
    Readable.call(stream, { highWaterMark });
    stream._readableState.join = join;
    return;
  }
  LeanMessageState ??= leanReadable(MESSAGE_OPTIONS);
  stream._readableState = new LeanMessageState(highWaterMark);
  beginEmitter(stream);
}

// What EventEmitter.call(stream) does, for streams whose limit of listeners is inherited.
function beginEmitter(stream) {
  stream._events = create(null);
  stream._eventsCount = 0;
}

// A state is lean if it begins as the shared one did.
function isLean(stream, options) {
  return (
    options.highWaterMark === undefined &&
    options.readableHighWaterMark === undefined &&
    options.writableHighWaterMark === undefined &&
    options.readable === undefined &&
    options.writable === undefined &&
    stream._construct === undefined &&
    getDefaultHighWaterMark(false) === MARK
  );
}

module.exports = { beginDuplex, beginReadable, listsNothing };
