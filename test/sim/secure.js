'use strict';
// Echo over TLS: from the first byte, or from a STARTTLS on.
const net = require('net');
const tls = require('tls');
const scenario = require('./roles');
const { listen, noDescriptorsLeft, roll } = require('./claims');
const { echo, exchanges } = require('./echoing');
const { ca, pairOf } = require('../helpers/tls');

const WAIT_MS = 30_000;


function connectLater() {
  const plain = net.connect(7001, 'server');
  // What is asked before the answer waits in the encrypted stream.
  plain.write('STARTTLS\n');
  return tls.connect({ socket: plain, servername: 'localhost', ca: ca() });
}

module.exports = scenario(__filename, {
  server() {
    noDescriptorsLeft();
    const options = { ...pairOf('server'), allowHalfOpen: true };
    const end = () => {
      secure.close();
      starting.close();
    };
    const secure = tls.createServer(options, (socket) => echo(socket, end));
    secure.on('tlsClientError', () => {});
    listen(secure, 7000);
    const starting = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (plain) => {
      plain.on('error', () => {});
      plain.setTimeout(WAIT_MS, () => plain.destroy());
      const line = 'STARTTLS\n';
      let seen = '';
      const read = () => {
        let byte;
        while (seen.length < line.length && (byte = plain.read(1)) !== null) seen += byte.toString('latin1');
        if (seen.length < line.length) return;
        plain.removeListener('readable', read);
        const socket = new tls.TLSSocket(plain, { isServer: true, ...options });
        socket.on('error', () => {});
        echo(socket, end);
      };
      plain.on('readable', read);
    });
    listen(starting, 7001);
  },
  client() {
    noDescriptorsLeft();
    exchanges(() =>
      roll(2) === 0
        ? tls.connect({ port: 7000, host: 'server', servername: 'localhost', ca: ca() })
        : connectLater(),
    );
  },
});
