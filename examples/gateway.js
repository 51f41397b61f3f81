// A gateway keeps one connection to an upstream server, and gives lines of its clients to it, one
// answer a line. When the upstream goes, it connects again, after twice as long each time, and what
// was not answered is asked again: clients see a late answer, not an error.
//
//   sluice examples/gateway.js 7000 upstream.example 7001
//   sluice examples/gateway.js --demo   with an upstream that is restarted in the middle
'use strict';
const net = require('net');

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 10_000;
const MOST_WAITING = 1000; // clients are not read while so many lines wait

/** The lines of a stream, each to onLine(line). */
function readLines(socket, onLine) {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = /** @type {string} */ (lines.pop());
    lines.forEach(onLine);
  });
}

class Upstream {
  #port;
  #host;
  #socket;
  #timer;
  #delay = FIRST_DELAY_MS;
  #waiting = []; // { line, answer }, the first was sent first
  #ended = false;

  constructor(port, host) {
    this.#port = port;
    this.#host = host;
    this.#connect();
  }

  #connect() {
    const socket = net.connect(this.#port, this.#host);
    this.#socket = socket;
    socket.setNoDelay(true).setKeepAlive(true, 30_000);
    socket.on('connect', () => {
      this.#delay = FIRST_DELAY_MS;
      for (const { line } of this.#waiting) socket.write(`${line}\n`);
    });
    readLines(socket, (line) => this.#waiting.shift()?.answer(line));
    socket.on('error', (error) => console.log(`upstream: ${error.message}`));
    socket.on('close', () => {
      if (this.#ended) return;
      this.#timer = setTimeout(() => this.#connect(), this.#delay);
      this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS);
    });
  }

  /** Asks for a line; answer(text) follows once. */
  ask(line, answer) {
    this.#waiting.push({ line, answer });
    if (!this.#socket.connecting && this.#socket.writable) this.#socket.write(`${line}\n`);
    return this.#waiting.length < MOST_WAITING;
  }

  end() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#socket.destroy();
  }
}

/** @param {number} port @param {string} host of the upstream */
function startGateway(port, host) {
  const upstream = new Upstream(port, host);
  const server = net.createServer((client) => {
    client.on('error', () => {});
    readLines(client, (line) => {
      const goOn = upstream.ask(line, (answer) => {
        client.write(`${answer}\n`);
        client.resume();
      });
      if (!goOn) client.pause();
    });
  });
  server.on('close', () => upstream.end());
  return server;
}

/** An upstream that answers in capitals. */
function startUpstream(port) {
  const connections = new Set();
  const server = net.createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => {}).on('close', () => connections.delete(socket));
    readLines(socket, (line) => socket.write(`${line.toUpperCase()}\n`));
  });
  const stop = () => {
    server.close();
    for (const socket of connections) socket.destroy();
  };
  /** @type {Promise<{port: number, stop: () => void}>} */
  const listening = new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      resolve({ port: /** @type {net.AddressInfo} */ (server.address()).port, stop });
    });
  });
  return listening;
}

async function demo() {
  const first = await startUpstream(0);
  const gateway = startGateway(first.port, '127.0.0.1');
  await new Promise((resolve) => gateway.listen(0, '127.0.0.1', () => resolve(undefined)));
  const client = net.connect(/** @type {net.AddressInfo} */ (gateway.address()).port, '127.0.0.1');
  const heard = [];
  let told;
  readLines(client, (line) => {
    console.log(line);
    heard.push(line);
    told();
  });
  const ask = async (line) => {
    client.write(`${line}\n`);
    await new Promise((resolve) => (told = resolve));
  };
  await ask('one');
  first.stop();
  const late = ask('two');
  const { stop } = await startUpstream(first.port);
  await late;
  await ask('three');
  if (heard.join() !== 'ONE,TWO,THREE') throw new Error(`heard ${heard}`);
  client.end();
  gateway.close();
  stop();
}

if (process.argv.includes('--demo')) demo();
else {
  const [port = '7000', host = '127.0.0.1', to = '7001'] = process.argv.slice(2);
  startGateway(Number(to), host).listen(Number(port));
}
