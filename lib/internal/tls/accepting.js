'use strict';
// A connection that a tls.Server accepted, while its handshake runs. Its TLSSocket is made when
// somebody is told of it; the plain socket below, which only listeners of `connection` see, never.
const native = binding('tls');
const { on, own } = require('internal/net/handles');
const { keepAsServer } = require('internal/net/socket_properties');
const { encrypt } = require('internal/tls/wrap');
const { fail } = require('internal/tls/socket');

class Accepting {
  /**
   * Starts the handshake.
   * @param {tls.Server} server
   * @param {number} id of the engine's stream
   * @param {number} connectionId
   */
  constructor(server, id, connectionId) {
    this.server = server;
    this.id = id;
    this.connectionId = connectionId;
    own(id, this);
    keepAsServer(id, server);
    const failure = encrypt(id, server._connectionOptions());
    if (failure === undefined) native.start(id);
    else process.nextTick(() => fail(this.socket(), failure));
  }

  /** The TLSSocket, which is the stream's owner from here on. */
  socket() {
    return this.server._socketOf(this.id, this.connectionId);
  }
}

const EVENTS = [
  'secure',
  'tlsError',
  'hello',
  'protocols',
  'psk',
  'serverSession',
  'lookup',
  'keylog',
  'error',
  'end',
  'idle',
];
for (const event of EVENTS)
  Accepting.prototype[on[event]] = function told(a, b) {
    return this.socket()[on[event]](a, b);
  };

module.exports = { Accepting };
