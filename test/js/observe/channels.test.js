'use strict';
// What net publishes on channels of diagnostics_channel.
const assert = require('assert');
const channels = require('diagnostics_channel');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve } = require('../../helpers/net');

/** Messages of a channel while the test goes on. */
function heard(t, name) {
  const messages = [];
  const listener = (message) => messages.push(message);
  channels.subscribe(name, listener);
  t.after(() => channels.unsubscribe(name, listener));
  return messages;
}

test('sockets of both sides are told', async (t) => {
  const clients = heard(t, 'net.client.socket');
  const accepted = heard(t, 'net.server.socket');
  const { server, connect } = await serve(t);
  const client = connect();
  const [socket] = await once(server, 'connection');
  assert.deepStrictEqual(
    clients.map((one) => one.socket === client),
    [true],
  );
  assert.deepStrictEqual(
    accepted.map((one) => one.socket === socket),
    [true],
  );
});

test('listening is told from its start to its end, or error', async (t) => {
  const start = heard(t, 'tracing:net.server.listen:asyncStart');
  const end = heard(t, 'tracing:net.server.listen:asyncEnd');
  const failed = heard(t, 'tracing:net.server.listen:error');
  const { server, port } = await serve(t);
  assert.strictEqual(start[0].server, server);
  assert.strictEqual(start[0].options.port, 0);
  assert.strictEqual(end[0].server, server);
  const second = net.createServer().listen(port, '127.0.0.1');
  const [error] = await once(second, 'error');
  assert.strictEqual(failed[0].server, second);
  assert.strictEqual(failed[0].error, error);
  assert.deepStrictEqual([start.length, end.length], [2, 1]);
});
