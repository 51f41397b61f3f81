'use strict';
// Streams of the module stream as Web Streams, and the reverse.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { isArrayBuffer } = require('internal/buffer/view');
const { AbortError, codes } = require('internal/errors/codes');
const { Duplex, Readable, Writable, finished } = require('stream');
const { validateObject, validateOneOf } = require('internal/errors/validators');
const { ReadableStream, WritableStream } = require('stream/web');

const sizeOf = (chunk) => chunk?.byteLength ?? chunk?.length ?? 1;

/** What streams take of what Web Streams take. */
function bytesOf(chunk) {
  if (isArrayBuffer(chunk)) return Buffer.from(chunk);
  if (!ArrayBuffer.isView(chunk) || isUint8Array(chunk)) return chunk;
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** What a Web Stream queues of a stream: as much as the stream itself does. */
function strategyOf(objectMode, highWaterMark) {
  return objectMode ? { highWaterMark } : { highWaterMark, size: sizeOf };
}

/** A stream that ends before its time was destroyed without a reason. */
function reasonOf(error) {
  return error?.code === 'ERR_STREAM_PREMATURE_CLOSE'
    ? new AbortError(undefined, { cause: error })
    : error;
}

/** Calls done(error) once a side of a stream is over; its errors are told there alone. */
function atEnd(stream, sides, done) {
  finished(stream, sides, (error) => {
    stream.on('error', () => {});
    done(reasonOf(error));
  });
}

function readableToWeb(stream, options = {}) {
  validateObject(options, 'options');
  const { strategy, type } = options;
  if (type !== undefined) validateOneOf(type, 'options.type', ['bytes', undefined]);
  if (typeof stream?._read !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('streamReadable', 'stream.Readable', stream);
  const { readableObjectMode: objectMode, readableHighWaterMark } = stream;
  let over = false;
  return new ReadableStream(
    {
      type,
      start(controller) {
        stream.pause();
        stream.on('data', (chunk) => {
          if (over) return;
          // A Buffer shares its memory with others, which a Web Stream may hand to another thread.
          controller.enqueue(Buffer.isBuffer(chunk) && !objectMode ? new Uint8Array(chunk) : chunk);
          if (controller.desiredSize <= 0) stream.pause();
        });
        atEnd(stream, { writable: false }, (error) => {
          if (over) return;
          over = true;
          if (error) controller.error(error);
          else {
            controller.close();
            // A reader that waits with a buffer of its own gets it back.
            controller.byobRequest?.respond(0);
          }
        });
      },
      pull: () => void stream.resume(),
      cancel(reason) {
        over = true;
        stream.destroy(reason);
      },
    },
    strategy ?? strategyOf(objectMode || type === 'bytes', readableHighWaterMark),
  );
}

function writableToWeb(stream) {
  if (typeof stream?.write !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('streamWritable', 'stream.Writable', stream);
  let ended; // settles when the stream has finished
  let failWrite = () => {}; // rejects the write in flight: a stream that fails may forget it
  return new WritableStream(
    {
      start(controller) {
        ended = new Promise((resolve, reject) => {
          atEnd(stream, { readable: false }, (error) => {
            if (!error) {
              resolve();
              return;
            }
            controller.error(error);
            failWrite(error);
            reject(error);
          });
        });
        ended.catch(() => {}); // close() tells it, or the controller
      },
      write: (chunk) =>
        new Promise((resolve, reject) => {
          failWrite = reject;
          try {
            const data = stream.writableObjectMode ? chunk : bytesOf(chunk);
            stream.write(data, (error) => (error ? reject(error) : resolve()));
          } catch (error) {
            stream.destroy(error); // so that who reads of a pair hears of it
            reject(error);
          }
        }),
      close() {
        stream.end();
        return ended;
      },
      abort: (reason) => void stream.destroy(reason),
    },
    strategyOf(stream.writableObjectMode, stream.writableHighWaterMark),
  );
}

function duplexToWeb(duplex) {
  if (typeof duplex?._read !== 'function' || typeof duplex.write !== 'function')
    throw new codes.ERR_INVALID_ARG_TYPE('duplex', 'stream.Duplex', duplex);
  return { readable: readableToWeb(duplex), writable: writableToWeb(duplex) };
}

/** The members of a Readable that reads a ReadableStream; end(error) gives the reader up. */
function readSide(web) {
  const reader = web.getReader();
  let over = false;
  return {
    watch(stream) {
      reader.closed.then(
        () => (over = true),
        (error) => {
          over = true;
          stream.destroy(error);
        },
      );
    },
    read() {
      reader.read().then(
        ({ done, value }) => this.push(done ? null : value),
        (error) => this.destroy(error),
      );
    },
    end: (error) => (over ? undefined : reader.cancel(error)),
  };
}

/** The members of a Writable that writes to a WritableStream; end(error) gives the writer up. */
function writeSide(web) {
  const writer = web.getWriter();
  let over = false;
  // Outside of the promise, so that what a callback throws is an uncaught exception.
  const settle = (promise, callback) =>
    promise.then(
      () => process.nextTick(callback),
      (error) => process.nextTick(callback, error),
    );
  return {
    watch(stream) {
      writer.closed.then(
        () => (over = true),
        (error) => {
          over = true;
          stream.destroy(error);
        },
      );
    },
    write(chunk, encoding, callback) {
      settle(
        writer.ready.then(() => writer.write(chunk)),
        callback,
      );
    },
    final: (callback) => settle(writer.close(), callback),
    end: (error) => (over ? undefined : error == null ? writer.close() : writer.abort(error)),
  };
}

/** The member destroy, which gives up all sides. */
function destroyer(sides) {
  return (error, callback) => {
    const told = () => process.nextTick(callback, error);
    Promise.allSettled(sides.map((side) => side.end(error))).then(told);
  };
}

function make(Class, options, sides, members) {
  validateObject(options, 'options');
  const stream = new Class({ ...options, ...members, destroy: destroyer(sides) });
  for (const side of sides) side.watch(stream);
  return stream;
}

function checkWeb(value, Class, name) {
  if (!(value instanceof Class)) throw new codes.ERR_INVALID_ARG_TYPE(name, Class.name, value);
}

function readableFromWeb(web, options = {}) {
  checkWeb(web, ReadableStream, 'readableStream');
  const side = readSide(web);
  return make(Readable, options, [side], { read: side.read });
}

function writableFromWeb(web, options = {}) {
  checkWeb(web, WritableStream, 'writableStream');
  const side = writeSide(web);
  return make(Writable, options, [side], { write: side.write, final: side.final });
}

function duplexFromWeb(pair, options = {}) {
  validateObject(pair, 'pair');
  checkWeb(pair.readable, ReadableStream, 'pair.readable');
  checkWeb(pair.writable, WritableStream, 'pair.writable');
  const [reading, writing] = [readSide(pair.readable), writeSide(pair.writable)];
  const { read } = reading;
  const { write, final } = writing;
  return make(Duplex, options, [reading, writing], { read, write, final });
}

module.exports = {
  readableToWeb,
  writableToWeb,
  duplexToWeb,
  readableFromWeb,
  writableFromWeb,
  duplexFromWeb,
};
