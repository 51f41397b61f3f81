'use strict';
// net.promises, and the connections of a server one after another.
const EventEmitter = require('events');
const { validateAbortSignal, validateObject } = require('internal/errors/validators');

/** Resolves with a socket that is connected. Its arguments are those of net.connect(). */
async function connect(...args) {
  const socket = require('net').connect(...args);
  try {
    await EventEmitter.once(socket, 'connect');
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

/**
 * Resolves with a server that listens.
 * @param {object} [options] of net.createServer() and of listen(), and connectionListener
 */
async function listen(options = {}) {
  validateObject(options, 'options');
  const { connectionListener, ...rest } = options;
  const { signal } = rest;
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  signal?.throwIfAborted();
  const server = require('net').createServer(rest, connectionListener);
  server.listen(rest);
  try {
    await EventEmitter.once(server, 'listening', { signal });
  } catch (error) {
    server.close();
    throw error;
  }
  return server;
}

/** @returns {AsyncGenerator<Socket>} */
async function* connectionsOf(server) {
  const waiting = new Set();
  const wait = (socket) => waiting.add(socket);
  server.on('connection', wait);
  try {
    for await (const [socket] of EventEmitter.on(server, 'connection', { close: ['close'] })) {
      waiting.delete(socket);
      yield socket;
    }
  } finally {
    server.off('connection', wait);
    // Those that came while nobody asked, and that nobody else has.
    if (server.listenerCount('connection') === 0) for (const socket of waiting) socket.destroy();
  }
}

module.exports = { connect, connectionsOf, listen };
