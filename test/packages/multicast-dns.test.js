'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('multicast-dns');

test('what is asked by multicast is answered', async (t) => {
  const mdns = load('multicast-dns')({ interface: '127.0.0.1', port: 0, loopback: true });
  t.after(() => new Promise((resolve) => mdns.destroy(resolve)));
  await new Promise((resolve) => mdns.once('ready', resolve));
  const { data, ttl } = await new Promise((resolve, reject) => {
    mdns.on('error', reject);
    mdns.on('warning', reject);
    mdns.on('query', (_query, { port, address }) =>
      mdns.respond([{ name: 'x.local', type: 'A', ttl: 10, data: '10.1.2.3' }], { port, address }),
    );
    mdns.on('response', ({ answers }) => resolve(answers[0]));
    mdns.query({ questions: [{ name: 'x.local', type: 'A' }] });
  });
  assert.deepStrictEqual([data, ttl], ['10.1.2.3', 10]);
});
