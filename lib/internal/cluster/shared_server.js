'use strict';
// A listening socket that a primary shares with its workers: it hands them connections in turn, or
// lets them accept by themselves.
const net = require('net');
const native = binding('net');
const { on } = require('internal/net/handles');
const { kId } = require('internal/net/server');
const { Descriptor } = require('internal/child/passing');

class SharedServer {
  #key;
  #server;
  #turns; // connections are handed out, one worker after the other
  #members = []; // peers of the workers that listen, who is next first
  #waiting = []; // what to call once it listens, or cannot

  /** @param {object} options of listen() @param {boolean} turns @param {() => void} ended */
  constructor(key, options, turns, ended) {
    this.#key = key;
    this.#turns = turns;
    this.#server = new net.Server();
    this.#server._shared = true;
    this.#server[on.accept] = (id) => this.#give(id);
    this.#server.once('error', (error) => {
      ended();
      this.#tell({ errno: error.errno });
    });
    this.#server.once('close', ended);
    this.#server.listen({ ...options, exclusive: true }, () => {
      // What is on its way to a worker is no connection of the program here.
      native.countAs(this.#server[kId], 'cluster');
      if (!turns) native.accepting(this.#server[kId], false);
      this.#tell({});
    });
  }

  #tell(result) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const one of waiting) one(result);
  }

  /** A worker wants to listen. @param {(result: object, descriptor?: Descriptor) => void} answer */
  add(peer, answer) {
    if (this.#waiting !== undefined) {
      this.#waiting.push((result) =>
        result.errno === undefined ? this.add(peer, answer) : answer(result),
      );
      return;
    }
    const descriptor = new Descriptor(native.descriptor(this.#server[kId]));
    answer({ turns: this.#turns }, descriptor);
    this.#members.push(peer);
  }

  /** A worker listens no more; the last one ends it. */
  remove(peer) {
    const index = this.#members.indexOf(peer);
    if (index < 0) return;
    this.#members.splice(index, 1);
    if (this.#members.length === 0) this.#server.close();
  }

  // The connection stays here until a worker has it.
  #give(id) {
    const peer = this.#members.shift();
    if (peer === undefined) {
      native.close(id, false);
      return;
    }
    this.#members.push(peer);
    const descriptor = new Descriptor(native.descriptor(id));
    peer.send({ act: 'connection', key: this.#key }, descriptor, (answer) => {
      if (answer?.accepted) native.close(id, false, 'moved');
      else if (answer === undefined) {
        this.remove(peer);
        this.#give(id);
      } else this.#give(id);
    });
  }
}

module.exports = { SharedServer };
