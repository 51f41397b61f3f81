'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { inspect } = require('util');
const { program } = require('./harness');

/** A folder with files in it, which is the working directory until the program has ended. */
function tree(t) {
  const made = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'differential-')));
  const before = process.cwd();
  process.chdir(made);
  for (const file of [
    ...['a.js', 'b.txt', '.hid', 'A.JS', 'sub/c.js', 'sub/.h.js', 'sub/deep/d.js'],
    ...['sub/deep/e.txt', 'x y/q.js', '[b]/z.js'],
  ]) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '');
  }
  fs.symlinkSync('sub', 'link');
  fs.symlinkSync('..', 'sub/up');
  fs.symlinkSync('nowhere', 'broken');
  t.after(() => {
    process.chdir(before);
    fs.rmSync(made, { recursive: true });
  });
  return made;
}

program('patterns of globSync()', (fact, t) => {
  tree(t);
  for (const pattern of [
    ...['*', '**', '**/*.js', '*.js', 'sub/*', 'sub/**', './*.js', 'sub/../*.js', '{a,b}.*', '*/'],
    ...['**/', 'sub/deep/', 'sub', 'none', 'none/*', '', '.', '..', './', '[ab]*', '!(a).js'],
    ...['!a.js', '?.js', '\\[b\\]/*', 'link/*', 'link/**', '**/d.js', '.*', '**/.*', '#x', '/'],
    ...['sub/**/deep/*', 'a.js/*', 'broken', 'broken/*', '*.{js,txt}', '**/deep', '+(a|b).*'],
    ...['sub//c.js', '**/**/c.js', 'sub/./c.js', 'up/..', '**/up/*', '*/c.js', '*/*', 'l*/deep/*'],
    ...['@(a|b).{js,txt}', '[!a].*', '{1..3}.js', '[[:alpha:]].js', 'sub/deep', 'a.js/'],
  ])
    fact(JSON.stringify(pattern), fs.globSync(pattern).sort());
});

program('options of globSync()', (fact, t) => {
  const made = tree(t);
  const list = (pattern, options) => fs.globSync(pattern, options).sort();
  fact(
    'absolute',
    list(`${made}/*.js`).map((one) => one.replace(made, 'DIR')),
  );
  fact('several', list(['*.js', 'a.*', 'sub/*.js']), list([]));
  fact('cwd', list('*.js', { cwd: 'sub' }), list('*.js', { cwd: pathToFileURL(`${made}/sub`) }));
  fact('no cwd', list('*.js', { cwd: 'zzz' }), list('../*.js', { cwd: 'sub' }));
  const entries = (pattern, options) =>
    fs
      .globSync(pattern, { withFileTypes: true, ...options })
      .map(
        (one) =>
          `${one.parentPath.replace(made, 'DIR')}|${one.name}|${one.isFile()}|${one.isDirectory()}|${one.isSymbolicLink()}`,
      )
      .sort();
  for (const [pattern, options] of [
    ['sub/*'],
    ['sub/c.js'],
    ['*'],
    ['*', { cwd: 'sub/deep' }],
    [`${made}/*.js`],
  ])
    fact('entries', entries(pattern, options));
  for (const exclude of [
    (name) => name === 'deep',
    () => false,
    ['sub/deep/**', 'a.*'],
    ['sub'],
    ['**/c.js'],
    ['*.js'],
    ['./sub/c.js'],
    ['**/deep/'],
    [`${made}/sub/**`],
    [],
  ])
    fact(`exclude ${inspect(exclude).replace(made, 'DIR')}`, list('**/*.js', { exclude }));
  fact('exclude of entries', entries('**/*.js', { exclude: (one) => one.name === 'deep' }));
  fact(
    'exclude of a name',
    list(['sub/c.js', 'sub/deep/*'], { exclude: (name) => name === 'sub' }),
  );
  fact(
    'links',
    list('**/*.js', { followSymlinks: true }),
    list('**/*.js', { followSymlinks: false }),
  );
  const bad = { cwd: [5], exclude: ['x', 5, [5], {}], followSymlinks: ['x', 1, null] };
  for (const [name, values] of Object.entries(bad))
    for (const value of values)
      fact.of(`${name} ${inspect(value)}`, () => list('*', { [name]: value }));
  for (const pattern of [undefined, null, 5, {}, ['a', 5], Buffer.from('*.js')])
    fact.of(`pattern ${inspect(pattern)}`, () => fs.globSync(pattern));
  for (const options of [5, null, 'x', () => {}])
    fact.of(`options ${inspect(options)}`, () => fs.globSync('*.js', options));
});

program('glob() with a callback and as a promise', async (fact, t) => {
  tree(t);
  fact.of('no callback', () => fs.glob('*'));
  fact.of('options alone', () => fs.glob('*', {}));
  fact.of('a bad pattern', () => fs.glob(5, () => {}));
  for (const args of [['*.js'], ['*.js', { cwd: 'zzz' }], ['sub/*', { exclude: ['**/up'] }]])
    fact(
      'callback',
      ...(await new Promise((done) => fs.glob(...args, (...got) => done(got.flat().sort())))),
    );
  const walk = fs.promises.glob('*.js');
  fact('promise', Object.prototype.toString.call(walk), await walk.next(), await walk.next());
  const late = fs.promises.glob(5);
  await late.next().catch((error) => fact('late', error));
});

program('matchesGlob()', (fact) => {
  for (const args of [
    ...[
      ['a/b.js', 'a/*.js'],
      ['a/b.js', '**'],
      ['a\\b', 'a/b'],
      ['A', 'a'],
      ['.a', '*'],
    ],
    ...[
      ['a/b', 'a'],
      ['a', '!b'],
      ['#a', '#a'],
      ['a/', 'a'],
      ['a', 'a/'],
      ['./a', 'a'],
    ],
    ...[
      ['a/../b', 'b'],
      ['', '*'],
      ['a/b/c', 'a/**/c'],
      ['ab', '{a,b}b'],
      ['[a]', '\\[a\\]'],
    ],
    ...[['a'], [5, 'a'], ['a', 5], ['a', null], ['foo/bar/baz', 'foo/**'], ['é', '?']],
  ])
    fact.of(inspect(args), () => path.matchesGlob(...args));
  fact('win32', path.win32.matchesGlob('a\\b', 'a/*'), path.win32.matchesGlob('A', 'a'));
});

program('mkdtempDisposable()', async (fact, t) => {
  const made = tree(t);
  const one = fs.mkdtempDisposableSync(path.join(made, 'one-'));
  fact(
    'sync',
    Object.keys(one),
    typeof one[Symbol.dispose],
    one.path.startsWith(path.join(made, 'one-')),
  );
  fs.writeFileSync(path.join(one.path, 'f'), '');
  fact('removed', one.remove(), fs.existsSync(one.path), one.remove());
  const other = await fs.promises.mkdtempDisposable(path.join(made, 'other-'));
  fact(
    'promise',
    Object.keys(other),
    typeof other[Symbol.asyncDispose],
    typeof other[Symbol.dispose],
  );
  process.chdir('sub');
  fact('removed', await other.remove(), fs.existsSync(other.path));
  process.chdir('..');
  const relative = fs.mkdtempDisposableSync('relative-');
  process.chdir('sub');
  relative.remove();
  process.chdir('..');
  fact('relative', fs.existsSync(relative.path));
  fact.of('not there', () => fs.mkdtempDisposableSync('none/x-'));
  fact.of('bad', () => fs.mkdtempDisposableSync(5));
});
