'use strict';
const { spawnSync } = require('child_process');
const fs = require('fs');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

/** What a program of its own prints, with process.execPath. */
function run(code, options = {}, ...flags) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', code], {
    encoding: 'utf8',
    ...options,
    env: { ...process.env, NODE_NO_WARNINGS: '', ...options.env },
  });
  const said = stderr.split('\n').filter((line) => /Error|Warning/.test(line));
  return [status, signal, stdout, said.map((line) => line.replace(/node:\d+/, 'node:PID'))];
}

program('threadCpuUsage() and cpuUsage()', (fact) => {
  for (const name of ['threadCpuUsage', 'cpuUsage']) {
    fact(name, Object.keys(process[name]()), process[name].length);
    for (const bad of [
      5,
      'x',
      {},
      { user: -1, system: 0 },
      { user: 1, system: 'x' },
      { user: NaN, system: 0 },
      { user: Infinity, system: 0 },
    ])
      fact.of(`${name} ${inspect(bad)}`, () => typeof process[name](bad));
  }
  const before = process.threadCpuUsage();
  for (let i = 0; i < 1e6; i++);
  const after = process.threadCpuUsage(before);
  fact('since', after.user >= 0, after.system >= 0, after.user < 5e6);
});

program('finalization', (fact) => {
  const { finalization } = process;
  fact('names', Object.keys(finalization).sort());
  for (const bad of [undefined, null, 5, 'x', Symbol('s')]) {
    fact.of(`register ${inspect(bad)}`, () => finalization.register(bad, () => {}));
    fact.of(`registerBeforeExit ${inspect(bad)}`, () =>
      finalization.registerBeforeExit(bad, () => {}),
    );
  }
  fact.of('unregister', () => finalization.unregister({}));
  fact(
    'at the end',
    ...run(`
    const f = process.finalization; const held = [{ a: 1 }, { b: 2 }, { c: 3 }];
    f.register(held[0], (one, event) => console.log('exit', one, event));
    f.registerBeforeExit(held[1], (one, event) => console.log('before', one, event));
    f.register(held[2], () => console.log('never')); f.unregister(held[2]);
    globalThis.held = held;`),
  );
  fact(
    'by exit()',
    ...run(
      `globalThis.held = {}; process.finalization.register(held, (_, event) => console.log(event)); process.finalization.registerBeforeExit(held, (_, event) => console.log(event)); process.exit(3)`,
    ),
  );
});

program('execve()', (fact) => {
  for (const args of [
    [],
    [5],
    ['/none/x'],
    ['/bin/true', 5],
    ['/bin/true', ['a', 5]],
    ['/bin/true', ['a\0b']],
    ['/bin/true', ['a'], 5],
    ['/bin/true', ['a'], { A: 5 }],
    ['/bin/true', ['a'], { 'A\0': 'x' }],
    ['/bin/true', ['a'], null],
    ['/bin\0', []],
  ])
    fact.of(`execve ${inspect(args)}`, () => process.execve(...args));
  fact(
    'runs',
    ...run(
      `process.on('exit', () => console.log('exit')); process.execve('/bin/sh', ['sh', '-c', 'echo "$A $B $0"; exit 7'], { A: '1', B: '2' })`,
    ),
  );
  fact(
    'environment',
    ...run(`process.env.FROM = 'here'; process.execve('/bin/sh', ['name', '-c', 'echo $FROM $0'])`),
  );
  fact(
    'streams',
    ...run(
      `process.stdout.write('before '); process.stdin.on('data', () => {}); process.execve('/bin/cat', ['cat'])`,
      { input: '' },
    ),
  );
});

program('emitWarning()', (fact) => {
  const cases = [
    `'text'`,
    `'text', 'Own'`,
    `'text', 'Own', 'C1'`,
    `'text', { type: 'Own', code: 'C1', detail: 'more' }`,
    `new Error('e')`,
    `Object.assign(new Error('e'), { name: 'Own', code: 'C', detail: 'd' })`,
    `'old', 'DeprecationWarning', 'DEP1'`,
    `'old', 'DeprecationWarning'`,
    `'x', 'Own', () => {}`,
    `'x', { detail: 5 }`,
    `5`,
    `'x', 5`,
    `'x', 'Own', 5`,
    `'', ''`,
    `'x', null`,
  ];
  for (const one of cases)
    fact(
      one,
      ...run(
        `process.on('warning', (w) => console.log(w.name, w.code, w.detail, w.message)); try { process.emitWarning(${one}) } catch (e) { console.log(e.code, e.message) }`,
      ),
    );
  for (const flag of [
    '--no-warnings',
    '--no-deprecation',
    '--throw-deprecation',
    '--disable-warning=DEP1',
    '--disable-warning=DeprecationWarning',
    '--pending-deprecation',
  ])
    fact(
      flag,
      ...run(
        `process.on('uncaughtException', (e) => console.log('caught', e.code)); process.emitWarning('old', 'DeprecationWarning', 'DEP1'); process.emitWarning('x', 'Own')`,
        {},
        flag,
      ),
    );
});

program('loadEnvFile()', (fact, t) => {
  const { at, of } = folder(fact, t);
  fs.writeFileSync(at('env'), 'FACT_A=1\nFACT_B="two words"\nPATH=never\n');
  of(
    'load',
    () => (
      process.loadEnvFile(at('env')),
      [process.env.FACT_A, process.env.FACT_B, process.env.PATH !== 'never']
    ),
  );
  of('a URL', () => process.loadEnvFile(require('url').pathToFileURL(at('env'))));
  of('a Buffer', () => process.loadEnvFile(Buffer.from(at('env'))));
  of('not there', () => process.loadEnvFile(at('none')));
  of('a folder', () => process.loadEnvFile(at('sub')));
  for (const bad of [5, null, {}, true]) of(`path ${inspect(bad)}`, () => process.loadEnvFile(bad));
});

program('values and their kinds', (fact) => {
  fact('memoryUsage', Object.keys(process.memoryUsage()), typeof process.memoryUsage.rss());
  fact('resourceUsage', Object.keys(process.resourceUsage()));
  fact('release', process.release.name);
  fact(
    'features',
    ...['inspector', 'debug', 'uv', 'ipv6', 'tls_alpn', 'tls_sni', 'tls', 'cached_builtins'].map(
      (name) => typeof process.features[name],
    ),
  );
  fact(
    'kinds',
    typeof process.arch,
    process.argv0 !== undefined,
    process.platform,
    typeof process.pid,
    typeof process.ppid,
    typeof process.title,
    process.exitCode,
    typeof process.config,
    Array.isArray(process.execArgv),
  );
  for (const name of [
    'arch',
    'platform',
    'pid',
    'version',
    'versions',
    'release',
    'argv',
    'execArgv',
    'execPath',
    'title',
    'exitCode',
    'env',
    'stdin',
    'stdout',
    'stderr',
    'ppid',
    'config',
    'features',
  ]) {
    fact(name, Object.getOwnPropertyDescriptor(process, name)?.enumerable);
  }
  for (const id of [
    'fs',
    'node:fs',
    'node:test',
    'test',
    'nope',
    '',
    5,
    undefined,
    'internal/fs/utils',
    'fs/promises',
    'sys',
  ])
    fact.of(`getBuiltinModule ${id}`, () => typeof process.getBuiltinModule(id));
  fact('hrtime', typeof process.hrtime.bigint(), process.hrtime([0, 0]).length);
  fact(
    'title',
    ...run(
      `process.title = 'abc'; console.log(process.title); try { process.title = Symbol() } catch (e) { console.log(e.message) } process.title = 5; console.log(process.title)`,
    ),
  );
  fact(
    'exitCode',
    ...run(
      `for (const c of ['x', 1.5, {}, null, undefined, '3', 300, -1]) { try { process.exitCode = c; console.log(c, process.exitCode) } catch (e) { console.log(c, e.code, e.message) } } process.exitCode = 0`,
    ),
  );
  for (const code of ['-1', '256', '300', '"5"', '"x"', '1.5', 'null', 'undefined', 'true', '{}'])
    fact(
      `exit ${code}`,
      ...run(`try { process.exit(${code}) } catch (e) { console.log(e.code, e.message) }`).slice(
        0,
        3,
      ),
    );
});

program('events', (fact) => {
  for (const code of [
    `process.on('beforeExit', (c) => { console.log('before', c); process.exitCode = 4 }); process.on('exit', (c) => console.log('exit', c))`,
    `let n = 0; process.on('beforeExit', () => { if (n++ < 2) setImmediate(() => console.log('again')) })`,
    `process.on('exit', () => { setTimeout(() => console.log('never'), 0); process.exitCode = 9 })`,
    `process.on('exit', () => process.exit(5)); process.exit(1)`,
    `process.on('uncaughtException', (e, origin) => console.log(e.message, origin)); setImmediate(() => console.log('on')); throw new Error('x')`,
    `process.on('uncaughtExceptionMonitor', (e, origin) => console.log('monitor', e.message, origin)); throw new Error('x')`,
    `process.on('unhandledRejection', (e, p) => console.log(e, p instanceof Promise)); Promise.reject(5)`,
    `process.on('rejectionHandled', () => console.log('handled')); process.on('unhandledRejection', () => {}); const p = Promise.reject(1); setTimeout(() => p.catch(() => {}), 5)`,
    `process.on('warning', (w) => console.log(w.name)); Promise.reject(new Error('x')).catch(() => {}); process.emitWarning('y')`,
    `process.on('multipleResolves', () => console.log('never')); new Promise((a) => { a(1); a(2) })`,
    `process.on('SIGUSR2', (name, number) => { console.log(name, number); process.exit() }); process.kill(process.pid, 'SIGUSR2'); setTimeout(() => {}, 1000)`,
    `process.on('SIGTERM', () => console.log('no')); process.removeAllListeners('SIGTERM'); process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 1000)`,
    `process.setUncaughtExceptionCaptureCallback((e) => console.log('captured', e.message)); throw new Error('x')`,
    `process.on('newListener', (n) => console.log('new', n)); process.on('exit', () => {})`,
    `process.emit('exit', 3); console.log(process.exitCode)`,
    `process.nextTick((a, b) => console.log(a, b), 1, 2); queueMicrotask(() => console.log('micro')); try { process.nextTick(5) } catch (e) { console.log(e.code) }`,
    `process.abort()`,
    `process.kill(process.pid, 0); console.log('alive'); try { process.kill(2 ** 22 + 5, 0) } catch (e) { console.log(e.code, e.syscall) }`,
  ])
    fact(code.slice(0, 60), ...run(code));
});
