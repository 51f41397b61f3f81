'use strict';
// Servers and connections for tests, over the transport that SLUICE_TEST_TRANSPORT names, so that
// one suite proves the behaviour of all of them.
const net = require('net');
const { once } = require('events');
const { startServer } = require('./server');

const transport = process.env.SLUICE_TEST_TRANSPORT || 'tcp';

/** What makes a server, and a client, one of this transport. */
const transportOptions = { server: {}, client: {} };
if (transport === 'tls') {
  const { pairOf, ca } = require('./tls');
  transportOptions.server = { tlsOpt: pairOf('server-ec') };
  transportOptions.client = { tlsOpt: { ca: ca(), server: 'localhost' } };
} else if (transport !== 'tcp') throw new Error(`SLUICE_TEST_TRANSPORT=${transport} is none`);

/**
 * A listening server that the test closes at its end, with its connections.
 * @returns {Promise<{server, port, open, connect(options): Socket}>}
 */
async function serve(t, onConnection, options = {}) {
  const server = net.createServer({ ...transportOptions.server, ...options });
  if (onConnection) server.on('connection', onConnection);
  const { port, open } = await startServer(t, server);
  return {
    server,
    port,
    open,
    connect(more = {}, listener) {
      const socket = net.connect(
        { port, host: '127.0.0.1', ...transportOptions.client, ...more },
        listener,
      );
      t.after(() => socket.destroy());
      return socket;
    },
  };
}

/** A connection's two ends: {client, accepted, server, port}. */
async function pair(t, options = {}) {
  const ends = Promise.withResolvers();
  const { server, connect, port } = await serve(t, ends.resolve, options.server);
  const client = connect(options.client);
  const [accepted] = await Promise.all([ends.promise, once(client, 'connect')]);
  return { client, accepted, server, port };
}

/** Everything a stream delivers until its end, as one Buffer. */
function collect(stream) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
  });
}

/** Resolves with the argument of the next `close`. */
function closed(stream) {
  return new Promise((resolve) => stream.once('close', resolve));
}

/** Bytes that repeat only after a long while: a lost or doubled piece shows. */
function pattern(size, seed = 1) {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    words[i] = state;
  }
  return Buffer.from(words.buffer, 0, size);
}

/** Turns the loop until condition() holds. */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

module.exports = { transport, transportOptions, serve, pair, collect, closed, pattern, until };
