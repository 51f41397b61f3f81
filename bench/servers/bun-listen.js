/* global Bun */
// Echo on Bun's own interface, plain or, with the files of a certificate and its key, over TLS.
// The program keeps what the kernel did not take, as that interface asks of it.
const [cert, key] = process.argv.slice(2);

function flush(socket) {
  while (socket.data.length > 0) {
    const [first] = socket.data;
    const count = socket.write(first);
    if (count < first.length) {
      socket.data[0] = first.subarray(count);
      return;
    }
    socket.data.shift();
  }
}

const server = Bun.listen({
  hostname: '127.0.0.1',
  port: 0,
  tls: cert ? { cert: Bun.file(cert), key: Bun.file(key) } : undefined,
  socket: {
    open(socket) {
      socket.data = [];
    },
    data(socket, bytes) {
      if (socket.data.length === 0) {
        const count = socket.write(bytes);
        if (count === bytes.length) return;
        bytes = bytes.subarray(Math.max(count, 0));
      }
      socket.data.push(Buffer.from(bytes));
    },
    drain: flush,
    error() {},
  },
});
console.log(`port ${server.port}`);
