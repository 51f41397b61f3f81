'use strict';
// Handshakes that are cut off or corrupted at every byte, in both directions: each ends that
// connection with an error, and nothing else.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { closed, collect } = require('../../helpers/net');
const { ca, pairOf, serveTls } = require('../../helpers/tls');

const AT_ONCE = 16;

/**
 * Passes a connection on to port. spoil(piece, offset) returns what goes on of bytes in `direction`
 * ('up' to the server) that begin at offset, and null to cut the connection.
 */
function relay(port, direction, spoil) {
  const server = net.createServer({ allowHalfOpen: true }, (down) => {
    const up = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let offset = 0;
    const pass = (from, to, which) => {
      from.on('error', () => to.destroy());
      from.on('end', () => to.end());
      from.on('close', () => to.destroy());
      from.on('data', (data) => {
        const piece = which === direction ? spoil(data, offset) : { bytes: data };
        if (which === direction) offset += data.length;
        if (!to.destroyed && to.writable) to.write(piece.bytes);
        if (piece.cut) {
          from.end();
          to.end();
        }
      });
    };
    pass(down, up, 'up');
    pass(up, down, 'down');
  });
  server.listen(0, '127.0.0.1');
  return once(server, 'listening').then(() => server);
}

function cutAt(limit) {
  return (data, offset) => ({
    bytes: data.subarray(0, Math.max(0, limit - offset)),
    cut: offset + data.length >= limit,
  });
}

function corruptAt(position) {
  return (data, offset) => {
    const bytes = Buffer.from(data);
    if (position >= offset && position < offset + data.length) bytes[position - offset] ^= 0x41;
    return { bytes };
  };
}

/** One client through a relay that spoils; 'secure', or the code of its error, or 'close'. */
async function attempt(port, direction, spoil, version) {
  const between = await relay(port, direction, spoil);
  const client = tls.connect({
    port: between.address().port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: ca(),
    minVersion: version,
    maxVersion: version,
  });
  let outcome = 'close';
  client.on('secureConnect', () => {
    outcome = 'secure';
    client.end();
  });
  client.on('error', (error) => (outcome = error.code));
  // A length that was made longer: both sides wait for more.
  client.setTimeout(300, () => client.destroy());
  client.resume();
  await closed(client);
  between.close();
  return outcome;
}

/** How many bytes a handshake has in each direction. */
async function measure(port, version) {
  const sizes = { up: 0, down: 0 };
  for (const direction of ['up', 'down']) {
    const count = (data) => {
      sizes[direction] += data.length;
      return { bytes: data };
    };
    assert.strictEqual(await attempt(port, direction, count, version), 'secure');
  }
  return sizes;
}

for (const version of ['TLSv1.2', 'TLSv1.3']) {
  for (const direction of ['up', 'down']) {
    for (const [what, spoil] of [
      ['cut', cutAt],
      ['corrupted', corruptAt],
    ]) {
      test(`${version} ${what} at every byte ${direction === 'up' ? 'to' : 'from'} the server`, async (t) => {
        const { server, port, connect } = await serveTls(t, pairOf('server-ec'), (socket) => {
          socket.on('error', () => {});
          socket.resume().end();
        });
        let unexpected = 0;
        server.on('tlsClientError', (error) => {
          if (!error.code) unexpected++;
        });
        const size = (await measure(port, version))[direction];
        let failed = 0;
        for (let from = 0; from < size; from += AT_ONCE) {
          const outcomes = await Promise.all(
            Array.from({ length: Math.min(AT_ONCE, size - from) }, (_, i) =>
              attempt(port, direction, spoil(from + i), version),
            ),
          );
          for (const outcome of outcomes) if (outcome !== 'secure') failed++;
        }
        // The last bytes come after the client has accepted the server.
        assert.ok(failed > size / 4, `${failed} of ${size}`);
        assert.strictEqual(unexpected, 0);
        assert.strictEqual(String(await collect(connect())), '');
      });
    }
  }
}
