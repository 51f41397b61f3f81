'use strict';
// Servers and raw connections for the tests of http.
const http = require('http');
const net = require('net');
const { once } = require('events');

/** Starts a server that ends with the test; returns it and its port. */
async function serve(t, options, listener) {
  const server = http.createServer(options, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { server, port: server.address().port };
}

/**
 * Sends text in parts of a size, and returns all that comes back until the connection ends. Of a list each text
 * goes when something came back of the one before.
 */
function exchange(port, text, size = Infinity) {
  return new Promise((resolve, reject) => {
    const [first, ...further] = [].concat(text);
    const bytes = Buffer.from(first, 'latin1');
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (part) => {
      answer += part;
      if (further.length > 0) socket.write(further.shift(), 'latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
    for (let i = 0; i < bytes.length; i += size) socket.write(bytes.subarray(i, i + size));
  });
}

/** A server of net that answers each connection with fixed text, and ends it if asked to. */
async function answerWith(t, text, { end = true } = {}) {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => (end ? socket.end(text, 'latin1') : socket.write(text, 'latin1')));
    t.after(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server.address().port;
}

/** Sends a request; returns the response and its text. */
function fetch(options, body) {
  return new Promise((resolve, reject) => {
    const req = http.request({ host: '127.0.0.1', ...options }, (res) => {
      let text = '';
      res.setEncoding('latin1');
      res.on('data', (part) => (text += part));
      res.on('error', reject);
      res.on('end', () => resolve({ req, res, text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}

module.exports = { answerWith, exchange, fetch, serve };
