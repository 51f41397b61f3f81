'use strict';
const net = require('net');
const { program, event } = require('./harness');

async function serve(t, options, listener) {
  const server = net.createServer(options, listener);
  t.after(() => new Promise((done) => server.close(done)));
  server.listen(0, '127.0.0.1');
  await event(server, 'listening');
  return server;
}
function client(t, server, options = {}) {
  const socket = net.connect({ port: server.address().port, host: '127.0.0.1', ...options });
  t.after(() => socket.destroy());
  return socket;
}

program('what the module exports', (fact) => {
  fact('names', Object.keys(net).sort());
  for (const name of ['connect', 'createServer', 'isIP', 'Socket', 'Server', 'BlockList'])
    fact(name, net[name].length, typeof net[name]);
});

program('connect refuses bad arguments', (fact) => {
  const bad = {
    'no port': {},
    'port text': { port: 'x' },
    'port true': { port: true },
    'port -1': { port: -1 },
    'port 65536': { port: 65536 },
    'port 1.5': { port: 1.5 },
    'port empty': { port: '' },
    'port null': { port: null },
    'port object': { port: {} },
    'host number': { port: 1, host: 5 },
    'host true': { port: 1, host: true },
    'path number': { path: 5 },
    'hints unknown': { port: 1, host: 'localhost', hints: 100000 },
    'family text': { port: 1, host: 'localhost', family: 'x' },
    'family 9': { port: 1, host: 'localhost', family: 9 },
    'localAddress text': { port: 1, host: '127.0.0.1', localAddress: 'nowhere' },
    'localPort text': { port: 1, host: '127.0.0.1', localPort: 'x' },
    'localPort too big': { port: 1, host: '127.0.0.1', localPort: 70000 },
    'lookup text': { port: 1, host: 'localhost', lookup: 'x' },
    'autoSelectFamily text': { port: 1, host: 'localhost', autoSelectFamily: 'x' },
    'attempt time-out 0': { port: 1, host: 'localhost', autoSelectFamilyAttemptTimeout: 0 },
    'attempt time-out text': { port: 1, host: 'localhost', autoSelectFamilyAttemptTimeout: 'x' },
    'timeout text': { port: 1, host: '127.0.0.1', timeout: 'x' },
    'timeout negative': { port: 1, host: '127.0.0.1', timeout: -1 },
    'signal text': { port: 1, host: '127.0.0.1', signal: 'x' },
    'blockList text': { port: 1, host: '127.0.0.1', blockList: 'x' },
    'typeOfService 256': { port: 1, host: '127.0.0.1', typeOfService: 256 },
    'typeOfService text': { port: 1, host: '127.0.0.1', typeOfService: 'x' },
    'keepAliveInitialDelay text': { port: 1, host: '127.0.0.1', keepAliveInitialDelay: 'x' },
    'onread text': { port: 1, host: '127.0.0.1', onread: 'x' },
    'onread without buffer': { port: 1, host: '127.0.0.1', onread: { callback() {} } },
    objectMode: { port: 1, host: '127.0.0.1', objectMode: true },
    readableObjectMode: { port: 1, host: '127.0.0.1', readableObjectMode: true },
  };
  for (const [name, options] of Object.entries(bad)) {
    fact.of(
      name,
      () => net.connect(options).on('error', () => {}),
      (socket) => (socket.destroy(), 'a socket'),
    );
  }
  for (const args of [[], [null], [undefined], ['x'], [1, 2], [1, {}], [-1], [true]]) {
    fact.of(
      `connect(${args.map(String)})`,
      () => net.connect(...args).on('error', () => {}),
      (socket) => (socket.destroy(), 'a socket'),
    );
  }
});

program('Socket refuses bad options', (fact) => {
  for (const [name, options] of Object.entries({
    null: null,

    text: 'x',
    'fd text': { fd: 'x' },
    'fd -1': { fd: -1 },
    'fd not open': { fd: 9999 },
    'fd 1.5': { fd: 1.5 },
    'handle null': { handle: null },
    'objectMode false': { objectMode: false },
    objectMode: { objectMode: true },
    writableObjectMode: { writableObjectMode: true },
    'signal text': { signal: 'x' },
    'signal object': { signal: {} },
    highWaterMark: { highWaterMark: 5 },
    'highWaterMark -1': { highWaterMark: -1 },
    'keepAliveInitialDelay -1': { keepAliveInitialDelay: -1 },
  }))
    fact.of(
      name,
      () => new net.Socket(options),
      (socket) => [
        socket.readable,
        socket.writable,
        socket.readableHighWaterMark,
        socket.writableHighWaterMark,
      ],
    );
});

program('the state of a new socket', (fact) => {
  const socket = new net.Socket();
  for (const name of [
    'allowHalfOpen',
    'autoSelectFamilyAttemptedAddresses',
    'bufferSize',
    'bytesRead',
    'bytesWritten',
    'connecting',
    'destroyed',
    'localAddress',
    'localPort',
    'localFamily',
    'pending',
    'readyState',
    'remoteAddress',
    'remoteFamily',
    'remotePort',
    'timeout',
    'readable',
    'writable',
    'readableFlowing',
    'readableLength',
    'writableLength',
    'writableEnded',
    'writableFinished',
    'closed',
    'errored',
    'writableNeedDrain',
    'readableEnded',
    'readableAborted',
    'readableDidRead',
    'writableAborted',
  ])
    fact(name, socket[name]);
  fact('address()', socket.address());
  for (const name of [
    'setTimeout',
    'setNoDelay',
    'setKeepAlive',
    'ref',
    'unref',
    'pause',
    'resume',
    'setTypeOfService',
  ])
    fact.of(
      name,
      () => socket[name](),
      (result) => result === socket,
    );
  fact.of('getTypeOfService', () => socket.getTypeOfService());
  socket.timeout = 9;
  fact('timeout assigned', socket.timeout);
});

program('setTimeout refuses bad arguments', (fact) => {
  const socket = new net.Socket();
  for (const value of ['x', -1, NaN, Infinity, null, undefined, {}, 2 ** 31, '5', 1.5])
    fact.of(
      `setTimeout(${String(value)})`,
      () => socket.setTimeout(value),
      () => socket.timeout,
    );
  for (const value of ['x', 5, null, {}])
    fact.of(
      `setTimeout(5, ${String(value)})`,
      () => socket.setTimeout(5, value),
      () => socket.timeout,
    );
  socket.destroy();
});

program('listen refuses bad arguments', (fact) => {
  for (const [name, args] of Object.entries({
    'port true': [{ port: true }],
    'port false': [{ port: false }],
    'port null': [{ port: null }],
    'port undefined': [{ port: undefined }],
    'port text': [{ port: 'x' }],
    'port number text': [{ port: '0' }],
    'port -1': [{ port: -1 }],
    'port 65536': [{ port: 65536 }],
    'port object': [{ port: {} }],
    'port array': [{ port: [] }],
    'fd -1': [{ fd: -1 }],
    'fd text': [{ fd: 'x' }],
    nothing: [{}],
    null: [null],
    true: [true],
    false: [false],
    '-1': [-1],
    65536: [65536],
    1.5: [1.5],
    NaN: [NaN],
    'path number': [{ path: 5 }],
    'host only': [{ host: 'localhost' }],
    'backlog text': [{ port: 0, backlog: 'x' }],
    'signal text': [{ port: 0, signal: 'x' }],
    'reusePort text': [{ port: 0, reusePort: 'x' }],
    'ipv6Only text': [{ port: 0, ipv6Only: 'x' }],
    undefined: [undefined],
    function: [() => {}],
  })) {
    const server = net.createServer();
    server.on('error', (error) => fact(`${name} error event`, error));
    fact.of(
      name,
      () => server.listen(...args),
      (result) => result === server,
    );
    server.close();
  }
});

program('createServer refuses bad options', (fact) => {
  for (const [name, options] of Object.entries({
    null: null,
    true: true,
    'highWaterMark -1': { highWaterMark: -1 },
    'highWaterMark text': { highWaterMark: 'x' },
    'blockList text': { blockList: 'x' },
    'keepAliveInitialDelay text': { keepAliveInitialDelay: 'x' },
  }))
    fact.of(
      name,
      () => net.createServer(options),
      (server) => [
        server.allowHalfOpen,
        server.pauseOnConnect,
        server.noDelay,
        server.keepAlive,
        server.keepAliveInitialDelay,
        server.highWaterMark,
      ],
    );
  fact.of(
    'listener text',
    () => net.createServer({}, 'x'),
    () => 'a server',
  );
});

program('a server before, while and after it listens', async (fact) => {
  const server = net.createServer();
  const state = () => [
    server.listening,
    server.address() === null,
    typeof server.connections,
    server.maxConnections,
  ];
  fact('new', state());
  fact('listen', server.listen(0) === server);
  fact('listening', state());
  await event(server, 'listening');
  fact.of('listen twice', () => server.listen(0));
  fact.of('close', () => server.close((error) => fact('closed', error)) === server);
  fact('closing', state());
  await event(server, 'close');
  server.close((error) => fact('close twice', error));
  await new Promise(setImmediate);
  server.listen(0, () => fact('listens again'));
  await event(server, 'listening');
  server.close();
  await event(server, 'close');
});

program('an echo', async (fact, t) => {
  const server = await serve(t, {}, (socket) => {
    fact.events('server', socket, ['end', 'finish', 'close', 'error']);
    socket.pipe(socket);
  });
  const socket = client(t, server);
  fact('connecting', socket.connecting, socket.readyState, socket.pending);
  fact.events(
    'client',
    socket,
    ['lookup', 'connectionAttempt', 'connect', 'ready', 'end', 'finish', 'close', 'error', 'drain'],
    (name, args) => (name.includes('connection') ? [] : args.filter((x) => typeof x !== 'object')),
  );
  socket.on('data', (data) => {
    fact('data', data);
    socket.end();
  });
  socket.on('connect', () => {
    fact(
      'connected',
      socket.readyState,
      socket.remoteAddress,
      socket.remoteFamily,
      socket.localAddress,
      socket.localFamily,
    );
    fact('address', Object.keys(socket.address()));
    fact(
      'write',
      socket.write('hello', () => fact('written', socket.bytesWritten)),
    );
  });
  await event(socket, 'close');
  fact(
    'closed',
    socket.readyState,
    socket.remoteAddress,
    socket.localAddress,
    socket.bytesRead,
    socket.bytesWritten,
    socket.pending,
    socket.destroyed,
  );
});

program('a refused connection', async (fact, t) => {
  const server = await serve(t, {}, () => {});
  const { port } = server.address();
  server.close();
  await event(server, 'close');
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.1' });
  const error = await event(socket, 'error');
  fact(
    'error',
    error.name,
    error.code,
    error.syscall,
    error.address,
    error.port === port,
    Object.keys(error),
    error.localAddress,
  );
  fact('close', await event(socket, 'close'));
  fact(
    'state',
    socket.readyState,
    socket.destroyed,
    socket.errored === error,
    socket.pending,
    socket.connecting,
  );
});

program('what write() and end() refuse', async (fact, t) => {
  const server = await serve(t, {}, (socket) => socket.resume());
  const socket = client(t, server);
  socket.on('error', (error) => fact('error event', error));
  await event(socket, 'connect');
  for (const value of [null, undefined, 5, {}, [], true, () => {}, Symbol('x')])
    fact.of(`write(${String(value)})`, () => socket.write(value));
  for (const value of [new DataView(new ArrayBuffer(2)), new Uint16Array(2), new ArrayBuffer(2)])
    fact.of(`write ${value.constructor.name}`, () => socket.write(value));
  fact.of('write bad encoding', () => socket.write('x', 'nope'));
  fact.of(
    'end(5)',
    () => socket.end(5),
    (r) => r === socket,
  );
  fact.of(
    'end(cb)',
    () => socket.end((error) => fact('ended', error)),
    (r) => r === socket,
  );
  fact.of(
    'end again',
    () => socket.end((error) => fact('ended again', error)),
    (r) => r === socket,
  );
  fact.of('write after end', () => socket.write('x', (error) => fact('write callback', error)));
  await event(socket, 'close');
  fact.of('write after close', () => socket.write('x', (error) => fact('write callback', error)));
  fact.of(
    'end after close',
    () => socket.end('x', (error) => fact('end callback', error)),
    (r) => r === socket,
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
});

program('onread', async (fact, t) => {
  const server = await serve(t, {}, (socket) => socket.end('hello'));
  const buffer = Buffer.alloc(3);
  const parts = [];
  const socket = client(t, server, {
    onread: {
      buffer,
      callback(count, given) {
        parts.push(given.toString('latin1', 0, count));
        fact('this', this === socket, given === buffer);
        return true;
      },
    },
  });
  await event(socket, 'close');
  fact('all', parts.join(''));
});

program('defaults of the module', (fact) => {
  fact('autoSelectFamily', net.getDefaultAutoSelectFamily());
  fact('attempt time-out', net.getDefaultAutoSelectFamilyAttemptTimeout());
  for (const value of ['x', 0, -1, 1.5, 2 ** 31, null, 5, undefined])
    fact.of(
      `set(${value})`,
      () => net.setDefaultAutoSelectFamilyAttemptTimeout(value),
      () => net.getDefaultAutoSelectFamilyAttemptTimeout(),
    );
  net.setDefaultAutoSelectFamilyAttemptTimeout(500);
  for (const value of ['x', 0, null])
    fact.of(`select(${value})`, () => net.setDefaultAutoSelectFamily(value));
});

program('isIP', (fact) => {
  for (const text of [
    '1.2.3.4',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.256',
    '::1',
    '::',
    '1::2::3',
    '::ffff:1.2.3.4',
    'fe80::1%lo',
    'fe80::1%',
    '::1 ',
    '',
    'x',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::',
    '12345::',
    '::1.2.3.4',
    '1.2.3.4::',
    null,
    undefined,
    5,
    {},
    [],
    ['::1'],
    { toString: () => '::1' },
    '0x1.2.3.4',
    '::%',
    '1.2.3.4%lo',
  ])
    fact(`isIP ${String(text)}`, net.isIP(text), net.isIPv4(text), net.isIPv6(text));
});

program('SocketAddress', (fact) => {
  for (const options of [
    undefined,
    {},
    { family: 'ipv6' },
    { address: '::1' },
    { family: 'ipv6', address: '0:0:0:0:0:0:0:1' },
    { family: 'IPv4' },
    { family: 4 },
    { port: 5 },
    { port: -1 },
    { port: 'x' },
    { port: '8' },
    { flowlabel: 7, family: 'ipv6' },
    { flowlabel: -1, family: 'ipv6' },
    { address: 5 },
    { address: 'x' },
    { address: '1.2.3.4', family: 'ipv6' },
    { family: 'ipv6', address: '2001:DB8:0:0:0:0:0:1' },
    { family: 'ipv6', address: '::ffff:1.2.3.4' },
    null,
    5,
  ])
    fact.of(
      JSON.stringify(options) ?? 'undefined',
      () => new net.SocketAddress(options),
      (one) => [one.address, one.family, one.port, one.flowlabel, JSON.stringify(one)],
    );
  for (const text of [
    '1.2.3.4',
    '1.2.3.4:80',
    '[::1]:80',
    '[::1]',
    '::1',
    'x',
    '',
    '1.2.3.4:x',
    '1.2.3.4:70000',
    '[2001:db8::1]:1',
    '127.1',
    '0x7f000001:1',
  ])
    fact.of(
      `parse ${text}`,
      () => net.SocketAddress.parse(text),
      (one) => one && [one.address, one.family, one.port, one.flowlabel],
    );
  fact.of('parse(5)', () => net.SocketAddress.parse(5));
  fact(
    'is',
    net.SocketAddress.isSocketAddress({}),
    net.SocketAddress.isSocketAddress(new net.SocketAddress()),
  );
});

program('BlockList', (fact) => {
  const list = new net.BlockList();
  const tries = {
    'addAddress 1.2.3.4': () => list.addAddress('1.2.3.4'),
    'addAddress ::1 default family': () => list.addAddress('::1'),
    'addAddress ::1': () => list.addAddress('::1', 'ipv6'),
    'addAddress IPv6': () => list.addAddress('::2', 'IPv6'),
    'addAddress 5': () => list.addAddress(5),
    'addAddress bad family': () => list.addAddress('1.2.3.4', 'x'),
    addRange: () => list.addRange('10.0.0.1', '10.0.0.9'),
    'addRange reversed': () => list.addRange('10.0.0.9', '10.0.0.1'),
    'addRange 6': () => list.addRange('fe80::1', 'fe80::ff', 'ipv6'),
    addSubnet: () => list.addSubnet('192.168.0.0', 16),
    'addSubnet 33': () => list.addSubnet('192.168.0.0', 33),
    'addSubnet -1': () => list.addSubnet('192.168.0.0', -1),
    'addSubnet text': () => list.addSubnet('192.168.0.0', '16'),
    'addSubnet 6': () => list.addSubnet('2001:db8::', 32, 'ipv6'),
    'addSubnet 6 129': () => list.addSubnet('2001:db8::', 129, 'ipv6'),
    check: () => ['1.2.3.4', '10.0.0.5', '10.0.0.10', '192.168.3.4'].map((a) => list.check(a)),
    'check mapped': () => list.check('::ffff:1.2.3.4', 'ipv6'),
    'check 6': () =>
      ['::1', '2001:db8::5', 'fe80::10', 'fe80::100'].map((a) => list.check(a, 'ipv6')),
    'check text': () => list.check('x'),
    'check 5': () => list.check(5),
    'check SocketAddress': () => list.check(new net.SocketAddress({ address: '1.2.3.4' })),
    rules: () => list.rules,
    toJSON: () => list.toJSON(),
    fromJSON: () => {
      const l = new net.BlockList();
      l.fromJSON(list.toJSON());
      return l.rules;
    },
    'fromJSON bad': () => new net.BlockList().fromJSON(5),
    'fromJSON bad rule': () => new net.BlockList().fromJSON(['nonsense']),
    isBlockList: () => [net.BlockList.isBlockList(list), net.BlockList.isBlockList({})],
  };
  for (const [name, run] of Object.entries(tries)) fact.of(name, run);
});
