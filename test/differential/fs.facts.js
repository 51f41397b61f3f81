'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify, inspect } = require('util');
const { program, event } = require('./harness');

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'differential-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

const NAMES = [
  'access',
  'appendFile',
  'chmod',
  'chown',
  'close',
  'copyFile',
  'cp',
  'exists',
  'fchmod',
  'fchown',
  'fdatasync',
  'fstat',
  'fsync',
  'ftruncate',
  'futimes',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'open',
  'opendir',
  'read',
  'readFile',
  'readdir',
  'readlink',
  'readv',
  'realpath',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'write',
  'writeFile',
  'writev',
];

/** An error without what is different in each run. */
function plain(error, base) {
  if (!(error instanceof Error)) return error;
  const clean = (text) => (typeof text === 'string' ? text.replaceAll(base, 'DIR') : text);
  return [
    error.name,
    error.code,
    error.errno,
    error.syscall,
    clean(error.message),
    clean(error.path),
    clean(error.dest),
  ];
}

program('what the module exports', (fact) => {
  for (const name of NAMES)
    fact(name, typeof fs[name], typeof fs[`${name}Sync`], typeof fs.promises[name]);
});

program('paths and descriptors are checked', (fact) => {
  const calls = {
    access: [],
    chmod: [0o644],
    chown: [0, 0],
    copyFile: ['/x'],
    link: ['/x'],
    lstat: [],
    mkdir: [],
    mkdtemp: [],
    open: ['r'],
    opendir: [],
    readFile: [],
    readdir: [],
    readlink: [],
    realpath: [],
    rename: ['/x'],
    rm: [],
    rmdir: [],
    stat: [],
    statfs: [],
    symlink: ['/x'],
    truncate: [],
    unlink: [],
    utimes: [0, 0],
    writeFile: ['x'],
    appendFile: ['x'],
    exists: [],
    cp: ['/x'],
    lutimes: [0, 0],
    lchown: [0, 0],
  };
  for (const [name, more] of Object.entries(calls))
    for (const bad of [
      undefined,
      null,
      {},
      true,
      'a\0b',
      Buffer.from('a\0'),
      new URL('http://a'),
      new URL('file://host/a'),
    ]) {
      fact.of(
        `${name}Sync ${inspect(bad)}`,
        () => fs[`${name}Sync`](bad, ...more),
        (result) => typeof result,
      );
      if (!['exists', 'mkdtemp'].includes(name))
        fact.of(
          `${name} ${inspect(bad)}`,
          () => fs[name](bad, ...more, () => {}),
          (result) => typeof result,
        );
    }
  for (const name of ['close', 'fstat', 'fsync', 'fdatasync', 'ftruncate'])
    for (const bad of [undefined, null, -1, 1.5, 'x', 2 ** 31, {}])
      fact.of(
        `${name}Sync ${bad}`,
        () => fs[`${name}Sync`](bad),
        (result) => typeof result,
      );
  for (const [name, more] of Object.entries(calls))
    if (!['exists', 'rm', 'truncate', 'cp'].includes(name))
      fact.of(`${name} with a bad callback`, () => fs[name]('/nowhere/x', ...more, 5));
});

program('other arguments are checked', (fact, t) => {
  const file = path.join(folder(t), 'f');
  fs.writeFileSync(file, 'abc');
  const fd = fs.openSync(file, 'r+');
  t.after(() => fs.closeSync(fd));
  const dir = path.dirname(file);
  const attempt = (label, run) => {
    try {
      const result = run();
      fact(label, typeof result === 'string' ? result.replaceAll(dir, 'DIR') : typeof result);
    } catch (error) {
      fact(label, plain(error, dir));
    }
  };
  for (const mode of [-1, 8, 'x', '7', 1.5, null, {}])
    attempt(`access ${mode}`, () => fs.accessSync(file, mode));
  for (const mode of [-1, 2 ** 32, 'x', '644', '0o644', 1.5, null, undefined])
    attempt(`chmod ${mode}`, () => fs.chmodSync(file, mode));
  for (const flags of ['x', 'rw', 5, null, undefined, 'as+', -1, 1.5, {}])
    attempt(`open ${flags}`, () => fs.closeSync(fs.openSync(file, flags)));
  for (const [uid, gid] of [['x', 0], [-2, 0], [0, 2 ** 33], [1.5, 0], [null, 0], [undefined]])
    attempt(`chown ${uid} ${gid}`, () => fs.chownSync(file, uid, gid));
  for (const length of [-1, 1.5, 'x', null, undefined, NaN, 2])
    attempt(`ftruncate ${length}`, () => fs.ftruncateSync(fd, length));
  for (const time of ['x', null, undefined, {}, NaN, Infinity, '5', new Date(5000), -1, 1n])
    attempt(`utimes ${String(time)}`, () => fs.utimesSync(file, time, 0));
  for (const options of [5, true, 'x', { encoding: 'x' }, { flag: 'x' }, null, () => {}]) {
    attempt(`readFile ${inspect(options)}`, () => fs.readFileSync(file, options));
    attempt(`writeFile ${inspect(options)}`, () => fs.writeFileSync(file, 'abc', options));
  }
  for (const data of [
    5,
    null,
    undefined,
    {},
    true,
    [],
    Symbol('s'),
    new DataView(new ArrayBuffer(1)),
    new Uint16Array(1),
    new ArrayBuffer(2),
  ])
    attempt(`writeFile ${Object.prototype.toString.call(data)}`, () =>
      fs.writeFileSync(file, data),
    );
  fs.writeFileSync(file, 'abcdef');
  const buffer = Buffer.alloc(4);
  for (const args of [
    [],
    ['x'],
    [null],
    [buffer, -1],
    [buffer, 5],
    [buffer, 0, 5],
    [buffer, 0, -1],
    [buffer, 0, 1, 'x'],
    [buffer, 0, 1, -1],
    [buffer, 0, 1, 1.5],
    [buffer, 1.5],
    [buffer, 'x'],
    [buffer, 0, 1, 2n],
    [buffer, { offset: 9 }],
    [buffer, { position: 2, length: 2 }],
    [buffer, 5, {}],
    [Buffer.alloc(0)],
    [new Uint16Array(2), 0, 4, 0],
    [buffer, null, null, null],
    [buffer, undefined, undefined, 0],
  ])
    attempt(`read ${inspect(args)}`, () => String(fs.readSync(fd, ...args)));
  for (const args of [
    [],
    [5],
    [null],
    [{}],
    ['x', 'y'],
    ['x', 0, 'hex'],
    ['x', 0, 'bad'],
    [buffer, 5],
    [buffer, 0, 9],
    [buffer, 0, 1, 'x'],
    [buffer, { offset: 1, length: 1, position: 0 }],
    [buffer, -1],
    ['x', null, 'utf8'],
  ])
    attempt(`write ${inspect(args)}`, () => String(fs.writeSync(fd, ...args)));
  for (const args of [[5], [['x']], [[]], [[buffer], 'x'], [[buffer], -1], [[buffer], 0]]) {
    attempt(`readv ${inspect(args)}`, () => String(fs.readvSync(fd, ...args)));
    attempt(`writev ${inspect(args)}`, () => String(fs.writevSync(fd, ...args)));
  }
  for (const options of [{ recursive: 'x' }, { recursive: 5 }, { mode: 'x' }, 'x', 5, null])
    attempt(`mkdir ${inspect(options)}`, () => fs.mkdirSync(path.join(dir, 'd'), options));
  for (const options of [
    { recursive: 'x' },
    { force: 5 },
    { maxRetries: -1 },
    { retryDelay: 'x' },
    5,
    'x',
    null,
  ])
    attempt(`rm ${inspect(options)}`, () => fs.rmSync(path.join(dir, 'none'), options));
  for (const options of [
    { bigint: 'x' },
    { throwIfNoEntry: false },
    { throwIfNoEntry: true },
    5,
    null,
  ])
    attempt(`stat ${inspect(options)}`, () => fs.statSync(path.join(dir, 'none'), options));
  for (const options of [
    { withFileTypes: 'x' },
    { encoding: 'x' },
    { recursive: 'x' },
    5,
    'hex',
    null,
  ])
    attempt(`readdir ${inspect(options)}`, () => fs.readdirSync(dir, options));
  for (const mode of [-1, 8, 'x', 1.5, null])
    attempt(`copyFile ${mode}`, () => fs.copyFileSync(file, path.join(dir, 'copy'), mode));
  for (const type of ['x', 5, null, 'dir', 'file', 'junction'])
    attempt(`symlink ${type}`, () => fs.symlinkSync('a', path.join(dir, `link-${type}`), type));
  for (const options of [
    { bufferSize: 0 },
    { bufferSize: 'x' },
    { encoding: 'x' },
    { recursive: 'x' },
    5,
  ])
    attempt(`opendir ${inspect(options)}`, () => fs.opendirSync(dir, options).closeSync());
  for (const args of [
    ['/x/', 5],
    [5],
    [path.join(dir, 't-'), 'x'],
    [path.join(dir, 't-'), { encoding: 'x' }],
  ])
    attempt(`mkdtemp ${String(args).replaceAll(dir, 'DIR')}`, () =>
      fs.mkdtempSync(...args).slice(0, -6),
    );
  for (const options of [{ recursive: 5 }, { filter: 5 }, { mode: 'x' }, { force: 'x' }, 5])
    attempt(`cp ${inspect(options)}`, () => fs.cpSync(file, path.join(dir, 'cp'), options));
});

program('errors of the system', async (fact, t) => {
  const dir = folder(t);
  const [file, none, sub] = ['file', 'none', 'sub'].map((name) => path.join(dir, name));
  fs.writeFileSync(file, 'x');
  fs.mkdirSync(path.join(sub, 'deep'), { recursive: true });
  for (const [name, args] of [
    ['access', [none]],
    ['readFile', [none]],
    ['readFile', [sub]],
    ['writeFile', [sub, 'x']],
    ['open', [none, 'r']],
    ['open', [file, 'wx']],
    ['stat', [none]],
    ['lstat', [none]],
    ['readdir', [none]],
    ['readdir', [file]],
    ['mkdir', [sub]],
    ['mkdir', [path.join(none, 'a')]],
    ['rmdir', [sub]],
    ['rmdir', [none]],
    ['rmdir', [file]],
    ['unlink', [none]],
    ['unlink', [sub]],
    ['rename', [none, file]],
    ['rename', [file, path.join(none, 'x')]],
    ['link', [none, path.join(dir, 'l')]],
    ['link', [file, file]],
    ['symlink', ['a', file]],
    ['readlink', [file]],
    ['readlink', [none]],
    ['realpath', [none]],
    ['copyFile', [none, file]],
    ['copyFile', [file, file, fs.constants.COPYFILE_EXCL]],
    ['copyFile', [sub, none]],
    ['chmod', [none, 0o644]],
    ['chown', [none, 0, 0]],
    ['truncate', [none]],
    ['utimes', [none, 0, 0]],
    ['rm', [none]],
    ['rm', [sub]],
    ['opendir', [none]],
    ['opendir', [file]],
    ['statfs', [none]],
    ['cp', [none, file]],
    ['cp', [sub, none]],
    ['cp', [file, sub]],
    ['lutimes', [none, 0, 0]],
    ['lchown', [none, 0, 0]],
    ['appendFile', [sub, 'x']],
    ['readFile', [`${file}/x`]],
  ]) {
    const label = `${name} ${args.map((one) => String(one).replaceAll(dir, 'DIR'))}`;
    try {
      fact(label, typeof fs[`${name}Sync`](...args));
    } catch (error) {
      fact(label, plain(error, dir));
    }
    await new Promise((done) =>
      fs[name](...args, (error) => done(fact('callback', plain(error, dir)))),
    );
    await fs.promises[name](...args).then(
      () => fact('promise', 'works'),
      (error) => fact('promise', plain(error, dir)),
    );
  }
  for (const name of ['close', 'fstat', 'fsync', 'fdatasync', 'ftruncate']) {
    try {
      fs[`${name}Sync`](9999);
    } catch (error) {
      fact(name, plain(error, dir));
    }
  }
});

program('what works', async (fact, t) => {
  const dir = folder(t);
  const at = (name) => path.join(dir, name);
  const clean = (value) => (typeof value === 'string' ? value.replaceAll(dir, 'DIR') : value);
  fs.writeFileSync(at('a'), 'one');
  fs.appendFileSync(at('a'), ' two', { mode: 0o600 });
  fs.writeFileSync(at('a'), '!', { flag: 'a' });
  fact(
    'read',
    fs.readFileSync(at('a')),
    fs.readFileSync(at('a'), 'utf8'),
    fs.readFileSync(at('a'), { encoding: 'hex' }),
  );
  fact('exists', fs.existsSync(at('a')), fs.existsSync(at('b')), fs.existsSync(5), fs.existsSync());
  fact(
    'mkdir',
    clean(fs.mkdirSync(at('x/y/z'), { recursive: true })),
    fs.mkdirSync(at('x/y/z'), { recursive: true }),
    fs.mkdirSync(at('d')),
  );
  fs.copyFileSync(at('a'), at('x/b'));
  fs.symlinkSync('a', at('link'));
  fs.linkSync(at('a'), at('hard'));
  fact(
    'links',
    fs.readlinkSync(at('link')),
    clean(fs.realpathSync(at('link'))),
    clean(fs.realpathSync.native(at('link'))),
    fs.statSync(at('a')).nlink,
    fs.readlinkSync(at('link'), 'buffer'),
  );
  fact(
    'readdir',
    fs.readdirSync(dir).sort(),
    fs.readdirSync(dir, { recursive: true }).sort(),
    fs.readdirSync(dir, 'buffer').length,
  );
  fact(
    'types',
    fs
      .readdirSync(dir, { withFileTypes: true })
      .map((one) => [
        one.name,
        clean(one.parentPath),
        one.isFile(),
        one.isDirectory(),
        one.isSymbolicLink(),
        one.constructor.name,
      ])
      .sort(),
  );
  const stats = fs.statSync(at('a'));
  fact(
    'stats',
    Object.keys(stats).sort(),
    stats.constructor.name,
    stats.size,
    stats.isFile(),
    stats.isDirectory(),
    stats.isSymbolicLink(),
    stats.isFIFO(),
    stats.isSocket(),
    stats.isBlockDevice(),
    stats.isCharacterDevice(),
    stats.mtime instanceof Date,
  );
  const big = fs.statSync(at('a'), { bigint: true });
  fact('big', Object.keys(big).sort(), typeof big.size, typeof big.mtimeNs, big.constructor.name);
  fact(
    'statfs',
    Object.keys(fs.statfsSync(dir)).sort(),
    typeof fs.statfsSync(dir, { bigint: true }).blocks,
  );
  fs.utimesSync(at('a'), 1, 2.5);
  fact('utimes', fs.statSync(at('a')).atimeMs, fs.statSync(at('a')).mtimeMs);
  fs.truncateSync(at('a'), 2);
  fs.chmodSync(at('a'), '600');
  fact(
    'truncate',
    fs.readFileSync(at('a'), 'latin1'),
    (fs.statSync(at('a')).mode & 0o777).toString(8),
  );
  fs.cpSync(at('x'), at('copied'), { recursive: true, filter: (from) => !from.endsWith('z') });
  fact('cp', fs.readdirSync(at('copied'), { recursive: true }).sort());
  fs.renameSync(at('copied'), at('moved'));
  fact(
    'rm',
    fs.rmSync(at('moved'), { recursive: true }),
    fs.rmSync(at('none'), { force: true }),
    fs.existsSync(at('moved')),
  );
  const found = fs.opendirSync(dir);
  const names = [];
  for (let one = found.readSync(); one !== null; one = found.readSync()) names.push(one.name);
  fact('opendir', clean(found.path), names.sort(), found.closeSync());
  fact.of('after close', () => found.readSync());
  const fd = fs.openSync(at('rw'), 'w+');
  fact(
    'write',
    fs.writeSync(fd, 'hello'),
    fs.writeSync(fd, Buffer.from('XY'), 0, 2, 1),
    fs.writevSync(fd, [Buffer.from('1'), Buffer.from('2')]),
  );
  const buffer = Buffer.alloc(8, '.');
  fact(
    'read',
    fs.readSync(fd, buffer, 0, 3, 0),
    buffer,
    fs.readSync(fd, buffer, { position: 2 }),
    buffer,
    fs.readvSync(fd, [buffer], 0),
    fs.readSync(fd, buffer),
  );
  fs.closeSync(fd);
  fact('access', fs.accessSync(at('a')), await fs.promises.access(at('a'), fs.constants.R_OK));
  const temporary = fs.mkdtempSync(at('t-'));
  fact(
    'mkdtemp',
    path.basename(temporary).length,
    fs.mkdtempSync(at('t-'), 'buffer').length === temporary.length,
  );
});

program('callbacks', async (fact, t) => {
  const file = path.join(folder(t), 'f');
  await new Promise((done) =>
    fs.writeFile(file, 'abc', (...args) => done(fact('writeFile', args))),
  );
  await new Promise((done) => fs.readFile(file, 'utf8', (...args) => done(fact('readFile', args))));
  await new Promise((done) => fs.exists(file, (...args) => done(fact('exists', args))));
  await new Promise((done) =>
    fs.stat(file, (error, stats) => done(fact('stat', error, stats.size))),
  );
  await new Promise((done) => fs.mkdir(`${file}/x`, (error) => done(fact('mkdir', error.code))));
  const fd = await promisify(fs.open)(file, 'r+');
  await new Promise((done) =>
    fs.read(fd, (error, count, buffer) => done(fact('read', error, count, buffer.length))),
  );
  await new Promise((done) =>
    fs.read(fd, { position: 1, buffer: Buffer.alloc(2) }, (...args) =>
      done(fact('read options', args)),
    ),
  );
  await new Promise((done) =>
    fs.read(fd, Buffer.alloc(2), (...args) => done(fact('read buffer', args))),
  );
  await new Promise((done) =>
    fs.read(fd, Buffer.alloc(2), { position: 0 }, (...args) => done(fact('read both', args))),
  );
  await new Promise((done) => fs.write(fd, 'x', (...args) => done(fact('write', args))));
  await new Promise((done) =>
    fs.write(fd, Buffer.from('yz'), { offset: 1 }, (...args) => done(fact('write options', args))),
  );
  await new Promise((done) =>
    fs.writev(fd, [Buffer.from('q')], (...args) => done(fact('writev', args))),
  );
  fact(
    'promisified',
    await promisify(fs.read)(fd, Buffer.alloc(1), 0, 1, 0),
    await promisify(fs.write)(fd, 'w'),
  );
  await new Promise((done) => fs.close(fd, (...args) => done(fact('close', args))));
  await new Promise((done) =>
    fs.readFile(file, { signal: AbortSignal.abort() }, (error) => done(fact('abort', error))),
  );
  await new Promise((done) =>
    fs.access('/nowhere', function (...args) {
      done(fact('this', this === undefined, args.length));
    }),
  );
});

program('FileHandle', async (fact, t) => {
  const file = path.join(folder(t), 'f');
  const handle = await fs.promises.open(file, 'w+');
  fact(
    'names',
    Object.getOwnPropertyNames(Object.getPrototypeOf(handle)).sort(),
    typeof handle.fd,
    handle.constructor.name,
  );
  fact(
    'write',
    await handle.write('line 1\nline 2\n'),
    await handle.write(Buffer.from('X'), 0, 1, 0),
  );
  fact(
    'read',
    await handle.read(Buffer.alloc(4), 0, 4, 0),
    await handle.read({ buffer: Buffer.alloc(2), position: 1 }),
  );
  fact('writev', await handle.writev([Buffer.from('a')]), await handle.readv([Buffer.alloc(2)], 0));
  fact(
    'stat',
    (await handle.stat()).size,
    await handle.truncate(10),
    await handle.sync(),
    await handle.datasync(),
    await handle.chmod(0o600),
    await handle.utimes(1, 1),
  );
  const again = await fs.promises.open(file);
  const lines = [];
  for await (const line of again.readLines()) lines.push(line);
  fact('lines', lines, again.fd);
  const whole = await fs.promises.open(file);
  fact('readFile', await whole.readFile('utf8'), await whole.readFile('utf8'));
  fact('appendFile', await handle.appendFile('end'), await handle.writeFile('w'));
  handle.on('close', () => fact('close event'));
  await handle.close();
  fact('closed', handle.fd, await handle.close());
  await handle.read(Buffer.alloc(1)).catch((error) => fact('after', error.code, error.syscall));
  await whole[Symbol.asyncDispose]();
  for (const bad of [[{}], [5]])
    await fs.promises.open(...bad).catch((error) => fact('open', error));
});

program('streams', async (fact, t) => {
  const dir = folder(t);
  const file = path.join(dir, 'f');
  const writer = fs.createWriteStream(file);
  fact(
    'before',
    writer.fd,
    writer.pending,
    writer.flags,
    writer.mode,
    writer.bytesWritten,
    writer.autoClose,
    writer.writableHighWaterMark,
  );
  for (const name of ['open', 'ready', 'finish', 'close'])
    writer.on(name, () => fact(`writer ${name}`, writer.pending));
  writer.write('abc');
  writer.end('defghi');
  await event(writer, 'close');
  fact('written', writer.bytesWritten, writer.fd, writer.closed, fs.readFileSync(file, 'utf8'));
  const reader = fs.createReadStream(file, {
    start: 2,
    end: 5,
    highWaterMark: 3,
    encoding: 'utf8',
  });
  fact(
    'before',
    reader.flags,
    reader.mode,
    reader.start,
    reader.end,
    reader.bytesRead,
    reader.readableHighWaterMark,
  );
  for (const name of ['open', 'ready', 'end', 'close'])
    reader.on(name, () => fact(`reader ${name}`));
  reader.on('data', (data) => fact('data', data));
  await event(reader, 'close');
  fact('read', reader.bytesRead, reader.destroyed);
  const none = fs.createReadStream(path.join(dir, 'none'));
  none.on('close', () => fact('close'));
  fact('error', plain(await event(none, 'error'), dir));
  await new Promise(setImmediate);
  for (const options of [
    { start: -1 },
    { start: 'x' },
    { end: -1 },
    { start: 5, end: 2 },
    { fd: 'x' },
    { highWaterMark: -1 },
    { encoding: 'x' },
    { fs: {} },
    { signal: 5 },
    { flush: 5 },
    'x',
    5,
    { flags: 'zz' },
    { mode: 'x' },
  ])
    for (const name of ['createReadStream', 'createWriteStream'])
      fact.of(
        `${name} ${inspect(options)}`,
        () => fs[name](path.join(dir, 'other'), options).on('error', () => {}),
        () => 'a stream',
      );
  const appended = fs.createWriteStream(file, { flags: 'a', flush: true });
  appended.end('+');
  await event(appended, 'close');
  const placed = fs.createWriteStream(file, { flags: 'r+', start: 1 });
  placed.end('Z');
  await event(placed, 'close');
  fact('then', fs.readFileSync(file, 'utf8'));
  const aborted = fs.createReadStream(file, { signal: AbortSignal.abort() });
  fact('aborted', (await event(aborted, 'error')).name);
  const closed = fs.createWriteStream(file);
  await new Promise((done) => closed.close(done));
  fact('close()', closed.destroyed);
});

program('watching', async (fact, t) => {
  const dir = folder(t);
  for (const args of [
    [5],
    [dir, 5],
    [dir, { persistent: 'x' }],
    [dir, { encoding: 'x' }],
    [dir, { recursive: 'x' }],
    [dir, {}, 5],
    [dir, { signal: 5 }],
    ['/nowhere/x'],
  ]) {
    try {
      fs.watch(...args).close();
      fact(inspect(args.slice(1)), 'a watcher');
    } catch (error) {
      fact(inspect(args.slice(1)), plain(error, dir), error.filename?.replaceAll(dir, 'DIR'));
    }
  }
  for (const args of [[5, () => {}], [dir], [dir, {}], [dir, 5]])
    fact.of(
      `watchFile ${inspect(args.slice(1))}`,
      () => fs.watchFile(...args),
      (one) => (fs.unwatchFile(dir), one.constructor.name),
    );
  fact.of('unwatchFile', () => fs.unwatchFile(5));
  fact.of(
    'promises.watch',
    () => fs.promises.watch(5),
    (one) => (one.return().catch(() => {}), 'an iterator'),
  );
  const watcher = fs.watch(dir);
  fact('watcher', watcher.constructor.name, watcher.ref() === watcher, watcher.unref() === watcher);
  watcher.on('close', () => fact('closed'));
  const change = event(watcher, 'change');
  fs.writeFileSync(path.join(dir, 'new'), '');
  fact('change', await change);
  fact('close', watcher.close(), watcher.close());
  await new Promise(setImmediate);
});
