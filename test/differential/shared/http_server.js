'use strict';
// Servers of programs of facts about http, and what they answer.
const http = require('http');
const { soon } = require('../harness');
const { dial, listen, stable } = require('../peers');

const get = (path = '/', more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

async function serve(t, options, listener, configure = () => {}) {
  const server = http.createServer(options, listener);
  configure(server);
  return { server, port: await listen(t, server) };
}

/** What a server answers to a text, and whether it closed. */
async function answer(t, port, text, wait = 40) {
  const peer = await dial(t, port);
  for (const part of [].concat(text)) {
    peer.send(part);
    await Promise.race([peer.until(/[^]/), soon(400)]);
    await soon(wait);
  }
  const result = [stable(peer.text), peer.ended || peer.socket.destroyed ? 'closed' : 'open'];
  peer.socket.destroy();
  return result;
}

module.exports = { answer, get, serve };
