'use strict';
// Functions of the module stream, and methods of its streams, with their options and errors.
const stream = require('stream');
const { program, trying } = require('./harness');
const { Readable, Writable, Duplex, PassThrough, pipeline, finished, addAbortSignal } = stream;
const sp = require('stream/promises');
const list = [1, 2, 3, 4];
const R = (values = list) => Readable.from(values);

program('operators', async (fact) => {
  const t = trying(fact);
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
});

program('Readable.from() and Duplex.from()', async (fact) => {
  const t = trying(fact);
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
  await t('iterator destroyOnReturn', async () => {
    const r = R();
    for await (const one of r.iterator({ destroyOnReturn: false })) if (one) break;
    const a = r.destroyed;
    for await (const one of r) if (one) break;
    return [a, r.destroyed];
  });
});

program('iterators and older streams', async (fact) => {
  const t = trying(fact);
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
  await t('toWeb/fromWeb', async () => {
    const w = Readable.toWeb(R(['a']));
    const rd = w.getReader();
    const o = [await rd.read(), await rd.read()];
    return JSON.stringify(o);
  });
  await t('fromWeb bad', () => Readable.fromWeb(5));
});

program('pipeline()', async (fact) => {
  const t = trying(fact);
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
  await t('pipeline and the reason of its signal', async () => {
    const own = new Error('why');
    const told = [];
    for (const reason of [undefined, 'text', own]) {
      const controller = new AbortController();
      const piped = sp.pipeline(new Readable({ read() {} }), new PassThrough(), controller);
      controller.abort(reason);
      const { cause } = await piped.catch((error) => error);
      told.push(typeof cause, cause === own, cause?.name);
    }
    return told;
  });
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
});

program('finished() and signals', async (fact) => {
  const t = trying(fact);
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
});

program('compose() and pairs', async (fact) => {
  const t = trying(fact);
  await t('compose none', () => stream.compose());
  await t('readable.compose', () =>
    R(['a'])
      .compose(async function* (s) {
        for await (const x of s) yield x + x;
      })
      .toArray(),
  );
  await t('duplexPair', async () => {
    const [a, b] = stream.duplexPair();
    a.end('x');
    return String(await b.toArray());
  });
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
});

program('construction and destruction', async (fact) => {
  const t = trying(fact);
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
  await t('Readable() no new', () => Readable() instanceof Readable);
});

program('Web Streams and consumers', async (fact) => {
  const t = trying(fact);
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
