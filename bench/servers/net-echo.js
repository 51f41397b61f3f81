// The plain program: echo on net. Runs on every runtime that has the module.
const net = require('net');
const server = net.createServer((socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('error', () => {});
});
server.listen(Number(process.argv[2] || 0), '127.0.0.1', () =>
  console.log(`port ${server.address().port}`),
);
