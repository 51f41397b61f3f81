'use strict';
const { test } = require('../../helpers/test');
const { until } = require('../../helpers/net');
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const { once } = require('events');

// How many descriptors are open, without those that come by themselves: of the control socket, and
// of the timer that the loop makes once it has slept some times.
function descriptors() {
  const lines = fs.readFileSync('/proc/net/unix', 'utf8').split('\n');
  const control = lines.filter((line) => line.endsWith(`/${process.pid}.sock`));
  const inodes = control.map((line) => `socket:[${line.split(/\s+/)[6]}]`);
  const target = (fd) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // that of the list itself
    }
  };
  const others = [...inodes, 'anon_inode:[timerfd]'];
  return fs.readdirSync('/proc/self/fd').filter((fd) => !others.includes(target(fd))).length;
}

// Both ends live in this process, which needs two descriptors a connection.
function limit() {
  const line = fs
    .readFileSync('/proc/self/limits', 'utf8')
    .split('\n')
    .find((one) => one.startsWith('Max open files'));
  return Number(line.split(/\s+/)[3]);
}

const COUNT = Math.min(9500, Math.floor((limit() - 200) / 2));

test(`${COUNT} connections echo at once and leave nothing behind`, async () => {
  const before = descriptors();
  const server = net.createServer((one) => {
    one.on('data', (chunk) => one.write(chunk));
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  const { port } = server.address();
  const clients = [];
  let echoed = 0;
  for (let made = 0; made < COUNT;) {
    const batch = [];
    for (let i = 0; i < 500 && made < COUNT; i++, made++) {
      const client = net.connect(port, '127.0.0.1');
      clients.push(client);
      batch.push(once(client, 'connect'));
    }
    await Promise.all(batch);
  }
  await until(() => server._connections === COUNT);
  for (const client of clients) {
    client.once('data', (chunk) => {
      assert.strictEqual(String(chunk), `message of ${client.id}`);
      echoed++;
    });
    client.write(`message of ${client.id}`);
  }
  await until(() => echoed === COUNT);
  for (const client of clients) client.destroy();
  await new Promise((resolve) => server.close(resolve));
  assert.strictEqual(descriptors(), before);
});
