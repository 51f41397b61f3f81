'use strict';
// What must hold of every socket, whatever the network does.
const sim = require('sim');

/** Bytes at..at+size of the stream that key names: each depends on its place. */
function pattern(key, at, size) {
  const bytes = Buffer.allocUnsafe(size);
  for (let i = 0; i < size; i++) {
    const place = at + i;
    bytes[i] = (key * 31 + place * 7 + (place >>> 8) * 13 + (place >>> 16)) & 0xff;
  }
  return bytes;
}

/** Claims that what is read is the stream of a key, from its beginning, without a gap. */
class Reader {
  at = 0;
  constructor(key) {
    this.key = key;
  }
  take(chunk) {
    sim.always(
      chunk.equals(pattern(this.key, this.at, chunk.length)),
      'bytes arrive once and in order',
    );
    this.at += chunk.length;
  }
}

const open = new Set();
process.on('exit', (code) => {
  if (code === 0) sim.always(open.size === 0, 'every socket has closed at the end');
});

/** Counts a socket's events, and claims their order and number. */
class Watched {
  ends = 0;
  closes = 0;
  errors = 0;
  waiting = false; // for drain
  asked = 0; // writes
  answered = 0; // their callbacks
  failed = false;
  /** @param {boolean} [piped] a pipe writes to it and reads from it */
  constructor(socket, piped = false) {
    this.socket = socket;
    open.add(this);
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        sim.always(++this.closes === 1, 'close comes once');
        open.delete(this);
        // Callbacks of writes come before close, or right after it.
        setTimeout(() => {
          sim.always(this.answered === this.asked, 'every write is answered');
          sim.always(!this.waiting || this.failed || socket.destroyed, 'drain follows a false');
        });
        resolve(this);
      });
    });
    socket.on('end', () => {
      sim.always(++this.ends === 1 && this.closes === 0, 'end comes once, before close');
    });
    socket.on('error', (error) => {
      this.failed = true;
      this.error = error;
      sim.always(++this.errors === 1 && this.closes === 0, 'an error comes once, before close');
    });
    // What is piped may go past the program, unless it listens.
    if (!piped)
      socket.on('data', () => {
        sim.always(this.ends === 0 && this.closes === 0, 'no data comes after the end');
      });
    socket.on('drain', () => {
      sim.always(this.waiting || piped, 'drain comes once after a false');
      this.waiting = false;
      this.onDrain?.();
    });
  }
  /** Returns what write() does. */
  write(data) {
    const number = this.asked++;
    const ok = this.socket.write(data, () => {
      sim.always(number === this.answered++, 'writes are answered in order');
    });
    if (!ok) this.waiting = true;
    return ok;
  }
}

const roll = (limit) => Math.floor(Math.random() * limit);

/**
 * Sends total bytes of a stream in chunks of many sizes, as backpressure allows or, now and then,
 * without regard to it; then calls done.
 */
function sendAll(watched, key, total, done) {
  let at = 0;
  const rude = roll(4) === 0;
  const next = () => {
    while (at < total) {
      if (watched.socket.destroyed) return;
      const size = Math.min(total - at, roll(3) === 0 ? 1 + roll(40_000) : 1 + roll(300));
      const ok = watched.write(pattern(key, at, size));
      at += size;
      if (!ok && !rude) {
        watched.onDrain = next;
        return;
      }
    }
    watched.onDrain = undefined;
    done();
  };
  next();
}

/** Claims that at its end the program has no more descriptors than now. */
function noDescriptorsLeft() {
  const before = sim.descriptors();
  process.on('exit', (code) => {
    if (code !== 0) return; // an error that a line before this one tells
    sim.always(sim.descriptors() <= before, 'no descriptor is left');
  });
}

// Nobody listens any more where so many connections in a row are refused: no fault does that.
const GONE = 20;

/** Tries again until attempt() resolves, or the server has gone; pauses grow. */
async function persist(attempt) {
  let refused = 0;
  for (let pause = 50; ; pause = Math.min(pause * 2, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      refused = error.code === 'ECONNREFUSED' ? refused + 1 : 0;
      if (refused === GONE) return undefined;
      await new Promise((resolve) => setTimeout(resolve, pause + roll(50)));
    }
  }
}

/** Listens, again and again where that fails. */
function listen(server, port) {
  server.on('error', () => setTimeout(() => server.listen(port), 100));
  server.listen(port);
}

// What ends connections, or keeps them from being made.
const BREAKING = ['queue', 'refused', 'rst', 'forget', 'fin', 'cut', 'oneway', 'emfile', 'enobufs'];
const ENDING = ['dns', 'task', 'kill', 'crash'];

/** Whether faults may break a connection that begins now. */
function mayBreak() {
  const faults = sim.faults();
  return [...BREAKING, ...ENDING].some((name) => faults[name] > 0);
}

/** Whether faults may silence a connection that begins now: nobody hears that it is broken. */
function maySilence() {
  const faults = sim.faults();
  const silencing = ['forget', 'cut', 'oneway', 'crash', 'clock'];
  return silencing.some((name) => faults[name] > 0) || faults.bandwidth < 200_000;
}

/** Destroys a socket that has been idle for so long, which is claimed to have a reason. */
function endIdle(socket, ms) {
  const excused = maySilence();
  socket.setTimeout(ms, () => {
    sim.always(excused, 'a connection is idle only where it may be silent');
    socket.destroy();
  });
}

/** Waits until nothing breaks connections, and everything that a fault ended is back. */
async function untilQuiet() {
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  while (mayBreak()) await wait(1000);
  await wait(10_000);
}

module.exports = {
  Reader,
  Watched,
  endIdle,
  listen,
  mayBreak,
  noDescriptorsLeft,
  pattern,
  persist,
  roll,
  sendAll,
  untilQuiet,
};
