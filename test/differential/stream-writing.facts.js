'use strict';
// What the page of stream says of writing and destroying, in the order of events.
const stream = require('stream');
const { Duplex, PassThrough, Readable, Transform, Writable } = stream;
const { program, event, turns } = require('./harness');
const { ALL, plain, sink, told } = require('./shared/stream');

program('writing: the order of callbacks', async (fact) => {
  const w = new Writable({
    highWaterMark: 3,
    write(chunk, encoding, done) {
      fact('write', chunk, encoding);
      setImmediate(done);
    },
    final(done) {
      fact('final');
      setImmediate(done);
    },
    destroy(error, done) {
      fact('destroy', error);
      done(error);
    },
  });
  fact.events('w', w, ALL, plain);
  fact(
    'returns',
    w.write('a', () => fact('a written')),
    w.write('bc', 'latin1', (error) => fact('bc', error)),
  );
  fact(
    'end',
    w.end('d', 'utf8', () => fact('end callback')) === w,
    w.writableEnded,
    w.writableFinished,
    w.writable,
  );
  fact('needs drain', w.writableNeedDrain, w.writableLength);
  await event(w, 'close');
  fact('state', w.writableFinished, w.destroyed, w.closed, w.writableLength, w.writable);
  const sync = sink({ highWaterMark: 1 });
  fact.events('sync', sync, ALL, plain);
  fact(
    'write',
    sync.write('a', () => fact('a')),
    sync.write('b', () => fact('b')),
  );
  process.nextTick(() => fact('tick'));
  await turns();
});

program('writing: cork, writev and encodings', async (fact) => {
  const w = new Writable({
    decodeStrings: false,
    defaultEncoding: 'latin1',
    writev(chunks, done) {
      fact(
        'writev',
        chunks.map(({ chunk, encoding }) => [chunk, encoding]),
        chunks.allBuffers,
      );
      done();
    },
    write(chunk, encoding, done) {
      fact('write', chunk, encoding);
      done();
    },
  });
  w.write('one');
  w.cork();
  w.write('two', 'hex');
  w.write(Buffer.from('three'));
  fact('corked', w.writableCorked, w.writableLength);
  fact('setDefaultEncoding', w.setDefaultEncoding('ucs2') === w);
  w.write('four');
  process.nextTick(() => w.uncork());
  await turns();
  fact('uncork', w.writableCorked, w.uncork(), w.writableLength);
  w.cork();
  w.write('five');
  w.end('six');
  await turns();
  fact('ended', w.writableCorked, w.writableFinished);
  for (const encoding of ['x', 5, null, undefined, '', 'UTF8', 'buffer'])
    fact.of(
      `setDefaultEncoding ${encoding}`,
      () => sink().setDefaultEncoding(encoding),
      () => 'set',
    );
  for (const encoding of ['x', 5, null, {}, 'buffer']) {
    const one = sink();
    one.on('error', (error) => fact('error', told(error)));
    fact.of(`write ${JSON.stringify(encoding)}`, () => one.write('x', encoding));
    await turns(2);
  }
});

program('writing: errors', async (fact) => {
  const cases = {
    'write fails': { write: (chunk, encoding, done) => done(new Error('w')) },
    'write fails later': { write: (chunk, encoding, done) => setImmediate(done, new Error('w')) },
    'write throws': {
      write() {
        throw new Error('thrown');
      },
    },
    'final fails': { final: (done) => done(new Error('f')) },
    'destroy fails': { destroy: (error, done) => done(new Error('d')) },
    'write calls back twice': {
      write(chunk, encoding, done) {
        done();
        done();
      },
    },
    'construct fails': { construct: (done) => setImmediate(done, new Error('c')) },
    'no autoDestroy': {
      autoDestroy: false,
      write: (chunk, encoding, done) => done(new Error('w')),
    },
    'no close': { emitClose: false, write: (chunk, encoding, done) => done(new Error('w')) },
  };
  for (const [name, options] of Object.entries(cases)) {
    const w = sink(options);
    fact.events(name, w, ALL, (_event, args) => args.map(told));
    try {
      w.write('a', (error) => fact(`${name}: a`, told(error)));
      w.write('b', (error) => fact(`${name}: b`, told(error)));
      w.end((error) => fact(`${name}: end`, told(error)));
    } catch (error) {
      fact(`${name}: throws`, told(error));
    }
    await turns();
    fact(name, w.destroyed, w.closed, told(w.errored), w.writable, w.writableAborted);
    w.write('c', (error) => fact(`${name}: c`, told(error)));
    await turns();
  }
});

program('destroy()', async (fact) => {
  for (const Class of [Readable, Writable, Duplex, Transform, PassThrough]) {
    const one = new Class({ read() {}, write() {}, transform() {} });
    fact.events(Class.name, one, ['close', 'error'], (_event, args) => args.map(told));
    fact(
      'returns',
      one.destroy(new Error('x')) === one,
      one.destroyed,
      one.closed,
      told(one.errored),
    );
    one.destroy(new Error('y'));
    await turns();
    fact('after', one.closed, told(one.errored), one.readable, one.writable);
  }
  const w = sink({ write() {} });
  w.on('error', (error) => fact('error', told(error)));
  w.write('a', (error) => fact('a', told(error)));
  w.write('b', (error) => fact('b', told(error)));
  w.end((error) => fact('end', told(error)));
  w.destroy();
  await turns();
  fact('destroyed', w.writableFinished, w.writableEnded, w.writableLength, w.writableAborted);
  const late = new Readable({
    read() {},
    destroy(error, done) {
      setImmediate(done, error);
    },
  });
  late.on('close', () => fact('late close'));
  late.destroy();
  fact('late', late.destroyed, late.closed, late.readableAborted);
  await turns();
  fact('late', late.closed);
});
