// A proxy that reads which name a TLS client asks for and passes the connection on, still encrypted,
// to the server of that name.
//   sluice sni-proxy.js NAME=HOST:PORT…        other names are refused
// Prints "port N". cpp/sni_proxy.cc is the same program in C++.
'use strict';
const net = require('net');

const HELLO_MS = 10000;
const MAX_HELLO = 64 * 1024;

/** Takes numbers and blocks from bytes; once they ran out, ok is false and the rest empty. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.left = bytes;
    this.ok = true;
  }
  get empty() {
    return this.left.length === 0;
  }
  bytes(size) {
    if (size > this.left.length) {
      this.ok = false;
      size = this.left.length;
    }
    const taken = this.left.subarray(0, size);
    this.left = this.left.subarray(size);
    return taken;
  }
  number(size) {
    return this.bytes(size).reduce((value, byte) => value * 256 + byte, 0);
  }
  block(size) {
    return new Reader(this.bytes(this.number(size)));
  }
}

/**
 * The name in a connection's first bytes (RFC 8446 4.1.2, RFC 6066 3): '' if the client asks for
 * none, undefined if more bytes are needed, null if they are no TLS.
 */
function serverName(bytes) {
  if (bytes.length > 0 && bytes[0] !== 22) return null;
  const records = [];
  for (const reader = new Reader(bytes); ;) {
    const type = reader.number(1);
    reader.number(2);
    const body = reader.bytes(reader.number(2));
    if (!reader.ok) break;
    if (type !== 22) return null;
    records.push(body);
  }
  const message = new Reader(Buffer.concat(records));
  const type = message.number(1);
  const size = message.number(3);
  const hello = new Reader(message.bytes(size));
  if (!message.ok) return bytes.length < MAX_HELLO ? undefined : null;
  return type === 1 ? nameOfHello(hello) : null;
}

function nameOfHello(hello) {
  hello.bytes(2 + 32); // version, random
  for (const size of [1, 2, 1]) hello.block(size); // session, cipher suites, compression methods
  if (!hello.ok) return null;
  for (const extensions = hello.block(2); extensions.ok && !extensions.empty;) {
    const type = extensions.number(2);
    const body = extensions.block(2);
    if (type !== 0) continue;
    const names = body.block(2);
    if (names.number(1) !== 0) return null;
    const name = Buffer.from(names.bytes(names.number(2))).toString('latin1');
    return names.ok ? name.toLowerCase() : null;
  }
  return '';
}

/** Passes bytes on; who sends faster than the other side reads has to wait. */
function pass(from, to) {
  from.on('data', (data) => {
    if (!to.write(data)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => {
    if (!from.readableEnded) to.destroy();
  });
}

const backends = new Map();
for (const text of process.argv.slice(2)) {
  const [, name, host, port] = /^([^=]+)=([\d.]+):(\d+)$/.exec(text) ?? [];
  if (!name) {
    console.error(`NAME=HOST:PORT is expected, not '${text}'`);
    process.exit(1);
  }
  backends.set(name, { host, port: Number(port) });
}

const options = { allowHalfOpen: true, noDelay: true };
const server = net.createServer(options, (client) => {
  let hello = Buffer.alloc(0);
  client.setTimeout(HELLO_MS, () => client.destroy());
  client.on('error', () => {});
  client.on('data', function readHello(data) {
    hello = Buffer.concat([hello, data]);
    const name = serverName(hello);
    if (name === undefined) return;
    if (name === null || !backends.has(name)) {
      client.destroy();
      return;
    }
    client.off('data', readHello);
    client.pause();
    const backend = net.connect({ ...backends.get(name), ...options });
    backend.on('error', () => client.destroy());
    client.on('close', () => backend.connecting && backend.destroy());
    backend.on('connect', () => {
      client.setTimeout(0);
      pass(client, backend);
      pass(backend, client);
      if (backend.write(hello)) client.resume();
    });
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`port ${/** @type {net.AddressInfo} */ (server.address()).port}`);
});
