'use strict';
// A group behind TLS with certificates by name, admission, limits and time-outs, that leaves by drain()
// and comes back: bytes, what the ledger counts, certificates, and that everybody is served in the end.
const net = require('net');
const sim = require('sim');
const tls = require('tls');
const scenario = require('./roles');
const { roll } = require('./claims');
const { echo, throughDrains } = require('./echoing');
const { balanced, listening, nobodyAdmitted } = require('./numbers');
const { ca, pairOf } = require('../helpers/tls');

const PORT = 7000;
const MEMBERS = 3;
// A name, the certificate's file, the name in the certificate: clients of others get the first one.
const NAMES = [
  ['localhost', 'server'],
  ['a.example', 'a'],
  ['x.wild.example', 'wild'],
];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function lead(server) {
  server.admission = { perAddress: { concurrent: 6 }, total: 9, handshakes: { concurrent: 3 } };
  server.timeouts = { handshake: 20_000, firstByte: 30_000, idle: 60_000, lifetime: 120_000 };
  server.writeLimit = { hard: 1 << 20, stall: 50_000 };
  server.on('refused', ({ count }) => {
    sim.always(count > 0, 'who is refused is counted');
    sim.reachable('somebody is refused');
  });
  await listening(server);
  for (const [name, file] of NAMES.slice(1)) {
    await wait(roll(3000));
    sim.always(
      server.addcert({ name: name.replace('x.', '*.'), ...pairOf(file) }),
      'a name is added',
    );
  }
  for (let i = 0; i < 3; i++) {
    await wait(5000 + roll(15_000));
    balanced();
    const { closed, ended, forced } = await server.drain({ jitter: roll(1000), deadline: 5000 });
    sim.always(closed >= 0 && ended >= 0 && forced >= 0, 'drain counts');
    sim.always(
      server.stats().every(({ connections }) => connections === 0),
      'nobody is left after drain()',
    );
    sim.reachable('a group has drained');
    balanced();
    nobodyAdmitted();
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
    socket.on('goaway', () => {
      if (roll(2) === 0) socket.end();
    });
    echo(socket, () => {});
  });
  if (server.isMaster()) lead(server);
  else listening(server);
}

/** A connection that claims that its certificate is that of the name it asks for. */
function connect() {
  const [name, file] = NAMES[roll(NAMES.length)];
  const socket = tls.connect({
    host: 'server',
    port: PORT,
    servername: name,
    ca: ca(),
    allowHalfOpen: true,
    checkServerIdentity: (_, { raw }) => {
      const own = [file, NAMES[0][1]].map((one) =>
        pairOf(one).cert.replace(/[^]*?BEGIN CERT.*\n|-----END[^]*|\s/g, ''),
      );
      sim.always(own.includes(raw.toString('base64')), 'a certificate is that of the name');
      if (own[0] === raw.toString('base64')) sim.reachable(`a certificate of ${name}`);
    },
  });
  return socket;
}

const client = () => throughDrains(connect, 10_000);

if (Task.me() !== 1) serve();
else
  module.exports = scenario(
    __filename,
    { server: serve, client, other: client },
    { endless: ['server'] },
  );
