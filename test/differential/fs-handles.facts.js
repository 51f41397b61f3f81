'use strict';
const fs = require('fs');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program, event } = require('./harness');

program('FileHandle', async (fact, t) => {
  const { at, say, tryOf } = folder(fact, t);
  const file = await fs.promises.open(at('file'), 'r+');
  const closed = [];
  file.on('close', () => closed.push('close'));
  for (const args of [
    [],
    [Buffer.alloc(4)],
    [Buffer.alloc(4), { offset: 1, length: 2, position: 0 }],
    [{ buffer: Buffer.alloc(3), position: 2 }],
    [Buffer.alloc(4), 1, 2, 0],
    [Buffer.alloc(0)],
    [Buffer.alloc(4), { position: -1 }],
    [Buffer.alloc(4), { position: 3n }],
    [Buffer.alloc(4), { length: 9 }],
    [Buffer.alloc(4), 5],
    [5],
    [Buffer.alloc(4), null, null, null],
  ])
    await tryOf(`read ${inspect(args)}`, async () => {
      const { bytesRead, buffer } = await file.read(...args);
      return [bytesRead, String(buffer.subarray(0, 12))];
    });
  for (const args of [
    ['X'],
    ['Y', 0],
    ['Z', null],
    [Buffer.from('QW'), 1],
    [Buffer.from('QW'), { offset: 1, position: 3 }],
    [Buffer.from('QW'), 0, 1, 5],
    ['é', 0, 'latin1'],
    [5],
    [Buffer.from('QW'), 3],
    ['x', 'y'],
  ])
    await tryOf(`write ${inspect(args)}`, async () => {
      const { bytesWritten, buffer } = await file.write(...args);
      return [bytesWritten, String(buffer), fs.readFileSync(at('file'), 'latin1')];
    });
  await tryOf(
    'truncate',
    async () => (await file.truncate(4), fs.readFileSync(at('file'), 'latin1')),
  );
  await tryOf('truncate()', async () => (await file.truncate(), fs.statSync(at('file')).size));
  await tryOf('truncate(-1)', async () => (await file.truncate(-1), fs.statSync(at('file')).size));
  await tryOf('truncate(x)', () => file.truncate('x'));
  await tryOf(
    'appendFile',
    async () => (await file.appendFile('a\nb\r\nc'), fs.readFileSync(at('file'), 'latin1')),
  );
  await tryOf('writev', async () => ({
    ...(await file.writev([Buffer.from('1'), Buffer.from('2')], 0)),
  }));
  await tryOf(
    'readv',
    async () => (await file.readv([Buffer.alloc(1), Buffer.alloc(1)], 0)).bytesRead,
  );
  await tryOf('bad writev', () => file.writev('x'));
  await tryOf('chmod', () => file.chmod('x'));
  await tryOf('utimes', () => file.utimes('x', 1));
  await tryOf('sync', async () => [await file.sync(), await file.datasync()]);
  say('stat', typeof (await file.stat({ bigint: true })).size, file.fd > 2);
  await tryOf('a handle as path', () => fs.promises.readFile(file, 'utf8'));
  const lines = [];
  const again = await fs.promises.open(at('file'));
  for await (const line of again.readLines()) lines.push(line);
  say('readLines', lines, again.fd);
  const third = await fs.promises.open(at('file'));
  say(
    'stream',
    await third.createReadStream({ start: 1, end: 2, encoding: 'utf8' }).toArray(),
    third.fd,
  );
  const fourth = await fs.promises.open(at('file'));
  const stream = fourth.createReadStream({ autoClose: false });
  await stream.toArray();
  say('autoClose', fourth.fd > 2, await fourth.close(), await fourth.close());
  await tryOf('after close', () => fourth.read());
  await tryOf('stat after close', () => fourth.stat());
  const web = await fs.promises.open(at('file'));
  const reader = web.readableWebStream();
  await tryOf('locked', async () => web.readableWebStream());
  say('web', String(Buffer.concat(await Array.fromAsync(reader))), await web.close());
  say(
    'dispose',
    typeof file[Symbol.asyncDispose],
    await file[Symbol.asyncDispose](),
    closed,
    file.fd,
  );
  await tryOf('writeFile after close', () => file.writeFile('x'));
  await tryOf('open without file', () => fs.promises.open(at('none')));
});

program('streams of files', async (fact, t) => {
  const { at, say } = folder(fact, t);
  const text = async (options) =>
    (await fs.createReadStream(at('file'), options).toArray()).join('|');
  for (const options of [
    {},
    'utf8',
    { encoding: 'hex' },
    { start: 2 },
    { end: 3 },
    { start: 2, end: 3 },
    { start: 3, end: 2 },
    { highWaterMark: 3 },
    { start: 99 },
    { start: 0, end: Infinity },
    { start: -1 },
    { start: 'x' },
    { end: -1 },
    { end: 'x' },
    { start: 1.5 },
    { highWaterMark: -1 },
    { encoding: 'x' },
    { autoClose: 'x' },
    { fs: 5 },
    { fs: {} },
    { signal: 5 },
    5,
    null,
  ])
    await text(options).then(
      (value) => say(`read ${inspect(options)}`, value),
      (error) => say(`read ${inspect(options)}`, error),
    );
  const write = async (options, ...pieces) => {
    fs.writeFileSync(at('out'), '0123456789');
    const stream = fs.createWriteStream(at('out'), options).on('error', () => {});
    for (const piece of pieces) stream.write(piece);
    stream.end();
    await event(stream, 'close');
    return [
      fs.readFileSync(at('out'), 'latin1'),
      stream.bytesWritten,
      stream.closed,
      stream.pending,
    ];
  };
  for (const options of [
    {},
    { flags: 'a' },
    { flags: 'r+', start: 3 },
    { start: 3 },
    { encoding: 'hex' },
    { flush: true },
    { flush: 5 },
    { start: -1 },
    { start: 'x' },
    { mode: 0o600 },
    { highWaterMark: 1 },
    { emitClose: true },
    'hex',
    { fs: {} },
  ])
    await Promise.race([
      write(options, 'ab', 'cd').catch((error) => error),
      new Promise((done) => setTimeout(done, 1000, 'no close')),
    ]).then((value) => say(`write ${inspect(options)}`.split('\n')[0], value));
  const reading = fs.createReadStream(at('file'));
  say(
    'before',
    reading.pending,
    reading.path,
    reading.bytesRead,
    reading.fd,
    reading.flags,
    reading.mode,
    reading.autoClose,
  );
  const seen = [];
  for (const name of ['open', 'ready', 'end', 'close', 'error'])
    reading.on(name, () => seen.push(name));
  reading.resume();
  await event(reading, 'close');
  say('events', seen, reading.pending, reading.bytesRead, reading.fd);
  const none = fs.createReadStream(at('none'));
  say('error', await event(none, 'error'), none.destroyed, none.closed);
  const fd = fs.openSync(at('file'), 'r');
  say(
    'fd',
    (await fs.createReadStream('ignored', { fd, autoClose: false }).toArray()).join(),
    fs.fstatSync(fd).size,
    fs.closeSync(fd),
  );
  const stopped = fs.createReadStream(at('file'));
  stopped.close((error) => say('close()', error));
  await event(stopped, 'close');
  const closing = fs.createWriteStream(at('out'));
  closing.write('x');
  await new Promise((done) => closing.close(done));
  say('close() of a writer', fs.readFileSync(at('out'), 'latin1'), closing.destroyed);
  const controller = new AbortController();
  const aborted = fs.createReadStream(at('file'), { signal: controller.signal });
  controller.abort();
  say('aborted', await event(aborted, 'error'));
  const old = fs.ReadStream(at('file')).on('error', () => {});
  say('without new', old instanceof fs.ReadStream);
  old.destroy();
  await event(old, 'close');
});
