'use strict';
const dgram = require('dgram');
const { program, event } = require('./harness');

async function bound(t, options = 'udp4') {
  const socket = dgram.createSocket(options);
  t.after(
    () =>
      new Promise((done) => {
        try {
          socket.close(done);
        } catch {
          done();
        }
      }),
  );
  socket.bind(0, '127.0.0.1');
  await event(socket, 'listening');
  return socket;
}

program('what the module exports', (fact) => {
  fact(
    'names',
    Object.keys(dgram)
      .filter((name) => !name.startsWith('_'))
      .sort(),
  );
});

program('createSocket() checks its arguments', (fact) => {
  for (const args of [
    [],
    ['x'],
    [5],
    [null],
    [{}],
    [{ type: 'udp5' }],
    [{ type: 'udp4', recvBufferSize: 'x' }],
    [{ type: 'udp4', sendBufferSize: -1 }],
    [{ type: 'udp4', lookup: 5 }],
    [{ type: 'udp4', signal: 5 }],
    [{ type: 'udp4', reuseAddr: 5 }],
    [{ type: 'udp4', receiveBlockList: 5 }],
    [{ type: 'udp4', sendBlockList: {} }],
    ['udp4', 5],
    [{ type: 'udp6', ipv6Only: 1 }],
  ])
    fact.of(
      JSON.stringify(args),
      () => dgram.createSocket(...args),
      (one) => (one.close(), one.type),
    );
});

program('before bind()', (fact) => {
  const socket = dgram.createSocket('udp4');
  for (const [name, args] of [
    ['address', []],
    ['remoteAddress', []],
    ['setTTL', [5]],
    ['setBroadcast', [true]],
    ['setMulticastTTL', [5]],
    ['setMulticastLoopback', [true]],
    ['setMulticastInterface', ['127.0.0.1']],
    ['getRecvBufferSize', []],
    ['getSendBufferSize', []],
    ['setRecvBufferSize', [5000]],
    ['addMembership', []],
    ['dropMembership', ['224.0.0.1']],
    ['disconnect', []],
    ['getSendQueueSize', []],
    ['getSendQueueCount', []],
  ])
    fact.of(
      name,
      () => socket[name](...args),
      (result) => typeof result,
    );
  fact('ref', socket.ref() === socket, socket.unref() === socket);
  socket.close();
  for (const name of ['close', 'address', 'bind', 'ref', 'unref', 'send', 'connect'])
    fact.of(
      `${name} after close`,
      () => socket[name](1),
      (result) => typeof result,
    );
});

program('bind() and close()', async (fact, t) => {
  const socket = dgram.createSocket('udp4');
  fact.events('socket', socket, ['listening', 'close', 'error', 'connect']);
  fact('returns', socket.bind(0, '127.0.0.1', () => fact('callback')) === socket);
  fact.of('again', () => socket.bind(0));
  await event(socket, 'listening');
  const address = socket.address();
  fact('address', address.address, address.family, address.port > 0, Object.keys(address));
  fact.of('after listening', () => socket.bind());
  fact('close', socket.close(() => fact('closed')) === socket);
  await event(socket, 'close');
  for (const args of [
    ['x'],
    [70000],
    [-1],
    [{ port: 'x' }],
    [{ port: 0, address: 5 }],
    [{ fd: 'x' }],
    [0, 5],
    [null],
    [{ exclusive: true }],
  ]) {
    const one = dgram.createSocket('udp4');
    one.on('error', (error) =>
      fact(`bind ${JSON.stringify(args)} error`, error.code, error.syscall),
    );
    fact.of(
      `bind ${JSON.stringify(args)}`,
      () => one.bind(...args),
      () => 'a socket',
    );
    await new Promise((done) => setTimeout(done, 5));
    try {
      one.close();
    } catch (error) {
      fact('close', error);
    }
  }
  const taken = await bound(t);
  const other = dgram.createSocket('udp4');
  other.bind(taken.address().port, '127.0.0.1');
  const error = await event(other, 'error');
  fact('in use', error.code, error.syscall, error.address);
  const dispose = dgram.createSocket('udp4');
  fact('asyncDispose', typeof dispose[Symbol.asyncDispose]);
  await dispose[Symbol.asyncDispose]();
});

program('send() checks its arguments', async (fact, t) => {
  const socket = await bound(t);
  socket.on('error', (error) => fact('error', error.code, error.syscall));
  for (const args of [
    [],
    ['a'],
    ['a', 'x'],
    ['a', 70000],
    ['a', 0],
    ['a', -1],
    [5, 1],
    [null, 1],
    [{}, 1],
    [[5], 1],
    ['a', 1, 5],
    ['a', 1, {}],
    [Buffer.from('abc'), 5, 1, 1],
    [Buffer.from('abc'), 1, 5, 1],
    [Buffer.from('abc'), -1, 1, 1],
    [Buffer.from('abc'), 0, 'x', 1],
    [new ArrayBuffer(1), 1],
    ['a', 1.5],
    ['a', '9x'],
    ['a', null],
    ['a', true],
  ])
    fact.of(
      JSON.stringify(args),
      () => socket.send(...args),
      (result) => typeof result,
    );
  await new Promise((done) => setTimeout(done, 10));
});

program('what is sent arrives', async (fact, t) => {
  const socket = await bound(t);
  const client = dgram.createSocket('udp4');
  t.after(() => client.close());
  const { port } = socket.address();
  for (const [name, args] of Object.entries({
    text: ['t\u00e9xt'],
    buffer: [Buffer.from('abc')],
    part: [Buffer.from('abcdef'), 2, 3],
    list: [['a', Buffer.from('b'), new Uint8Array([99])]],
    empty: [''],
    'no list': [[]],
    view: [new DataView(new ArrayBuffer(2))],
    words: [new Uint16Array([0x6161])],
  })) {
    const arrives = new Promise((done) =>
      socket.once('message', (message, info) =>
        done([message, info.address, info.family, info.port > 0, info.size]),
      ),
    );
    await new Promise((done) =>
      client.send(...args, port, '127.0.0.1', (error, bytes) => done(fact(name, error, bytes))),
    );
    fact(name, await arrives);
  }
  fact(
    'bound by send',
    client.address().address,
    client.getSendQueueSize(),
    client.getSendQueueCount(),
  );
  await new Promise((done) =>
    client.send(Buffer.alloc(70000), port, '127.0.0.1', (error) =>
      done(fact('too long', error?.code, error?.syscall, error?.address, error?.port > 0)),
    ),
  );
  await new Promise((done) =>
    client.send('a', port, 'nothing.invalid', (error) =>
      done(fact('no name', error?.code, error?.syscall)),
    ),
  );
});

program('connect()', async (fact, t) => {
  const server = await bound(t);
  const socket = dgram.createSocket('udp4');
  t.after(() => socket.close());
  fact.events('socket', socket, ['connect', 'error']);
  for (const args of [[], ['x'], [0], [70000], [1, 5, () => {}], [-1]])
    fact.of(
      `connect ${args.map(String)}`,
      () => socket.connect(...args),
      (result) => typeof result,
    );
  socket.connect(server.address().port, '127.0.0.1', (error) => fact('callback', error));
  await event(socket, 'connect');
  const remote = socket.remoteAddress();
  fact('remote', remote.address, remote.family, remote.port === server.address().port);
  fact.of('again', () => socket.connect(1));
  const arrives = event(server, 'message');
  socket.send('hi', (error, bytes) => fact('sent', error, bytes));
  fact('arrives', await arrives);
  fact.of('with a port', () => socket.send('x', 1, '127.0.0.1'));
  fact.of(
    'with a part',
    () => socket.send(Buffer.from('abc'), 1, 1),
    (result) => typeof result,
  );
  fact.of('disconnect', () => socket.disconnect());
  fact.of('disconnect again', () => socket.disconnect());
  fact.of('remote', () => socket.remoteAddress());
});

program('settings', async (fact, t) => {
  const socket = await bound(t);
  for (const [name, values] of Object.entries({
    setTTL: [1, 255, 0, 256, 'x', null],
    setMulticastTTL: [0, 255, 256, 'x'],
    setBroadcast: [true, 0, 'x'],
    setMulticastLoopback: [true, 0],
    setMulticastInterface: ['127.0.0.1', 'x', 5, ''],
    setRecvBufferSize: [5000, 0, -1, 'x', 1.5],
    setSendBufferSize: [5000, 0, 'x'],
    addMembership: ['224.0.0.114', 'x', undefined, 5, '127.0.0.1'],
    dropMembership: ['224.0.0.115', undefined],
    addSourceSpecificMembership: [undefined, 5],
    dropSourceSpecificMembership: [undefined],
  }))
    for (const value of values) fact.of(`${name} ${value}`, () => socket[name](value));
  fact('sizes', socket.getRecvBufferSize() > 0, socket.getSendBufferSize() > 0);
});

program('a signal closes', async (fact) => {
  const controller = new AbortController();
  const socket = dgram.createSocket({ type: 'udp4', signal: controller.signal });
  fact.events('socket', socket, ['close', 'error']);
  controller.abort();
  await new Promise(setImmediate);
  const aborted = dgram.createSocket({ type: 'udp4', signal: AbortSignal.abort() });
  fact.events('aborted', aborted, ['close', 'error']);
  await new Promise(setImmediate);
});
