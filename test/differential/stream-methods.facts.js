'use strict';
// Methods of streams, their options, defaults and errors, one after another.
const stream = require('stream');
const sp = require('stream/promises');
const { program } = require('./harness');
const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal } =
  stream;

program('methods, options, defaults and errors', async (fact) => {
  const shown = (value) => (value instanceof stream.Stream ? 'a stream' : value);
  const t = async (label, run) => {
    try {
      fact(label, shown(await run()));
    } catch (error) {
      fact(label, 'throws', error);
    }
  };
  const R = (a = [1, 2, 3, 4]) => Readable.from(a);
  await t('map', () =>
    R()
      .map((x) => x * 2)
      .toArray(),
  );
  await t('map conc', () =>
    R()
      .map(
        async (x) => {
          await new Promise((r) => setTimeout(r, 10 - x * 2));
          return x;
        },
        { concurrency: 2 },
      )
      .toArray(),
  );
  await t('map bad', () => R().map(5));
  await t('map conc bad', () => R().map((x) => x, { concurrency: 0 }));
  await t('map hwm', () =>
    R()
      .map((x) => x, { concurrency: 2, highWaterMark: 1 })
      .toArray(),
  );
  await t('map opt bad', () => R().map((x) => x, 5));
  await t('map signal bad', () => R().map((x) => x, { signal: 5 }));
  await t('filter', () =>
    R()
      .filter((x) => x % 2)
      .toArray(),
  );
  await t('forEach', async () => {
    const o = [];
    await R().forEach((x) => o.push(x));
    return o;
  });
  await t('toArray signal', () => R().toArray({ signal: AbortSignal.abort() }));
  await t('some', () => R().some((x) => x > 2));
  await t('every', () => R().every((x) => x > 0));
  await t('find', () => R().find((x) => x > 2));
  await t('flatMap', () =>
    R()
      .flatMap((x) => [x, x])
      .toArray(),
  );
  await t('drop', () => R().drop(2).toArray());
  await t('drop neg', () => R().drop(-1));
  await t('take', () => R().take(2).toArray());
  await t('take 1.5', () => R().take(1.5).toArray());
  await t('drop nan', () => R().drop('x'));
  await t('reduce', () => R().reduce((a, b) => a + b));
  await t('reduce init', () => R().reduce((a, b) => a + b, 10));
  await t('reduce empty', () => Readable.from([]).reduce((a, b) => a + b));
  await t('reduce bad', () => R().reduce(5));
  await t('mapper throws', () =>
    R()
      .map(() => {
        throw new Error('m');
      })
      .toArray(),
  );
  await t('from string', () => Readable.from('abc').toArray());
  await t('from buffer', async () => (await Readable.from(Buffer.from('ab')).toArray()).length);
  await t('from bad', () => Readable.from(5));
  await t('from null', () => Readable.from(null));
  await t('from opts', () => {
    const r = Readable.from([1], { objectMode: false, highWaterMark: 3 });
    return [r.readableObjectMode, r.readableHighWaterMark];
  });
  await t('from async gen err', () =>
    Readable.from(
      (async function* () {
        yield 1;
        throw new Error('g');
      })(),
    ).toArray(),
  );
  await t('null in iter', () => Readable.from([1, null]).toArray());
  await t('hwm defaults', () => [
    stream.getDefaultHighWaterMark(false),
    stream.getDefaultHighWaterMark(true),
  ]);
  await t('hwm set bad', () => stream.setDefaultHighWaterMark(false, -1));
  await t('hwm bad', () => new Readable({ highWaterMark: 'x' }));
  await t('hwm neg', () => new Writable({ highWaterMark: -5 }));
  await t('hwm NaN', () => new Writable({ highWaterMark: NaN }));
  await t('write types', () => {
    const w = new Writable({
      write(c, e, cb) {
        cb();
      },
    });
    const o = [];
    for (const x of [5, {}, [], true, undefined, Symbol.iterator])
      try {
        w.write(x);
        o.push('ok');
      } catch (e) {
        o.push(e.code);
      }
    try {
      w.write(null);
    } catch (e) {
      o.push(e.code);
    }
    return o;
  });
  await t(
    'write after end',
    () =>
      new Promise((r) => {
        const w = new Writable({
          write(c, e, cb) {
            cb();
          },
        });
        w.on('error', (e) => r(e.code));
        w.end();
        w.write('x');
      }),
  );
  await t(
    'end cb twice',
    () =>
      new Promise((r) => {
        const w = new Writable({
          write(c, e, cb) {
            cb();
          },
        });
        w.on('error', () => {});
        w.end();
        w.end((e) => r(e?.code));
      }),
  );
  await t(
    'end after finish',
    () =>
      new Promise((r) => {
        const w = new Writable({
          write(c, e, cb) {
            cb();
          },
        });
        w.end(() => w.end((e) => r(e?.code)));
      }),
  );
  await t(
    'destroyed write',
    () =>
      new Promise((r) => {
        const w = new Writable({
          write(c, e, cb) {
            cb();
          },
        });
        w.destroy();
        w.write('x', (e) => r(e.code));
      }),
  );
  await t('cork', () => {
    const o = [];
    const w = new Writable({
      writev(c, cb) {
        o.push(c.length);
        cb();
      },
    });
    w.cork();
    w.cork();
    w.write('a');
    w.write('b');
    w.uncork();
    const k = w.writableCorked;
    w.uncork();
    return [o, k];
  });
  await t('props w', () => {
    const w = new Writable({ write() {}, objectMode: true });
    w.write(1);
    w.write(2);
    return [
      w.writableLength,
      w.writableNeedDrain,
      w.writableHighWaterMark,
      w.writableObjectMode,
      w.writableEnded,
      w.writableFinished,
      w.errored,
      w.closed,
      w.destroyed,
      w.writableAborted,
      w.writable,
    ];
  });
  await t('props r', () => {
    const r = new Readable({ read() {} });
    r.push('ab');
    return [
      r.readableLength,
      r.readableFlowing,
      r.readableEncoding,
      r.readableEnded,
      r.readableDidRead,
      r.readableAborted,
      r.readable,
      r.errored,
      r.closed,
    ];
  });
  await t('setEncoding', async () => {
    const r = new Readable({ read() {} });
    r.push(Buffer.from([0xe2, 0x82]));
    r.setEncoding('utf8');
    r.push(Buffer.from([0xac]));
    r.push(null);
    return await r.toArray();
  });
  await t('setDefaultEncoding bad', () => new Writable().setDefaultEncoding('x'));
  await t('unshift', async () => {
    const r = new Readable({ read() {} });
    r.push('b');
    r.unshift('a');
    r.push(null);
    return String(Buffer.concat(await r.toArray()));
  });
  await t(
    'push after eof',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {} });
        r.on('error', (e) => res(e.code));
        r.push(null);
        r.push('x');
      }),
  );
  await t(
    'unshift after end',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {} });
        r.on('error', (e) => res(e.code));
        r.push(null);
        r.resume();
        r.on('end', () => r.unshift('x'));
      }),
  );
  await t(
    'push bad type',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {} });
        r.on('error', (e) => res([e.code, e.message]));
        r.push(5);
      }),
  );
  await t(
    'no _read',
    () =>
      new Promise((res) => {
        const r = new Readable();
        r.on('error', (e) => res([e.code, e.message]));
        r.resume();
      }),
  );
  await t(
    'no _write',
    () =>
      new Promise((res) => {
        const r = new Writable();
        r.on('error', (e) => res([e.code, e.message]));
        r.write('x');
      }),
  );
  await t(
    'no _transform',
    () =>
      new Promise((res) => {
        const r = new Transform();
        r.on('error', (e) => res([e.code, e.message]));
        r.write('x');
      }),
  );
  await t(
    'transform double cb',
    () =>
      new Promise((res) => {
        const r = new Transform({
          transform(c, e, cb) {
            cb();
            cb();
          },
        });
        r.on('error', (e) => res([e.code, e.message]));
        r.write('x');
      }),
  );
  await t('pipeline none', () => pipeline());
  await t('pipeline one', () => pipeline(R(), () => {}));
  await t('pipeline bad', () => pipeline(R(), 5, () => {}));
  await t('pipeline nocb', () => pipeline(R(), new PassThrough({ objectMode: true })));
  await t('pipeline gen', () =>
    sp.pipeline(
      R(),
      async function* (s) {
        for await (const x of s) yield x + 1;
      },
      async (s) => {
        let n = 0;
        for await (const x of s) n += x;
        return n;
      },
    ),
  );
  await t('pipeline end false', async () => {
    const w = new PassThrough({ objectMode: true });
    await sp.pipeline(R(), w, { end: false });
    return [w.writableEnded, w.destroyed];
  });
  await t('pipeline signal', () =>
    sp.pipeline(new Readable({ read() {} }), new PassThrough(), {
      signal: AbortSignal.timeout(10),
    }),
  );
  await t('pipeline premature', () => {
    const r = new Readable({ read() {} });
    const p = sp.pipeline(r, new PassThrough());
    r.destroy();
    return p;
  });
  await t('pipeline err', () => {
    const r = new Readable({ read() {} });
    const p = sp.pipeline(r, new PassThrough());
    r.destroy(new Error('E'));
    return p;
  });
  await t('pipeline string', () =>
    sp.pipeline('abc', async (s) => {
      const o = [];
      for await (const c of s) o.push(c);
      return o;
    }),
  );
  await t('pipeline function nothing', () => sp.pipeline(async function () {}, new PassThrough()));
  await t('finished bad', () => finished(5, () => {}));
  await t('finished', () => sp.finished(R().resume()));
  await t('finished cleanup', async () => {
    const r = R();
    r.resume();
    await sp.finished(r, { cleanup: true });
    return r.listenerCount('end');
  });
  await t('finished premature', () => {
    const r = new Readable({ read() {} });
    const p = sp.finished(r);
    r.destroy();
    return p;
  });
  await t(
    'finished errors false',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {} });
        r.on('error', () => {});
        finished(r, { error: false }, (e) => res(e?.code));
        r.destroy(new Error('x'));
      }),
  );
  await t('addAbortSignal bad', () => addAbortSignal(5, R()));
  await t('addAbortSignal bad2', () => addAbortSignal(AbortSignal.abort(), 5));
  await t(
    'addAbort',
    () =>
      new Promise((res) => {
        const r = addAbortSignal(AbortSignal.timeout(5), new Readable({ read() {} }));
        r.on('error', (e) => res([e.name, e.code]));
      }),
  );
  await t('compose', async () => {
    const r = stream.compose(async function* (s) {
      for await (const c of s) yield String(c).toUpperCase();
    });
    r.end('abc');
    return (await r.toArray()).map(String);
  });
  await t('compose none', () => stream.compose());
  await t('readable.compose', () =>
    R(['a'])
      .compose(async function* (s) {
        for await (const x of s) yield x + x;
      })
      .toArray(),
  );
  await t('Duplex.from iter', () => Duplex.from(['a', 'b']).toArray());
  await t('Duplex.from fn', async () => {
    const d = Duplex.from(async function* (s) {
      for await (const c of s) yield c + '!';
    });
    d.end('x');
    return (await d.toArray()).map(String);
  });
  await t('Duplex.from promise', () => Duplex.from(Promise.resolve('v')).toArray());
  await t('Duplex.from bad', () => Duplex.from(5));
  await t('Duplex.from obj', () => {
    const d = Duplex.from({ readable: R(['q']), writable: new PassThrough() });
    return [d.readable, d.writable];
  });
  await t('Duplex.from null', () => Duplex.from(null));
  await t('Duplex.from {}', () => Duplex.from({}));
  await t('duplexPair', async () => {
    const [a, b] = stream.duplexPair();
    a.end('x');
    return String(await b.toArray());
  });
  await t('iterator destroyOnReturn', async () => {
    const r = R();
    for await (const one of r.iterator({ destroyOnReturn: false })) if (one) break;
    const a = r.destroyed;
    for await (const one of r) if (one) break;
    return [a, r.destroyed];
  });
  await t('iter bad', () => R().iterator(5));
  await t('asyncDispose', async () => {
    const r = R();
    r.on('error', (e) => fact('  disposed', e.code));
    await r[Symbol.asyncDispose]();
    return r.destroyed;
  });
  await t('isErrored etc', () => {
    const r = R();
    return [
      stream.isErrored(r),
      stream.isReadable(r),
      stream.isWritable(r),
      stream.isDisturbed(r),
      stream.isDestroyed?.(r),
    ];
  });
  await t(
    'construct err',
    () =>
      new Promise((res) => {
        const r = new Readable({
          construct(cb) {
            cb(new Error('c'));
          },
          read() {},
        });
        r.on('error', (e) => res(e.message));
        r.on('close', () => fact('  close'));
      }),
  );
  await t(
    'destroy order',
    () =>
      new Promise((res) => {
        const o = [];
        const r = new Readable({
          read() {},
          destroy(e, cb) {
            o.push('d');
            setImmediate(cb, e);
          },
        });
        r.on('error', () => o.push('e')).on('close', () => {
          o.push('c');
          res(o);
        });
        r.destroy(new Error('x'));
        r.destroy(new Error('y'));
      }),
  );
  await t(
    'emitClose false',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {}, emitClose: false });
        r.on('close', () => res('close'));
        r.destroy();
        setTimeout(res, 20, 'none');
      }),
  );
  await t(
    'autoDestroy false',
    () =>
      new Promise((res) => {
        const r = new Readable({ read() {}, autoDestroy: false });
        r.push(null);
        r.resume();
        r.on('end', () => setTimeout(() => res(r.destroyed), 5));
      }),
  );
  await t('wrap', async () => {
    const E = require('events');
    const o = new E();
    o.pause = o.resume = () => {};
    const r = new Readable({ objectMode: true }).wrap(o);
    setTimeout(() => {
      o.emit('data', 1);
      o.emit('end');
    }, 1);
    return r.toArray();
  });
  await t('pipe twice/unpipe', () => {
    const r = new Readable({ read() {} });
    const w = new PassThrough();
    const o = [];
    w.on('pipe', () => o.push('pipe')).on('unpipe', () => o.push('unpipe'));
    r.pipe(w);
    r.unpipe(w);
    r.unpipe(w);
    return o;
  });
  await t('read sizes', () => {
    const r = new Readable({ read() {} });
    r.push('abcdef');
    return [String(r.read(2)), r.read(0), r.read(100), String(r.read())];
  });
  await t('read neg/NaN', () => {
    const r = new Readable({ read() {} });
    r.push('abc');
    return [r.read(-1), String(r.read(NaN))];
  });
  await t(
    'signal opt',
    () =>
      new Promise((res) => {
        const ac = new AbortController();
        const r = new Readable({ read() {}, signal: ac.signal });
        r.on('error', (e) => res([e.name, e.cause]));
        ac.abort('why');
      }),
  );
  await t('toWeb/fromWeb', async () => {
    const w = Readable.toWeb(R(['a']));
    const rd = w.getReader();
    const o = [await rd.read(), await rd.read()];
    return JSON.stringify(o);
  });
  await t('fromWeb bad', () => Readable.fromWeb(5));
  await t('toWeb bad', () => Readable.toWeb(5));
  await t('Writable.toWeb', async () => {
    const o = [];
    const w = Writable.toWeb(
      new Writable({
        write(c, e, cb) {
          o.push(String(c));
          cb();
        },
      }),
    ).getWriter();
    await w.write('x');
    await w.close();
    return o;
  });
  await t('Duplex.toWeb', () => Object.keys(Duplex.toWeb(new PassThrough())));
  await t('decodeStrings', () => {
    let g;
    const w = new Writable({
      decodeStrings: false,
      write(c, e, cb) {
        g = [typeof c, e];
        cb();
      },
    });
    w.write('x', 'latin1');
    return g;
  });
  await t('defaultEncoding', () => {
    let g;
    const w = new Writable({
      decodeStrings: false,
      defaultEncoding: 'hex',
      write(c, e, cb) {
        g = [typeof c, e];
        cb();
      },
    });
    w.write('61');
    return g;
  });
  await t('unknown enc', () => {
    const w = new Writable({ write() {} });
    w.write('x', 'nope');
  });
  await t(
    'final err',
    () =>
      new Promise((res) => {
        const w = new Writable({
          final(cb) {
            cb(new Error('f'));
          },
        });
        w.on('error', (e) => res([e.message, w.writableFinished]));
        w.end();
      }),
  );
  await t(
    'allowHalfOpen false',
    () =>
      new Promise((res) => {
        const d = new Duplex({
          allowHalfOpen: false,
          read() {
            this.push(null);
          },
          write(c, e, cb) {
            cb();
          },
        });
        d.on('finish', () => res('finish'));
        d.resume();
      }),
  );
  await t('Readable() no new', () => Readable() instanceof Readable);
  await t('consumers', async () => {
    const c = require('stream/consumers');
    return [
      await c.json(R(['{"a":1}'])),
      (await c.buffer(R(['a']))).length,
      (await c.arrayBuffer(R(['ab']))).byteLength,
      (await c.blob(R(['abc']))).size,
    ];
  });
});

program('views as chunks', async (fact) => {
  const views = () => [new DataView(new ArrayBuffer(2)), new Uint16Array(2), new Uint8Array(3)];
  const writable = new Writable({
    write(chunk, encoding, callback) {
      fact('written', chunk, encoding);
      callback();
    },
  });
  for (const view of views()) writable.write(view);
  const readable = new Readable({ read() {} });
  for (const view of views()) readable.push(view);
  readable.push(null);
  fact('read', await readable.toArray());
});
