'use strict';
// Keys for tests, which make-keys.sh made, and encrypted connections.
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const { startServer } = require('./server');

const folder =
  process.env.SLUICE_TEST_KEYS || path.join(path.dirname(process.execPath), 'test-keys');

/** The content of a file of the folder of keys, as text. */
const key = (file) => fs.readFileSync(path.join(folder, file), 'latin1');

/** {cert, key} of a name in make-keys.sh. */
const pairOf = (name) => ({ cert: key(`${name}.pem`), key: key(`${name}.key`) });

const ca = () => key('ca.pem');

/**
 * A TLS server on a port of its own that the test closes at its end, with its connections.
 * @returns {Promise<{server, port, connect(options): TLSSocket}>}
 */
async function serveTls(t, options, onConnection) {
  const server = tls.createServer({ ...pairOf('server'), ...options }, onConnection);
  // With such a listener connections have a plain socket below.
  if (process.env.SLUICE_TEST_PLAIN_BELOW) server.on('connection', () => {});
  const { port } = await startServer(t, server);
  return {
    server,
    port,
    connect(more = {}) {
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca: ca(),
        ...more,
      });
      t.after(() => socket.destroy());
      return socket;
    },
  };
}

module.exports = { folder, key, pairOf, ca, serveTls };
