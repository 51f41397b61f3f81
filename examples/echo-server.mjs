// An echo server as an ECMAScript module. Run: sluice examples/echo-server.mjs [port]
import { once } from 'node:events';
import { createServer } from 'node:net';

const server = createServer((socket) => {
  socket.on('error', (error) => console.error(error.message));
  socket.pipe(socket);
});
server.listen(Number(process.argv[2] ?? 3000), '127.0.0.1');
await once(server, 'listening');
console.log(`listening on port ${server.address().port}`);
