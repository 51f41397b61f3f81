'use strict';
// A load balancer in front of a group behind TLS: PROXY headers, certificates by name that come and go,
// limits by the clients' addresses, drains and restarts, while others connect to the group without a
// header, with half of one, or end a handshake at any byte of it.
const net = require('net');
const sim = require('sim');
const tls = require('tls');
const scenario = require('./roles');
const { listen, roll } = require('./claims');
const { echo, passOn, throughDrains } = require('./echoing');
const { balanced, listening, nobodyAdmitted, sum } = require('./numbers');
const { ca, pairOf } = require('../helpers/tls');

const PORT = 7000;
const BEHIND = 100; // more is the balancer's port
const MEMBERS = 3;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- The group

/** Certificates of names that nobody needs come and go; that of a.example stays, or is replaced. */
async function changeCertificates(server) {
  while (performance.now() < 70_000) {
    await wait(roll(1000));
    const name = `n${roll(5)}.example`;
    if (roll(2) === 0) sim.always(server.addcert({ name, ...pairOf('b') }), 'a name is added');
    else server.delcert(name);
    sim.always(server.addcert({ name: 'a.example', ...pairOf('a') }), 'a name is replaced');
    sim.always(server.listcert().length <= 7, 'a name is there once');
  }
}

async function lead(server) {
  server.proxy = { trust: '0.0.0.0/0', timeout: 10_000 };
  server.admission = {
    perAddress: { concurrent: 5 },
    total: 9,
    handshakes: { concurrent: 2, timeout: 8_000 },
  };
  server.timeouts = { firstByte: 30_000, idle: 60_000 };
  server.on('refused', () => sim.reachable('somebody is refused'));
  server.addcert({ name: 'a.example', ...pairOf('a') });
  await listening(server);
  changeCertificates(server);
  for (let round = 0; round < 4; round++) {
    await wait(5000 + roll(15_000));
    balanced();
    const close = roll(3) === 0 ? 'reset' : 'end';
    const result = await server.drain({
      grace: roll(2000),
      jitter: roll(1000),
      deadline: 6000,
      close,
    });
    sim.always(
      result.closed >= 0 && result.ended >= 0 && result.forced >= 0 && !server.draining,
      'drain counts',
    );
    sim.reachable('a group behind a balancer has drained');
    balanced();
    nobodyAdmitted();
    sim.always(sum('sluice_draining') === 0, 'nobody drains any more');
    sim.always(sum('sluice_write_queue_bytes') === 0, 'nothing waits to be written');
    await wait(roll(2000));
    await listening(server);
  }
  for (;;) {
    await wait(30_000);
    balanced();
  }
}

function serve() {
  const saddr = require('socket').sockaddr('0.0.0.0', PORT);
  const server = net.createServer(__filename, MEMBERS - 1, saddr, pairOf('server'));
  server.on('connection', (socket) => {
    const { proxied } = socket;
    sim.always(proxied?.command === 'proxy', 'a header tells of a client');
    sim.always(
      proxied.peer.address !== socket.remoteAddress || proxied.peer.port !== socket.remotePort,
      'the real peer is the balancer',
    );
    sim.always(proxied.source.port === socket.remotePort, 'the client is the peer');
    socket.on('close', () => sim.always(socket.proxied === proxied, 'a header is kept'));
    socket.on('goaway', () => {
      if (roll(2) === 0) socket.end();
    });
    echo(socket, () => {});
  });
  if (server.isMaster()) lead(server);
  else listening(server);
}

// ---- Who is in front of it

function balance() {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const proxy = roll(2) === 0 ? socket : header(socket);
    passOn(socket, net.connect({ port: PORT, host: 'node', allowHalfOpen: true, proxy }));
  });
  listen(server, PORT + BEHIND);
}

const header = ({ remoteAddress, remotePort, localAddress, localPort }) => ({
  version: 1 + roll(2),
  source: { address: remoteAddress, port: remotePort },
  destination: { address: localAddress, port: localPort },
});

// ---- Who connects

function connect() {
  const [name, file] = roll(2) === 0 ? ['a.example', 'a'] : ['localhost', 'server'];
  return tls.connect({
    host: 'balancer',
    port: PORT + BEHIND,
    servername: name,
    ca: ca(),
    allowHalfOpen: true,
    checkServerIdentity: (_, { raw }) => {
      const own = pairOf(file).cert.replace(/[^]*?BEGIN CERT.*\n|-----END[^]*|\s/g, '');
      sim.always(own === raw.toString('base64'), `a certificate is that of ${name}`);
    },
  });
}

const client = () => throughDrains(connect, 8000);

// ---- Who does them harm

/** The first bytes of a client of TLS. */
function hello() {
  return new Promise((resolve) => {
    const { Duplex } = require('stream');
    const pipe = new Duplex({
      read() {},
      write(bytes, encoding, done) {
        resolve(bytes);
        done();
      },
    });
    tls.connect({ socket: pipe, servername: 'a.example', ca: ca() }).on('error', () => {});
  });
}

const HEADERS = [
  'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n',
  'PROXY UNKNOWN\r\n',
  'PROXY TCP4 192.0.2.1',
  'GET / HTTP/1.1\r\n\r\n',
  '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c',
  '',
];

/** One connection that is cut at any byte, by its end, a reset or silence. */
function harm(bytes, direct) {
  return new Promise((resolve) => {
    const socket = direct ? net.connect(PORT, 'node') : net.connect(PORT + BEHIND, 'balancer');
    const head = direct ? Buffer.from(HEADERS[roll(HEADERS.length)], 'latin1') : Buffer.alloc(0);
    const all = Buffer.concat([head, bytes]);
    const cut = roll(all.length + 1);
    socket.on('error', () => {});
    socket.on('close', resolve);
    socket.on('connect', () => {
      socket.write(all.subarray(0, cut));
      const ms = roll(3) === 0 ? roll(15_000) : roll(100);
      setTimeout(() => {
        if (socket.destroyed) return;
        if (roll(3) === 0) socket.resetAndDestroy();
        else if (roll(2) === 0) socket.destroy();
        else socket.end(all.subarray(cut));
      }, ms);
    });
    socket.setTimeout(20_000, () => socket.destroy());
    socket.resume();
  });
}

async function rude() {
  const bytes = await hello();
  while (performance.now() < 60_000) {
    await Promise.all(Array.from({ length: 1 + roll(6) }, () => harm(bytes, roll(2) === 0)));
    await wait(roll(500));
  }
}

if (Task.me() !== 1) serve();
else
  module.exports = scenario(
    __filename,
    { node: serve, balancer: balance, client, rude },
    { endless: ['node', 'balancer'] },
  );
