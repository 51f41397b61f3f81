'use strict';
// What streams are given and give: options, properties, errors.
const stream = require('stream');
const { program, trying } = require('./harness');
const { Readable, Writable, Transform, PassThrough } = stream;

program('water marks, and what may be written', async (fact) => {
  const t = trying(fact);
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
});

program('writing: encodings and corks', async (fact) => {
  const t = trying(fact);
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
});

program('writing: properties', async (fact) => {
  const t = trying(fact);
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
  await t('setDefaultEncoding bad', () => new Writable().setDefaultEncoding('x'));
  await t(
    'no _write',
    () =>
      new Promise((res) => {
        const r = new Writable();
        r.on('error', (e) => res([e.code, e.message]));
        r.write('x');
      }),
  );
});

program('writing: ends and errors', async (fact) => {
  const t = trying(fact);
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
});

program('writing: transforms', async (fact) => {
  const t = trying(fact);
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
});

program('reading: properties and encodings', async (fact) => {
  const t = trying(fact);
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
});

program('reading: ends', async (fact) => {
  const t = trying(fact);
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
});

program('reading: errors', async (fact) => {
  const t = trying(fact);
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
