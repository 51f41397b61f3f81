'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { execFile, spawn } = require('child_process');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { once } = require('events');
const { promisify } = require('util');
const { folder, pairOf } = require('../helpers/tls');
const { findProgram } = require('./server');

const { load, test } = suite('aedes', [], ['mosquitto_pub', 'mosquitto_sub']);
const run = promisify(execFile);

async function broker(t, options = {}, { port: wanted = 0, make = net.createServer } = {}) {
  const aedes = await load('aedes').Aedes.createBroker(options);
  const server = make(aedes.handle).listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  const close = () => new Promise((resolve) => aedes.close(() => server.close(resolve)));
  t.after(close);
  const { port } = server.address();
  const to = (topic, ...more) => ['-h', '127.0.0.1', '-p', `${port}`, '-t', topic, ...more];
  return { aedes, close, port, to };
}

/** Starts mosquitto_sub and waits until it has subscribed. */
async function subscribe(t, { aedes, to }, topic, ...more) {
  const subscribed = once(aedes, 'subscribe');
  const child = spawn(findProgram('mosquitto_sub'), to(topic, ...more));
  t.after(() => child.kill('SIGKILL'));
  await subscribed;
  return async () => {
    const parts = [];
    for await (const part of child.stdout) parts.push(part);
    return Buffer.concat(parts);
  };
}

for (const qos of ['0', '1', '2']) {
  test(`what mosquitto_pub sends with QoS ${qos} reaches mosquitto_sub in order`, async (t) => {
    const here = await broker(t);
    const received = await subscribe(t, here, 'order', '-q', qos, '-C', '200');
    const publisher = spawn(findProgram('mosquitto_pub'), here.to('order', '-q', qos, '-l'));
    t.after(() => publisher.kill('SIGKILL')); // it would go on trying to reach the broker
    publisher.stdin.end(Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''));
    assert.strictEqual(
      (await received()).toString(),
      Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''),
    );
  });
}

test('a message of 1 MiB and a retained message arrive', async (t) => {
  const here = await broker(t);
  const text = 'x'.repeat(1 << 20);
  const received = await subscribe(t, here, 'large', '-C', '1', '-N');
  const publisher = spawn(findProgram('mosquitto_pub'), here.to('large', '-s'));
  t.after(() => publisher.kill('SIGKILL')); // it would go on trying to reach the broker
  publisher.stdin.end(text);
  assert.strictEqual((await received()).toString(), text);
  await run(findProgram('mosquitto_pub'), here.to('kept', '-r', '-q', '1', '-m', 'retained'));
  const kept = await run(findProgram('mosquitto_sub'), here.to('kept', '-C', '1'));
  assert.strictEqual(kept.stdout, 'retained\n');
});

test('a wrong password is refused', async (t) => {
  const here = await broker(t, {
    authenticate: (client, user, password, done) => done(null, password?.toString() === 'secret'),
  });
  await run(findProgram('mosquitto_pub'), here.to('x', '-m', 'x', '-u', 'user', '-P', 'secret'));
  await assert.rejects(
    run(findProgram('mosquitto_pub'), here.to('x', '-m', 'x', '-u', 'user', '-P', 'wrong')),
    /not authori[sz]ed|Bad user/i,
  );
});

test('mosquitto_sub connects again, and subscribes, after the broker restarted', async (t) => {
  const first = await broker(t);
  const received = await subscribe(t, first, 'again', '-C', '1', '-q', '1');
  await first.close();
  const second = await broker(t, {}, { port: first.port });
  await once(second.aedes, 'subscribe');
  await run(findProgram('mosquitto_pub'), second.to('again', '-m', 'here', '-q', '1'));
  assert.strictEqual((await received()).toString(), 'here\n');
});

test('mosquitto_pub verifies the broker by TLS', async (t) => {
  const make = (listener) => tls.createServer(pairOf('server'), listener);
  const here = await broker(t, {}, { make });
  const trusting = ['-r', '-m', 'secret', '--cafile', path.join(folder, 'ca.pem')];
  const published = once(here.aedes, 'publish');
  await run(findProgram('mosquitto_pub'), here.to('tls', ...trusting));
  await published;
  const other = ['-m', 'x', '--cafile', path.join(folder, 'other-ca.pem')];
  await assert.rejects(run(findProgram('mosquitto_pub'), here.to('tls', ...other)), /TLS|verify/i);
});
