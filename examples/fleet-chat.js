'use strict';
// A chat on several nodes, whose rooms span them: nodes tell each other by NATS what is said. Each
// stands behind a load balancer. docs/fleet.md
//
//   sluice --drain=30s --drain-grace=5s fleet-chat.js --port 7000 --trust 10.0.0.0/8 \
//     --agent 7001 --health 7002 --nats nats://10.0.0.9:4222 --node n1
//   sluice fleet-chat.js --demo        three nodes and a NATS server on this machine
//
// A client sends lines: `join ROOM`, then what it says. Needs the package nats.
const net = require('net');
const { parseArgs } = require('util');

const MOST_WAITING = 1 << 20; // bytes for a client that does not read; then it is let go of
const MOST_LINE = 4096; // bytes
const FLUSH_EVERY = 64; // lines of a client between two looks whether NATS keeps up
const HOST = '0.0.0.0';

/** The rooms of a node. What is said here it tells here itself: NATS brings what others say. */
class Rooms {
  #bus;
  #text;
  #rooms = new Map(); // name → {members, subscription}

  constructor(bus, text) {
    this.#bus = bus;
    this.#text = text;
  }

  enter(room, client) {
    let found = this.#rooms.get(room);
    if (found === undefined) {
      const subscription = this.#bus.subscribe(`chat.${room}`, {
        callback: (error, message) => error ?? this.#tell(room, this.#text.decode(message.data)),
      });
      this.#rooms.set(room, (found = { members: new Set(), subscription }));
    }
    found.members.add(client);
  }

  leave(room, client) {
    const found = this.#rooms.get(room);
    if (!found?.members.delete(client) || found.members.size > 0) return;
    found.subscription.unsubscribe();
    this.#rooms.delete(room);
  }

  say(room, line) {
    this.#tell(room, line);
    this.#bus.publish(`chat.${room}`, this.#text.encode(line));
  }

  #tell(room, line) {
    for (const member of this.#rooms.get(room)?.members ?? []) {
      member.write(line);
      if (member.writableLength > MOST_WAITING) member.destroy();
    }
  }
}

/** A node. @returns {Promise<{server: net.Server, close(): Promise<void>}>} */
async function startNode({ port, host = HOST, trust, agent, health, nats, node }) {
  const { connect, StringCodec } = require('nats');
  const bus = await connect({
    servers: nats,
    name: node,
    noEcho: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    waitOnFirstConnect: true,
  });
  const rooms = new Rooms(bus, StringCodec());

  const server = net.createServer({ noDelay: true, proxy: trust && { trust } });
  server.on('connection', (client) => {
    let room;
    let rest = '';
    let lines = 0;
    client.setEncoding('utf8');
    client.on('error', () => {});
    client.on('close', () => rooms.leave(room, client));
    client.on('goaway', () => client.end('* this node leaves: connect again\n'));
    client.on('data', (piece) => {
      const parts = (rest + piece).split('\n');
      rest = parts.pop();
      if (rest.length > MOST_LINE) return client.destroy();
      for (const line of parts) take(line);
    });

    function take(line) {
      const [, wanted] = /^join ([\w-]{1,64})$/.exec(line) ?? [];
      if (wanted !== undefined) {
        rooms.leave(room, client);
        rooms.enter((room = wanted), client);
        client.write(`* ${node} ${room}\n`);
      } else if (room !== undefined) {
        rooms.say(room, `${client.remoteAddress}:${client.remotePort}@${node}: ${line}\n`);
        if (++lines % FLUSH_EVERY === 0) keepUp();
      }
    }

    // Who says more than NATS takes is read no further meanwhile.
    async function keepUp() {
      client.pause();
      await bus.flush().catch(() => {});
      client.resume();
    }
  });

  if (health !== undefined) server.health({ host, port: health });
  if (agent !== undefined) server.agent({ host, port: agent });
  await new Promise((resolve) => server.listen(port, host, resolve));
  return { server, close: () => bus.close() };
}

async function main() {
  const string = { type: 'string' };
  const { values } = parseArgs({
    options: {
      demo: { type: 'boolean' },
      port: string,
      trust: string,
      agent: string,
      health: string,
      nats: string,
      node: string,
    },
  });
  if (values.demo) return demo();
  const { port = '7000', trust, nats = 'nats://127.0.0.1:4222', node = 'node' } = values;
  const number = (value) => (value === undefined ? undefined : Number(value));
  await startNode({
    port: Number(port),
    trust: trust?.split(','),
    agent: number(values.agent),
    health: number(values.health),
    nats,
    node,
  });
  console.log(`${node} listens on ${port}`);
}

// ---- Three nodes on this machine

/** Starts NATS; resolves with its process once it takes connections. */
function startNats(port) {
  const { spawn } = require('child_process');
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stderr.on('data', (text) => {
      if (String(text).includes('Server is ready')) resolve(child);
    });
  });
}

/** A client of the chat: say() and hear(), which waits for a line. */
function talker(port) {
  const socket = net.connect(port, '127.0.0.1');
  const lines = [];
  let wake = () => {};
  let rest = '';
  socket.on('data', (piece) => {
    const parts = (rest + piece).split('\n');
    rest = parts.pop();
    lines.push(...parts);
    wake();
  });
  socket.on('error', () => {});
  return {
    say: (line) => socket.write(`${line}\n`),
    async hear(what) {
      for (;;) {
        const at = lines.findIndex((line) => line.includes(what));
        if (at >= 0) return lines.splice(0, at + 1).at(-1);
        await new Promise((resolve) => (wake = resolve));
      }
    },
    end: () => socket.destroy(),
  };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function demo() {
  const bus = await freePort();
  let broker = await startNats(bus).catch((error) => console.log(`no NATS here: ${error.code}`));
  if (broker === undefined) return;
  const options = { port: 0, host: '127.0.0.1', nats: `nats://127.0.0.1:${bus}` };
  const nodes = [];
  for (const node of ['n1', 'n2', 'n3']) nodes.push(await startNode({ ...options, node }));
  const talkers = nodes.map(({ server }) => talker(server.address().port));
  for (const [i, one] of talkers.entries()) {
    one.say('join room');
    await one.hear(`n${i + 1} room`);
  }
  // Says line until both others heard it: a subscription reaches NATS in a moment.
  async function spread(line) {
    const heard = Promise.all(talkers.slice(1).map((one) => one.hear(line)));
    const again = setInterval(() => talkers[0].say(line), 50);
    const [text] = await heard;
    clearInterval(again);
    console.log(text.replace(/^.*@/, '@'));
  }
  await spread('hello to all nodes');
  broker.kill();
  await new Promise((resolve) => broker.on('exit', resolve));
  console.log('NATS is gone');
  talkers[0].say('only here');
  await talkers[0].hear('only here');
  broker = await startNats(bus);
  await spread('NATS is back');
  const { closed, forced } = await nodes[2].server.drain({ deadline: 5000, jitter: 0 });
  console.log(await talkers[2].hear('this node leaves'), closed, forced);
  for (const one of talkers) one.end();
  for (const { server } of nodes.slice(0, 2)) server.close();
  await Promise.all(nodes.map((node) => node.close()));
  broker.kill();
}

main();
