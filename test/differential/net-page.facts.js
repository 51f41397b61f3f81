'use strict';
// What the page of net says of servers and sockets, and net.facts.js does not ask.
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { program, event, soon } = require('./harness');
const { dial, serve, told } = require('./shared/net');

const stable = (address) =>
  address && typeof address === 'object' ? { ...address, port: address.port > 0 } : address;

program('where a server listens', async (fact, t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const at = (name) => path.join(folder, name);
  for (const [name, args] of Object.entries({
    nothing: [],
    port: [0],
    'port as text': ['0'],
    'port, host': [0, '127.0.0.1'],
    'port, host, backlog': [0, '127.0.0.1', 5],
    'port, backlog': [0, 5],
    'port, null': [0, null],
    'host localhost': [{ port: 0, host: 'localhost', family: 4 }],
    '::1': [0, '::1'],
    '::': [{ port: 0, host: '::' }],
    ipv6Only: [{ port: 0, host: '::', ipv6Only: true }],
    '0.0.0.0': [0, '0.0.0.0'],
    'an empty host': [0, ''],
    exclusive: [{ port: 0, exclusive: true }],
    reusePort: [{ port: 0, reusePort: true }],
    'backlog 0': [{ port: 0, backlog: 0 }],
    'backlog -1': [{ port: 0, backlog: -1 }],
    'backlog text': [{ port: 0, backlog: 'x' }],
    'no such host': [0, 'nothing.invalid'],
    'an address of another': [0, '192.0.2.1'],
    path: [at('a')],
    'path option': [{ path: at('b') }],
    readableAll: [{ path: at('c'), readableAll: true }],
    writableAll: [{ path: at('d'), writableAll: true }],
    'both All': [{ path: at('e'), readableAll: true, writableAll: true }],
    'no such folder': ['/nothing/there'],
    'a path that is taken': [at('a')],
    'a long path': [at('x'.repeat(200))],
    'an empty path': [''],
    signal: [{ port: 0, signal: new AbortController().signal }],
    aborted: [{ port: 0, signal: AbortSignal.abort() }],
    port_undefined: [undefined],
    'a callback': [0, () => fact('callback')],
  })) {
    const server = net.createServer();
    t.after(() => server.close());
    server.on('close', () => fact(`${name} close`));
    const called = fact.of(name, () => server.listen(...args) === server);
    if (called === undefined) continue;
    const result = await Promise.race([
      event(server, 'listening').then(() => stable(server.address())),
      event(server, 'error').then(told),
      soon(500).then(() => 'nothing'),
    ]);
    fact(
      name,
      typeof result === 'string'
        ? path.basename(result)
        : result === null
          ? null
          : JSON.stringify(result).replaceAll(folder, ''),
      server.listening,
    );
    if (typeof result === 'string' && result !== 'nothing')
      fact('mode', (fs.statSync(result).mode & 0o777).toString(8));
  }
});

program('events of a server', async (fact, t) => {
  const server = await serve(t, {}, (socket) => socket.end());
  fact.events('server', server, ['connection', 'close', 'listening', 'error', 'drop'], () => []);
  server.maxConnections = 1;
  const first = await serve(t, {}, (socket) => fact('kept', stable({ port: socket.remotePort })));
  first.maxConnections = 1;
  first.on('drop', (data) =>
    fact(
      'drop',
      Object.keys(data),
      data.localAddress,
      data.remoteFamily,
      data.localPort === first.address().port,
    ),
  );
  const one = dial(t, first);
  await event(one, 'connect');
  await soon();
  first.getConnections((error, count) => fact('connections', error, count));
  fact('returns', first.getConnections(() => {}) === first);
  const two = dial(t, first);
  two.on('error', () => {});
  await event(two, 'close');
  first.dropMaxConnection = true;
  fact('ref', first.ref() === first, first.unref() === first, first.ref() === first);
  const closed = [];
  first.close((error) => closed.push(['first', error]));
  first.close((error) => closed.push(['second', error?.code]));
  await soon();
  fact('waits', closed, first.listening);
  one.destroy();
  await soon();
  fact('closed', closed, first.address());
  first.close((error) => fact('once more', told(error)));
  first.getConnections((error, count) => fact('connections', error, count));
  await first[Symbol.asyncDispose]();
  const controller = new AbortController();
  const aborted = net
    .createServer()
    .listen({ port: 0, signal: controller.signal }, () => controller.abort());
  await event(aborted, 'close');
  fact('aborted', aborted.listening);
  const taken = net.createServer().listen(server.address().port, '127.0.0.1');
  const error = await event(taken, 'error');
  fact(
    'taken',
    told(error),
    error.address,
    error.port === server.address().port,
    Object.keys(error).sort(),
  );
  taken.listen(0, '127.0.0.1');
  await event(taken, 'listening');
  fact('again', stable(taken.address()));
  taken.close();
});

program('options of servers', async (fact, t) => {
  for (const options of [
    {},
    { allowHalfOpen: true },
    { pauseOnConnect: true },
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1500 },
    { highWaterMark: 5 },
    { readable: false },
    { blockList: new net.BlockList() },
  ]) {
    const { promise, resolve } = Promise.withResolvers();
    const server = await serve(t, options, (socket) => {
      fact(
        JSON.stringify(Object.keys(options)),
        socket.allowHalfOpen,
        socket.isPaused(),
        socket.readableFlowing,
        socket.readableHighWaterMark,
        socket.writableHighWaterMark,
        socket.server === server,
        socket.readyState,
      );
      socket.on('end', () => fact('end', socket.writable));
      socket.resume();
      setTimeout(() => resolve(fact('later', socket.writable, socket.destroyed)), 40);
    });
    dial(t, server).end('x');
    await promise;
  }
  const list = new net.BlockList();
  list.addAddress('127.0.0.1');
  const blocking = await serve(t, { blockList: list }, () => fact('never'));
  blocking.on('drop', (data) => fact('drop', data?.remoteAddress));
  const refused = dial(t, blocking);
  refused.on('error', (error) => fact('error', error.code));
  fact('closed', await event(refused, 'close'));
  const client = net.connect({ port: 9, host: '127.0.0.1', blockList: list });
  fact('client', told(await event(client, 'error')));
  const named = net.connect({ port: 9, host: 'localhost', family: 4, blockList: list });
  fact('client by name', told(await event(named, 'error')));
});

program('methods of a socket', async (fact, t) => {
  const server = await serve(t, { allowHalfOpen: true }, (socket) =>
    socket.on('data', (data) => socket.write(data)),
  );
  const socket = dial(t, server);
  await event(socket, 'connect');
  for (const [name, args] of [
    ['setNoDelay', []],
    ['setNoDelay', [false]],
    ['setNoDelay', ['x']],
    ['setKeepAlive', []],
    ['setKeepAlive', [true]],
    ['setKeepAlive', [true, 1500]],
    ['setKeepAlive', [true, 1000, 1000, 5]],
    ['setKeepAlive', [{ enable: true, initialDelay: 1000, interval: 2000, count: 3 }]],
    ['setKeepAlive', [{}]],
    ['setKeepAlive', [true, 'x']],
    ['setKeepAlive', [true, -1]],
    ['setKeepAlive', ['x']],
    ['setKeepAlive', [null]],
    ['setKeepAlive', [true, 1000, 'x', 'y']],
    ['setKeepAlive', [true, 1000, -5, -5]],
    ['setKeepAlive', [{ enable: 5, initialDelay: 'x' }]],
    ['setKeepAlive', [true, NaN]],
    ['setTimeout', [1000]],
    ['setTimeout', [0]],
    ['ref', []],
    ['unref', []],
    ['pause', []],
    ['resume', []],
    ['setEncoding', ['utf8']],
    ['setEncoding', []],
    ['setTypeOfService', [16]],
    ['setTypeOfService', [256]],
    ['setTypeOfService', [-1]],
    ['setTypeOfService', ['x']],
    ['setTypeOfService', [1.5]],
  ])
    fact.of(
      `${name} ${JSON.stringify(args)}`,
      () => socket[name](...args),
      (result) => result === socket,
    );
  fact('type of service', socket.getTypeOfService());
  fact(
    'address',
    stable(socket.address()),
    socket.bufferSize,
    socket.readyState,
    socket.timeout,
    socket.remoteFamily,
    socket.localFamily,
  );
  for (const options of [
    { typeOfService: 16 },
    { typeOfService: 256 },
    { typeOfService: 'x' },
    { keepAlive: true, keepAliveInitialDelay: 1000, noDelay: true },
  ])
    fact.of(
      JSON.stringify(options),
      () => new net.Socket(options),
      (one) => [one.getTypeOfService()],
    );
  const tos = dial(t, server, { typeOfService: 8 });
  await event(tos, 'connect');
  fact('typeOfService', tos.getTypeOfService());
  fact(
    'write',
    socket.write('hi', 'latin1', (error) => fact('written', error)),
    socket.bytesWritten,
    socket.writableLength,
  );
  socket.resume();
  fact(
    'end',
    socket.end('x', 'utf8', () => fact('ended')) === socket,
    socket.readyState,
    socket.writableEnded,
  );
  await soon();
  fact('half open', socket.readyState, socket.destroyed, socket.bytesRead, socket.bytesWritten);
  fact('destroy', socket.destroy() === socket, socket.destroyed, socket.readyState);
  await event(socket, 'close');
  fact('closed', socket.address(), socket.remoteAddress, socket.bytesRead, socket.closed);
  for (const [name, args] of [
    ['setNoDelay', []],
    ['setKeepAlive', [true]],
    ['setTimeout', [5]],
    ['ref', []],
    ['resetAndDestroy', []],
    ['destroySoon', []],
    ['pause', []],
    ['getTypeOfService', []],
    ['setTypeOfService', [8]],
  ])
    fact.of(
      `${name} when closed`,
      () => socket[name](...args),
      (result) => result === socket || typeof result,
    );
});
