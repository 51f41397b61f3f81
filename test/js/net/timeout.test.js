'use strict';
const { test } = require('../../helpers/test');
const { serve, pair, closed } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

test('timeout comes after an idle period and leaves the connection open', async (t) => {
  const { client, accepted } = await pair(t);
  assert.strictEqual(client.setTimeout(20), client);
  assert.strictEqual(client.timeout, 20);
  await once(client, 'timeout');
  assert.strictEqual(client.destroyed, false);
  const got = once(accepted, 'data');
  client.write('x');
  await got;
});

test('one timeout an idle period; activity arms it again', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.write('x'); // behind what a handshake leaves to be sent
  await once(client, 'data');
  let timeouts = 0;
  client.setTimeout(10);
  client.on('timeout', () => timeouts++);
  await once(client, 'timeout');
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.strictEqual(timeouts, 1);
  accepted.resume();
  client.write('x');
  await once(client, 'timeout');
  assert.strictEqual(timeouts, 2);
});

test('reads and writes put the timeout off', async (t) => {
  const { client, accepted } = await pair(t);
  accepted.on('data', (chunk) => accepted.write(chunk));
  let last = 0;
  client.setTimeout(300);
  client.on('data', () => {
    last = performance.now();
  });
  const ping = setInterval(() => client.write('x'), 20);
  setTimeout(() => clearInterval(ping), 700);
  const start = performance.now();
  await once(client, 'timeout');
  assert.ok(last - start > 300, 'the connection was in use for longer than the timeout');
});

test('the callback is called once, and setTimeout(0, callback) takes it away', async (t) => {
  const { client } = await pair(t);
  let calls = 0;
  const callback = () => calls++;
  client.setTimeout(10, callback);
  await once(client, 'timeout');
  client.emit('timeout');
  assert.strictEqual(calls, 1);
  client.setTimeout(10, callback);
  client.setTimeout(0, callback);
  assert.strictEqual(client.timeout, 0);
  assert.strictEqual(client.listenerCount('timeout'), 0);
});

test('no timeout after close', async (t) => {
  const { client } = await pair(t);
  client.setTimeout(10);
  client.on('timeout', () => assert.fail('timeout after close'));
  client.destroy();
  await closed(client);
  await new Promise((resolve) => setTimeout(resolve, 50));
});

test('a timeout runs while the socket is not connected', async () => {
  const fresh = new net.Socket();
  fresh.setTimeout(10);
  const keep = setTimeout(() => {}, 10000);
  await once(fresh, 'timeout');
  clearTimeout(keep);
});

test('the option timeout of connect sets it', async (t) => {
  const { connect } = await serve(t);
  const client = connect({ timeout: 15 });
  assert.strictEqual(client.timeout, 15);
  await once(client, 'timeout');
});

for (const [value, code, name] of [
  [-1, 'ERR_OUT_OF_RANGE', 'RangeError'],
  [Infinity, 'ERR_OUT_OF_RANGE', 'RangeError'],
  [NaN, 'ERR_OUT_OF_RANGE', 'RangeError'],
  ['10', 'ERR_INVALID_ARG_TYPE', 'TypeError'],
  [undefined, 'ERR_INVALID_ARG_TYPE', 'TypeError'],
])
  test(`setTimeout(${typeof value === 'string' ? `'${value}'` : value}) throws ${code}`, () => {
    assert.throws(() => new net.Socket().setTimeout(value), { code, name, message: /msecs/ });
  });

test('setTimeout refuses a callback that is no function', () => {
  assert.throws(() => new net.Socket().setTimeout(1, 'x'), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: /callback/,
  });
});
