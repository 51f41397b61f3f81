'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { spawnSync } = require('child_process');
const os = require('os');

const run = (code) => spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });

test('execve runs another program in place of this one, without its exit event', () => {
  const { status, stdout } = run(`
    process.on('exit', () => console.log('exit'));
    console.log('before');
    process.execve('/bin/sh', ['name', '-c', 'echo $0 $A $$; exit 7'], { A: 'a' });`);
  const [before, after] = stdout.split('\n');
  assert.strictEqual(before, 'before');
  assert.match(after, /^name a \d+$/);
  assert.strictEqual(status, 7);
});

test('the program that execve runs has streams that block and the usual signals', () => {
  const { stdout } = run(`
    process.stdin.resume();
    setImmediate(() => process.execve('/bin/sh', ['sh', '-c', 'grep SigIgn /proc/self/status; cat']));`);
  const ignored = BigInt(`0x${/SigIgn:\t(\w+)/.exec(stdout)[1]}`);
  const { SIGPIPE } = os.constants.signals;
  assert.strictEqual(ignored & (1n << BigInt(SIGPIPE - 1)), 0n);
});

test('execve throws where there is no such program, and the process goes on', () => {
  assert.throws(() => process.execve('/none/x'), { code: 'ENOENT', syscall: 'execve' });
  assert.throws(() => process.execve('/bin/true', ['a\0b']), { code: 'ERR_INVALID_ARG_VALUE' });
  const { stdout } = run(`try { process.execve('/none') } catch {} console.log('on')`);
  assert.strictEqual(stdout, 'on\n');
});

test('finalization runs for objects that are there at the end', () => {
  const { stdout } = run(`
    globalThis.held = [{}, {}, {}];
    const { finalization } = process;
    finalization.register(held[0], (object, event) => console.log(object === held[0], event));
    finalization.registerBeforeExit(held[1], (object, event) => console.log(event));
    finalization.register(held[2], () => console.log('never'));
    finalization.unregister(held[2]);`);
  assert.strictEqual(stdout, 'beforeExit\ntrue exit\n');
});

test('threadCpuUsage counts the time of this thread', () => {
  const before = process.threadCpuUsage();
  const end = Date.now() + 20;
  while (Date.now() < end);
  const { user, system } = process.threadCpuUsage(before);
  assert(user + system > 0);
  assert.throws(() => process.threadCpuUsage({ user: -1, system: 0 }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('getBuiltinModule knows a name without prefix only where require() does', () => {
  assert.strictEqual(process.getBuiltinModule('fs'), require('fs'));
  assert.strictEqual(process.getBuiltinModule('test'), undefined);
  assert.strictEqual(process.getBuiltinModule('node:test'), require('node:test'));
});
