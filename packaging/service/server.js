'use strict';
// @NAME@: a service whose clients send lines; each line is answered in upper case.
//   PORT   the port to listen at, 7000 if not set
//   HOST   the address, 127.0.0.1 if not set
const net = require('net');

const MAX_LINE = 64 * 1024; // characters; who sends longer ones is cut off
const IDLE_MS = 5 * 60 * 1000;

function createServer() {
  return net.createServer({ keepAlive: true }, (socket) => {
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE) {
        socket.destroy();
        return;
      }
      const answer = lines.map((line) => `${line.toUpperCase()}\n`).join('');
      // A client that does not read its answers is not read from either.
      if (!socket.write(answer)) socket.pause();
    });
    socket.on('drain', () => socket.resume());
    socket.setTimeout(IDLE_MS, () => socket.end());
    socket.on('error', (error) => console.error(`${socket.remoteAddress}: ${error.message}`));
  });
}

function main() {
  const server = createServer();
  const host = process.env.HOST ?? '127.0.0.1';
  server.listen(Number(process.env.PORT ?? 7000), host, () => {
    const { address, port } = /** @type {net.AddressInfo} */ (server.address());
    console.log(`@NAME@ listens at ${address} port ${port}`);
  });
  server.on('error', (error) => {
    console.error(`@NAME@: ${error.message}`);
    process.exitCode = 1;
  });
  // systemd ends a service by SIGTERM, a terminal by SIGINT.
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
}

if (require.main === module) main();
module.exports = { createServer };
