'use strict';
// net.BoundSocket: a TCP socket that is bound before a server or a connection takes it over.
const net = require('net');
const { program, event } = require('./harness');

const told = (error) => [
  error.name,
  error.code,
  error.syscall,
  error.message.replace(/:\d+/g, ':port'),
];
const stable = (address) => ({ ...address, port: address.port > 0 });
const bound = (...args) => new net.BoundSocket(...args);

program('making one', async (fact) => {
  fact(
    'class',
    typeof net.BoundSocket,
    Object.getOwnPropertyNames(net.BoundSocket.prototype).sort(),
  );
  for (const options of [
    undefined,
    {},
    { host: '127.0.0.1' },
    { host: '::1' },
    { host: '::' },
    { host: '::', ipv6Only: true },
    { host: '0.0.0.0' },
    { port: 0, reusePort: true },
    { host: '' },
    { host: null },
    { port: null },
    { port: '0' },
    { ipv6Only: 5 },
    { ipv6Only: true },
    { reusePort: 5 },
    { host: 'localhost' },
    { host: 'x' },
    { host: 5 },
    { port: -1 },
    { port: 70000 },
    { port: 'x' },
    { port: 1.5 },
    { host: '192.0.2.1' },
    null,
    5,
    'x',
    [],
  ]) {
    try {
      const one = bound(options);
      fact(JSON.stringify(options), stable(one.address()), one.fd() > 0);
      one.close();
    } catch (error) {
      fact(JSON.stringify(options), told(error));
    }
  }
  fact.of('called', () => net.BoundSocket());
});

program('close()', async (fact) => {
  const one = bound();
  fact('close', one.close());
  fact.of('close again', () => one.close());
  fact.of('address', () => one.address());
  fact.of('fd', () => one.fd());
  fact.of('dispose', () => one[Symbol.dispose]());
  fact.of(
    'listen',
    () => net.createServer().listen(one),
    () => 'goes on',
  );
  fact.of(
    'Socket',
    () => new net.Socket({ handle: one }),
    () => 'made',
  );
});

program('a server takes one over', async (fact, t) => {
  for (const [name, listen] of Object.entries({
    'listen(bound)': (server, one) => server.listen(one),
    'listen({handle})': (server, one) => server.listen({ handle: one }),
    'listen(bound, backlog, callback)': (server, one) =>
      server.listen(one, 5, () => fact('callback')),
  })) {
    const one = bound({ host: '127.0.0.1' });
    const { port } = one.address();
    const server = net.createServer((socket) => socket.end('hello'));
    t.after(() => server.close());
    fact(name, listen(server, one) === server);
    fact.of('address', () => one.address());
    fact.of('fd', () => one.fd());
    fact.of('close', () => one.close());
    fact.of('dispose', () => one[Symbol.dispose]());
    await event(server, 'listening');
    fact('listening', server.address().port === port, stable(server.address()));
    const client = net.connect(port, '127.0.0.1');
    client.on('data', (data) => fact('data', data));
    await event(client, 'close');
    fact.of(
      'again',
      () => net.createServer().listen(one),
      () => 'goes on',
    );
  }
});

program('a connection takes one over', async (fact, t) => {
  const { promise, resolve } = Promise.withResolvers();
  const server = net.createServer((socket) =>
    resolve(socket.on('error', () => {}).end(String(socket.remotePort))),
  );
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await event(server, 'listening');
  const one = bound({ host: '127.0.0.1' });
  const { port } = one.address();
  const socket = new net.Socket({ handle: one });
  fact(
    'socket',
    socket.localAddress,
    socket.localPort === port,
    socket.readyState,
    socket.pending,
    socket.connecting,
  );
  fact.of('address', () => one.address());
  fact.of(
    'again',
    () => new net.Socket({ handle: one }),
    () => 'made',
  );
  socket.connect(server.address().port, '127.0.0.1');
  fact('connecting', socket.localAddress, socket.localPort === port, socket.connecting);
  socket.on('data', (data) => fact('data', Number(data) === port));
  await event(socket, 'close');
  await promise;
  const other = new net.Socket({ handle: bound({ host: '127.0.0.1' }) });
  other.on('error', (error) => fact('error', told(error)));
  other.connect(1, '127.0.0.1');
  fact('before the error', other.connecting);
  await event(other, 'close');
  const unused = new net.Socket({ handle: bound() });
  unused.destroy();
  await event(unused, 'close');
  for (const options of [
    { localAddress: '127.0.0.1' },
    { localPort: 5 },
    { host: 'localhost', family: 4 },
  ]) {
    const taken = new net.Socket({ handle: bound({ host: '127.0.0.1' }) });
    taken.on('error', (error) => fact('error', told(error)));
    try {
      taken.connect({ port: server.address().port, host: '127.0.0.1', ...options });
      fact(JSON.stringify(options), 'connects');
    } catch (error) {
      fact(JSON.stringify(options), error.code);
    }
    taken.resume();
    await Promise.race([event(taken, 'close'), new Promise((done) => setTimeout(done, 200))]);
    taken.destroy();
  }
});
