'use strict';
// The clients ioredis and redis, as they are on npm, against a server that is never down for long.
const net = require('net');
const sim = require('sim');
const load = require('./load');
const serve = require('./resp_server');
const scenario = require('../roles');
const { listen, noDescriptorsLeft, roll } = require('../claims');

const PORT = 6379;
const ROUNDS = 15;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats what fails while the connection is down. */
async function persist(command) {
  for (;;) {
    try {
      return await command();
    } catch {
      await wait(100 + roll(100));
    }
  }
}

/** What holds of any client: that an answer is the one of its command. */
async function use(client, name) {
  let counted = 0;
  await Promise.all(
    Array.from({ length: ROUNDS }, async (_, i) => {
      const key = `${name}:${i}`;
      await wait(roll(3000));
      await persist(() => client.set(key, `value of ${key}`));
      const value = await persist(() => client.get(key));
      sim.always(value === `value of ${key}`, 'what was stored comes back');
      const count = Number(await persist(() => client.incr(`${name}:count`)));
      sim.always(count >= 1 && count <= ROUNDS * 100, 'a count is a number');
      counted++;
    }),
  );
  const count = Number(await persist(() => client.get(`${name}:count`)));
  sim.always(count >= counted, 'what was answered has been counted');
  sim.reachable(`${name} has done its work`);
}

function ioredis() {
  const Redis = load('ioredis');
  return new Redis({
    host: 'server',
    port: PORT,
    maxRetriesPerRequest: null,
    commandTimeout: 5000,
    connectTimeout: 5000,
    // Where disconnect() comes while it subscribes again, that ends the program: nobody handles the
    // promise's rejection.
    autoResubscribe: false,
  });
}

/** What is published arrives, or is lost with a connection; the client repeats what had no answer. */
async function publish(publisher) {
  const subscriber = ioredis();
  subscriber.on('error', () => {});
  subscriber.on('message', (channel, text) => {
    sim.always(channel === 'news' && text >= 1 && text <= ROUNDS, 'a message is one that was sent');
    sim.sometimes(true, 'a message arrives');
  });
  subscriber.on('ready', () => subscriber.subscribe('news').catch(() => {}));
  for (let i = 1; i <= ROUNDS; i++) {
    await wait(roll(300));
    await publisher.publish('news', `${i}`).catch(() => {});
  }
  subscriber.disconnect();
}

module.exports = scenario(
  __filename,
  {
    server() {
      listen(net.createServer(serve()), PORT);
    },
    async ioredis() {
      noDescriptorsLeft();
      const client = ioredis();
      client.on('error', () => {});
      await use(client, 'ioredis');
      await publish(client);
      client.disconnect();
    },
    async redis() {
      noDescriptorsLeft();
      const { createClient } = load('redis');
      const client = createClient({
        socket: { host: 'server', port: PORT, connectTimeout: 5000, socketTimeout: 20_000 },
      });
      client.on('error', () => {});
      await client.connect();
      await use(client, 'redis');
      client.destroy();
    },
  },
  { endless: ['server'], lasting: ['server'] },
);
