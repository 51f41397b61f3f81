'use strict';
// Groups for tests: a master in the test's task, and clients.
const net = require('net');
const socket = require('socket');
const { once } = require('events');
const { collect, until } = require('../../helpers/net');

const loopback = () => socket.sockaddr(socket.INADDR_LOOPBACK, 0);

/** A master that answers as fixtures/answer.js does to 'name', listening; closed by the test. */
async function master(t, group, subs, module_, prepare = () => {}) {
  const server = net.createServer(group, subs, module_, loopback());
  server.events = [];
  server.on('sub', (event) => server.events.push(event));
  server.on('connection', (connection) => {
    connection.on('error', () => {});
    connection.once('data', (data) => {
      if (data.subarray(0, 5).equals(Buffer.from('echo\n'))) {
        connection.write(data.subarray(5));
        connection.pipe(connection);
      } else
        connection.end(
          JSON.stringify({ name: server.groupName.name, id: connection.id, task: Task.me() }),
        );
    });
  });
  prepare(server);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  return server;
}

/** Closes a server and waits for it. */
function stop(server) {
  return new Promise((resolve) => {
    if (server.listening) server.close(resolve);
    else resolve();
  });
}

/** Says something to whichever handler has its turn, and returns all it says. */
async function say(server, command) {
  const client = net.connect(server.port(), '127.0.0.1');
  client.write(`${command}\n`);
  return String(await collect(client));
}

/** As say(), from JSON. */
const ask = async (server, command = 'name') => JSON.parse(await say(server, command));

/** How often each name is in answers. */
function tally(answers) {
  const counts = {};
  for (const { name } of answers) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The next `sub` event of a type. */
function event(server, type) {
  return new Promise((resolve) => {
    server.on('sub', function hear(one) {
      if (one.type !== type) return;
      server.off('sub', hear);
      resolve(one);
    });
  });
}

/** Says a command to a sub, whoever is before it in the rotation. */
async function toSub(server, command) {
  const { name } = server.groupName;
  // The master answers at once; whoever comes after it is a sub.
  for (;;) if ((await ask(server)).name === name) break;
  const client = net.connect(server.port(), '127.0.0.1');
  client.on('error', () => {});
  client.write(`${command}\n`);
  return client;
}

module.exports = { loopback, master, stop, say, ask, tally, event, toSub, until };
