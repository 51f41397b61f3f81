'use strict';
// Keys, servers and connections of programs of facts about TLS.
const fs = require('fs');
const path = require('path');
const tls = require('tls');
const { listen } = require('../peers');

const KEYS = process.env.SLUICE_TEST_KEYS ?? path.join(__dirname, '../../../build/test-keys');

const key = (name) => fs.readFileSync(path.join(KEYS, name), 'latin1');

const pairOf = (name) => ({ cert: key(`${name}.pem`), key: key(`${name}.key`) });

const ca = key('ca.pem');

const told = (error) => error && [error.name, error.code?.replace('SSLV3_ALERT', 'SSL/TLS_ALERT')];

async function serve(t, options, listener = (socket) => socket.on('error', () => {})) {
  const server = tls.createServer({ ...pairOf('server'), ...options }, listener);
  return { server, port: await listen(t, server) };
}

function dial(t, port, options) {
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...options });
  t.after(() => socket.destroy());
  return socket;
}

module.exports = { ca, dial, key, pairOf, serve, told };
