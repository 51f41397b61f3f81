'use strict';
const fs = require('fs');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

const settled = (run) => new Promise((done) => run((...args) => done(args)));

program('stat() of what is not there', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  for (const name of ['stat', 'lstat', 'statfs'])
    for (const file of [at('none'), at('file/none')])
      for (const throwIfNoEntry of [true, false, undefined, 'x', 0]) {
        const options = { throwIfNoEntry };
        of(`${name}Sync ${file} ${throwIfNoEntry}`, () => fs[`${name}Sync`](file, options));
        of(`${name} ${file} ${throwIfNoEntry}`, () => void fs[name](file, options, () => {}));
        const [error, value] = await settled((done) => fs[name](file, options, done));
        say(`${name} ${throwIfNoEntry}`, error, typeof value);
        await tryOf(`promises.${name} ${throwIfNoEntry}`, () => fs.promises[name](file, options));
      }
  for (const bigint of [true, false, 'x', 1, null])
    of(`bigint ${bigint}`, () => [
      typeof fs.statSync(at('file'), { bigint }).size,
      typeof fs.fstatSync(0, { bigint }).mode,
      typeof fs.statfsSync(at(), { bigint }).bsize,
    ]);
  say('statfs', Object.keys(fs.statfsSync(at())).sort());
});

program('readdir() and opendir()', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  fs.mkdirSync(at('sub/deep/er'), { recursive: true });
  fs.writeFileSync(at('sub/deep/x'), '');
  const show = (one) =>
    typeof one === 'string' || Buffer.isBuffer(one)
      ? String(one)
      : `${one.parentPath}|${one.name}|${one.isDirectory()}`;
  for (const options of [
    {},
    { recursive: true },
    { withFileTypes: true },
    { recursive: true, withFileTypes: true },
    { encoding: 'buffer' },
    { encoding: 'hex' },
    'buffer',
    { encoding: 'buffer', withFileTypes: true },
    { recursive: true, encoding: 'buffer' },
  ]) {
    of(`readdirSync ${inspect(options)}`, () => fs.readdirSync(at(), options).map(show).sort());
    await tryOf(`readdir ${inspect(options)}`, async () =>
      (await fs.promises.readdir(at(), options)).map(show).sort(),
    );
    await tryOf(`opendir ${inspect(options)}`, async () => {
      const found = [];
      for await (const one of await fs.promises.opendir(at(), options))
        found.push(`${one.parentPath}|${one.name}`);
      return found.sort();
    });
  }
  for (const options of [
    5,
    'x',
    { encoding: 'x' },
    { recursive: 5 },
    { withFileTypes: 5 },
    { bufferSize: 0 },
    { bufferSize: 'x' },
    { bufferSize: 1.5 },
  ]) {
    of(`readdirSync ${inspect(options)}`, () => fs.readdirSync(at('sub'), options).length);
    of(`opendirSync ${inspect(options)}`, () => fs.opendirSync(at('sub'), options).closeSync());
  }
  const dir = fs.opendirSync(at('sub'));
  say('dir', dir.path, dir.constructor.name, dir.readSync().constructor.name, dir.closeSync());
  of('read after close', () => dir.readSync());
  of('close after close', () => dir.closeSync());
  await tryOf('read after close', () => dir.read());
  await tryOf('close after close', () => dir.close());
  of('dispose', () => dir[Symbol.dispose]?.());
  await tryOf('asyncDispose', () => dir[Symbol.asyncDispose]?.());
  const other = fs.opendirSync(at('sub'));
  of('bad callback', () => other.read(5));
  say('read', (await settled((done) => other.read(done)))[0], await other.close());
  const third = await fs.promises.opendir(at('sub'));
  await third[Symbol.asyncIterator]().return();
  await tryOf('left', async () => (await third.read()).constructor.name);
  say('dirent', Object.keys(fs.readdirSync(at('sub'), { withFileTypes: true })[0]));
});

program('readFile(), writeFile() and appendFile()', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  const read = (name = 'out') => fs.readFileSync(at(name), 'latin1');
  for (const data of [
    'text',
    Buffer.from('bytes'),
    new Uint16Array([0x6161]),
    new DataView(new ArrayBuffer(2)),
    '',
    5,
    null,
    undefined,
    {},
    [],
    new ArrayBuffer(2),
    ['a', 'b'],
    { toString: () => 'own' },
  ]) {
    of(`writeFileSync ${inspect(data)}`, () => (fs.writeFileSync(at('out'), data), read()));
    await tryOf(
      `promises.writeFile ${inspect(data)}`,
      async () => (await fs.promises.writeFile(at('out'), data), read()),
    );
    of(`appendFileSync ${inspect(data)}`, () => (fs.appendFileSync(at('app'), data), read('app')));
  }
  async function* pieces() {
    yield 'one';
    yield Buffer.from('two');
  }
  await tryOf('iterable', async () => (await fs.promises.writeFile(at('out'), pieces()), read()));
  await tryOf(
    'stream',
    async () => (
      await fs.promises.writeFile(at('out'), require('stream').Readable.from(['x', 'y'])),
      read()
    ),
  );
  await tryOf('bad pieces', async () => (await fs.promises.writeFile(at('out'), [5]), read()));
  for (const options of [
    'utf8',
    'base64',
    'buffer',
    'x',
    null,
    5,
    { encoding: 'hex' },
    { flag: 'w+' },
    { flag: 'wx' },
    { flag: 'zz' },
    { encoding: 'x' },
    { signal: 5 },
    { signal: AbortSignal.abort() },
  ]) {
    of(`readFileSync ${inspect(options)}`.split('\n')[0], () =>
      fs.readFileSync(at('file'), options),
    );
    await tryOf(`promises.readFile ${inspect(options)}`.split('\n')[0], () =>
      fs.promises.readFile(at('file'), options),
    );
    fs.writeFileSync(at('file'), 'hello world');
    await tryOf(
      `promises.writeFile ${inspect(options)}`.split('\n')[0],
      async () => (await fs.promises.writeFile(at('file'), 'aGk=', options), read('file')),
    );
    fs.writeFileSync(at('file'), 'hello world');
  }
  for (const flush of [true, false, null, 'x', 1])
    of(`flush ${flush}`, () => (fs.writeFileSync(at('out'), 'x', { flush }), read()));
  for (const mode of [0o600, '600', 0o444]) {
    fs.rmSync(at('out'), { force: true });
    of(
      `mode ${mode}`,
      () => (
        fs.writeFileSync(at('out'), 'x', { mode }),
        (fs.statSync(at('out')).mode & 0o777).toString(8)
      ),
    );
  }
  const fd = fs.openSync(at('file'), 'r+');
  fs.readSync(fd, Buffer.alloc(6));
  say('from where it is', fs.readFileSync(fd, 'utf8'), fs.readFileSync(fd, 'utf8'));
  fs.writeFileSync(fd, '!');
  say('to where it is', read('file'));
  fs.closeSync(fd);
  of('a closed descriptor', () => fs.readFileSync(fd));
  of('a folder', () => fs.readFileSync(at('sub')));
  say(
    'callback',
    ...(await settled((done) => fs.readFile(at('file'), { encoding: 'utf8' }, done))),
  );
});
