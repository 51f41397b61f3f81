// Echo over TLS. Runs on every runtime that has the module.
const fs = require('fs');
const tls = require('tls');
const [cert, key] = process.argv.slice(2);
const server = tls.createServer(
  { cert: fs.readFileSync(cert), key: fs.readFileSync(key) },
  (socket) => {
    socket.on('data', (data) => socket.write(data));
    socket.on('error', () => {});
  },
);
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
