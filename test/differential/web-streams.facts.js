'use strict';
// Web Streams: what inspect() shows of them, and what the module stream knows of them.
const stream = require('stream');
const web = require('stream/web');
const { inspect } = require('util');
const { program, turns } = require('./harness');

const made = () => {
  const readable = new ReadableStream();
  const bytes = new ReadableStream({ type: 'bytes' });
  const writable = new WritableStream();
  return { readable, bytes, writable, transform: new TransformStream() };
};

program('inspect()', (fact) => {
  const shown = (label, one) => fact(label, inspect(one, { breakLength: Infinity }));
  const { readable, bytes, writable, transform } = made();
  for (const [label, one] of Object.entries({ readable, bytes, writable, transform }))
    shown(label, one);
  shown('in an object', { a: { b: readable } });
  fact('depth 0', inspect(readable, { depth: 0 }));
  shown('reader', readable.getReader());
  shown('BYOB reader', bytes.getReader({ mode: 'byob' }));
  shown('writer', writable.getWriter());
  shown('locked', readable);
  shown('count', new web.CountQueuingStrategy({ highWaterMark: 1 }));
  shown('length', new web.ByteLengthQueuingStrategy({ highWaterMark: 1 }));
  shown('encoder', new web.TextEncoderStream());
  shown('decoder', new web.TextDecoderStream());
  shown('compression', new web.CompressionStream('gzip'));
  shown('decompression', new web.DecompressionStream('gzip'));
  shown('body', new Response('x').body);
  new ReadableStream({ start: (controller) => shown('controller', controller) });
  new WritableStream({ start: (controller) => shown('controller of writing', controller) });
});

program('isReadable() and the others', async (fact) => {
  const tell = (label, one) =>
    fact(
      label,
      ...['isReadable', 'isWritable', 'isErrored', 'isDisturbed'].map((name) => stream[name](one)),
    );
  for (const [label, one] of Object.entries(made())) tell(label, one);
  tell('closed', new ReadableStream({ start: (controller) => controller.close() }));
  tell('errored', new ReadableStream({ start: (controller) => controller.error(new Error('x')) }));
  const cancelled = new ReadableStream();
  await cancelled.cancel();
  tell('cancelled', cancelled);
  const { writable } = made();
  await writable.close();
  tell('closed writable', writable);
});

program('addAbortSignal()', async (fact) => {
  for (const reason of [undefined, 'why']) {
    const { readable, writable } = made();
    const controller = new AbortController();
    fact('the stream', stream.addAbortSignal(controller.signal, readable) === readable);
    stream.addAbortSignal(controller.signal, writable);
    const reader = readable.getReader();
    const writer = writable.getWriter();
    writer.ready.catch(() => {});
    const read = reader.read();
    controller.abort(reason);
    await read.catch((error) => fact('read', error));
    await writer.closed.catch((error) => fact('closed', error));
    await turns();
  }
});
