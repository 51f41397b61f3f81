'use strict';
// A load balancer that tells by the PROXY protocol whom it connects for, plain and before TLS: bytes,
// events, descriptors, and that a server knows each connection's client.
const net = require('net');
const sim = require('sim');
const tls = require('tls');
const scenario = require('./roles');
const { Watched, endIdle, listen, noDescriptorsLeft, persist, roll } = require('./claims');
const { IDLE_MS, echo, exchanges, passOn } = require('./echoing');
const { ca, pairOf } = require('../helpers/tls');

const PLAIN = 7000;
const SECURE = 7001;
const WHO = 7002;
const BEHIND = 100; // more are the balancer's ports

const proxy = { trust: '0.0.0.0/0', timeout: 20_000 };
const clientOf = ({ localAddress, localPort, remoteAddress, remotePort }) =>
  `${localAddress} ${localPort} ${remoteAddress} ${remotePort}`;

/** What a server says of the ends of a connection, as the client has them. */
function whoAmI() {
  const socket = net.connect(WHO + BEHIND, 'balancer');
  const watched = new Watched(socket);
  endIdle(socket, IDLE_MS);
  let text = '';
  let own;
  socket.on('connect', () => (own = clientOf(socket)));
  socket.on('data', (data) => (text += data));
  return watched.closed.then(() => {
    if (!text.endsWith('\n')) throw watched.error ?? new Error('cut short');
    const seen = text.replaceAll('::ffff:', ''); // of listeners for both families
    sim.always(
      seen ===
        `${own}
`,
      'a server knows the ends of its client',
    );
    sim.reachable('a client was told');
  });
}

/** A header of either version, or what the socket itself knows. */
function headerOf(socket) {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (roll(3) === 0) return socket;
  return {
    version: 1 + roll(2),
    source: { address: remoteAddress, port: remotePort },
    destination: { address: localAddress, port: localPort },
  };
}

module.exports = scenario(
  __filename,
  {
    server() {
      noDescriptorsLeft();
      const servers = [];
      const end = () => servers.forEach((server) => server.close());
      const known = (socket) => {
        const { command, peer } = socket.proxied;
        sim.always(command === 'proxy', 'a header tells of a client');
        sim.always(
          peer.address !== socket.remoteAddress || peer.port !== socket.remotePort,
          'the real peer is the balancer',
        );
      };
      const echoing = (socket) => {
        known(socket);
        echo(socket, end);
      };
      const options = { allowHalfOpen: true, proxy };
      servers.push(
        net.createServer(options, echoing),
        tls.createServer({ ...options, ...pairOf('server') }, echoing),
        net.createServer({ proxy }, (socket) => {
          new Watched(socket);
          known(socket);
          endIdle(socket, IDLE_MS);
          const { remoteAddress, remotePort, localAddress, localPort } = socket;
          socket.end(`${remoteAddress} ${remotePort} ${localAddress} ${localPort}\n`);
        }),
      );
      servers[1].on('tlsClientError', () => {});
      servers.forEach((server, i) => listen(server, PLAIN + i));
    },
    balancer() {
      noDescriptorsLeft();
      for (const port of [PLAIN, SECURE, WHO]) {
        const server = net.createServer({ allowHalfOpen: true }, (socket) => {
          const upstream = net.connect({
            port,
            host: 'server',
            allowHalfOpen: true,
            proxy: headerOf(socket),
          });
          passOn(socket, upstream);
        });
        listen(server, port + BEHIND);
      }
    },
    async client() {
      noDescriptorsLeft();
      await persist(whoAmI);
      const secure = { host: 'balancer', servername: 'localhost', ca: ca() };
      exchanges(() =>
        roll(2) === 0
          ? tls.connect({ port: SECURE + BEHIND, ...secure })
          : net.connect(PLAIN + BEHIND, 'balancer'),
      );
    },
  },
  { endless: ['balancer', 'server'] },
);
