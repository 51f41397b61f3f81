'use strict';
// What the page of net says of connections.
const fs = require('fs');
const net = require('net');
const { program, event, soon } = require('./harness');
const { dial, serve, told } = require('./shared/net');

program('the life of a connection', async (fact, t) => {
  const LIFE = [
    'lookup',
    'connectionAttempt',
    'connectionAttemptFailed',
    'connectionAttemptTimeout',
    'connect',
    'ready',
    'timeout',
    'end',
    'finish',
    'close',
    'error',
    'drain',
  ];
  const server = await serve(t, {}, (socket) =>
    socket.on('data', (data) => String(data) === 'bye' && socket.end('bye')),
  );
  const show = (name, args) =>
    args.map((one) =>
      one instanceof Error ? told(one) : typeof one === 'number' && one > 100 ? 'port' : one,
    );
  const port = server.address().port;
  for (const [name, make] of Object.entries({
    'port, host': () => net.connect(port, '127.0.0.1'),
    port: () => net.connect({ port, host: 'localhost', family: 4 }),
    'port as text': () => net.connect(String(port), '127.0.0.1'),
    lookup: () =>
      net.connect({
        port,
        host: 'some.name',
        lookup: (n, o, done) =>
          setImmediate(done, null, o.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4),
      }),
    'a lookup that fails': () =>
      net.connect({
        port,
        host: 'some.name',
        lookup: (n, o, done) => setImmediate(done, Object.assign(new Error('no'), { code: 'ENO' })),
      }),
    autoSelectFamily: () =>
      net.connect({
        port,
        host: 'some.name',
        autoSelectFamily: true,
        lookup: (n, o, done) =>
          setImmediate(done, null, [
            { address: '::1', family: 6 },
            { address: '127.0.0.1', family: 4 },
          ]),
      }),
    'autoSelectFamily, nobody': () =>
      net.connect({
        port: 1,
        host: 'some.name',
        autoSelectFamily: true,
        lookup: (n, o, done) =>
          setImmediate(done, null, [
            { address: '::1', family: 6 },
            { address: '127.0.0.1', family: 4 },
          ]),
      }),
    'autoSelectFamily false': () =>
      net.connect({ port: 1, host: '127.0.0.1', autoSelectFamily: false }),
    'no such host': () => net.connect(port, 'nothing.invalid'),
    localAddress: () => net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' }),
    'a bad localAddress': () => net.connect({ port, host: '127.0.0.1', localAddress: '192.0.2.1' }),
    nobody: () => net.connect(1, '127.0.0.1'),
    'no such path': () => net.connect('/nothing/there'),
    timeout: () => net.connect({ port, host: '127.0.0.1', timeout: 20 }),
    aborted: () => net.connect({ port, host: '127.0.0.1', signal: AbortSignal.abort() }),
    'another family': () => net.connect({ port, host: '127.0.0.1', family: 6 }),
  })) {
    let socket;
    try {
      socket = make();
    } catch (error) {
      fact(name, 'throws', told(error));
      continue;
    }
    t.after(() => socket.destroy());
    fact(name, socket.connecting, socket.pending, socket.readyState);
    fact.events(name, socket, LIFE, show);
    socket.on('connect', () => setTimeout(() => socket.write('bye'), name === 'timeout' ? 60 : 0));
    socket.resume();
    await Promise.race([event(socket, 'close'), soon(400)]);
    fact(
      name,
      socket.destroyed,
      socket.autoSelectFamilyAttemptedAddresses?.map((one) => one.replace(/:\d+$/, '')),
    );
  }
});

program('resetAndDestroy() and destroySoon()', async (fact, t) => {
  const server = await serve(t, {}, (socket) => {
    socket.on('error', (error) => fact('server', told(error)));
    socket.on('close', (failed) => fact('server closed', failed));
    socket.resume();
  });
  const socket = dial(t, server);
  await event(socket, 'connect');
  fact('reset', socket.resetAndDestroy() === socket);
  fact('close', await event(socket, 'close'), socket.errored);
  await soon();
  const connecting = dial(t, server);
  connecting.on('error', (error) => fact('connecting', told(error)));
  connecting.resetAndDestroy();
  fact('close', await event(connecting, 'close'));
  const fresh = new net.Socket();
  fresh.on('error', (error) => fact('fresh', told(error)));
  fresh.resetAndDestroy();
  await soon();
  const later = dial(t, server);
  later.write('x');
  later.destroySoon();
  fact('destroySoon', later.destroyed, later.writableEnded);
  fact('close', await event(later, 'close'), later.bytesWritten);
  const path_ = net.connect('/nothing');
  path_.on('error', (error) => fact('path', error.code));
  await event(path_, 'close');
  fact.of('reset of a path', () => path_.resetAndDestroy() === path_);
});

program('onread', async (fact, t) => {
  const server = await serve(t, {}, (socket) => socket.end('hello world'));
  for (const [name, onread] of Object.entries({
    buffer: {
      buffer: Buffer.alloc(5),
      callback: (size, buffer) => fact('read', size, buffer.toString('latin1', 0, size)),
    },
    function: {
      buffer: () => Buffer.alloc(4),
      callback: (size, buffer) => fact('read', size, buffer.length),
    },
    Uint8Array: {
      buffer: new Uint8Array(6),
      callback: (size, buffer) => fact('read', size, buffer.constructor.name),
    },
  })) {
    const socket = dial(t, server, { onread });
    socket.on('data', () => fact('never'));
    socket.on('end', () => fact(name, 'end'));
    await event(socket, 'close');
  }
  const paused = dial(t, server, {
    onread: {
      buffer: Buffer.alloc(5),
      callback: (size) => {
        fact('paused read', size);
        setTimeout(() => paused.resume(), 10);
        return false;
      },
    },
  });
  await event(paused, 'close');
  for (const onread of [
    5,
    {},
    { buffer: Buffer.alloc(1) },
    { callback: () => {} },
    { buffer: 5, callback: () => {} },
    { buffer: 'x', callback: () => {} },
    null,
  ])
    fact.of(
      JSON.stringify(onread),
      () => new net.Socket({ onread }),
      () => 'a socket',
    );
});

program('descriptors', async (fact, t) => {
  for (const fd of [-1, 99999, 'x', 1.5, null])
    fact.of(
      `fd ${fd}`,
      () => new net.Socket({ fd }),
      (socket) => [socket.readable, socket.writable, socket.readyState],
    );
  const file = fs.openSync(__filename, 'r');
  t.after(() => fs.closeSync(file));
  fact.of(
    'a file',
    () => new net.Socket({ fd: file }),
    () => 'a socket',
  );
  fact.of('listen to a file', () => {
    const server = net.createServer();
    server.on('error', (error) => fact('listen', error.code));
    server.listen({ fd: file });
    return 'goes on';
  });
  await soon();
});
