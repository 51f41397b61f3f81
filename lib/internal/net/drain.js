'use strict';
// server.drain(): how a server leaves. Load balancers have time to look elsewhere, then it stops to
// accept, and its connections end one after another until the deadline. docs/operate.md
const native = binding('net');
const ledger = binding('ledger');
const { AbortError, codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateNumber,
  validateOneOf,
} = require('internal/errors/validators');
const { all, on } = require('internal/net/handles');
const { validateNames } = require('internal/net/record');
const { kId, kAbove, kCloseCode, kProtocol, kReset } = require('internal/net/socket_fields');

const DEADLINE_MS = 30000;
const SPREAD = 0.8; // of the time until the deadline
const IDLE_MS = 1000; // a connection that was silent for so long has nothing under way
const LINGER_MS = 2000; // how long the peer's end is waited for
const ROUND_MS = 50; // between looks at what has not been written
const LATE_MS = 1000; // how long a sub may take to see that the deadline has passed
const GOLDEN = 0.6180339887498949; // multiples of it, without their integers, lie evenly
const TIMER_MAX = 2 ** 31 - 1;

/** A monotonic clock, in ms. */
const { monotonic } = binding('runtime');

/** The options of drain(), complete. */
function checked(options) {
  validateNames(options, 'options', ['grace', 'jitter', 'deadline', 'close', 'signal']);
  const { grace = 0, deadline = DEADLINE_MS, close = 'end', signal } = options;
  validateNumber(deadline, 'options.deadline', 1, TIMER_MAX);
  validateNumber(grace, 'options.grace', 0, deadline);
  const { jitter = SPREAD * (deadline - grace) } = options;
  validateNumber(jitter, 'options.jitter', 0, deadline - grace);
  validateOneOf(close, 'options.close', ['end', 'reset']);
  if (signal !== undefined) validateAbortSignal(signal, 'options.signal');
  return { grace, jitter, deadline, close, signal };
}

/** Where in the time of the spread a connection has its turn, from 0 to 1. */
const placeOf = (id) => (id * GOLDEN) % 1;

/** The socket that the program has, where an encrypted one took the stream over. */
function topOf(socket) {
  while (socket[kAbove] !== undefined) socket = socket[kAbove];
  return socket;
}

/**
 * Ends a connection so that nothing under way is lost: the own end is told, and what the peer
 * still sends is read until its end.
 */
function endWithCare(socket) {
  ledger.note(socket[kId], 'drain');
  socket.end();
  if (socket.readableFlowing === null) socket.resume();
}

class Drain {
  #server;
  #group; // the name of the server's group
  #options;
  #began = monotonic();
  #from = 0; // when the spread began; 0: not yet
  #end; // when the deadline is
  #patience; // until when headers of a proxy may still come
  #turns = []; // {socket, due, state, patience}, the next one last
  #seen = new WeakSet();
  #timers = {};
  #counts = [0, 0, 0]; // ended by themselves, by this, by the deadline
  #result = Promise.withResolvers();
  #over = false;

  /**
   * @param {net.Server} server
   * @param {object} options as checked() returns them
   * @param {boolean} [told] whether a master leads: the end of the server follows by itself
   */
  constructor(server, options, told = false) {
    this.#server = server;
    this.#group = server.groupName?.group ?? '';
    this.#options = options;
    this.#end = this.#began + options.deadline;
    this.#result.promise.catch(() => {}); // whoever asked has a promise of its own
    server.once('close', this.#onClose);
    options.signal?.addEventListener(
      'abort',
      this.#onAbort,
      require('internal/base/abort').onAbort,
    );
    this.#start('deadline', () => this.#force(), options.deadline);
    ledger.draining(this.#group, true);
    if (told) this.#spread();
    else if (server.listening) this.#start('grace', () => this.#leave(), options.grace);
    else this.#spread();
  }

  /** Resolves with {closed, ended, forced, ms}. */
  get promise() {
    return this.#result.promise;
  }
  /** How many connections ended by themselves, by the drain, and by the deadline. */
  get counts() {
    return this.#counts;
  }
  /** Adds what others counted. */
  add(counts) {
    this.#counts = this.#counts.map((count, i) => count + counts[i]);
  }
  /** ms until the deadline. */
  get left() {
    return Math.max(1, Math.ceil(this.#end - monotonic()));
  }

  /** Asked for again: the deadline may only come nearer. */
  hasten({ deadline, jitter, close }) {
    const now = monotonic();
    if (now + deadline >= this.#end) return;
    this.#end = now + deadline;
    this.#start('deadline', () => this.#force(), deadline);
    Object.assign(this.#options, { close, jitter: Math.min(jitter, this.#options.jitter) });
    if (this.#from === 0) {
      const rest = Math.max(0, this.#options.grace - (now - this.#began));
      this.#start('grace', () => this.#leave(), Math.min(rest, Math.max(0, deadline - jitter)));
      return;
    }
    const factor = jitter / Math.max(1, this.#turns[0]?.due - now || 1);
    if (factor < 1)
      for (const turn of this.#turns) turn.due = now + Math.max(0, turn.due - now) * factor;
    for (const turn of this.#turns) {
      if (turn.state !== 'told') continue;
      turn.patience = undefined;
      turn.due = Math.min(turn.due, now);
    }
    this.#turns.sort((a, b) => b.due - a.due);
    this.#server._hastenMembers?.(this);
    this.#wait();
  }

  /** What a member of the group is told. */
  orders() {
    const { jitter, close } = this.#options;
    return { grace: 0, jitter: Math.min(jitter, this.left), deadline: this.left, close };
  }

  /** The server has a connection more. */
  accepted(socket) {
    if (this.#from === 0 || !this.#isNew(socket)) return;
    this.#put(this.#turnOf(socket, monotonic()));
    this.#wait(); // the program has no socket yet that could tell it of goaway
  }

  /** The server has one less. */
  closed(socket) {
    if (this.#from === 0) return;
    const name = codeName(socket);
    this.#counts[name === 'drain' ? 1 : name === 'drain-deadline' ? 2 : 0]++;
    this.#server._countDrained?.(this.#counts);
  }

  // ---- Its parts, in their order

  // Load balancers have had their time.
  #leave() {
    const server = this.#server;
    native.takeWaiting(server._listenerId());
    if (this.#over || this.#from > 0) return; // a listener of a connection closed the server
    // The other half of the time is for who has come.
    const now = monotonic();
    this.#patience ??= (now + this.#end) / 2;
    const late = now >= Math.min(this.#patience, this.#end);
    if (!late && server.proxy && binding('proxy').awaited(server._listenerId()) > 0) {
      this.#start('grace', () => this.#leave(), ROUND_MS);
      return;
    }
    this.#spread();
    server._drainMembers?.(this);
    server._stop();
  }

  #spread() {
    this.#from = monotonic();
    for (const owner of all())
      if (belongs(owner, this.#server) && isSocket(owner) && this.#isNew(owner))
        this.#turns.push(this.#turnOf(owner, this.#from));
    this.#turns.sort((a, b) => b.due - a.due);
    this.#wait(); // what listeners of goaway do, throw for one, holds nothing up
  }

  #isNew(socket) {
    if (this.#seen.has(socket)) return false;
    this.#seen.add(socket);
    return true;
  }

  #turnOf(socket, now) {
    const rest = Math.max(0, this.#from + this.#options.jitter - now);
    return { socket, due: now + placeOf(socket.id) * rest, state: 'waits' };
  }

  // What is due soon is at the end.
  #put(turn) {
    let low = 0;
    let high = this.#turns.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#turns[middle].due >= turn.due) low = middle + 1;
      else high = middle;
    }
    this.#turns.splice(low, 0, turn);
  }

  #tick() {
    if (this.#over) return;
    const now = monotonic();
    try {
      while (this.#turns.length > 0 && this.#turns.at(-1).due <= now && !this.#over)
        this.#take(this.#turns.pop(), now);
    } finally {
      this.#wait();
    }
  }

  // Until the next one is due.
  #wait() {
    if (this.#over || this.#turns.length === 0) return;
    const ms = Math.ceil(this.#turns.at(-1).due - monotonic());
    this.#start('turn', () => this.#tick(), Math.max(1, ms));
  }

  #take(turn, now) {
    const socket = topOf(turn.socket);
    if (socket.destroyed || socket[kId] === 0) return;
    const again = (after) => {
      turn.due = now + after;
      this.#put(turn);
    };
    if (turn.state === 'waits') {
      if (socket.secureConnecting) return again(ROUND_MS); // the program does not have it yet
      turn.state = 'told';
      const deadline = Math.max(0, Math.round(this.#end - turn.due));
      if (socket.emit('goaway', { deadline })) return; // the protocol ends it
    }
    if (turn.state === 'told') {
      if (this.#options.close === 'reset') {
        ledger.note(socket[kId], 'drain');
        socket.resetAndDestroy();
        return;
      }
      const protocol = socket[kProtocol];
      if (protocol?.leave()) return again(ROUND_MS);
      // Whoever was promised more silence has it, for half of the time at most.
      turn.patience ??= (now + this.#end) / 2;
      const promised = now < turn.patience ? (protocol?.promised ?? 0) : 0;
      const rest = Math.max(IDLE_MS, promised) - ledger.quiet(socket[kId]);
      if (rest > 0)
        return again(promised > 0 ? Math.min(rest, Math.max(ROUND_MS, turn.patience - now)) : rest);
      turn.state = 'ended';
      endWithCare(socket);
      return again(LINGER_MS);
    }
    if (socket.writableFinished) socket.destroy();
    else again(ROUND_MS);
  }

  // The deadline has come.
  #force() {
    this.#turns = [];
    if (this.#from === 0) this.#leave();
    for (const owner of all()) if (belongs(owner, this.#server)) cut(owner);
    this.#server._endMembers?.(this, LATE_MS);
  }

  // ---- The end

  #onClose = () => {
    this.#stop();
    const [closed, ended, forced] = this.#counts;
    this.#result.resolve({ closed, ended, forced, ms: Math.round(monotonic() - this.#began) });
  };

  // Before the server left, it goes on as if nothing had been; later as after close().
  #onAbort = () => {
    this.giveUp();
    if (this.#from > 0) this.#server._giveUpMembers?.();
  };

  /** The drain ends, and not the server's connections. */
  giveUp() {
    this.#stop();
    this.#server.off('close', this.#onClose);
    this.#result.reject(new AbortError(undefined, { cause: this.#options.signal?.reason }));
  }

  #stop() {
    this.#over = true;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    ledger.draining(this.#group, false);
    this.#server._drain = null;
    this.#server._health?.update();
  }

  #start(name, fn, ms) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(fn, ms);
  }
}

// Encrypted sockets over another's stream know the server by one name, all others by the other.
const belongs = (owner, server) => owner._server === server || owner.server === server;
const isSocket = (owner) => typeof owner.resetAndDestroy === 'function';

function cut(owner) {
  if (isSocket(owner)) {
    if (owner[kId] !== 0) ledger.note(owner[kId], 'drain-deadline');
    owner[kReset] = true;
    owner.destroy();
  } else if (owner.id !== undefined) {
    // Its handshake goes on.
    ledger.note(owner.id, 'drain-deadline');
    if (typeof owner.socket === 'function') cut(owner.socket());
    else owner[on.tlsError]();
  }
}

function codeName(socket) {
  if (socket === undefined) return '';
  const top = topOf(socket);
  return top[kCloseCode] === undefined ? '' : JSON.parse(ledger.reasonOf(top[kCloseCode])).code;
}

/**
 * Has a server leave.
 * @param {net.Server} server
 * @param {object} [options] of drain()
 * @returns {Promise<{closed: number, ended: number, forced: number, ms: number}>}
 */
async function drain(server, options = {}) {
  const complete = checked(options);
  complete.signal?.throwIfAborted();
  if (server._drain !== null) {
    server._drain.hasten(complete);
    return unlessAborted(server._drain.promise, complete.signal);
  }
  if (!server.listening && server._connections === 0) throw new codes.ERR_SERVER_NOT_RUNNING();
  server._drain = new Drain(server, complete);
  server._health?.update();
  return server._drain.promise;
}

/** A promise, or a rejection by a signal: who asks once more waits for what another began. */
function unlessAborted(promise, signal) {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers();
  const onAbort = () => reject(new AbortError(undefined, { cause: signal.reason }));
  signal.addEventListener('abort', onAbort, require('internal/base/abort').onAbort);
  return Promise.race([promise, aborted]).finally(() => {
    signal.removeEventListener('abort', onAbort);
  });
}

/** Has a server leave because the process ends. */
async function leave(server, options) {
  try {
    await drain(server, options);
  } catch {
    // It has left already.
  } finally {
    native.left();
  }
}

module.exports = { Drain, drain, leave };
