'use strict';
// os, v8, tty and console, as far as machines and engines do not differ.
const os = require('os');
const v8 = require('v8');
const tty = require('tty');
const { Console } = require('console');
const { Writable } = require('stream');
const { inspect } = require('util');
const { program } = require('./harness');

const shown = (value) => inspect(value).replace(/\s+/g, ' ').slice(0, 60);

program('os', (fact) => {
  fact('EOL', os.EOL, os.devNull, os.endianness(), os.platform(), os.type());
  for (const name of ['arch', 'machine', 'release', 'version', 'hostname', 'tmpdir', 'homedir'])
    fact(name, os[name]());
  fact('cpus', os.cpus().length, Object.keys(os.cpus()[0]), Object.keys(os.cpus()[0].times));
  fact(
    'numbers',
    os.totalmem(),
    os.availableParallelism(),
    typeof os.freemem(),
    typeof os.uptime(),
  );
  fact('loadavg', os.loadavg().length);
  fact('userInfo', os.userInfo(), os.userInfo({ encoding: 'buffer' }).username);
  for (const bad of [5, null, 'x', { encoding: 'nope' }, { encoding: 5 }])
    fact.of(`userInfo ${shown(bad)}`, () => Object.keys(os.userInfo(bad)));
  fact('networkInterfaces', os.networkInterfaces().lo);
  fact('priority', os.getPriority(), os.getPriority(process.pid), os.getPriority(0));
  for (const bad of [-1, 2 ** 31, 1.5, 'x', null])
    fact.of(`getPriority ${bad}`, () => os.getPriority(bad));
  for (const args of [[], [0], [0, 20], [0, -21], [0, 1.5], ['x', 0], [0, 'x'], [-1, 0]])
    fact.of(`setPriority ${shown(args)}`, () => os.setPriority(...args));
  fact('priorities', os.constants.priority);
  fact('text', `${os.hostname}` === os.hostname(), `${os.tmpdir}` === os.tmpdir());
  fact('frozen', Object.isFrozen(os.constants.signals));
  for (const value of ['/x/', '/', '/x', '']) {
    process.env.TMPDIR = value;
    fact(`tmpdir ${value}`, os.tmpdir());
  }
  delete process.env.TMPDIR;
  process.env.HOME = '/nowhere';
  fact('homedir', os.homedir());
});

program('values that v8 writes and reads', (fact) => {
  for (const value of [
    5,
    -0,
    'é€',
    1n,
    undefined,
    [1, , 3],
    { a: { b: 1 } },
    new Date(5),
    /a/gi,
    new Map([[1, { a: 2 }]]),
    new Set([1]),
    Buffer.from('ab'),
    new Float64Array([1.5]),
    new Error('mine'),
    Object(5),
  ])
    fact.of(
      value instanceof Error ? `${value}` : shown(value),
      () => inspect(v8.deserialize(v8.serialize(value))).split('\n')[0],
    );
  for (const bad of [() => {}, Symbol('s'), { a: () => {} }, Promise.resolve()])
    fact.of(`serialize ${shown(bad)}`, () => v8.serialize(bad));
  for (const bad of [Buffer.alloc(0), Buffer.from([0xff]), Buffer.from([0xff, 15, 34, 99]), 5, 'x'])
    fact.of(`deserialize ${shown(bad)}`, () => v8.deserialize(bad), shown);
  fact('statistics', Object.keys(v8.getHeapStatistics()).sort().slice(0, 5));
  fact('tag', typeof v8.cachedDataVersionTag(), v8.setFlagsFromString('--no-opt'));
  fact('a snapshot is built', Boolean(v8.startupSnapshot.isBuildingSnapshot()));
  for (const text of ['a', 'é', '€', '', 5, undefined])
    fact.of(`isStringOneByteRepresentation ${text}`, () => v8.isStringOneByteRepresentation(text));
});

program('tty', (fact) => {
  for (const fd of [0, 1, 100, -1, 1.5, '0', null, undefined])
    fact.of(`isatty ${fd}`, () => tty.isatty(fd));
  for (const fd of [-1, 'x', 2 ** 31]) {
    fact.of(`ReadStream ${fd}`, () => new tty.ReadStream(fd));
    fact.of(`WriteStream ${fd}`, () => new tty.WriteStream(fd));
  }
  const { getColorDepth, hasColors } = tty.WriteStream.prototype;
  for (const env of [
    {},
    { TERM: 'xterm' },
    { TERM: 'xterm-256color' },
    { TERM: 'dumb' },
    { COLORTERM: 'truecolor' },
    { NO_COLOR: '1', TERM: 'xterm-256color' },
    { NODE_DISABLE_COLORS: '1', TERM: 'xterm' },
    { FORCE_COLOR: '0' },
    { FORCE_COLOR: '1' },
    { FORCE_COLOR: '2' },
    { FORCE_COLOR: '3' },
    { FORCE_COLOR: 'true' },
    { CI: '1', GITHUB_ACTIONS: '1' },
    { CI: '1' },
    { TMUX: '1' },
    { TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.1' },
    { CI: '1', TERM: 'xterm-256color' },
    { CI: '1', CI_NAME: 'codeship' },
    { TF_BUILD: '1', AGENT_NAME: 'x' },
    { TEAMCITY_VERSION: '9.1.0' },
    { TEAMCITY_VERSION: '8.0' },
    { TERM_PROGRAM: 'iTerm.app' },
    { TERM_PROGRAM: 'Apple_Terminal' },
    { TERM_PROGRAM: 'vscode' },
    { COLORTERM: 'yes' },
    ...[
      'screen',
      'linux',
      'mosh',
      'xterm-kitty',
      'XTERM-256COLOR',
      'foo-direct',
      'st',
      'con80x25',
    ].map((TERM) => ({ TERM })),
  ])
    fact(`depth ${shown(env)}`, getColorDepth.call({ getColorDepth }, env));
  const stream = { getColorDepth };
  for (const args of [[{ TERM: 'xterm' }], [16, { TERM: 'xterm' }], [17, { TERM: 'xterm' }]])
    fact(`hasColors ${shown(args)}`, hasColors.call(stream, ...args));
  for (const bad of [1, 'x', null, 1.5])
    fact.of(`hasColors ${bad}`, () => hasColors.call(stream, bad, {}));
});

function captured(options) {
  const text = { out: '', err: '' };
  const sink = (name) =>
    new Writable({
      write(chunk, encoding, callback) {
        text[name] += chunk;
        callback();
      },
    });
  const made = new Console({ stdout: sink('out'), stderr: sink('err'), ...options });
  return {
    made,
    take: () => [text.out, text.err].map((one, i) => ((text[i ? 'err' : 'out'] = ''), one)),
  };
}

program('console', (fact) => {
  const { made, take } = captured();
  made.log('a %s %d %i %f %j %o %O %c %%', 'b', 1.5, 1.5, '1.5', { a: 1 }, [1], { b: 2 }, 'css', 9);
  fact('log', take());
  for (const name of ['debug', 'info', 'warn', 'error']) made[name](name, 1);
  fact('levels', take());
  made.group('g', 1);
  made.log('in\nside');
  made.groupCollapsed();
  made.log('deeper');
  made.groupEnd();
  made.groupEnd();
  made.groupEnd();
  made.log('out');
  fact('groups', take());
  made.count();
  made.count('x');
  made.count();
  made.countReset();
  made.count();
  made.countReset('none');
  fact('count', take());
  made.assert(true, 'no');
  made.assert(false);
  made.assert(0, 'text %s', 1);
  made.assert(0, { a: 1 });
  fact('assert', take());
  made.table([[1, 2], [3]]);
  made.table([
    { a: 1, b: 'x' },
    { a: 2, c: true },
  ]);
  made.table([{ a: 1, b: 2 }], ['b']);
  made.table(new Map([['k', 1]]));
  made.table(new Set([1]));
  made.table({ x: { y: 1 }, z: 5 });
  made.table(5);
  made.table([]);
  made.table([1, 'é€', '😀']);
  fact('table', take());
  fact.of('table columns', () => made.table([], 'x'));
  made.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
  made.dirxml({ a: 1 }, [2]);
  fact('dir', take());
  made.timeEnd('none');
  made.timeLog('none');
  made.time('t');
  made.time('t');
  fact('time', take());
  made.timeEnd('t');
  fact('timed', /^t: [\d.]+ms\n$/.test(take()[0]));
  for (const options of [
    {},
    { stdout: 5 },
    { stdout: process.stdout, stderr: 5 },
    { stdout: process.stdout, colorMode: 'x' },
    { stdout: process.stdout, groupIndentation: -1 },
    { stdout: process.stdout, groupIndentation: 1001 },
    { stdout: process.stdout, groupIndentation: 'x' },
    { stdout: process.stdout, inspectOptions: 5 },
    { stdout: process.stdout, colorMode: true, inspectOptions: { colors: true } },
  ])
    fact.of(`new ${shown(Object.keys(options))}`, () => typeof new Console(options));
  fact.of('without new', () => Console(process.stdout) instanceof Console);
  const other = captured({ groupIndentation: 4, inspectOptions: { depth: 0 } });
  other.made.group();
  other.made.log({ a: { b: 1 } });
  fact('options', other.take());
});
