'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const { once } = require('events');
const { promisify } = require('util');
const { exec, execFile, execFileSync, execSync, spawn, spawnSync } = require('child_process');

async function text(stream) {
  let all = '';
  for await (const chunk of stream.setEncoding('utf8')) all += chunk;
  return all;
}

test('a child has pipes for its standard descriptors, and tells of its end', async () => {
  const child = spawn('cat');
  assert.strictEqual(child.pid > 0, true);
  assert.deepStrictEqual(child.spawnargs, ['cat']);
  const events = [];
  for (const name of ['spawn', 'exit', 'close'])
    child.on(name, (...values) => events.push([name, ...values]));
  const closed = once(child, 'close');
  child.stdin.end('through the child');
  assert.strictEqual(await text(child.stdout), 'through the child');
  await closed;
  assert.deepStrictEqual(events, [['spawn'], ['exit', 0, null], ['close', 0, null]]);
  assert.strictEqual(child.exitCode, 0);
});

test('a large answer arrives whole and in order', async () => {
  const child = spawn('sh', ['-c', 'cat; echo error >&2; exit 3']);
  const data = Buffer.alloc(4 << 20, 'abcdefg');
  child.stdin.end(data);
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  const [, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.strictEqual(code, 3);
  assert.strictEqual(Buffer.concat(parts).equals(data), true);
});

test('environment, directory and name are the options', async () => {
  const options = {
    env: { PATH: process.env.PATH, VALUE: 'given', NONE: undefined },
    cwd: '/tmp',
    argv0: 'zero',
  };
  const child = spawn('sh', ['-c', 'echo $VALUE $NONE; pwd; echo $0'], options);
  assert.strictEqual(await text(child.stdout), 'given\n/tmp\nzero\n');
});

test('a program that is not there is an error event', async () => {
  const child = spawn('no-such-program', ['x']);
  assert.strictEqual(child.pid, undefined);
  const [error] = await once(child, 'error');
  assert.strictEqual(error.message, 'spawn no-such-program ENOENT');
  assert.deepStrictEqual(
    [error.code, error.syscall, error.path],
    ['ENOENT', 'spawn no-such-program', 'no-such-program'],
  );
  assert.deepStrictEqual(error.spawnargs, ['x']);
});

test('kill() ends a child by a signal', async () => {
  const child = spawn('sleep', ['1000']);
  assert.strictEqual(child.killed, false);
  assert.strictEqual(child.kill(0), true);
  assert.strictEqual(child.kill('SIGKILL'), true);
  assert.strictEqual(child.killed, true);
  assert.deepStrictEqual(await once(child, 'exit'), [null, 'SIGKILL']);
  assert.strictEqual(child.kill(), false);
  assert.throws(() => child.kill('SIGNONE'), { code: 'ERR_UNKNOWN_SIGNAL' });
});

test('stdio takes files, ignore and more than three pipes', async () => {
  const file = `/tmp/sluice-child-${process.pid}`;
  const fd = fs.openSync(file, 'w');
  const child = spawn('sh', ['-c', 'echo file; echo error >&2; read line <&3; echo $line >&4'], {
    stdio: ['ignore', fd, 'ignore', 'pipe', 'pipe'],
  });
  fs.closeSync(fd);
  assert.deepStrictEqual(child.stdio.slice(0, 3), [null, null, null]);
  child.stdio[3].write('three\n');
  assert.strictEqual(await text(child.stdio[4]), 'three\n');
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'file\n');
  fs.unlinkSync(file);
});

test('children inherit no descriptor that they were not given', async () => {
  const server = require('net').createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { stdout } = await promisify(exec)('ls /proc/self/fd | wc -l');
  server.close();
  assert.strictEqual(stdout, '4\n'); // 0, 1, 2 and the directory that ls reads
});

test('a shell runs a command line', async () => {
  const child = spawn('echo', ['$((1 + 1))', '|', 'cat'], { shell: true });
  assert.strictEqual(await text(child.stdout), '2\n');
});

test('timeout and signal end a child', async () => {
  assert.deepStrictEqual(await once(spawn('sleep', ['1000'], { timeout: 1 }), 'exit'), [
    null,
    'SIGTERM',
  ]);
  const controller = new AbortController();
  const child = spawn('sleep', ['1000'], { signal: controller.signal, killSignal: 'SIGINT' });
  const exit = once(child, 'exit').catch(() => once(child, 'exit'));
  const failed = once(child, 'error');
  controller.abort();
  assert.strictEqual((await failed)[0].name, 'AbortError');
  assert.deepStrictEqual(await exit, [null, 'SIGINT']);
});

test('execFile gives output to a callback, and errors with code and command', async () => {
  const run = promisify(execFile);
  assert.deepStrictEqual(await run('printf', ['%s', 'out']), { stdout: 'out', stderr: '' });
  const buffers = await run('printf', ['%s', 'out'], { encoding: 'buffer' });
  assert.strictEqual(buffers.stdout.equals(Buffer.from('out')), true);
  await assert.rejects(run('sh', ['-c', 'echo why >&2; exit 7']), {
    code: 7,
    killed: false,
    signal: null,
    cmd: 'sh -c echo why >&2; exit 7',
    message: 'Command failed: sh -c echo why >&2; exit 7\nwhy\n',
    stderr: 'why\n',
  });
  await assert.rejects(run('no-such-program'), { code: 'ENOENT' });
});

test('exec stops a child that writes too much, takes too long, or is aborted', async () => {
  const run = promisify(exec);
  await assert.rejects(run('yes', { maxBuffer: 10 }), (error) => {
    assert.strictEqual(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
    assert.strictEqual(error.stdout, 'y\n'.repeat(5));
    return true;
  });
  await assert.rejects(run('sleep 1000', { timeout: 1 }), { killed: true, signal: 'SIGTERM' });
  await assert.rejects(run('sleep 1000', { signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('spawnSync waits for the end', () => {
  const result = spawnSync('sh', ['-c', 'cat; echo error >&2; exit 5'], {
    input: 'in',
    encoding: 'utf8',
  });
  assert.strictEqual(result.status, 5);
  assert.strictEqual(result.signal, null);
  assert.deepStrictEqual(result.output, [null, 'in', 'error\n']);
  const data = Buffer.alloc(4 << 20, 'xyz');
  assert.strictEqual(
    spawnSync('cat', { input: data, maxBuffer: Infinity }).stdout.equals(data),
    true,
  );
  assert.strictEqual(spawnSync('no-such-program').error.code, 'ENOENT');
  assert.strictEqual(spawnSync('sh', ['-c', 'kill -9 $$']).signal, 'SIGKILL');
  assert.strictEqual(spawnSync('sleep', ['1000'], { timeout: 1 }).error.code, 'ETIMEDOUT');
  const full = spawnSync('yes', { maxBuffer: 4, encoding: 'utf8' });
  assert.deepStrictEqual(
    [full.error.code, full.stdout.slice(0, 4), full.signal],
    ['ENOBUFS', 'y\ny\n', 'SIGTERM'],
  );
});

test('execSync returns output, and throws with it', () => {
  assert.strictEqual(execSync('echo $((2 + 3))', { encoding: 'utf8' }), '5\n');
  assert.strictEqual(execFileSync('echo', ['a  b']).toString(), 'a  b\n');
  assert.throws(
    () => execSync('echo out; exit 4', { stdio: 'pipe' }),
    (error) => {
      assert.strictEqual(error.status, 4);
      assert.strictEqual(error.stdout.toString(), 'out\n');
      return true;
    },
  );
});

test('wrong arguments are errors', () => {
  assert.throws(() => spawn(), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => spawn(''), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => spawn('a\0b'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => spawn('true', ['\0']), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => spawn('true', { stdio: 'other' }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => spawn('true', { killSignal: 'SIGNONE' }), { code: 'ERR_UNKNOWN_SIGNAL' });
});

test('a child that is not referenced does not keep the process', () => {
  const code = "require('child_process').spawn('sleep', ['1000'], { stdio: 'ignore' }).unref()";
  assert.strictEqual(spawnSync(process.execPath, ['-e', code], { timeout: 50000 }).status, 0);
});

test('spawnSync returns large output of several descriptors', () => {
  const { stdout, output } = spawnSync(
    'sh',
    ['-c', 'head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&3'],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      maxBuffer: 1e9,
    },
  );
  assert.strictEqual(stdout.length, 3000000);
  assert.strictEqual(output[3].length, 3000000);
});

test('a start that fails is told as an error on the channel of starts', async () => {
  const heard = [];
  const channel = require('diagnostics_channel').tracingChannel('child_process.spawn');
  const handlers = { error: ({ error }) => heard.push(error.code) };
  channel.subscribe(handlers);
  const child = spawn('/no/such/program');
  channel.unsubscribe(handlers);
  await once(child, 'error');
  assert.deepStrictEqual(heard, ['ENOENT']);
});
