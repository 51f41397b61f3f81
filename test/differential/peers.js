'use strict';
// Servers and clients for programs of facts.
const net = require('net');

/** Listens on a free port of 127.0.0.1 until the program has ended. @returns {Promise<number>} */
async function listen(t, server) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

/** A plain connection that gathers what arrives as text. */
class Peer {
  constructor(socket) {
    this.socket = socket;
    this.text = '';
    this.waiting = [];
    this.ended = false;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      this.text += text;
      this.#look();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#look();
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#look());
  }

  #look() {
    this.waiting = this.waiting.filter(({ pattern, resolve }) => {
      if (!pattern.test(this.text) && !this.ended && !this.socket.destroyed) return true;
      resolve(this.text);
      return false;
    });
  }

  /** Resolves with the text so far when it has the pattern, or when the connection has ended. */
  until(pattern) {
    return new Promise((resolve) => {
      this.waiting.push({ pattern, resolve });
      this.#look();
    });
  }

  send(text) {
    this.socket.write(text, 'latin1');
    return this;
  }
}

/** A plain client. */
async function dial(t, port) {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  t.after(() => socket.destroy());
  const peer = new Peer(socket);
  await new Promise((resolve) => socket.once('connect', resolve));
  return peer;
}

/**
 * A plain server; accept(peer, number) is called with each connection.
 * @returns {Promise<number>} its port
 */
function accept(t, onPeer) {
  let number = 0;
  const server = net.createServer({ allowHalfOpen: true }, (socket) =>
    onPeer(new Peer(socket), ++number),
  );
  return listen(t, server);
}

/** Text of a message without what differs from run to run. */
const stable = (text) =>
  text
    .replace(/Date: [^\r]*/g, 'Date: …')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replace(/localhost:\d+/g, 'localhost:…');

module.exports = { listen, dial, accept, stable };
