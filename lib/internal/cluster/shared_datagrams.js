'use strict';
// A bound UDP socket that a primary shares with its workers: what arrives goes to one that reads.
const native = binding('dgram');
const { Descriptor } = require('internal/child/passing');

class SharedDatagrams {
  #id;
  #result; // of binding: 0 or a negative errno value
  #members = []; // peers of the workers that have it
  #ended;

  /**
   * @param {{ family: number, flags: boolean[], ip: string, port: number }} options
   * @param {() => void} ended
   */
  constructor({ family, flags, ip, port }, ended) {
    this.#ended = ended;
    this.#id = native.open(family, ...flags, () => {});
    this.#result = this.#id < 0 ? this.#id : native.bind(this.#id, ip, port);
    if (this.#id >= 0) native.setRef(this.#id, false);
  }

  /** A worker binds. @param {(result: object, descriptor?: Descriptor) => void} answer */
  add(peer, answer) {
    this.#members.push(peer);
    if (this.#result < 0) {
      answer({ errno: this.#result });
      this.remove(peer);
    } else {
      answer({}, new Descriptor(native.descriptor(this.#id)));
    }
  }

  /** A worker has closed its socket; the last one ends it. */
  remove(peer) {
    const index = this.#members.indexOf(peer);
    if (index < 0) return;
    this.#members.splice(index, 1);
    if (this.#members.length > 0) return;
    if (this.#id >= 0) native.close(this.#id);
    this.#ended();
  }
}

module.exports = { SharedDatagrams };
