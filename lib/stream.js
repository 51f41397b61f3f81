'use strict';
// Streams as Node documents them (https://nodejs.org/api/stream.html), from the package
// readable-stream. Its parts load when they are first used.
const { defineMade } = require('internal/base/lazy');
const parts = require('vendor/readable-stream');

const ends = () => require('vendor/readable-stream-ends');
const pipelines = () => require('vendor/readable-stream-pipelines');

const { Stream } = parts.legacy;
const DEFAULT_HIGH_WATER_MARK = 64 * 1024; // bytes; that of an object stream is 16
parts.state.setDefaultHighWaterMark(false, DEFAULT_HIGH_WATER_MARK);

function define(target, name, value) {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

// Readable's operators and their lengths; the ones that return a stream, then those that return
// a promise.
const streamOperators = { drop: 1, filter: 2, flatMap: 2, map: 2, take: 1 };
const promiseOperators = { every: 1, forEach: 2, reduce: 3, toArray: 1, some: 1, find: 2 };

function defineOperator(name, length, call) {
  Object.defineProperties(call, { name: { value: name }, length: { value: length } });
  Object.defineProperty(Readable.prototype, name, {
    value: call,
    writable: true,
    configurable: true,
  });
}

/** Gives a class its fromWeb() and toWeb(). */
function defineWeb(Class, kind) {
  const web = () => require('internal/streams/web');
  Class.fromWeb = (from, options) => web()[`${kind}FromWeb`](from, options);
  Class.toWeb = (stream, options) => web()[`${kind}ToWeb`](stream, options);
}

let Readable;
function loadReadable() {
  if (Readable !== undefined) return Readable;
  Readable = parts.readable;
  for (const [name, length] of Object.entries(streamOperators)) {
    defineOperator(
      name,
      length,
      {
        [name](...args) {
          return Readable.from(
            Reflect.apply(pipelines().operators.streamReturningOperators[name], this, args),
          );
        },
      }[name],
    );
  }
  // What it returns is a Duplex already.
  defineOperator('compose', 2, function compose(...args) {
    return Reflect.apply(pipelines().operators.streamReturningOperators.compose, this, args);
  });
  for (const [name, length] of Object.entries(promiseOperators)) {
    defineOperator(
      name,
      length,
      {
        [name](...args) {
          return Reflect.apply(pipelines().operators.promiseReturningOperators[name], this, args);
        },
      }[name],
    );
  }
  defineWeb(Readable, 'readable');
  return Readable;
}

function loadWritable() {
  const { writable } = parts;
  defineWeb(writable, 'writable');
  const dispose = Symbol.asyncDispose;
  if (dispose !== undefined && writable.prototype[dispose] === undefined)
    writable.prototype[dispose] = disposeWritable;
  return writable;
}

async function disposeWritable() {
  const { AbortError } = require('internal/errors/codes');
  const error = this.destroyed ? null : new AbortError();
  if (error !== null) this.destroy(error);
  await new Promise((resolve, reject) => {
    Stream.finished(this, (problem) =>
      problem && problem !== error ? reject(problem) : resolve(),
    );
  });
}

function loadDuplex() {
  loadReadable();
  void Stream.Writable;
  const { duplex } = parts;
  defineWeb(duplex, 'duplex');
  return duplex;
}

/** Defines what util.promisify(fn) gives. */
function promisified(fn, name) {
  Object.defineProperty(fn, Symbol.for('nodejs.util.promisify.custom'), {
    enumerable: true,
    get: () => Stream.promises[name],
  });
  return fn;
}

/** Two Duplex streams; what is written to one can be read from the other. */
function duplexPair(options) {
  const { Duplex } = Stream;
  const kOther = Symbol('other');
  const kCallback = Symbol('callback');

  class Side extends Duplex {
    _read() {
      const callback = this[kCallback];
      if (callback) {
        this[kCallback] = null;
        callback();
      }
    }
    _write(chunk, encoding, callback) {
      if (chunk.length === 0) {
        process.nextTick(callback);
      } else {
        this[kOther].push(chunk);
        this[kOther][kCallback] = callback;
      }
    }
    _final(callback) {
      this[kOther].on('end', callback);
      this[kOther].push(null);
    }
    _destroy(error, callback) {
      const other = this[kOther];
      process.nextTick(() => {
        if (other.destroyed) return;
        if (error) other.destroy();
        else other.push(null);
      });
      callback(error);
    }
  }
  const sides = [new Side(options), new Side(options)];
  sides[0][kOther] = sides[1];
  sides[1][kOther] = sides[0];
  return sides;
}

module.exports = Stream;
for (const name of ['isDestroyed', 'isDisturbed', 'isErrored', 'isReadable', 'isWritable'])
  define(Stream, name, parts.utils[name]);
defineMade(Stream, ['Readable'], loadReadable);
defineMade(Stream, ['Writable'], loadWritable);
defineMade(Stream, ['Duplex'], loadDuplex);
defineMade(Stream, ['Transform'], () => (Stream.Duplex, ends().transform));
defineMade(Stream, ['PassThrough'], () => (Stream.Duplex, ends().passthrough));
define(Stream, 'duplexPair', duplexPair);
defineMade(
  Stream,
  ['pipeline'],
  () => (Stream.Duplex, promisified(pipelines().pipeline.pipeline, 'pipeline')),
);
defineMade(Stream, ['addAbortSignal'], () => ends()['add-abort-signal'].addAbortSignal);
defineMade(Stream, ['finished'], () => promisified(ends()['end-of-stream'], 'finished'));
defineMade(Stream, ['destroy'], () => parts.destroy.destroyer);
defineMade(Stream, ['compose'], () => (Stream.Duplex, pipelines().compose));
define(Stream, 'setDefaultHighWaterMark', parts.state.setDefaultHighWaterMark);
define(Stream, 'getDefaultHighWaterMark', parts.state.getDefaultHighWaterMark);
defineMade(Stream, ['promises'], () => require('stream/promises'));
define(Stream, 'Stream', Stream);
define(Stream, '_isArrayBufferView', ArrayBuffer.isView);
// What the package asks of a chunk: every view may be one, as in Node.
define(Stream, '_isUint8Array', ArrayBuffer.isView);
define(Stream, '_uint8ArrayToBuffer', (chunk) =>
  require('buffer').Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength),
);
