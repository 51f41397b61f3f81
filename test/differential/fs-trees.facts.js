'use strict';
const fs = require('fs');
const path = require('path');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

program('cp()', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  fs.symlinkSync('inner', at('sub/link'));
  fs.utimesSync(at('file'), 1000, 2000);
  const list = () =>
    fs
      .readdirSync(at('to'), { recursive: true, withFileTypes: true })
      .map(
        (one) =>
          `${path.join(one.parentPath, one.name).replace(at('to'), '')}${one.isSymbolicLink() ? ` -> ${fs.readlinkSync(path.join(one.parentPath, one.name))}` : ''}`,
      )
      .sort();
  for (const options of [
    { recursive: true },
    {},
    { recursive: true, dereference: true },
    { recursive: true, verbatimSymlinks: true },
    { recursive: true, filter: (from) => !from.endsWith('inner') },
    { recursive: true, filter: async () => false },
    { recursive: true, errorOnExist: true, force: false },
    { recursive: true, force: false },
    { recursive: 'x' },
    { filter: 5 },
    { mode: 'x' },
    { dereference: true, verbatimSymlinks: true },
    { errorOnExist: 5 },
    5,
  ]) {
    fs.rmSync(at('to'), { recursive: true, force: true });
    await tryOf(
      `cp ${inspect(options)}`,
      async () => (
        await fs.promises.cp(at('sub'), at('to'), options),
        fs.existsSync(at('to')) ? list() : 'nothing'
      ),
    );
    await tryOf(
      `again ${inspect(options)}`,
      async () => (
        await fs.promises.cp(at('sub'), at('to'), options),
        fs.existsSync(at('to')) ? list() : 'nothing'
      ),
    );
  }
  fs.cpSync(at('file'), at('copy'), { preserveTimestamps: true });
  say('times', fs.statSync(at('copy')).mtimeMs);
  of('COPYFILE_EXCL', () =>
    fs.cpSync(at('file'), at('copy'), { mode: fs.constants.COPYFILE_EXCL }),
  );
  of('into itself', () => fs.cpSync(at('sub'), at('sub/x'), { recursive: true }));
  of('onto itself', () => fs.cpSync(at('file'), at('file')));
  of('not there', () => fs.cpSync(at('none'), at('x')));
});

program('links, times, rights and removal', async (fact, t) => {
  const { at, say, of, tryOf } = folder(fact, t);
  for (const encoding of ['utf8', 'buffer', 'hex', 'x'])
    for (const name of ['readlink', 'realpath'])
      of(`${name} ${encoding}`, () => String(fs[`${name}Sync`](at('link'), encoding)).length > 0);
  of('realpath.native', () => fs.realpathSync.native(at('link')));
  for (const time of [
    0,
    1.5,
    '5',
    'x',
    new Date(7000),
    new Date(NaN),
    Infinity,
    NaN,
    null,
    undefined,
    1e15,
    5n,
  ])
    of(
      `utimes ${inspect(time)}`,
      () => (fs.utimesSync(at('file'), time, time), fs.statSync(at('file')).mtimeMs),
    );
  of('lutimes', () => (fs.lutimesSync(at('link'), 5, 6), fs.lstatSync(at('link')).mtimeMs));
  for (const options of [
    {},
    { recursive: true },
    { force: true },
    { recursive: true, force: true },
    { recursive: 5 },
    { force: 'x' },
    { maxRetries: -1 },
    { retryDelay: -1 },
    { maxRetries: 'x' },
    5,
    null,
  ]) {
    of(`rm none ${inspect(options)}`, () => fs.rmSync(at('none'), options));
    of(
      `rm folder ${inspect(options)}`,
      () => (
        fs.mkdirSync(at('gone'), { recursive: true }),
        fs.rmSync(at('gone'), options),
        fs.existsSync(at('gone'))
      ),
    );
    of(
      `rmdir ${inspect(options)}`,
      () => (
        fs.mkdirSync(at('gone'), { recursive: true }),
        fs.rmdirSync(at('gone'), options),
        fs.existsSync(at('gone'))
      ),
    );
    await tryOf(
      `promises.rmdir ${inspect(options)}`,
      async () => (
        fs.mkdirSync(at('gone'), { recursive: true }),
        await fs.promises.rmdir(at('gone'), options),
        fs.existsSync(at('gone'))
      ),
    );
  }
  of('rmdir of a file', () => fs.rmdirSync(at('file'), {}));
  of('rmdir that is full', () => fs.rmdirSync(at('sub')));
  for (const options of [
    undefined,
    0o700,
    '700',
    { mode: 0o700 },
    { recursive: true },
    { recursive: true, mode: '750' },
    { recursive: 5 },
    { mode: 'x' },
    'x',
    null,
  ]) {
    fs.rmSync(at('new'), { recursive: true, force: true });
    of(`mkdir ${inspect(options)}`, () => [
      fs.mkdirSync(at('new'), options),
      (fs.statSync(at('new')).mode & 0o777).toString(8),
    ]);
    await tryOf(`promises.mkdir ${inspect(options)}`, () =>
      fs.promises.mkdir(at('new/a/b'), options),
    );
  }
  const before = process.cwd();
  process.chdir(at()); // in which a name of a mere suffix is made
  for (const args of [
    [at('t-')],
    [at('t-'), 'buffer'],
    [at('t-'), { encoding: 'hex' }],
    [at('none/t-')],
    [Buffer.from(at('t-'))],
    [5],
    [''],
    [at('t-'), 'x'],
  ])
    of(
      `mkdtemp ${args.map((one) => inspect(one).slice(0, 9))}`,
      () => typeof fs.mkdtempSync(...args),
    );
  process.chdir(before);
  say(
    'constants',
    Object.keys(fs.constants).sort(),
    Object.isFrozen(fs.constants),
    ['F_OK', 'R_OK', 'W_OK', 'X_OK'].map((name) => fs[name]),
  );
  for (const args of [
    ['file', 'new1'],
    ['file', 'link'],
    ['none', 'x'],
    ['sub', 'y'],
  ])
    of(`link ${args}`, () => fs.linkSync(...args.map((one) => at(one))));
  for (const type of ['file', 'dir', 'junction', 'x', 5, null])
    of(
      `symlink ${type}`,
      () => (
        fs.rmSync(at('s'), { force: true }),
        fs.symlinkSync('file', at('s'), type),
        fs.readlinkSync(at('s'))
      ),
    );
  of('Stats', () => new fs.Stats(1, 2, 3).constructor.name);
  of('exists', () => [
    fs.existsSync(at('file')),
    fs.existsSync(at('none')),
    fs.existsSync(),
    fs.existsSync(5),
    fs.existsSync('a\0b'),
  ]);
});
