'use strict';
// Streams that fill their buffers are read in large pieces, as long as there is memory for those.
const { test } = require('../../helpers/test');
const { serve, pattern } = require('../../helpers/net');
const { once } = require('events');
const assert = require('assert');

test('chunks that a program keeps hold what was sent, beyond all memory for large reads', async (t) => {
  const sent = pattern(48 * 1024 * 1024);
  const kept = [];
  const { connect } = await serve(t, (socket) => socket.end(sent));
  const client = connect();
  client.on('data', (chunk) => kept.push(chunk));
  await once(client, 'end');
  assert.ok(Buffer.concat(kept).equals(sent));
});
