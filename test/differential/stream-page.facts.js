'use strict';
// What the page of stream says of reading, piping and implementing, in the order of events.
const stream = require('stream');
const { PassThrough, Readable } = stream;
const { program, event, turns } = require('./harness');
const { ALL, plain, sink, told } = require('./shared/stream');

program('three states', async (fact) => {
  const r = new Readable({ read() {} });
  const state = (label) =>
    fact(label, r.readableFlowing, r.isPaused(), r.readable, r.readableDidRead);
  state('new');
  fact('pause', r.pause() === r);
  state('paused');
  fact('resume', r.resume() === r);
  state('resumed');
  const listener = () => {};
  r.on('data', listener);
  state('data');
  r.pause();
  r.removeListener('data', listener);
  state('removed');
  r.on('data', listener);
  state('data while paused');
  r.on('readable', listener);
  state('readable');
  r.resume();
  state('resume with readable');
  r.pause();
  state('pause with readable');
  r.removeListener('readable', listener);
  await turns();
  state('readable removed');
  r.removeAllListeners();
  await turns();
  state('all removed');
  const piped = new Readable({ read() {} });
  const target = sink();
  piped.pipe(target);
  fact('piped', piped.readableFlowing, piped.isPaused());
  await turns();
  piped.unpipe(target);
  fact('unpiped', piped.readableFlowing, piped.isPaused());
  piped.push('x');
  await turns();
  fact('length', piped.readableLength);
  piped.readableFlowing = null;
  fact('assigned', piped.readableFlowing);
});

program('the order of reading', async (fact) => {
  const r = new Readable({ read() {} });
  fact.events('r', r, ALL, plain);
  r.on('readable', () => {
    let chunk;
    while ((chunk = r.read()) !== null) fact('read', chunk);
  });
  r.push('a');
  r.push('b');
  fact('pushed');
  await turns();
  r.push('c');
  r.push(null);
  await turns();
  fact('state', r.readableEnded, r.destroyed, r.closed, r.read(), r.readable);
  const flowing = new Readable({ read() {} });
  fact.events(
    'flowing',
    flowing,
    ALL.filter((one) => one !== 'readable'),
    plain,
  );
  flowing.push('a');
  flowing.push('b');
  fact('pushed');
  await turns();
  flowing.pause();
  flowing.push('c');
  await turns();
  flowing.resume();
  fact('resumed');
  flowing.push(null);
  await turns();
});

program('read(size)', async (fact) => {
  const r = new Readable({ read() {}, highWaterMark: 10 });
  r.on('error', (error) => fact('error', told(error)));
  for (const text of ['abc', 'def', 'ghi']) fact('push', r.push(text));
  fact('push', r.push('jkl'));
  for (const size of [2, 0, 3, 100, undefined, 1, -1, NaN])
    fact.of(
      `read(${size})`,
      () => r.read(size),
      (value) => [value, r.readableLength, r.readableHighWaterMark],
    );
  r.push('rest');
  r.push(null);
  fact('read(100) at the end', r.read(100));
  await turns();
  fact('read() after the end', r.read(), r.readableEnded);
  const objects = new Readable({ read() {}, objectMode: true });
  for (const value of [1, 'two', { three: 3 }, '', 0, false]) objects.push(value);
  fact(
    'objects',
    objects.read(5),
    objects.read(),
    objects.read(0),
    objects.readableLength,
    objects.readableObjectMode,
  );
  fact('objects', objects.read(), objects.read(), objects.read(), objects.read(), objects.read());
  for (const size of [2 ** 30 + 1, 'x', 1.5, null]) {
    const one = new Readable({ read() {} });
    one.push('abcdef');
    fact.of(
      `read(${size})`,
      () => one.read(size),
      (value) => [value, one.readableHighWaterMark],
    );
  }
});

program('encodings', async (fact) => {
  for (const encoding of [
    'utf8',
    'hex',
    'base64',
    'latin1',
    'utf16le',
    'ucs2',
    'ascii',
    'binary',
    'base64url',
  ]) {
    const r = new Readable({ read() {} });
    fact('returns', r.setEncoding(encoding) === r, r.readableEncoding);
    r.push(Buffer.from([0xe2, 0x82]));
    r.push(Buffer.from([0xac, 0x61]));
    r.push(null);
    const chunks = [];
    for await (const chunk of r) chunks.push(chunk);
    fact(encoding, chunks);
  }
  const later = new Readable({ read() {} });
  later.push(Buffer.from([0x61, 0xe2, 0x82]));
  later.setEncoding('utf8');
  fact('buffered', later.readableLength, later.read());
  later.push(Buffer.from([0xac]));
  fact('the rest', later.read());
  for (const encoding of ['x', 5, null, undefined, ''])
    fact.of(
      `setEncoding ${encoding}`,
      () => new Readable({ read() {} }).setEncoding(encoding),
      (r) => r.readableEncoding,
    );
  fact.of(
    'option',
    () => new Readable({ read() {}, encoding: 'x' }),
    (r) => r.readableEncoding,
  );
  for (const [chunk, encoding] of [
    ['616263', 'hex'],
    ['abc', 'x'],
    ['\u00e4', 'latin1'],
    [new Uint16Array([0x6161]), undefined],
    [new DataView(new ArrayBuffer(2)), undefined],
  ]) {
    const r = new Readable({ read() {} });
    r.on('error', (error) => fact('error', told(error)));
    fact.of(
      `push ${String(chunk)} ${encoding}`,
      () => r.push(chunk, encoding),
      (result) => [result, r.read()],
    );
    fact.of(
      `unshift ${String(chunk)} ${encoding}`,
      () => r.unshift(chunk, encoding),
      (result) => [result, r.read()],
    );
  }
});

program('push() and unshift()', async (fact) => {
  const r = new Readable({ read() {} });
  r.on('error', (error) => fact('error', told(error)));
  r.push('b');
  fact('unshift', r.unshift('a'), r.unshift(''), r.read());
  for (const value of [5, {}, true, [], undefined]) {
    const one = new Readable({ read() {} });
    one.on('error', (error) => fact(`push ${value} error`, told(error)));
    fact.of(`push ${value}`, () => one.push(value));
    await turns(2);
  }
  for (const value of [5, {}, null]) {
    const one = new Readable({ read() {} });
    one.on('error', (error) => fact(`unshift ${value} error`, told(error)));
    one.on('end', () => fact(`unshift ${value} end`));
    fact.of(`unshift ${value}`, () => one.unshift(value));
    one.resume();
    await turns(2);
  }
  const ended = new Readable({ read() {} });
  ended.on('error', (error) => fact('ended', told(error)));
  ended.push(null);
  fact('push after the end', ended.push('x'));
  await turns();
  const over = new Readable({ read() {}, autoDestroy: false });
  over.on('error', (error) => fact('over', told(error)));
  over.push(null);
  over.resume();
  await event(over, 'end');
  fact('unshift after end', over.unshift('x'));
  await turns();
  const destroyed = new Readable({ read() {} });
  destroyed.destroy();
  fact('push when destroyed', destroyed.push('x'), destroyed.unshift('x'), destroyed.read());
});

program('pipe() and unpipe()', async (fact) => {
  const source = new Readable({ read() {} });
  const one = sink();
  const two = sink();
  fact.events(
    'source',
    source,
    ALL.filter((name) => !['readable', 'data'].includes(name)),
    plain,
  );
  fact.events('one', one, ALL, plain);
  fact.events('two', two, ALL, plain);
  fact('returns', source.pipe(one) === one, source.pipe(two, { end: false }) === two);
  source.push('x');
  await turns();
  fact('unpipe', source.unpipe(sink()) === source, source.unpipe(one) === source);
  source.push(null);
  await turns();
  fact('ended', one.writableEnded, two.writableEnded);
  const failing = new Readable({ read() {} });
  const target = sink();
  fact.events('target', target, ALL, plain);
  failing.on('error', (error) => fact('failing', told(error)));
  failing.pipe(target);
  failing.destroy(new Error('source'));
  await turns();
  fact('target', target.destroyed, target.writableEnded);
  const good = new Readable({ read() {} });
  const bad = sink();
  fact.events('good', good, ['pause', 'resume', 'close', 'error', 'end'], plain);
  bad.on('error', (error) => fact('bad', told(error)));
  bad.on('unpipe', (from) => fact('unpipe', from === good));
  good.pipe(bad);
  bad.destroy(new Error('target'));
  await turns();
  fact('good', good.destroyed, good.readableFlowing, good.listenerCount('data'));
  const all = new Readable({ read() {} });
  all.pipe(sink());
  all.pipe(sink());
  fact('unpipe all', all.unpipe() === all, all.listenerCount('data'), all.readableFlowing);
  for (const destination of [undefined, null, 5, {}, new Readable({ read() {} })])
    fact.of(
      `pipe(${destination?.constructor?.name})`,
      () => new Readable({ read() {} }).pipe(destination),
      () => 'piped',
    );
  fact.of(
    'a writable',
    () => {
      const w = sink();
      w.on('error', (error) => fact('pipe of a writable', told(error)));
      return w.pipe(sink());
    },
    (value) => value === undefined,
  );
  await turns();
});

program('backpressure of pipe()', async (fact) => {
  const source = new Readable({ read() {}, highWaterMark: 4 });
  const held = [];
  const slow = sink({ highWaterMark: 2, write: (chunk, encoding, done) => held.push(done) });
  fact.events('source', source, ['pause', 'resume', 'end'], plain);
  fact.events('slow', slow, ['drain', 'finish', 'close'], plain);
  source.pipe(slow);
  for (const text of ['ab', 'cd', 'ef']) source.push(text);
  source.push(null);
  for (let i = 0; i < 5; i++) {
    await turns();
    fact(
      'held',
      held.length,
      slow.writableLength,
      source.readableLength,
      slow.writableNeedDrain,
      source.isPaused(),
    );
    held.shift()?.();
  }
  await turns();
  const objects = new Readable({ read() {}, objectMode: true });
  const out = new PassThrough({
    writableObjectMode: true,
    readableObjectMode: true,
    highWaterMark: 1,
  });
  objects.pipe(out);
  for (let i = 0; i < 4; i++) objects.push(i);
  await turns();
  fact(
    'objects',
    objects.readableLength,
    out.readableLength,
    out.writableLength,
    out.readableHighWaterMark,
  );
});
