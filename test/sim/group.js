'use strict';
// A server of three tasks: shares, and tasks that come back.
const net = require('net');
const sim = require('sim');
const { persist, roll } = require('./claims');

const MEMBERS = 3;
const saddr = () => require('socket').sockaddr('0.0.0.0', 7000);

function serve() {
  const server = net.createServer(__filename, MEMBERS - 1, saddr());
  let served = 0;
  server.on('connection', (socket) => {
    served++;
    socket.on('error', () => {});
    socket.setTimeout(30_000, () => socket.destroy());
    socket.end(`${server.groupName.name} ${served}\n`);
  });
  if (server.isMaster()) {
    const gone = new Set();
    server.on('sub', (event) => {
      if (event.type === 'exit') gone.add(event.name);
      if (event.type === 'respawn') {
        gone.delete(event.name);
        sim.reachable('a sub came back');
      }
    });
    setTimeout(() => {
      sim.always(gone.size === 0, 'who died is back once it is quiet');
    }, 100_000);
  }
  const listen = () => {
    try {
      server.listen();
    } catch (error) {
      if (error.code !== 'EMFILE') throw error;
      setTimeout(listen, 100);
    }
  };
  listen();
}

const ask = () =>
  new Promise((resolve, reject) => {
    const socket = net.connect(7000, 'server');
    let text = '';
    let failure = new Error('no answer');
    socket.setTimeout(30_000, () => socket.destroy());
    socket.on('data', (data) => (text += data));
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => (text.endsWith('\n') ? resolve(text.split(' ')[0]) : reject(failure)));
  });

async function client() {
  for (let i = 0; i < 20; i++) {
    await persist(ask);
    if (roll(3) === 0) await new Promise((resolve) => setTimeout(resolve, roll(2000)));
  }
  // Once it is quiet each has its share again.
  await new Promise((resolve) => setTimeout(resolve, 90_000 - performance.now()));
  const shares = new Map();
  for (let i = 0; i < MEMBERS * 3; i++) {
    const name = await persist(ask);
    shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  const counts = [...shares.values()];
  sim.always(counts.length === MEMBERS, 'every member serves once it is quiet');
  sim.always(Math.max(...counts) - Math.min(...counts) <= 1, 'every member has its even share');
}

if (!Task.isMain?.() && Task.me() !== 1) serve();
else if (process.argv[2] === 'server') serve();
else if (process.argv[2] === 'client') client();
else {
  module.exports = {
    hosts: {
      server: { program: __filename, args: ['server'] },
      client: { program: __filename, args: ['client'], mustEnd: true },
    },
    async run() {
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      await sim.quiet(200_000);
    },
  };
}
