'use strict';
// Both ends of an echo over any stream, and what stands between.
const sim = require('sim');
const { setTimeout: wait } = require('timers/promises');
const {
  Reader,
  Watched,
  endIdle,
  mayBreak,
  noDescriptorsLeft,
  persist,
  roll,
  sendAll,
  untilQuiet,
} = require('./claims');

const IDLE_MS = 40_000;
const BYE = 0xff; // the first byte of a connection that ends the server; streams have keys below
const KEYS = 200;

/** Echoes by hand, with pauses; the first byte of a stream is its key. */
function echo(socket, onBye) {
  const watched = new Watched(socket);
  endIdle(socket, IDLE_MS);
  let key = -1;
  let reader;
  socket.on('data', (chunk) => {
    let rest = chunk;
    if (key < 0) {
      [key] = chunk;
      if (key === BYE) {
        socket.end();
        onBye();
        return;
      }
      reader = new Reader(key);
      rest = chunk.subarray(1);
    }
    if (rest.length === 0 || key === BYE) return;
    reader.take(rest);
    if (!watched.write(rest)) {
      socket.pause();
      watched.onDrain = () => socket.resume();
    } else if (roll(20) === 0) {
      socket.pause();
      setTimeout(() => socket.resume(), roll(50));
    }
  });
  socket.on('end', () => socket.end());
  return watched;
}

/**
 * One exchange over a connection that connect() begins; rejects if it breaks.
 * @param {() => import('net').Socket} connect
 * @param {boolean} unbroken  whether nothing may break it
 */
function exchange(connect, unbroken) {
  const key = roll(KEYS);
  const total = 1 + roll(roll(4) === 0 ? 300_000 : 20_000);
  const reader = new Reader(key);
  let connected = false;
  const socket = connect();
  socket.on('connect', () => (connected = true));
  const watched = new Watched(socket);
  endIdle(socket, IDLE_MS);
  socket.on('data', (chunk) => reader.take(chunk));
  watched.write(Buffer.of(key));
  sendAll(watched, key, total, () => socket.end());
  return watched.closed.then(() => {
    const whole = watched.errors === 0 && watched.ends === 1;
    sim.always(!whole || reader.at <= total, 'no byte is made up');
    const complete = whole && reader.at === total;
    sim.always(complete || !unbroken || !connected, 'what nothing breaks is complete');
    if (!complete) throw watched.error ?? new Error('cut short');
    sim.reachable('an exchange is whole');
  });
}

// pipe() destroys neither end when the other breaks: close() does. What still comes from an end whose
// other one has closed goes nowhere.
function join(from, to) {
  from.pipe(to);
  from.on('close', () => {
    if (from.readableEnded && to.readableEnded) to.end();
    else to.destroy();
  });
}

/** Pipes both ways between a client's socket and the one to the server. */
function passOn(socket, upstream) {
  for (const end of [socket, upstream]) {
    new Watched(end, true);
    endIdle(end, IDLE_MS);
  }
  join(socket, upstream);
  join(upstream, socket);
}

/** Some exchanges, at once and one after the other, then the end of the server. */
async function exchanges(connect) {
  const some = (unbroken) =>
    Promise.all(
      Array.from({ length: 1 + roll(3) }, () => persist(() => exchange(connect, unbroken))),
    );
  const unbroken = !mayBreak();
  for (let round = 0; round < 2; round++) await some(unbroken);
  if (!unbroken) {
    await untilQuiet();
    await some(true);
  }
  await persist(() => bye(connect));
}

/** Exchanges with pauses of up to so many ms, while servers drain and return; the last one is whole. */
async function throughDrains(connect, pause) {
  noDescriptorsLeft();
  const some = (unbroken) =>
    Promise.all(
      Array.from({ length: 1 + roll(4) }, () => persist(() => exchange(connect, unbroken))),
    );
  while (mayBreak() || performance.now() < 70_000) {
    await some(false);
    await wait(roll(pause));
  }
  await untilQuiet();
  // The last drain may still be on its way.
  await wait(100_000);
  await some(false);
  await persist(() => exchange(connect, true));
}

// The end of the server.
const bye = (connect) =>
  new Promise((resolve, reject) => {
    const socket = connect();
    let cause = new Error('no end');
    endIdle(socket, IDLE_MS);
    socket.on('error', (error) => {
      cause = error;
    });
    socket.on('end', resolve);
    socket.on('data', () => {});
    socket.on('close', () => reject(cause));
    socket.write(Buffer.of(BYE));
  });

module.exports = { BYE, IDLE_MS, echo, exchange, exchanges, passOn, throughDrains };
