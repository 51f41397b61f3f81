'use strict';
const { once } = require('events');

/**
 * Starts a server of net or tls on a port of its own; the test closes it at its end, with its
 * connections.
 * @returns {Promise<{port: number, open: Set}>} open: the connections that there are
 */
exports.startServer = async function startServer(t, server) {
  const open = new Set();
  server.prependListener('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    return server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
  });
  return { port: server.address().port, open };
};
