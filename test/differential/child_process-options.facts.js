'use strict';
const child = require('child_process');
const { inspect, promisify } = require('util');
const { program, event, trying } = require('./harness');

const ended = async (one) => {
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) one[name]?.on('data', (piece) => (out[name] += piece));
  const [code, signal] = await new Promise((done) => one.on('close', (...args) => done(args)));
  return [code, signal, out.stdout, out.stderr];
};

program('options of spawn()', async (fact) => {
  const tryOf = trying(fact);
  const sh = (script, options) => child.spawn('sh', ['-c', script], options);
  await tryOf('cwd', () => ended(sh('pwd', { cwd: '/' })));
  await tryOf('cwd URL', () => ended(sh('pwd', { cwd: new URL('file:///usr') })));
  await tryOf('cwd that is none', async () => event(sh('pwd', { cwd: '/none' }), 'error'));
  await tryOf('env', () =>
    ended(sh('echo $A-$B', { env: { A: 1, B: undefined, PATH: process.env.PATH } })),
  );
  await tryOf('argv0', () => ended(child.spawn('sh', ['-c', 'echo $0'], { argv0: 'other' })));
  await tryOf('shell', () => ended(child.spawn('echo $0 "a  b"; exit 3', { shell: true })));
  await tryOf('shell with arguments', () =>
    ended(child.spawn('echo', ['a b', '$HOME;', 'c'], { shell: true, env: { HOME: '/h' } })),
  );
  await tryOf('another shell', () => ended(child.spawn('echo $0', { shell: '/bin/bash' })));
  await tryOf('no such shell', async () =>
    event(child.spawn('echo', { shell: '/none/sh' }), 'error'),
  );
  await tryOf('detached', () =>
    ended(sh('ps -o pgid= -p $$ | tr -d " " | grep -q "^$$\\$"; echo $?', { detached: true })),
  );
  await tryOf('timeout', () => ended(sh('exec sleep 5', { timeout: 50 })));
  await tryOf('killSignal', () =>
    ended(sh('exec sleep 5', { timeout: 50, killSignal: 'SIGKILL' })),
  );
  for (const bad of [
    { cwd: 5 },
    { env: 5 },
    { argv0: 5 },
    { shell: 5 },
    { shell: '' },
    { detached: 'x' },
    { uid: 'x' },
    { gid: 1.5 },
    { stdio: 5 },
    { stdio: 'x' },
    { stdio: ['pipe', 'x'] },
    { stdio: [{}] },
    { timeout: -1 },
    { timeout: 'x' },
    { killSignal: 'SIGX' },
    { killSignal: 999 },
    { signal: 5 },
    { serialization: 'x' },
    { windowsHide: 5 },
    { windowsVerbatimArguments: 5 },
    5,
    null,
    'x',
  ])
    fact.of(`${inspect(bad)}`, () => {
      const one = child.spawn('true', [], bad);
      one.on('error', () => {});
      return one.constructor.name;
    });
  for (const args of [
    [],
    [5],
    [''],
    ['true', 5],
    ['true', 'x'],
    ['true', [5]],
    ['true', ['a\0b']],
    ['a\0b'],
    ['true', null],
    ['true', undefined, {}],
  ])
    fact.of(
      `spawn ${inspect(args)}`,
      () => child.spawn(...args).on('error', () => {}).constructor.name,
    );
  for (const stdio of [
    'pipe',
    'ignore',
    'inherit',
    'overlapped',
    ['pipe'],
    ['ignore', 'pipe', 'pipe', 'pipe'],
    [null, undefined, 'ignore'],
    [0, 1, 2],
    ['ignore', 'ignore', 'ignore', 'ignore'],
  ]) {
    const one = child.spawn('true', { stdio });
    fact(
      `stdio ${inspect(stdio)}`,
      one.stdio.map((stream) =>
        stream === null
          ? null
          : stream === undefined
            ? undefined
            : `${Number(stream.readable)}${Number(stream.writable)}`,
      ),
      one.stdin === one.stdio[0],
      one.stdout === one.stdio[1],
    );
    await event(one, 'close');
  }
  const more = child.spawn('sh', ['-c', 'cat <&3; echo four >&4'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
  });
  more.stdio[3].end('three');
  fact('more descriptors', String(Buffer.concat(await more.stdio[4].toArray())));
});

program('a ChildProcess', async (fact) => {
  const one = child.spawn('sh', ['-c', 'read x; echo $x; exec sleep 5']);
  const names = [];
  for (const name of ['spawn', 'exit', 'close', 'error', 'disconnect', 'message'])
    one.on(name, () => names.push(name));
  fact(
    'before',
    one.connected,
    one.killed,
    one.exitCode,
    one.signalCode,
    one.spawnargs,
    one.spawnfile,
    typeof one.pid,
    one.channel,
  );
  await event(one, 'spawn');
  one.stdin.write('hello\n');
  fact('data', String(await event(one.stdout, 'data')));
  for (const signal of ['SIGX', 999, -1, 1.5, {}, 0])
    fact.of(`kill ${inspect(signal)}`, () => one.kill(signal));
  fact('still', one.killed, one.kill('SIGTERM'), one.killed);
  await event(one, 'close');
  fact('after', names, one.exitCode, one.signalCode, one.kill(), one.killed);
  fact('ref', one.ref(), one.unref());
  const none = child.spawn('/none/program', ['a']);
  const error = await event(none, 'error');
  fact(
    'error',
    error,
    error.errno,
    error.syscall,
    error.path,
    error.spawnargs,
    none.pid,
    none.exitCode,
    none.signalCode,
  );
  const disposed = child.spawn('sleep', ['5']);
  disposed[Symbol.dispose]?.();
  fact(
    'dispose',
    typeof disposed[Symbol.dispose],
    await new Promise((done) => disposed.on('exit', (code, signal) => done([code, signal]))),
  );
  const controller = new AbortController();
  const aborted = child.spawn('sleep', ['5'], { signal: controller.signal, killSignal: 'SIGKILL' });
  setImmediate(() => controller.abort('why'));
  const failed = await event(aborted, 'error');
  fact('aborted', failed.name, failed.code, failed.cause, aborted.killed);
  const early = child.spawn('sleep', ['5'], { signal: AbortSignal.abort() });
  fact('already', (await event(early, 'error')).name);
});

program('exec() and execFile()', async (fact) => {
  const call = (name, ...args) =>
    new Promise((done) =>
      child[name](...args, (error, stdout, stderr) =>
        done([error, error?.code, error?.signal, error?.killed, error?.cmd, stdout, stderr]),
      ),
    );
  for (const args of [
    ['echo a; echo b >&2'],
    ['exit 3'],
    ['kill -9 $$'],
    ['echo x', { encoding: 'hex' }],
    ['echo x', { encoding: 'buffer' }],
    ['echo x', { encoding: 'nope' }],
    ['echo x', { encoding: null }],
    ['printf 12345', { maxBuffer: 3 }],
    ['printf 123', { maxBuffer: 3 }],
    ['printf é', { maxBuffer: 1 }],
    ['sleep 5', { timeout: 50 }],
    ['sleep 5', { timeout: 50, killSignal: 'SIGKILL' }],
    ['echo $A', { env: { A: 'x' } }],
    ['pwd', { cwd: '/' }],
    ['none_such'],
    ['echo $0', { shell: '/bin/bash' }],
    ['echo', { signal: AbortSignal.abort() }],
  ])
    fact(`exec ${inspect(args)}`.split('\n')[0], ...(await call('exec', ...args)));
  for (const args of [
    ['echo', ['a', 'b c']],
    ['echo'],
    ['/none/x'],
    ['false'],
    ['sh', ['-c', 'echo err >&2; exit 2']],
    ['echo', ['$HOME'], { shell: true, env: { HOME: 'h' } }],
    ['printf', ['12345'], { maxBuffer: 2 }],
  ])
    fact(`execFile ${inspect(args)}`, ...(await call('execFile', ...args)));
  for (const [name, ...args] of [
    ['exec'],
    ['exec', 5],
    ['exec', ''],
    ['exec', 'true', 5],
    ['exec', 'true', {}, 5],
    ['execFile'],
    ['execFile', 'true', 5],
    ['execFile', 'true', [], 5],
    ['execFile', 'true', [], {}, 5],
    ['exec', 'true', { maxBuffer: -1 }],
    ['exec', 'true', { maxBuffer: 'x' }],
    ['exec', 'true', { timeout: 'x' }],
    ['exec', 'true', { killSignal: 'X' }],
  ])
    fact.of(
      `${name} ${inspect(args)}`,
      () => child[name](...args).on('error', () => {}).constructor.name,
    );
  const promised = promisify(child.exec)('echo a; echo b >&2');
  fact('promise', promised.child.constructor.name, { ...(await promised) });
  await promisify(child.execFile)('sh', ['-c', 'echo out; exit 4']).catch((error) =>
    fact('rejects', error.code, error.stdout, error.stderr, error.cmd),
  );
});

program('the forms that wait', (fact) => {
  const show = ({ pid, ...result }) => [typeof pid, Object.entries(result).sort()];
  for (const args of [
    ['sh', ['-c', 'cat; echo err >&2; exit 2'], { input: 'in' }],
    ['sh', ['-c', 'cat'], { input: new Uint16Array([0x6161]) }],
    ['sh', ['-c', 'kill -9 $$']],
    ['/none/x'],
    ['sleep', ['5'], { timeout: 50 }],
    ['sleep', ['5'], { timeout: 50, killSignal: 9 }],
    ['echo', ['x'], { encoding: 'utf8' }],
    ['echo', ['x'], { encoding: 'buffer' }],
    ['echo x', { shell: true, encoding: 'latin1' }],
    ['true', { stdio: 'ignore' }],
    ['true', { stdio: ['pipe', 'pipe', 'ignore'] }],
    ['cat', { input: 5 }],
    ['true', { stdio: 'x' }],
    ['true', { encoding: 'x' }],
    ['true', { timeout: -5 }],
    ['true', { maxBuffer: -1 }],
    ['true', { killSignal: 'X' }],
    ['true', 5],
    [5],
    [''],
  ])
    fact.of(`spawnSync ${inspect(args)}`, () => show(child.spawnSync(...args)));
  for (const args of [
    ['echo a; exit 3'],
    ['echo a', { encoding: 'utf8' }],
    ['cat', { input: 'in' }],
    ['echo err >&2; exit 1', { stdio: 'pipe' }],
    ['none_such 2>/dev/null'],
    ['sleep 5', { timeout: 50 }],
  ])
    fact.of(`execSync ${inspect(args)}`, () => String(child.execSync(...args)));
  for (const args of [
    ['echo', ['a']],
    ['false'],
    ['/none/x'],
    ['sh', ['-c', 'echo out; exit 5'], { stdio: 'pipe' }],
  ])
    try {
      fact(`execFileSync ${inspect(args)}`, String(child.execFileSync(...args)));
    } catch (error) {
      fact(
        `execFileSync ${inspect(args)}`,
        error,
        error.status,
        error.signal,
        error.errno,
        String(error.stdout),
        Object.keys(error).sort(),
      );
    }
});
