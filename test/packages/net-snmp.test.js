'use strict';
const assert = require('assert');
const dgram = require('dgram');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { once } = require('events');
const { suite } = require('./harness');
const { findProgram } = require('./server');

const { load, test } = suite('net-snmp', [], ['snmpd']);
const snmp = load('net-snmp');

const LOCATION = '1.3.6.1.2.1.1.6.0';

async function freePort() {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** snmpd with a place that it tells; a session with it. */
async function serve(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-snmp-'));
  const port = await freePort();
  const file = path.join(folder, 'snmpd.conf');
  fs.writeFileSync(file, 'rwcommunity public 127.0.0.1\nsysLocation in the cellar\n');
  const options = [
    '-f',
    '-Lf',
    '/dev/null',
    '-C',
    '-c',
    file,
    '-p',
    path.join(folder, 'pid'),
    '-I',
    '-smux',
  ];
  const env = { ...process.env, SNMP_PERSISTENT_DIR: folder };
  const child = spawn(findProgram('snmpd'), [...options, `udp:127.0.0.1:${port}`], {
    stdio: 'ignore',
    env,
  });
  t.after(() => {
    child.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const session = snmp.createSession('127.0.0.1', 'public', {
    ...{ port, retries: 40, timeout: 250, version: snmp.Version2c },
  });
  t.after(() => session.close());
  return session;
}

const ask = (session, method, ...args) =>
  new Promise((resolve, reject) => {
    session[method](...args, (error, result) => (error ? reject(error) : resolve(result)));
  });

test('values are asked for, one by one and as a tree', async (t) => {
  const session = await serve(t);
  const [location] = await ask(session, 'get', [LOCATION]);
  assert.strictEqual(`${location.value}`, 'in the cellar');
  let seen = 0;
  await ask(session, 'subtree', '1.3.6.1.2.1.1', 10, (list) => {
    seen += list.length;
  });
  assert.ok(seen > 5);
});

test('a value that is not there, and an agent that does not answer, are told', async (t) => {
  const session = await serve(t);
  const [none] = await ask(session, 'get', ['1.3.6.1.2.1.1.99.0']);
  assert.ok(snmp.isVarbindError(none));
  const silent = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => silent.close());
  const other = snmp.createSession('127.0.0.1', 'public', {
    port: silent.address().port,
    retries: 0,
    timeout: 100,
  });
  t.after(() => other.close());
  await assert.rejects(ask(other, 'get', [LOCATION]), { name: 'RequestTimedOutError' });
});
