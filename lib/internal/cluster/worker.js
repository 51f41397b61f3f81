'use strict';
// cluster.Worker: one process of a cluster, as its primary and as itself see it.
const EventEmitter = require('events');

class Worker extends EventEmitter {
  /** @param {{id?: number, process: object, state?: string}} [options] process: the other side */
  constructor({ id = 0, process: other, state = 'none' } = {}) {
    super();
    this.exitedAfterDisconnect = undefined;
    this.state = state;
    this.id = id;
    if (other === undefined) return;
    this.process = other;
    other.on('error', (code, signal) => this.emit('error', code, signal));
    other.on('message', (message, handle) => this.emit('message', message, handle));
  }

  send(...args) {
    return this.process.send(...args);
  }
  kill(...args) {
    return this.destroy(...args);
  }
  isDead() {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
  isConnected() {
    return this.process.connected;
  }
}

module.exports = { Worker };
