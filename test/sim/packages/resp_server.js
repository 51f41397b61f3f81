'use strict';
// A server that speaks as much of Redis' protocol (https://redis.io/docs/reference/protocol-spec) as
// clients need who store values, count and publish.

const OK = '+OK\r\n';
const bulk = (text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (parts, mark = '*') => `${mark}${parts.length}\r\n${parts.join('')}`;

/** What commands do; each returns the bytes of its answer. this: the connection. */
const COMMANDS = {
  hello(version = '2') {
    this.version = Number(version);
    const pairs = ['server', 'redis', 'version', '7.0.0', 'mode', 'standalone', 'role', 'master'];
    const parts = [...pairs.map(bulk), bulk('proto'), `:${this.version}\r\n`];
    if (this.version < 3) return list(parts);
    return `%${parts.length / 2}\r\n${parts.join('')}`;
  },
  info: () => bulk('redis_version:7.0.0\r\nloading:0\r\nrole:master\r\n'),
  client: () => OK,
  select: () => OK,
  ping(text) {
    return text === undefined ? '+PONG\r\n' : bulk(text);
  },
  quit() {
    this.last = true;
    return OK;
  },
  set(key, value) {
    this.store.values.set(key, value);
    return OK;
  },
  get(key) {
    const value = this.store.values.get(key);
    if (value !== undefined) return bulk(value);
    return this.version >= 3 ? '_\r\n' : '$-1\r\n';
  },
  incr(key) {
    const value = Number(this.store.values.get(key) ?? 0) + 1;
    this.store.values.set(key, `${value}`);
    return `:${value}\r\n`;
  },
  subscribe(channel) {
    this.channels.add(channel);
    return this.push('subscribe', channel, this.channels.size);
  },
  publish(channel, text) {
    let count = 0;
    for (const other of this.store.connections) {
      if (!other.channels.has(channel)) continue;
      count++;
      other.socket.write(other.push('message', channel, text));
    }
    return `:${count}\r\n`;
  },
};

class Connection {
  version = 2;
  last = false;
  channels = new Set();
  #rest = Buffer.alloc(0);

  constructor(socket, store) {
    this.socket = socket;
    this.store = store;
    store.connections.add(this);
    socket.on('data', (data) => this.#take(data));
    socket.on('error', () => {});
    socket.on('close', () => store.connections.delete(this));
  }

  /** What comes without having been asked for; numbers are integers. */
  push(...parts) {
    const written = parts.map((one) => (typeof one === 'number' ? `:${one}\r\n` : bulk(one)));
    return list(written, this.version >= 3 ? '>' : '*');
  }

  #take(data) {
    this.#rest = Buffer.concat([this.#rest, data]);
    for (let parts; !this.last && (parts = this.#command()) !== undefined;) {
      const [name, ...values] = parts;
      const run = COMMANDS[name.toLowerCase()];
      const answer =
        run === undefined ? `-ERR unknown command '${name}'\r\n` : run.apply(this, values);
      this.socket.write(answer);
    }
    if (this.last) this.socket.end();
  }

  /** A command that has arrived in whole, as strings. */
  #command() {
    let at = 0;
    const number = (mark) => {
      const end = this.#rest.indexOf('\r\n', at);
      if (end < 0) return undefined;
      const line = String(this.#rest.subarray(at, end));
      if (line[0] !== mark) throw new Error(`'${line}' is no ${mark}`);
      at = end + 2;
      return Number(line.slice(1));
    };
    const count = number('*');
    const parts = [];
    while (count !== undefined && parts.length < count) {
      const size = number('$');
      if (size === undefined || this.#rest.length < at + size + 2) return undefined;
      parts.push(String(this.#rest.subarray(at, at + size)));
      at += size + 2;
    }
    if (count === undefined) return undefined;
    this.#rest = this.#rest.subarray(at);
    return parts;
  }
}

/** A listener of `connection`; all of its connections see one store. */
module.exports = function serve() {
  const store = { values: new Map(), connections: new Set() };
  return (socket) => new Connection(socket, store);
};
