// An echo server. Run it, then examples/echo-client.js in another terminal.
//   sluice examples/echo-server.js [port]
const net = require('net');
const socket = require('socket');

const port = Number(process.argv[2] || 0);
const server = net.createServer('echo', 0, socket.sockaddr(socket.INADDR_LOOPBACK, port));

server.on('connection', (connect) => {
  console.log(`connect (${connect.id}) open.`);
  connect.on('data', (data) => {
    console.log(`received: ${data}`);
    connect.write(data);
  });
  connect.on('close', () => console.log(`connect (${connect.id}) close.`));
});

server.listen(() => console.log(`listening on port ${server.port()}`));
