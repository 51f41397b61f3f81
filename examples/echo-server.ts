// An echo server in TypeScript that counts what it echoes. Run: sluice examples/echo-server.ts [port]
import { createServer, type AddressInfo, type Socket } from 'node:net';

interface Count {
  connections: number;
  bytes: number;
}

const count: Count = { connections: 0, bytes: 0 };

function echo(socket: Socket): void {
  count.connections++;
  socket.on('data', (data: Buffer) => {
    count.bytes += data.length;
    socket.write(data);
  });
  socket.on('error', (error: Error) => console.error(error.message));
  socket.on('close', () => console.log(`${count.bytes} bytes on ${count.connections} connections`));
}

const server = createServer(echo);
server.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on port ${port}`);
});
