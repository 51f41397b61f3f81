'use strict';
// Connector: from the options of connect() to an open connection. It resolves the name, tries the
// addresses (RFC 8305: the next one starts when one fails or is slow, the first that answers
// wins), and gives the winner to its socket.
const native = binding('net');
const { codes, errnoException, exceptionWithHostPort } = require('internal/errors/codes');
const { on, own, close } = require('internal/net/handles');
const defaults = require('internal/net/defaults');
const { kBound, kLocal } = require('internal/net/socket_fields');

class Attempt {
  constructor(connector, address, family) {
    this.connector = connector;
    this.address = address;
    this.family = family;
    this.id = 0;
  }

  [on.connect](errno) {
    const { id } = this;
    this.id = 0;
    if (errno === 0) {
      this.connector.won(this, id);
      return;
    }
    close(id);
    this.connector.lost(this, this.connector.failure(-errno, this.address));
  }

  abandon(cause) {
    if (this.id !== 0) close(this.id, false, cause);
    this.id = 0;
  }
}

class Connector {
  constructor(socket, options, port) {
    this.socket = socket;
    this.options = options;
    this.port = port;
    this.queue = []; // addresses that wait
    this.open = []; // attempts that go on
    this.errors = [];
    this.timer = undefined;
    this.done = false;
  }

  start() {
    const { options } = this;
    if (this.port === undefined) {
      this.attempt(options.path, 0);
      return;
    }
    const host = options.host || 'localhost';
    const literal = native.isIP(host);
    if (literal !== 0) {
      if (options.lookup)
        require('internal/errors/validators').validateFunction(options.lookup, 'options.lookup');
      const begin = () => {
        if (!this.done && !this.blocked(host, literal)) this.attempt(host, literal);
      };
      // Who chose the own end reads it in this turn.
      if (this.socket[kBound] >= 0) begin();
      else process.nextTick(begin);
      return;
    }
    this.resolve(host);
  }

  blocked(address, family) {
    const list = this.options.blockList;
    if (!list?.check(address, `ipv${family}`)) return false;
    this.fail(new codes.ERR_IP_BLOCKED(address));
    return true;
  }

  // ---- Names

  resolve(host) {
    const { options } = this;
    const family = familyNumber(options.family);
    const auto = options.autoSelectFamily ?? defaults.autoSelectFamily;
    const all = auto && family === 0 && !options.localAddress && this.socket[kBound] < 0;
    const query = { family, hints: options.hints ?? 0, all };
    const lookup = options.lookup ?? require('dns').lookup;
    this.host = host;
    // Without a family of the program's, IPv4 goes first; a lookup of its own keeps its order.
    const arrange = options.lookup ? (list) => list : ipv4First;
    let answered = false;
    let asking = true; // an answer from within the call waits, so that listeners can be added
    const answer = (error, address, gotFamily) => {
      if (answered) return;
      answered = true;
      const tell = () => {
        if (!this.done) this.resolved(error, address, gotFamily, arrange, all);
      };
      if (asking) process.nextTick(tell);
      else tell();
    };
    try {
      const direct = lookup(host, query, answer);
      if (typeof direct === 'string') answer(null, direct, native.isIP(direct));
    } catch (error) {
      answer(error);
    }
    asking = false;
  }

  resolved(error, address, family, arrange, all) {
    const { socket, host } = this;
    if (error) {
      socket.emit('lookup', error, address, family, host);
      process.nextTick(() => this.fail(error));
      return;
    }
    let list = Array.isArray(address) ? address : [{ address, family }];
    list = list.map((entry) => (typeof entry === 'string' ? { address: entry } : entry));
    for (const entry of list) {
      const real = native.isIP(entry?.address);
      socket.emit('lookup', null, entry?.address, real || entry?.family, host);
      if (this.done) return;
      const problem = this.refuse(entry, real);
      if (problem) {
        process.nextTick(() => this.fail(problem));
        return;
      }
      entry.family = real;
    }
    if (list.length === 0) {
      const none = errnoException(-2, 'getaddrinfo', host);
      none.code = 'ENOTFOUND';
      none.message = `getaddrinfo ENOTFOUND ${host}`;
      process.nextTick(() => this.fail(none));
      return;
    }
    if (all && list.length > 1) list = interleave(arrange(list));
    this.queue = list.filter(
      (entry) =>
        list.length === 1 || !this.options.blockList?.check(entry.address, `ipv${entry.family}`),
    );
    if (
      this.queue.length === 0 ||
      (list.length === 1 && this.blocked(list[0].address, list[0].family))
    ) {
      if (!this.done) this.blocked(list[0].address, list[0].family);
      return;
    }
    if (list.length > 1) socket._attempted = [];
    this.next();
  }

  refuse(entry, real) {
    if (real === 0) {
      const error = new codes.ERR_INVALID_IP_ADDRESS(entry?.address);
      return error;
    }
    if (entry.family != null && ![0, 4, 6, 'IPv4', 'IPv6'].includes(entry.family)) {
      const error = new codes.ERR_INVALID_ADDRESS_FAMILY(
        entry.family,
        this.options.host,
        this.port,
      );
      error.host = this.options.host;
      error.port = this.port;
      return error;
    }
    return null;
  }

  // ---- Attempts

  next() {
    const entry = this.queue.shift();
    if (entry === undefined) return;
    const several = this.socket._attempted !== undefined;
    if (several) this.socket._attempted.push(`${entry.address}:${this.port}`);
    if (this.queue.length > 0) {
      const wait = this.options.autoSelectFamilyAttemptTimeout ?? defaults.attemptTimeout;
      clearTimeout(this.timer);
      this.timer = setTimeout(
        () => {
          const slow = this.open.at(-1);
          if (slow)
            this.socket.emit('connectionAttemptTimeout', slow.address, this.port, slow.family);
          if (!this.done) this.next();
        },
        Math.max(wait, 10),
      );
    }
    this.attempt(entry.address, entry.family);
  }

  attempt(address, family) {
    const { options, port, socket } = this;
    const attempt = new Attempt(this, address, family);
    this.open.push(attempt);
    if (family !== 0) socket.emit('connectionAttempt', address, port, family);
    if (this.done) return;
    let localHost;
    let localPort = 0;
    if (family !== 0 && (options.localAddress || options.localPort)) {
      localHost = options.localAddress || (family === 6 ? '::' : '0.0.0.0');
      localPort = options.localPort || 0;
    }
    const bound = socket[kBound] >= 0 ? socket[kBound] : undefined;
    socket[kBound] = -1;
    const id = native.connect(
      String(address),
      family === 0 ? -1 : port,
      localHost,
      localPort,
      socket.id,
      socket.encrypted,
      bound,
    );
    if (bound !== undefined) {
      if (id > 0) socket[kLocal] = native.localAddress(id);
      else native.leaveBound(bound, true);
    }
    if (id < 0) {
      const error = this.failure(id, address, localHost);
      process.nextTick(() => {
        if (!this.done) this.lost(attempt, error);
      });
      return;
    }
    attempt.id = id;
    own(id, attempt);
  }

  failure(errno, address, localHost) {
    const { port, options } = this;
    let local;
    if (localHost !== undefined || options.localAddress)
      local = `${options.localAddress ?? localHost}:${options.localPort ?? 0}`;
    return exceptionWithHostPort(errno, 'connect', address, port, local);
  }

  won(attempt, id) {
    const { socket } = this;
    this.finish(attempt);
    socket._connected(id);
  }

  lost(attempt, error) {
    const { socket } = this;
    this.open.splice(this.open.indexOf(attempt), 1);
    this.errors.push(error);
    if (attempt.family !== 0)
      socket.emit('connectionAttemptFailed', attempt.address, this.port, attempt.family, error);
    if (this.done) return;
    if (this.queue.length > 0) {
      this.next();
      return;
    }
    if (this.open.length > 0) return;
    if (this.errors.length === 1) {
      this.fail(error);
      return;
    }
    const all = new AggregateError(this.errors);
    const [{ code, permission, resource }] = this.errors;
    all.code = code;
    if (permission !== undefined) Object.assign(all, { permission, resource });
    this.fail(all);
  }

  fail(error) {
    if (this.done) return;
    this.finish();
    this.socket._connectFailed(error);
  }

  finish(winner, cause = 'connect-abandoned') {
    this.done = true;
    clearTimeout(this.timer);
    for (const attempt of this.open) if (attempt !== winner) attempt.abandon(cause);
    this.open.length = 0;
    this.queue.length = 0;
  }

  /** Gives up: nothing is told any more. cause: the code of the close reason. */
  cancel(cause) {
    if (!this.done) this.finish(undefined, cause);
  }
}

function familyNumber(family) {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  return family ?? 0;
}

function ipv4First(list) {
  return [
    ...list.filter((entry) => entry.family === 4),
    ...list.filter((entry) => entry.family !== 4),
  ];
}

// Families take turns, beginning with that of the first address.
function interleave(list) {
  const first = list.filter((entry) => entry.family === list[0].family);
  const second = list.filter((entry) => entry.family !== list[0].family);
  const mixed = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    if (i < first.length) mixed.push(first[i]);
    if (i < second.length) mixed.push(second[i]);
  }
  return mixed;
}

module.exports = { Connector };
