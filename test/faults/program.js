'use strict';
// program.js STEP: does one thing that needs the system, the first time while a call of its fails
// (SLUICE_FAULT_WHILE is there), and a second time when none does. The first may end in an error;
// the second must succeed, and nothing may be open that was not before.
const fs = require('fs');
const path = require('path');
const { once } = require('events');

const keys = (name) => fs.readFileSync(path.join(process.env.SLUICE_TEST_KEYS, name), 'latin1');
const identity = () => ({ cert: keys('server.pem'), key: keys('server.key'), ca: keys('ca.pem') });
const open = () => fs.readdirSync('/proc/self/fd').length;

/** Listens, lets talk() use the port, and closes. */
async function withServer(server, talk) {
  server.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    await talk(server.address().port);
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

async function echoed(socket) {
  const ended = new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject));
  let text = '';
  socket.on('data', (bytes) => (text += bytes));
  socket.end('a word');
  await ended;
  if (text !== 'a word') throw Object.assign(new Error('the connection ended'), { code: 'ended' });
}

const echo = (socket) => socket.on('error', () => {}).pipe(socket);

const steps = {
  net() {
    const net = require('net');
    return withServer(net.createServer(echo), (port) => echoed(net.connect(port, '127.0.0.1')));
  },
  tls() {
    const tls = require('tls');
    const { cert, key, ca } = this.identity;
    return withServer(tls.createServer({ cert, key }, echo), (port) =>
      echoed(tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca })),
    );
  },
  // The system's authorities, as those that are asked for at the very moment.
  authorities() {
    const tls = require('tls');
    if (!(tls.rootCertificates.length > 10)) throw new Error('there are no authorities');
    if (!(tls.getCACertificates('default').length > 10)) throw new Error('none by default');
    if (tls.getCACertificates('extra').length !== 1) throw new Error('NODE_EXTRA_CA_CERTS has one');
    tls.createSecureContext();
  },
  async http() {
    const http = require('http');
    const server = http.createServer((request, response) => response.end('answer'));
    await withServer(server, async (port) => {
      const request = http.get({ port, host: '127.0.0.1', agent: false });
      const [response] = await once(request, 'response');
      let text = '';
      for await (const bytes of response) text += bytes;
      if (text !== 'answer') throw new Error(`the answer is ${text}`);
    });
  },
  async dns() {
    const { address } = await require('dns').promises.lookup('localhost', { family: 4 });
    if (address !== '127.0.0.1') throw new Error(address);
  },
  async udp() {
    const socket = require('dgram').createSocket('udp4');
    try {
      const bound = once(socket, 'listening');
      socket.bind(0, '127.0.0.1');
      await bound;
      const heard = once(socket, 'message');
      socket.send('word', socket.address().port, '127.0.0.1');
      await heard;
    } finally {
      await new Promise((resolve) => socket.close(resolve));
    }
  },
  async fs() {
    const text = await fs.promises.readFile(__filename, 'utf8');
    let length = 0;
    for await (const bytes of fs.createReadStream(__filename)) length += bytes.length;
    if (length !== Buffer.byteLength(text)) throw new Error(`${length} bytes`);
    for (const name of fs.readdirSync(__dirname)) fs.statSync(path.join(__dirname, name));
  },
  async child() {
    const { spawn, spawnSync } = require('child_process');
    const result = spawnSync('echo', ['word']);
    if (result.error) throw result.error;
    if (String(result.stdout) !== 'word\n') throw new Error(`it said ${result.stdout}`);
    const child = spawn('cat');
    for (const stream of child.stdio) stream?.on('error', () => {});
    await Promise.race([
      once(child, 'spawn'),
      once(child, 'error').then(([e]) => Promise.reject(e)),
    ]);
    child.stdin.end('word');
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`it ended with ${code}`);
  },
  async task() {
    const task = new Task(path.join(__dirname, 'task.js'), 'word');
    const code = await new Promise((resolve) => task.cancel((id, number) => resolve(number)));
    if (code !== 0) throw new Error(`it ended with ${code}`);
  },
  async group() {
    const net = require('net');
    const socket = require('socket');
    const place = socket.sockaddr(socket.INADDR_LOOPBACK, 0);
    const server = net.createServer('faulty', 1, path.join(__dirname, 'sub.js'), place);
    server.on('connection', echo);
    server.listen();
    try {
      await once(server, 'listening');
      for (let i = 0; i < 4; i++) await echoed(net.connect(server.port(), '127.0.0.1'));
    } finally {
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    }
  },
  async crypto() {
    const crypto = require('crypto');
    const { promisify } = require('util');
    crypto.randomBytes(32);
    crypto.randomUUID();
    await promisify(crypto.pbkdf2)('a', 'b', 1, 8, 'sha256');
    crypto.generateKeyPairSync('ed25519');
    crypto.createHash('sha512').update('a').digest();
  },
  async zlib() {
    const zlib = require('zlib');
    const { promisify } = require('util');
    const bytes = await promisify(zlib.gzip)(Buffer.alloc(1 << 20, 'ab'));
    if (zlib.gunzipSync(bytes).length !== 1 << 20) throw new Error('it is another size');
  },
  async modules() {
    require(path.join(__dirname, 'task.js'));
    await import(path.join(__dirname, 'module.mjs'));
  },
};

async function main([step]) {
  const given = { identity: step === 'tls' ? identity() : undefined };
  const before = open();
  fs.writeFileSync(process.env.SLUICE_FAULT_WHILE, '');
  let first = 'success';
  try {
    await steps[step].call(given);
  } catch (error) {
    first = `${error.code}: ${error.message}`;
  }
  fs.unlinkSync(process.env.SLUICE_FAULT_WHILE);
  await steps[step].call(given);
  // What the step opened may be closed a few turns later.
  for (let i = 0; i < 1000 && open() > before + 4; i++)
    await new Promise((next) => setImmediate(next));
  console.log(JSON.stringify({ first, left: open() - before }));
}

main(process.argv.slice(2));
