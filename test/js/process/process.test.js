'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');

test('the environment is live, and its values are strings', () => {
  process.env.SLUICE_TEST = 5;
  assert.strictEqual(process.env.SLUICE_TEST, '5');
  assert.ok('SLUICE_TEST' in process.env && Object.keys(process.env).includes('SLUICE_TEST'));
  assert.strictEqual({ ...process.env }.SLUICE_TEST, '5');
  assert.ok(delete process.env.SLUICE_TEST);
  assert.strictEqual(process.env.SLUICE_TEST, undefined);
  assert.ok(!('SLUICE_TEST' in process.env));
  assert.throws(
    () => {
      process.env['A=B'] = 'x';
    },
    { code: 'ERR_INVALID_ARG_VALUE' },
  );
  assert.throws(() => {
    process.env.A = Symbol('x');
  }, TypeError);
});

test('a time zone that is set counts from the next event on, as often as it is set', async () => {
  const before = process.env.TZ;
  const offsets = [];
  for (const zone of ['America/New_York', 'Asia/Tokyo', 'UTC']) {
    process.env.TZ = zone;
    await new Promise((resolve) => setImmediate(resolve));
    offsets.push(new Date(0).getTimezoneOffset());
  }
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
  assert.deepStrictEqual(offsets, [300, -540, 0]);
});

test('clocks go on', () => {
  const start = process.hrtime();
  const big = process.hrtime.bigint();
  const [seconds, nanoseconds] = process.hrtime(start);
  assert.ok(seconds >= 0 && nanoseconds >= 0 && nanoseconds < 1e9);
  assert.ok(process.hrtime.bigint() >= big);
  assert.ok(process.uptime() > 0);
});

test('resources are numbers', () => {
  for (const value of Object.values(process.memoryUsage())) assert.ok(value >= 0);
  assert.ok(process.memoryUsage.rss() > 1e6);
  assert.ok(process.resourceUsage().maxRSS > 1000);
  const before = process.cpuUsage();
  assert.ok(process.cpuUsage(before).user >= 0);
});

test('directory and mask can be changed', () => {
  const before = process.cwd();
  process.chdir('/');
  assert.strictEqual(process.cwd(), '/');
  assert.throws(() => process.chdir('/none'), { code: 'ENOENT', syscall: 'chdir', dest: '/none' });
  process.chdir(before);
  const mask = process.umask(0o027);
  assert.strictEqual(process.umask('22'), 0o027);
  process.umask(mask);
  assert.throws(() => process.umask('9'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('kill checks what it gets', () => {
  assert.strictEqual(process.kill(process.pid, 0), true);
  assert.throws(() => process.kill(process.pid, 'SIGNONE'), { code: 'ERR_UNKNOWN_SIGNAL' });
  assert.throws(() => process.kill('x'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => process.kill(2147483647, 0), { code: 'ESRCH', syscall: 'kill' });
});

test('exitCode takes integers', () => {
  assert.throws(
    () => {
      process.exitCode = 'x';
    },
    { code: 'ERR_INVALID_ARG_TYPE' },
  );
  assert.throws(
    () => {
      process.exitCode = 1.5;
    },
    { code: 'ERR_OUT_OF_RANGE' },
  );
});

test('members that the runtime uses are not listed', () => {
  for (const name of ['_uncaught', '_settle', '_started', '_uncaughtCapture'])
    assert.ok(!Object.keys(process).includes(name), name);
  assert.strictEqual(require('process'), process);
  assert.match(process.version, /^v\d+\.\d+\.\d+$/);
  assert.ok(process.versions.sluice && process.versions.jsc);
  assert.strictEqual(process.getBuiltinModule('node:fs'), require('fs'));
  assert.strictEqual(process.getBuiltinModule('internal/errors/codes'), undefined);
});

test('a report that cannot be written is told, and the process goes on', () => {
  const run = (...args) => {
    const options = { encoding: 'utf8' };
    return require('child_process').spawnSync(process.execPath, args, options);
  };
  const told = /^sluice: cannot write the report .* directory: \/no\/such \(errno: 2\)$/m;
  const flags = ['--report-directory=/no/such', '--report-on-signal'];
  for (const code of [
    `const keep = setInterval(() => {}, 1000);
     process.once('SIGUSR2', () => { console.log('on'); clearInterval(keep); });
     process.kill(process.pid, 'SIGUSR2')`,
    "console.log(process.report.writeReport('a.json') || 'on')",
  ]) {
    const { status, stdout, stderr } = run(...flags, '-e', code);
    assert.deepStrictEqual([status, stdout], [0, 'on\n'], stderr);
    assert.match(stderr, told);
  }
});
