'use strict';
const {
  Duplex,
  PassThrough,
  Readable,
  Transform,
  Writable,
  addAbortSignal,
  compose,
  finished,
  pipeline,
} = require('stream');
const stream = require('stream');
const { program } = require('./harness');

// Turns of the loop, not time: a machine that is busy changes no order.
const after = (turns, run) => (turns === 0 ? run() : setImmediate(after, turns - 1, run));
const soon = (turns = 20) => new Promise((resolve) => after(turns, resolve));
const LIFE = ['end', 'finish', 'close', 'error', 'prefinish'];
const codes = (_event, args) => args.map((one) => (one instanceof Error ? one.name : one));

/** A stream that takes a while to be destroyed. */
function slow(fact, name, Class, options) {
  const made = new Class({
    ...options,
    destroy(error, done) {
      after(3, () => (fact(name, 'destroyed'), done(error)));
    },
  });
  fact.events(name, made, LIFE, codes);
  return made;
}
const sink = { write: (chunk, encoding, done) => done() };

program('what the module exports', (fact) => {
  fact('names', Object.keys(stream).sort());
  for (const name of ['Readable', 'Writable', 'Duplex', 'Transform'])
    fact(
      name,
      Object.getOwnPropertyNames(stream[name].prototype)
        .filter((one) => !one.startsWith('_'))
        .sort(),
    );
});

program('pipeline() calls back when all is closed', async (fact) => {
  const done = (error) => fact('callback', error ?? null);
  pipeline(
    slow(fact, 'r', Readable, {
      read() {
        this.push('x');
        this.push(null);
      },
    }),
    slow(fact, 'w', Writable, sink),
    done,
  );
  await soon();
  pipeline(
    slow(fact, 'r', Readable, {
      read() {
        this.destroy(new Error('r'));
      },
    }),
    slow(fact, 't', Transform, { transform: (chunk, encoding, next) => next() }),
    slow(fact, 'w', Writable, sink),
    done,
  );
  await soon(40);
  pipeline(
    slow(fact, 'r', Readable, {
      read() {
        this.push('x');
      },
    }),
    slow(fact, 'w', Writable, { write: (chunk, encoding, next) => next(new Error('w')) }),
    done,
  );
  await soon(40);
});

program('finished()', async (fact) => {
  const w = slow(fact, 'w', Writable, sink);
  finished(w, (error) => fact('callback', error ?? null));
  w.end('x');
  await soon();
  const d = slow(fact, 'd', Duplex, {
    read() {},
    write: (chunk, encoding, done) => after(5, done),
  });
  finished(d, { readable: false }, (error) => fact('writable', error ?? null, d.writableFinished));
  d.end('x');
  await soon(40);
  const r = new Readable({ read() {} });
  finished(r, (error) => fact('destroyed', error.code));
  r.destroy();
  await soon();
});

program('streams of generators are destroyed', async (fact) => {
  const made = {
    function: () =>
      Duplex.from(async function* upper(source) {
        try {
          for await (const chunk of source) yield String(chunk).toUpperCase();
        } finally {
          fact('finally');
        }
      }),
    composed: () =>
      compose(async function* pass(source) {
        try {
          for await (const chunk of source) yield chunk;
        } finally {
          fact('finally');
        }
      }, new PassThrough()),
    pair: () => Duplex.from({ readable: new PassThrough(), writable: new PassThrough() }),
    promise: () => Duplex.from(Promise.resolve('x')),
  };
  for (const [name, make] of Object.entries(made)) {
    const d = make();
    fact.events(name, d, ['close', 'error'], codes);
    if (d.writable) d.write('x');
    d.on('data', (chunk) => fact(name, 'data', String(chunk)));
    await soon(10);
    d.destroy();
    await soon();
  }
  const composed = Readable.from(['a', 'b']).compose(async function* twice(source) {
    for await (const chunk of source) yield chunk + chunk;
  });
  fact('composed', composed.writable, composed.readable, await composed.toArray());
});

program('options that are refused', (fact) => {
  for (const [name, options] of Object.entries({
    'highWaterMark -1': { highWaterMark: -1 },
    'highWaterMark text': { highWaterMark: 'x' },
    'highWaterMark NaN': { highWaterMark: NaN },
    'defaultEncoding unknown': { defaultEncoding: 'nope' },
    'encoding unknown': { encoding: 'nope' },
    'signal text': { signal: 'x' },
    'read text': { read: 'x' },
  }))
    for (const Class of [Readable, Writable, Duplex])
      fact.of(
        `${Class.name} ${name}`,
        () => new Class(options),
        () => 'made',
      );
  fact.of('setEncoding', () => new Readable().setEncoding('nope'));
  fact.of('setDefaultEncoding', () => new Writable().setDefaultEncoding('nope'));
  fact.of('setDefaultHighWaterMark', () => stream.setDefaultHighWaterMark(false, 'x'));
  fact.of('addAbortSignal', () => addAbortSignal('x', new Readable()));
  fact.of('pipeline', () => pipeline(new Readable()));
  fact.of('finished', () => finished({}, () => {}));
});

program('an abort signal', async (fact) => {
  for (const Class of [Readable, Writable]) {
    const controller = new AbortController();
    const one = new Class({ read() {}, ...sink, signal: controller.signal });
    fact.events(Class.name, one, LIFE, (event, args) =>
      args.map((e) => [e.name, e.code, e.message]),
    );
    controller.abort();
    await soon(20);
    fact('state', one.destroyed, one.errored?.name, one.closed);
  }
});

program('the order of events', async (fact) => {
  const r = new Readable({ read() {} });
  fact.events('r', r, [...LIFE, 'data', 'readable', 'pause', 'resume'], (event, args) =>
    args.map(String),
  );
  r.push('a');
  r.push('b');
  r.push(null);
  await soon(10);
  r.resume();
  await soon(10);
  const t = new Transform({
    transform: (chunk, encoding, done) => done(null, chunk),
    flush: (done) => done(null, 'end'),
  });
  fact.events('t', t, [...LIFE, 'data'], (event, args) => args.map(String));
  t.write('x', () => fact('written'));
  t.end('y', () => fact('ended'));
  await soon(10);
  const w = new Writable({
    highWaterMark: 2,
    write: (chunk, encoding, done) => setImmediate(done),
    final: (done) => setImmediate(done),
  });
  fact.events('w', w, [...LIFE, 'drain']);
  fact('write', w.write('abc'), w.writableLength, w.writableNeedDrain);
  await soon(10);
  w.end();
  fact.of('write after end', () => w.write('x', (error) => fact('callback', error.code)));
  await soon(10);
});
