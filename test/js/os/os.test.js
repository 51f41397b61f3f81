'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const os = require('os');

test('the machine is described', () => {
  assert.strictEqual(os.platform(), 'linux');
  assert.strictEqual(os.type(), 'Linux');
  assert.strictEqual(os.EOL, '\n');
  assert.strictEqual(os.arch(), process.arch);
  for (const name of ['hostname', 'release', 'version', 'machine', 'homedir', 'tmpdir'])
    assert.ok(os[name]().length > 0, name);
  assert.ok(os.freemem() > 0 && os.totalmem() >= os.freemem());
  assert.ok(os.uptime() > 0);
  assert.strictEqual(os.loadavg().length, 3);
  assert.ok(os.cpus().length >= os.availableParallelism());
  assert.strictEqual(typeof os.cpus()[0].times.idle, 'number');
  assert.strictEqual(`${os.hostname}`, os.hostname());
});

test('the loopback interface has its address', () => {
  const [entry] = os.networkInterfaces().lo.filter(({ family }) => family === 'IPv4');
  assert.deepStrictEqual(entry, {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: true,
    cidr: '127.0.0.1/8',
  });
});

test('errno and signal numbers have all their names', () => {
  assert.strictEqual(os.constants.errno.ECONNREFUSED, 111);
  assert.strictEqual(os.constants.errno.EWOULDBLOCK, os.constants.errno.EAGAIN);
  assert.strictEqual(os.constants.signals.SIGTERM, 15);
  assert.strictEqual(os.constants.signals.SIGPOLL, os.constants.signals.SIGIO);
});

test('the directory for temporary files follows the environment', () => {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = '/elsewhere/';
  assert.strictEqual(os.tmpdir(), '/elsewhere');
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
});

test('the user and the priority of processes', () => {
  assert.strictEqual(os.userInfo().uid, process.geteuid());
  os.setPriority(os.getPriority());
  assert.throws(() => os.getPriority(2147483647), {
    code: 'ERR_SYSTEM_ERROR',
    syscall: 'uv_os_getpriority',
  });
});
