'use strict';
const { spawnSync } = require('child_process');
const { program } = require('./harness');

/** Facts of a program that runs in a process of its own. */
function run(fact, name, code, ...args) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...args, '-e', code], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '' },
  });
  fact(
    name,
    status,
    signal,
    stdout.split('\n'),
    stderr
      .split('\n')
      .filter((line) => /Error|Warning/.test(line) && !line.includes('This error originated'))
      .map((line) => line.replace(/:\d+\)/, ':PID)')),
  );
}

program('members', (fact) => {
  for (const name of [
    'abort',
    'chdir',
    'cpuUsage',
    'cwd',
    'emitWarning',
    'exit',
    'getegid',
    'geteuid',
    'getgid',
    'getgroups',
    'getuid',
    'hasUncaughtExceptionCaptureCallback',
    'hrtime',
    'initgroups',
    'kill',
    'memoryUsage',
    'nextTick',
    'resourceUsage',
    'setegid',
    'seteuid',
    'setgid',
    'setgroups',
    'setuid',
    'setUncaughtExceptionCaptureCallback',
    'umask',
    'uptime',
    'getActiveResourcesInfo',
    'getBuiltinModule',
    'constrainedMemory',
    'availableMemory',
    'setSourceMapsEnabled',
    'loadEnvFile',
    'ref',
    'unref',
    'addUncaughtExceptionCaptureCallback',
  ])
    fact(name, typeof process[name]);
  fact(
    'values',
    process.arch,
    process.platform,
    process.release.name,
    process.title.length > 0,
    process.exitCode,
    process.argv0.length > 0,
    process.pid > 0,
    process.ppid > 0,
  );
  fact('features', process.features.tls, process.features.ipv6);
  fact(
    'tag',
    String(process),
    Object.prototype.toString.call(process),
    process.constructor.name,
    process instanceof require('events'),
  );
  fact('streams', process.stdin.fd, process.stdout.fd, process.stderr.fd);
  fact('require', require('process') === process, typeof process.config.variables);
});

program('arguments are checked', (fact) => {
  for (const [name, args] of [
    ['chdir', [5]],
    ['chdir', []],
    ['chdir', ['/nowhere']],
    ['cpuUsage', [5]],
    ['cpuUsage', [{}]],
    ['cpuUsage', [{ user: -1, system: 1 }]],
    ['cpuUsage', [{ user: 1, system: 'x' }]],
    ['hrtime', [5]],
    ['hrtime', [[1]]],
    ['hrtime', [[1, 2, 3]]],
    ['umask', ['x']],
    ['umask', [-1]],
    ['umask', ['888']],
    ['umask', [{}]],
    ['kill', ['x']],
    ['kill', [0, 'SIGNONE']],
    ['kill', [0, 999]],
    ['kill', [2 ** 30, 0]],
    ['kill', []],
    ['kill', [0, {}]],
    ['emitWarning', [5]],
    ['emitWarning', []],
    ['emitWarning', ['x', 5]],
    ['emitWarning', ['x', 'y', 5]],
    ['emitWarning', ['x', null]],
    ['setUncaughtExceptionCaptureCallback', [5]],
    ['setUncaughtExceptionCaptureCallback', []],
    ['setuid', [{}]],
    ['setuid', ['nobody_here']],
    ['setgid', [-1]],
    ['setgroups', [5]],
    ['setgroups', [[{}]]],
    ['initgroups', []],
    ['initgroups', ['nobody_here', 0]],
    ['exit', ['x']],
    ['exit', [1.5]],
    ['exit', [{}]],
    ['nextTick', []],
    ['setSourceMapsEnabled', [5]],
    ['getBuiltinModule', [5]],
    ['loadEnvFile', [5]],
    ['loadEnvFile', ['/nowhere/x']],
    ['addUncaughtExceptionCaptureCallback', [5]],
  ])
    fact.of(
      `${name} ${JSON.stringify(args)}`,
      () => process[name]?.(...args),
      (result) => typeof result,
    );
  fact(
    'getBuiltinModule',
    process.getBuiltinModule('fs') === require('fs'),
    process.getBuiltinModule('node:test') !== undefined,
    process.getBuiltinModule('none'),
  );
  fact(
    'umask',
    process.umask(0o22) >= 0,
    process.umask(),
    process.umask('077'),
    process.umask(0o22),
  );
  for (const bad of ['x', 1.5, {}, true, '1.5', '5', 5, null, undefined])
    fact.of(
      `exitCode ${bad}`,
      () => (process.exitCode = bad),
      () => process.exitCode,
    );
  process.exitCode = undefined;
});

program('times and numbers', (fact) => {
  const [seconds, nanoseconds] = process.hrtime();
  fact(
    'hrtime',
    seconds > 0,
    nanoseconds >= 0,
    typeof process.hrtime.bigint(),
    process.hrtime([seconds, nanoseconds]).length,
  );
  fact('memory', Object.keys(process.memoryUsage()), process.memoryUsage.rss() > 0);
  fact('resources', Object.keys(process.resourceUsage()));
  fact('cpu', Object.keys(process.cpuUsage()), Object.keys(process.cpuUsage(process.cpuUsage())));
  fact(
    'uptime',
    process.uptime() > 0,
    process.constrainedMemory() >= 0,
    process.availableMemory() > 0,
  );
});

program('env', (fact) => {
  process.env.SLUICE_X = 5;
  process.env.SLUICE_Y = undefined;
  fact(
    'values',
    process.env.SLUICE_X,
    process.env.SLUICE_Y,
    process.env.SLUICE_NONE,
    'SLUICE_X' in process.env,
    Object.hasOwn(process.env, 'SLUICE_X'),
  );
  fact('delete', delete process.env.SLUICE_X, process.env.SLUICE_X, delete process.env.SLUICE_NONE);
  fact.of('symbol', () => (process.env[Symbol('s')] = 1));
  fact.of('symbol value', () => (process.env.SLUICE_X = Symbol('s')));
  fact.of('symbol read', () => process.env[Symbol('s')]);
  fact.of('define', () => Object.defineProperty(process.env, 'SLUICE_Z', { value: 'a' }));
  fact.of(
    'define all',
    () =>
      Object.defineProperty(process.env, 'SLUICE_Z', {
        value: 5,
        writable: true,
        enumerable: true,
        configurable: true,
      }),
    () => process.env.SLUICE_Z,
  );
  fact.of('define get', () => Object.defineProperty(process.env, 'SLUICE_Z', { get: () => 1 }));
  fact('descriptor', Object.getOwnPropertyDescriptor(process.env, 'SLUICE_Z'));
  process.env[''] = 'x';
  fact('empty', process.env['']);
});

program('how a process ends', (fact) => {
  run(fact, 'exit', 'process.on("exit", (c) => console.log(c, process.exitCode)); process.exit(3)');
  run(
    fact,
    'exitCode',
    'process.exitCode = 4; process.on("exit", (c) => { console.log(c); process.exitCode = 5 })',
  );
  run(
    fact,
    'exit of exit',
    'process.on("exit", () => { console.log("once"); process.exit(6) }); process.exit(1)',
  );
  run(fact, 'exit undefined', 'process.exitCode = 7; process.exit()');
  run(fact, 'exit text', 'process.exit("8")');
  run(
    fact,
    'beforeExit',
    'let n = 0; process.on("beforeExit", (c) => { console.log("before", c); if (n++ < 2) setTimeout(() => {}, 1) }); process.on("exit", (c) => console.log("exit", c))',
  );
  run(fact, 'throw', 'process.on("exit", (c) => console.log(c)); throw new TypeError("x")');
  run(fact, 'throw text', 'throw "xtext"');
  run(fact, 'throw null', 'throw null');
  run(
    fact,
    'rejection',
    'process.on("exit", (c) => console.log(c)); Promise.reject(new Error("x"))',
  );
  run(fact, 'rejection of text', 'Promise.reject("xtext")');
  run(fact, 'signal', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1000)');
  run(
    fact,
    'signal listener',
    'process.on("SIGUSR2", (name, number) => { console.log(name, number); process.exit() }); process.kill(process.pid, "SIGUSR2"); setTimeout(() => {}, 1000)',
  );
  run(fact, 'abort', 'process.on("exit", () => console.log("no")); process.abort()');
  run(fact, 'reallyExit', 'process.on("exit", () => console.log("no")); process.reallyExit(9)');
  run(
    fact,
    'in exit',
    'process.on("exit", () => { setTimeout(() => console.log("no"), 0); Promise.resolve().then(() => console.log("job")); process.nextTick(() => console.log("tick")) })',
  );
});

program('uncaught errors and rejections', (fact) => {
  run(
    fact,
    'listener',
    'process.on("uncaughtException", (e, o) => console.log(e.message, o)); setTimeout(() => console.log("on"), 1); throw new Error("a")',
  );
  run(
    fact,
    'monitor',
    'process.on("uncaughtExceptionMonitor", (e, o) => console.log(e.message, o)); throw new Error("a")',
  );
  run(
    fact,
    'capture',
    'process.setUncaughtExceptionCaptureCallback((e) => console.log(e.message)); throw new Error("a")',
  );
  run(
    fact,
    'capture twice',
    'process.setUncaughtExceptionCaptureCallback(() => {}); process.setUncaughtExceptionCaptureCallback(() => {})',
  );
  run(
    fact,
    'error in listener',
    'process.on("uncaughtException", () => { throw new Error("second") }); throw new Error("first")',
  );
  run(
    fact,
    'unhandledRejection',
    'process.on("unhandledRejection", (r, p) => console.log(r, p instanceof Promise)); Promise.reject(5)',
  );
  run(
    fact,
    'rejection to uncaughtException',
    'process.on("uncaughtException", (e, o) => console.log(e.message, e.code, o)); Promise.reject(5)',
  );
  run(
    fact,
    'rejectionHandled',
    'process.on("unhandledRejection", () => console.log("un")); process.on("rejectionHandled", () => console.log("handled")); const p = Promise.reject(1); setTimeout(() => p.catch(() => {}), 5)',
  );
  run(
    fact,
    'handled in time',
    'const p = Promise.reject(1); process.nextTick(() => p.catch(() => console.log("ok")))',
  );
  for (const mode of ['strict', 'warn', 'none', 'throw', 'warn-with-error-code'])
    run(
      fact,
      mode,
      'setTimeout(() => console.log("on"), 1); Promise.reject(new Error("a"))',
      `--unhandled-rejections=${mode}`,
    );
  run(fact, 'bad mode', '1', '--unhandled-rejections=x');
  run(
    fact,
    'multipleResolves',
    'process.on("multipleResolves", () => console.log("no")); new Promise((r) => { r(1); r(2) })',
  );
  run(
    fact,
    'in a timer',
    'process.on("uncaughtException", () => console.log("caught")); setTimeout(() => { throw 1 }, 1); setTimeout(() => console.log("next"), 1)',
  );
  run(
    fact,
    'in a tick',
    'process.on("uncaughtException", () => console.log("caught")); process.nextTick(() => { throw 1 }); process.nextTick(() => console.log("next"))',
  );
});

program('warnings', (fact) => {
  run(
    fact,
    'forms',
    'process.emitWarning("a"); process.emitWarning("b", "Own"); process.emitWarning("c", "Own", "C1"); process.emitWarning("d", { type: "T", code: "C2", detail: "Warning detail" }); process.emitWarning(Object.assign(new Error("e"), { name: "Named" }))',
  );
  run(
    fact,
    'deprecation',
    'for (let i = 0; i < 2; i++) process.emitWarning("old", "DeprecationWarning", "DEP9")',
  );
  run(
    fact,
    'event',
    'process.on("warning", (w) => console.log(w.name, w.code, w.detail, w instanceof Error)); process.emitWarning("d", { type: "T", code: "C2", detail: "D" })',
  );
  run(
    fact,
    'no-deprecation',
    'process.emitWarning("old", "DeprecationWarning")',
    '--no-deprecation',
  );
  run(
    fact,
    'throw-deprecation',
    'process.on("uncaughtException", (e) => console.log(e.name)); process.emitWarning("old", "DeprecationWarning")',
    '--throw-deprecation',
  );
  run(
    fact,
    'no-warnings',
    'process.on("warning", (w) => console.log(w.message)); process.emitWarning("a")',
    '--no-warnings',
  );
  run(
    fact,
    'disable-warning',
    'process.emitWarning("a", "Own", "C1"); process.emitWarning("b", "Own", "C2")',
    '--disable-warning=C1',
  );
  run(fact, 'trace-warnings', 'process.emitWarning("a")', '--trace-warnings');
  run(fact, 'many listeners', 'for (let i = 0; i < 11; i++) process.on("x", () => {})');
  run(
    fact,
    'deprecate()',
    'const f = require("util").deprecate(() => 5, "old", "DEP8"); console.log(f(), f())',
  );
});

program('nextTick() and jobs', async (fact) => {
  const log = [];
  process.nextTick((...args) => log.push(args), 1, 'a');
  process.nextTick(() => {
    log.push('outer');
    process.nextTick(() => log.push('inner'));
    queueMicrotask(() => log.push('job'));
  });
  process.nextTick(() => log.push('after'));
  await new Promise(setImmediate);
  fact('log', log);
});

program('signals and listeners', (fact) => {
  fact.of('SIGKILL', () => process.on('SIGKILL', () => {}));
  fact.of('SIGSTOP', () => process.on('SIGSTOP', () => {}));
  fact.of(
    'unknown',
    () => process.on('SIGNONE', () => {}),
    () => 'listens',
  );
  fact('kill 0', process.kill(process.pid, 0));
  const listener = () => {};
  process.on('SIGUSR2', listener);
  process.off('SIGUSR2', listener);
  fact('left', process.listenerCount('SIGUSR2'));
});
