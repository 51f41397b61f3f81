'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

const { load, test, servers } = suite('socks', ['danted']);
const [server] = servers;
const { SocksClient } = load('socks');

async function echo(t) {
  const echoing = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echoing, 'listening');
  t.after(() => echoing.close());
  return echoing.address().port;
}

for (const type of [4, 5]) {
  test(`1 MiB goes through the proxy and back by SOCKS ${type}`, async (t) => {
    const port = await echo(t);
    const { socket } = await SocksClient.createConnection({
      proxy: { host: '127.0.0.1', port: server.port, type },
      command: 'connect',
      destination: { host: '127.0.0.1', port },
    });
    t.after(() => socket.destroy());
    const data = Buffer.alloc(1 << 20, 'socks');
    const parts = [];
    socket.on('data', (part) => parts.push(part));
    socket.resume();
    socket.end(data);
    await once(socket, 'end');
    assert.strictEqual(Buffer.concat(parts).equals(data), true);
  });
}

test('a destination that refuses is an error', async () => {
  const options = {
    proxy: { host: '127.0.0.1', port: server.port, type: 5 },
    command: 'connect',
    destination: { host: '127.0.0.1', port: 1 },
  };
  await assert.rejects(
    SocksClient.createConnection(options),
    /ConnectionRefused|GeneralFailure|HostUnreachable|rejected/i,
  );
});
