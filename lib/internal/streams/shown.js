'use strict';
// What inspect() shows of Web Streams: not the fields in which the package web-streams-polyfill keeps
// how they are, which the names with a line before them are.
const { showAs } = require('internal/base/shown');

const size = (queue) => queue?.length ?? 0;

/** @param {object} web  the classes of Web Streams */
function showStreams(web) {
  const isBytes = (stream) =>
    stream._readableStreamController instanceof web.ReadableByteStreamController;
  const members = {
    ReadableStream: (one) => ({
      locked: one.locked,
      state: one._state,
      supportsBYOB: isBytes(one),
    }),
    ReadableStreamDefaultController: () => ({}),
    ReadableByteStreamController: () => ({}),
    ReadableStreamBYOBRequest: (one) => ({
      view: one.view,
      controller: one._associatedReadableByteStreamController,
    }),
    ReadableStreamDefaultReader: (one) => ({
      stream: one._ownerReadableStream,
      readRequests: size(one._readRequests),
      close: one.closed,
    }),
    ReadableStreamBYOBReader: (one) => ({
      stream: one._ownerReadableStream,
      readIntoRequests: size(one._readIntoRequests),
      close: one.closed,
    }),
    WritableStream: (one) => ({ locked: one.locked, state: one._state }),
    WritableStreamDefaultController: (one) => ({ stream: one._controlledWritableStream }),
    WritableStreamDefaultWriter: (one) => ({
      stream: one._ownerWritableStream,
      close: one.closed,
      ready: one.ready,
      desiredSize: one._ownerWritableStream === undefined ? undefined : one.desiredSize,
    }),
    TransformStream: (one) => ({
      readable: one.readable,
      writable: one.writable,
      backpressure: one._backpressure,
    }),
    TransformStreamDefaultController: (one) => ({ stream: one._controlledTransformStream }),
    CountQueuingStrategy: (one) => ({ highWaterMark: one.highWaterMark }),
    ByteLengthQueuingStrategy: (one) => ({ highWaterMark: one.highWaterMark }),
  };
  for (const [name, membersOf] of Object.entries(members)) showAs(web[name], membersOf);
}

module.exports = { showStreams };
