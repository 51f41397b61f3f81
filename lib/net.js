'use strict';
// The module net: TCP and Unix clients and servers. docs/api/net.md
const native = binding('net');
const { validateBoolean, validateInt32 } = require('internal/errors/validators');
const channels = require('internal/base/channels');
const { defineMade } = require('internal/base/lazy');
const defaults = require('internal/net/defaults');
const { normalizeConnect } = require('internal/net/options');
const { Socket } = require('internal/net/socket');

/**
 * Makes a socket and connects it. Forms: (options[, cb]), (port[, host][, cb]), (path[, cb]),
 * (saddr[, tlsOpt][, cb]).
 * @returns {Socket} not connected yet
 */
function connect(...args) {
  const normalized = normalizeConnect(args);
  const [options] = normalized;
  const socket = new Socket(options);
  channels.publish?.('net.client.socket', { socket });
  // Its signal may be aborted already.
  return socket.destroyed ? socket : Socket.prototype.connect.call(socket, normalized);
}

/**
 * Makes a server. (group, subs[, subMode][, saddr[, tlsOpt]]): the page's form, told by the
 * string; ([options][, listener]): Node's.
 * @returns {Server} not listening yet
 */
function createServer(...args) {
  if (typeof args[0] === 'string') return require('internal/net/group/page').createGroup(args);
  const { Server } = require('internal/net/server');
  return new Server(args[0], args[1]);
}

/**
 * Makes the server of a sub task, for a sub module of its own.
 * @param {string} group the master's
 */
function createSubServer(group) {
  return require('internal/net/group/page').createSubServer(group);
}

/** 4 or 6 if input, as a string, is an IP literal, else 0. Never throws. */
function isIP(input) {
  if (typeof input === 'string') return native.isIP(input);
  try {
    return native.isIP(`${input}`);
  } catch {
    return 0;
  }
}

/**
 * The sockets that a service manager started this process with (sd_listen_fds(3)), in its order.
 * @returns {{name: string, fd: number, address: object|string|null}[]}
 */
function activated() {
  return require('internal/net/service').activated();
}

module.exports = {
  Socket,
  Stream: Socket,
  activated,
  connect,
  createConnection: connect,
  createServer,
  createSubServer,
  isIP,
  isIPv4: (input) => isIP(input) === 4,
  isIPv6: (input) => isIP(input) === 6,
  getDefaultAutoSelectFamily: () => defaults.autoSelectFamily,
  setDefaultAutoSelectFamily(value) {
    validateBoolean(value, 'value');
    defaults.autoSelectFamily = value;
  },
  getDefaultAutoSelectFamilyAttemptTimeout: () => defaults.attemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout(value) {
    validateInt32(value, 'value', 1);
    defaults.attemptTimeout = Math.max(value, 10);
  },
};

// Clients alone do not load them.
defineMade(module.exports, ['promises'], () => require('net/promises'));
defineMade(module.exports, ['Server'], () => require('internal/net/server').Server);

for (const [name, module_] of [
  ['BlockList', 'internal/net/blocklist'],
  ['BoundSocket', 'internal/net/bound_socket'],
  ['SocketAddress', 'internal/net/socketaddress'],
]) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => require(module_)[name],
  });
}
