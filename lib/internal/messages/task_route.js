'use strict';
// The way from a port of this task to one that is, or may go, elsewhere: through an end in the
// engine's layer, where what arrives waits until somebody takes it.
const native = binding('ports');
const { read, write } = require('internal/messages/envelope');

// Who is told of what arrives at an end, by its number: as long as the end is this task's.
const heard = new Map();
native.setDispatch((id) => heard.get(id)?._arrived());

class TaskRoute {
  /**
   * @param {number} id of the end
   * @param {{release: (port: object) => number, adopt: (id: number) => object}} ports how ports
   *     that go along leave and arrive
   */
  constructor(id, ports) {
    this.id = id;
    this.ports = ports;
  }
  /** The port that is told of what arrives. @param {{_arrived: () => void}} port */
  moved(port) {
    heard.set(this.id, port);
  }
  post(value, transfer) {
    native.post(this.id, ...write(value, transfer, this.ports.release));
  }
  /** A function that makes the oldest message; undefined if none waits, null if none will. */
  take() {
    const message = native.take(this.id);
    return message && (() => read(message, this.ports.adopt));
  }
  /** Whether nothing waits and nothing will come. */
  get ended() {
    return native.ended(this.id);
  }
  close() {
    heard.delete(this.id);
    native.close(this.id);
  }
  /** Gives the end away: whoever has the number next has what waits. @returns {number} */
  leave() {
    heard.delete(this.id);
    return this.id;
  }
}

/** The routes of the two ends of a new channel. @returns {TaskRoute[]} */
function between() {
  const { adopt, release } = require('internal/messages/port');
  return native.channel().map((id) => new TaskRoute(id, { adopt, release }));
}

/** Sends a value to nobody: what moves there ends. */
function lose(value, transfer) {
  const [mine, theirs] = between();
  theirs.close();
  try {
    mine.post(value, transfer);
  } finally {
    mine.close();
  }
}

/** A copy of a value, as another task would make it. @param {object[]} transfer what moves to it */
function passed(value, transfer) {
  const [mine, theirs] = between();
  try {
    mine.post(value, transfer);
    return theirs.take()().data;
  } finally {
    theirs.close();
    mine.close();
  }
}

module.exports = { TaskRoute, between, lose, passed };
