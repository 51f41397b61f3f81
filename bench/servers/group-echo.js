// Echo on a server group: this program, with as many subs as its argument says. The master prints
// its port, then on each line of its input the connections that every handler had so far.
const net = require('net');
const { AF_INET } = require('socket');
const subs = Number(process.argv[2] ?? 0);
const server = net.createServer(__filename, subs, { domain: AF_INET, addr: '127.0.0.1', port: 0 });
server.on('connection', (socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('error', () => {});
});
server.on('listening', () => {
  if (!server.isMaster()) return;
  console.log(`port ${server.port()}`);
  process.stdin.on('data', () =>
    console.log(JSON.stringify(server.stats().map((one) => one.total))),
  );
});
server.listen();
