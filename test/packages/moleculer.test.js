'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { freePort } = require('./server');

const { load, test } = suite('moleculer');
const { ServiceBroker } = load('moleculer');

test('nodes that are joined by TCP call services of each other and hear events', async () => {
  const urls = [`127.0.0.1:${await freePort()}/first`, `127.0.0.1:${await freePort()}/second`];
  const transporter = { type: 'TCP', options: { udpDiscovery: false, urls } };
  const make = (nodeID) => new ServiceBroker({ nodeID, logger: false, transporter });
  const [first, second] = [make('first'), make('second')];
  let heard;
  const told = new Promise((resolve) => {
    heard = resolve;
  });
  second.createService({
    name: 'math',
    actions: {
      add: ({ params: { a, b } }) => a + b,
      bad() {
        throw new Error('mine');
      },
    },
    events: { 'news.come': (ctx) => heard(ctx.params) },
  });
  await Promise.all([first.start(), second.start()]);
  await first.waitForServices('math');
  const all = Array.from({ length: 100 }, (_, a) => first.call('math.add', { a, b: 1 }));
  assert.deepStrictEqual(
    await Promise.all(all),
    Array.from({ length: 100 }, (_, a) => a + 1),
  );
  await assert.rejects(first.call('math.bad'), { message: 'mine', nodeID: 'second' });
  first.emit('news.come', { a: 1 });
  assert.deepStrictEqual(await told, { a: 1 });
  await first.stop();
  await second.stop();
});
