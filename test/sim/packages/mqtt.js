'use strict';
// Clients of the package mqtt and a broker of the package aedes, as they are on npm: what a
// publisher was told to have arrived reaches who has subscribed.
const net = require('net');
const sim = require('sim');
const load = require('./load');
const scenario = require('../roles');
const { listen, persist, roll } = require('../claims');

const PORT = 1883;
const MESSAGES = 15;
const TOPIC = 'numbers';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function connect(clientId, options) {
  const mqtt = load('mqtt');
  const client = mqtt.connect({
    host: 'broker',
    port: PORT,
    clientId,
    reconnectPeriod: 500,
    connectTimeout: 5000,
    keepalive: 10,
    // Otherwise a subscribe() after one that failed reports success without asking the broker.
    resubscribe: false,
    ...options,
  });
  client.on('error', () => {});
  return client;
}

module.exports = scenario(
  __filename,
  {
    async broker() {
      const broker = await load('aedes').Aedes.createBroker();
      listen(net.createServer(broker.handle), PORT);
    },
    async subscriber() {
      const client = connect('subscriber', { clean: false });
      const seen = new Set();
      client.on('message', (topic, payload) => {
        sim.always(topic === TOPIC, 'a topic is the one that was subscribed to');
        const number = Number(payload);
        sim.always(number === seen.size || seen.has(number), 'first arrivals are in order');
        seen.add(number);
        if (seen.size < MESSAGES) return;
        sim.reachable('all messages arrived');
        client.end();
      });
      await persist(() => client.subscribeAsync(TOPIC, { qos: 1 }));
      // Who publishes begins when it hears of that.
      client.publish('ready', 'yes', { qos: 1, retain: true });
    },
    async publisher() {
      const client = connect('publisher');
      // It has no session that outlasts a connection.
      client.on('connect', () => client.subscribe('ready', { qos: 1 }, () => {}));
      await new Promise((resolve) => client.once('message', resolve));
      for (let i = 0; i < MESSAGES; i++) {
        await client.publishAsync(TOPIC, `${i}`, { qos: 1 });
        await wait(roll(500));
      }
      client.end();
    },
  },
  { endless: ['broker'], lasting: ['broker', 'subscriber', 'publisher'] },
);
