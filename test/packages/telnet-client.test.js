'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { on, once } = require('events');
const net = require('net');
const { serve } = require('../helpers/net');

const { load, test, servers } = suite('telnet-client', ['inetd'], ['telnetd']);
const [server] = servers;
const { Telnet } = load('telnet-client');

async function connect(t, more) {
  const client = new Telnet();
  client.on('error', () => {});
  t.after(() => client.getSocket()?.destroy());
  await client.connect({
    host: '127.0.0.1',
    port: server.port,
    username: 'user',
    password: 'secret',
    shellPrompt: /shell# $/,
    failedLoginMatch: /incorrect/,
    timeout: 30000,
    execTimeout: 30000,
    ...more,
  });
  return client;
}

test('commands of who has logged in run, 300 one after another', async (t) => {
  const client = await connect(t);
  assert.strictEqual(await client.exec('echo one; echo two'), 'one\ntwo\n');
  for (let i = 0; i < 300; i++) assert.strictEqual(await client.exec(`echo ${i}`), `${i}\n`);
  await client.end();
});

test('output of 1 MiB arrives as it was', async (t) => {
  const client = await connect(t, { maxBufferLength: 4 << 20 });
  const command = "seq -f 'line %06g' 1 87382"; // 12 bytes each
  // A CR that ends what telnetd has read so far has a NUL after it.
  const output = (await client.exec(command)).replaceAll('\r\0', '');
  const lines = Array.from({ length: 87382 }, (_, i) => `line ${`${i + 1}`.padStart(6, '0')}\n`);
  assert.ok(output === lines.join(''));
});

test('a shell is a stream', async (t) => {
  const client = await connect(t);
  const shell = await client.shell();
  shell.write('echo begin; echo $((40 + 2))\n');
  let text = '';
  for await (const data of on(shell, 'data')) {
    text += data;
    if (/begin\r\n42\r\n/.test(text)) break;
  }
  shell.write('exit\n');
  await once(client, 'close');
});

test('a wrong password is refused', async (t) => {
  await assert.rejects(connect(t, { password: 'wrong' }), { message: 'Failed login' });
});

test('a command that does not end in time rejects, and a port that refuses', async (t) => {
  const client = await connect(t);
  await assert.rejects(client.exec('read -r line', { execTimeout: 100 }), {
    message: 'response not received',
  });
  await assert.rejects(connect(t, { port: 1 }), { code: 'ECONNREFUSED' });
});

test('a server that says nothing is a time-out', async (t) => {
  const { port } = await serve(t, () => {});
  await assert.rejects(connect(t, { port, timeout: 100 }), { message: 'Cannot connect' });
});

test('a client that was disconnected connects again', async (t) => {
  const client = await connect(t);
  const closed = once(client, 'close');
  await client.getSocket().write('kill -9 $PPID $$\n');
  await closed;
  await server.restart();
  const again = await connect(t);
  assert.strictEqual(await again.exec('echo here'), 'here\n');
});

test('a client goes on with a socket that is open', async (t) => {
  const { port } = await serve(t, (socket) => {
    socket.on('data', (data) => socket.write(`you said ${data}done# `));
  });
  const sock = net.connect(port, '127.0.0.1');
  await once(sock, 'connect');
  const client = await connect(t, { sock, shellPrompt: /done# $/, echoLines: 0, irs: '\n' });
  assert.strictEqual(await client.exec('this'), 'you said this\n');
});
