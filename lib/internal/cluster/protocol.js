'use strict';
// What the processes of a cluster tell each other over their channel: messages that name an act, and
// answers to them.

const CMD = 'NODE_CLUSTER';

/** One side's end: other is a ChildProcess, or process itself. */
class Peer {
  #other;
  #acts;
  #takes;
  #answers = new Map(); // number of a question → callback
  #next = 0;

  /**
   * @param {Record<string, (message: object, fd: number|undefined) => object|void>} acts
   * @param {boolean} takes whether descriptors come from there
   */
  constructor(other, acts, takes) {
    this.#other = other;
    this.#acts = acts;
    this.#takes = takes;
    other.on('internalMessage', (message, fd) => {
      if (message.cmd === CMD) this.#received(message, fd);
    });
    other.once('disconnect', () => {
      for (const answer of this.#answers.values()) answer(undefined);
      this.#answers.clear();
    });
  }

  // Whatever the other side sends: acts are those that are known, and no descriptor is left over.
  #received(message, fd) {
    if (!this.#takes && typeof fd === 'number') binding('channel').discard(fd);
    if (message.ack !== undefined) {
      const answer = this.#answers.get(message.ack);
      this.#answers.delete(message.ack);
      answer?.(message, fd);
      return;
    }
    if (Object.hasOwn(this.#acts, message.act)) this.#acts[message.act](message, fd);
  }

  /**
   * Sends a message; answer(message, fd) follows once, without a message if the other side is gone.
   * @param {object} message
   * @param {import('internal/child/passing').Descriptor} [descriptor]
   * @param {(message: object | undefined, fd: number | undefined) => void} [answer]
   */
  send(message, descriptor, answer) {
    if (!this.#other.connected) {
      if (answer !== undefined) process.nextTick(answer, undefined);
      return;
    }
    const whole = { ...message, cmd: CMD };
    if (answer !== undefined) {
      whole.seq = ++this.#next;
      this.#answers.set(whole.seq, answer);
    }
    this.#other._send(whole, descriptor, { swallowErrors: true });
  }

  /** Answers a message. */
  answer({ seq }, message, descriptor) {
    this.send({ ...message, ack: seq }, descriptor);
  }
}

module.exports = { Peer };
