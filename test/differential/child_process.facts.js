'use strict';
const child = require('child_process');
const { promisify } = require('util');
const { program, event } = require('./harness');

const node = process.execPath;
const sh = (code) => child.spawn('/bin/sh', ['-c', code]);

program('what the module exports', (fact) => {
  for (const name of Object.keys(child)
    .filter((one) => !one.startsWith('_'))
    .sort())
    fact(name, typeof child[name]);
  fact('ChildProcess', Object.keys(child.ChildProcess.prototype).sort());
});

program('arguments are checked', (fact) => {
  const quiet = (one) => {
    one?.on?.('error', () => {});
    one?.kill?.();
    return one?.constructor?.name;
  };
  for (const args of [
    [],
    [5],
    [''],
    ['a\0b'],
    [null],
    ['true', 5],
    ['true', 'x'],
    ['true', null],
    ['true', [5]],
    ['true', ['a\0']],
    ['true', [], 5],
    ['true', [], null],
    ['true', {}, {}],
  ])
    fact.of(`spawn ${JSON.stringify(args)}`, () => child.spawn(...args), quiet);
  for (const [option, values] of Object.entries({
    cwd: [5, '', '/nowhere', 'a\0', null, new URL('file:///tmp'), new URL('http://a')],
    detached: [5, true],
    uid: ['x', -1, 1.5, 2 ** 40, null],
    gid: ['x', -1],
    shell: [5, {}, '', '/bin/sh', 'a\0b'],
    argv0: [5, 'name', 'a\0'],
    env: [5, null, { a: 1, b: undefined, c: null }, { 'a\0': 'x' }, { a: 'x\0' }],
    stdio: [
      'x',
      5,
      {},
      'pipe',
      'ignore',
      'inherit',
      ['x'],
      [5000],
      [-1],
      [{}],
      ['pipe', 'pipe', 'pipe', 'ipc', 'ipc'],
      [null, undefined, 'overlapped'],
      'overlapped',
    ],
    serialization: ['x', 'json', 5],
    signal: [5, {}],
    timeout: ['x', -1, 1.5, 5],
    killSignal: ['x', 5, 'SIGKILL', 9999, {}, 'sigterm'],
    windowsHide: [5],
    windowsVerbatimArguments: [5],
  }))
    for (const value of values)
      fact.of(
        `${option} ${require('util').inspect(value)}`,
        () => child.spawn('true', { [option]: value }),
        quiet,
      );
  for (const args of [[], [5], [null], ['true', 5], ['true', 'x'], ['true', {}, 5]]) {
    fact.of(`exec ${JSON.stringify(args)}`, () => child.exec(...args), quiet);
    fact.of(`execFile ${JSON.stringify(args)}`, () => child.execFile(...args), quiet);
    fact.of(`fork ${JSON.stringify(args)}`, () => child.fork(...args), quiet);
  }
  for (const options of [
    { maxBuffer: 'x' },
    { maxBuffer: -1 },
    { timeout: 'x' },
    { timeout: -1 },
    { encoding: 'x' },
    { killSignal: 'x' },
    { maxBuffer: Infinity },
    { timeout: null },
  ])
    for (const name of ['execSync', 'spawnSync', 'execFileSync', 'exec'])
      fact.of(
        `${name} ${require('util').inspect(options)}`,
        () => child[name]('true', options),
        () => 'runs',
      );
  for (const options of [
    { input: 5 },
    { input: [] },
    { input: null },
    { stdio: 'x' },
    { stdio: ['ipc'] },
  ])
    fact.of(
      `spawnSync ${JSON.stringify(options)}`,
      () => child.spawnSync('true', options),
      (one) => one.status,
    );
  for (const options of [{ execPath: 5 }, { stdio: ['pipe'] }, { silent: 5 }])
    fact.of(`fork ${JSON.stringify(options)}`, () => child.fork('/dev/null', options), quiet);
});

program('a child', async (fact) => {
  const one = sh('echo out; echo err >&2; exit 3');
  fact(
    'at once',
    one.pid > 0,
    one.connected,
    one.exitCode,
    one.signalCode,
    one.killed,
    one.spawnfile,
    one.spawnargs,
    one.stdio.length,
    one.channel,
  );
  fact.events('child', one, ['spawn', 'close', 'error', 'disconnect']);
  const seen = [];
  one.on('exit', (...args) => seen.push(args));
  one.stdout.on('data', (data) => seen.unshift(data));
  await event(one, 'close');
  fact('then', seen, one.exitCode, one.signalCode, one.killed, one.pid > 0, one.kill());
  const killed = sh('exec sleep 100');
  killed.once('spawn', () => fact('kill', killed.kill('SIGINT'), killed.killed));
  fact('exit', await new Promise((done) => killed.on('exit', (...args) => done(args))));
  fact('signal', killed.exitCode, killed.signalCode);
  for (const signal of ['x', 5000, 0, null, {}])
    fact.of(`kill ${signal}`, () => killed.kill(signal));
  fact('ref', killed.ref(), killed.unref());
});

program('what cannot be started', async (fact) => {
  for (const [file, options] of [
    ['/nowhere/x', {}],
    ['nothing-of-that-name', {}],
    ['/etc/passwd', {}],
    ['/', {}],
    ['true', { cwd: '/nowhere' }],
  ]) {
    const one = child.spawn(file, ['a'], options);
    fact(file, one.pid, one.stdin?.destroyed);
    one.on('exit', (...args) => fact('exit', args));
    one.on('close', (...args) => fact('close', args));
    const error = await event(one, 'error');
    fact('error', error, error.errno, error.syscall, error.path, error.spawnargs);
    await new Promise((done) => setTimeout(done, 5));
    fact('then', one.exitCode, one.signalCode);
    const sync = child.spawnSync(file, ['a'], options);
    fact(
      'sync',
      sync.error?.code,
      sync.error?.syscall,
      sync.error?.path,
      sync.error?.spawnargs,
      sync.status,
      sync.pid,
      sync.output,
      sync.stdout,
    );
  }
  const other = child.spawn('true', { shell: '/nowhere/sh' });
  fact('shell', (await event(other, 'error')).message);
});

program('exec() and execFile()', async (fact) => {
  const run = (...args) =>
    new Promise((done) =>
      child.exec(...args, (error, stdout, stderr) =>
        done([
          error && [error.message, error.code, error.killed, error.signal, error.cmd],
          stdout,
          stderr,
        ]),
      ),
    );
  fact('fine', await run('echo hi; echo no >&2'));
  fact('code', await run('echo hi; exit 5'));
  fact('signal', await run('kill -9 $$'));
  fact('timeout', await run('sleep 10', { timeout: 20 }));
  fact('killSignal', await run('sleep 10', { timeout: 20, killSignal: 'SIGKILL' }));
  fact('maxBuffer', await run('echo abcdef', { maxBuffer: 3 }));
  fact('maxBuffer stderr', await run('echo abcdef >&2', { maxBuffer: 3 }));
  fact(
    'encoding',
    await run('printf "\\303\\251"', { encoding: 'buffer' }),
    await run('printf "\\303\\251"', { encoding: 'latin1' }),
    await run('printf a', { encoding: 'hex' }),
  );
  fact('env', await run('echo $A', { env: { A: 'b' } }));
  fact('abort', (await run('sleep 10', { signal: AbortSignal.abort() }))[0]);
  fact(
    'execFile',
    await new Promise((done) =>
      child.execFile('/bin/echo', ['a b', '$A'], (...args) => done(args)),
    ),
  );
  fact(
    'execFile shell',
    await new Promise((done) =>
      child.execFile('echo', ['$A'], { shell: true, env: { A: 'x' } }, (...args) => done(args)),
    ),
  );
  const pending = promisify(child.exec)('echo a; exit 2');
  fact('promise', pending.child.constructor.name);
  await pending.catch((error) =>
    fact('rejects', error.message, error.code, error.stdout, error.stderr, Object.keys(error)),
  );
  fact('resolves', await promisify(child.execFile)('/bin/echo', ['x']));
  await promisify(child.execFile)('/nowhere').catch((error) =>
    fact('not there', error.code, error.path, error.cmd, error.stdout),
  );
});

program('the sync forms', (fact) => {
  const show = (one) => [
    one.status,
    one.signal,
    one.stdout?.toString(),
    one.stderr?.toString(),
    one.output?.length,
    one.error?.code,
    one.pid > 0,
  ];
  fact(
    'spawnSync',
    show(child.spawnSync('/bin/sh', ['-c', 'cat; echo e >&2; exit 4'], { input: 'in' })),
  );
  fact('signal', show(child.spawnSync('/bin/sh', ['-c', 'kill -15 $$'])));
  fact('timeout', show(child.spawnSync('/bin/sleep', ['10'], { timeout: 20 })));
  // Whether the child ends by itself before it is killed is chance.
  const [, , ...rest] = show(child.spawnSync('/bin/echo', ['abcdef'], { maxBuffer: 3 }));
  fact('maxBuffer', ...rest);
  fact('encoding', child.spawnSync('/bin/echo', ['a'], { encoding: 'utf8' }).output);
  fact(
    'ignore',
    child.spawnSync('/bin/echo', ['a'], { stdio: 'ignore' }).output,
    child.spawnSync('/bin/echo', ['a'], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] }).output
      .length,
  );
  fact('shell', child.spawnSync('echo $A', { shell: true, env: { A: 'x' } }).stdout);
  for (const [name, args] of [
    ['execSync', ['echo hi']],
    ['execSync', ['echo hi', { encoding: 'utf8' }]],
    ['execSync', ['echo out; echo err >&2; exit 3', { stdio: 'pipe' }]],
    ['execFileSync', ['/bin/echo', ['a']]],
    ['execFileSync', ['/bin/false']],
    ['execFileSync', ['/nowhere']],
    ['execSync', ['kill -9 $$']],
    ['execSync', ['sleep 5', { timeout: 20 }]],
  ]) {
    try {
      fact(name, child[name](...args));
    } catch (error) {
      fact(
        name,
        error.message,
        error.status,
        error.signal,
        error.code,
        error.stdout?.toString(),
        error.stderr?.toString(),
        error.output?.length,
        error.pid > 0,
      );
    }
  }
});

program('streams of a child', async (fact) => {
  const cat = child.spawn('/bin/cat');
  cat.stdin.end('through');
  fact(
    'stdin',
    cat.stdin.constructor.name,
    cat.stdin.writable,
    cat.stdout.readable,
    cat.stdio[0] === cat.stdin,
  );
  cat.stdout.setEncoding('utf8');
  fact('out', await event(cat.stdout, 'data'));
  await event(cat, 'close');
  const none = child.spawn('/bin/true', { stdio: 'ignore' });
  fact('ignored', none.stdin, none.stdout, none.stdio);
  await event(none, 'close');
  const more = child.spawn('/bin/sh', ['-c', 'echo three >&3; cat <&4 >&3'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  more.stdio[4].end('four');
  let text = '';
  more.stdio[3].on('data', (data) => (text += data));
  await event(more, 'close');
  fact('extra', text);
});

program('signals and time-outs of spawn()', async (fact) => {
  const controller = new AbortController();
  const one = child.spawn('/bin/sleep', ['10'], {
    signal: controller.signal,
    killSignal: 'SIGKILL',
  });
  one.on('exit', (...args) => fact('exit', args));
  setTimeout(() => controller.abort(new Error('reason')), 5);
  const error = await event(one, 'error');
  fact('abort', error, error.cause);
  await event(one, 'close');
  const late = child.spawn('/bin/sleep', ['10'], { timeout: 10 });
  fact(
    'timeout',
    await new Promise((done) => late.on('exit', (...args) => done(args))),
    late.killed,
  );
  const before = child.spawn('/bin/sleep', ['10'], { signal: AbortSignal.abort() });
  fact('before', (await event(before, 'error')).name);
});

program('fork() and messages', async (fact) => {
  const code =
    'process.on("message", (m, h) => { process.send([m, typeof h]); if (m === "end") process.disconnect() }); process.on("disconnect", () => console.log("disconnected"))';
  for (const serialization of ['json', 'advanced']) {
    const file = `${require('os').tmpdir()}/differential-${process.pid}.js`;
    require('fs').writeFileSync(file, code);
    const one = child.fork(file, [], { silent: true, serialization });
    fact('fork', one.connected, typeof one.send, one.spawnargs.length, one.stdout !== null);
    const ended = event(one, 'disconnect').then(() => one.connected);
    for (const message of [
      { a: [1, null], d: new Date(0), u: undefined },
      'text',
      5,
      null,
      true,
      new Map([[1, 2]]),
      Buffer.from('b'),
    ]) {
      const answer = event(one, 'message');
      fact('send', one.send(message));
      fact('answer', await answer);
    }
    for (const bad of [
      [undefined],
      [Symbol('s')],
      [() => {}],
      [1n],
      ['a', 5],
      ['a', {}],
      ['a', null, 5],
    ])
      fact.of(
        `send ${bad.map(String)}`,
        () => one.send(...bad),
        (result) => typeof result,
      );
    one.stdout.on('data', (data) => fact('stdout', data));
    one.send('end', (error) => fact('sent', error));
    await event(one, 'close');
    fact.of('send after', () => one.send('x', (error) => fact('error', error)));
    one.once('error', () => {});
    fact('disconnect', one.connected, await ended);
    await new Promise(setImmediate);
  }
  const plain = child.spawn('/bin/true');
  fact('no channel', plain.send, plain.disconnect);
  await event(plain, 'close');
});

program('options of node that a child gets', (fact) => {
  fact(
    'execArgv',
    child.spawnSync(node, ['--no-warnings', '-p', 'JSON.stringify(process.execArgv)'], {
      encoding: 'utf8',
    }).stdout,
  );
  fact(
    'argv0',
    child.spawnSync(node, ['-p', 'process.argv0'], { encoding: 'utf8', argv0: 'other' }).stdout,
  );
  fact(
    'NODE_OPTIONS',
    child.spawnSync(node, ['-e', 'process.emitWarning("x")'], {
      encoding: 'utf8',
      env: { NODE_OPTIONS: '--no-warnings' },
    }).stderr,
  );
});
