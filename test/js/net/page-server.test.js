'use strict';
// The page's servers of one task: createServer(group, 0, saddr).
const { test } = require('../../helpers/test');
const { collect, closed, until } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const socket = require('socket');
const { once } = require('events');

function create(t, ...args) {
  const server = net.createServer('group', 0, ...args);
  t.after(() => new Promise((resolve) => (server.listening ? server.close(resolve) : resolve())));
  return server;
}

const loopback = () => socket.sockaddr(socket.INADDR_LOOPBACK, 0);

test('listen() binds at once; port() is known, address() only with listening', async (t) => {
  const server = create(t, loopback());
  assert.strictEqual(server.port(), undefined);
  assert.strictEqual(server.address(), null);
  server.listen();
  const port = server.port();
  assert.ok(port > 0);
  assert.strictEqual(server.address(), null);
  const [argument] = await once(server, 'listening');
  assert.strictEqual(argument, server);
  assert.deepStrictEqual(server.address(), { port, family: 'IPv4', address: '127.0.0.1' });
  server.close();
  assert.strictEqual(server.address(), null);
  assert.strictEqual(server.port(), undefined);
});

test('the callback of listen hears listening', async (t) => {
  const server = create(t, loopback());
  const argument = await new Promise((resolve) => server.listen(resolve));
  assert.strictEqual(argument, server);
});

test('a taken port throws out of listen(), without an error event; a free one works after', async (t) => {
  const first = create(t, loopback());
  first.listen();
  const second = create(t, socket.sockaddr(socket.INADDR_LOOPBACK, first.port()));
  second.on('error', assert.fail);
  assert.throws(() => second.listen(), {
    code: 'EADDRINUSE',
    syscall: 'listen',
    port: first.port(),
  });
  const third = create(t, loopback());
  third.listen();
  await once(third, 'listening');
});

test('connection delivers a Socket, not before listening', async (t) => {
  const server = create(t, loopback());
  let listening = false;
  server.on('listening', () => {
    listening = true;
  });
  server.on('connection', (connect) => {
    assert.ok(listening);
    assert.ok(connect instanceof net.Socket);
    connect.end('hi');
  });
  server.listen();
  assert.strictEqual(String(await collect(net.connect(server.port(), '127.0.0.1'))), 'hi');
});

test('close stops accepting, and tells close with the server when the last connection ended', async (t) => {
  const server = create(t, loopback());
  server.on('connection', (connect) => connect.resume());
  server.listen();
  await once(server, 'listening');
  const client = net.connect(server.port(), '127.0.0.1');
  await once(client, 'connect');
  await until(() => server._connections === 1);
  let called = 0;
  const ended = once(server, 'close');
  server.close(() => called++);
  client.end();
  const [argument] = await ended;
  assert.strictEqual(argument, server);
  assert.strictEqual(called, 1);
  await closed(client);
});

test('isMaster() is true and groupName names the group', (t) => {
  const server = create(t);
  assert.strictEqual(server.isMaster(), true);
  assert.deepStrictEqual(server.groupName, { group: 'group', name: 'group' });
});

test('without saddr the server listens on every IPv4 address at a free port', async (t) => {
  const server = create(t);
  server.listen();
  await once(server, 'listening');
  assert.strictEqual(server.address().address, '0.0.0.0');
});

test('an IPv6 saddr is listened on, with or without its domain', async (t) => {
  for (const saddr of [
    socket.sockaddr6(socket.IN6ADDR_LOOPBACK),
    { addr: '::1' },
    { domain: socket.AF_INET6 },
  ]) {
    const server = create(t, saddr);
    server.listen();
    await once(server, 'listening');
    assert.strictEqual(server.address().family, 'IPv6');
    server.close();
  }
});

test('subMode may stand before saddr', async (t) => {
  const server = create(t, './sub', loopback());
  server.listen();
  await once(server, 'listening');
});

for (const [form, args] of [
  ['null, saddr', [null, loopback()]],
  ['undefined, saddr', [undefined, loopback()]],
  ['null, saddr, null', [null, loopback(), null]],
  ['undefined, saddr, undefined', [undefined, loopback(), undefined]],
])
  test(`subMode may be absent: ${form}`, async (t) => {
    const server = create(t, ...args);
    server.listen();
    await once(server, 'listening');
    assert.strictEqual(server.address().address, socket.INADDR_LOOPBACK);
  });

for (const form of [[null], [undefined], [null, null], [undefined, undefined], ['./sub', null]])
  test(`tlsOpt is not taken for an address behind ${JSON.stringify(form)}`, (t) => {
    const server = create(t, ...form, { cert: 'no certificate', key: 'no key' });
    assert.throws(() => server.listen(), /certificate|PEM|key/i);
    assert.throws(() => create(t, ...form, {}).listen(), { code: 'ERR_MISSING_ARGS' });
  });

for (const [args, expected] of [
  [[''], { code: 'ERR_INVALID_ARG_VALUE', message: /group/ }],
  [['g'], { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError', message: /subs/ }],
  [['g', '2'], { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError', message: /subs/ }],
  [['g', 1.5], { name: 'TypeError', message: /subs/ }],
  [['g', -1], { code: 'ERR_OUT_OF_RANGE', name: 'RangeError', message: /subs/ }],
  [['g', 0, 5], { code: 'ERR_INVALID_ARG_TYPE', message: /saddr/ }],
  [
    ['g', 0, { addr: 'localhost', port: 0 }],
    { code: 'ERR_INVALID_ARG_VALUE', message: /saddr\.addr/ },
  ],
  [['g', 0, { port: 0 }, null, {}], { code: 'ERR_INVALID_ARG_TYPE', message: /subMode/ }],
  [['g', 0, { addr: 5 }], { code: 'ERR_INVALID_ARG_TYPE', message: /saddr\.addr/ }],
  [
    ['g', 0, { addr: '127.0.0.1', port: 70000 }],
    { code: 'ERR_SOCKET_BAD_PORT', message: /saddr\.port/ },
  ],
  [['g', 0, { cert: 'one', key: 'two' }], { code: 'ERR_UNKNOWN_OPTION', message: /saddr\.cert/ }],
  [
    ['g', 0, { address: '127.0.0.1', port: 0 }],
    { code: 'ERR_UNKNOWN_OPTION', message: /saddr\.address'; did you mean 'addr'/ },
  ],
])
  test(`createServer(${JSON.stringify(args).slice(1, -1)}) throws at once`, () => {
    assert.throws(() => net.createServer(...args), expected);
  });

test('listen() refuses a callback that is no function', (t) => {
  assert.throws(() => create(t).listen(3000), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: /callback/,
  });
});

test('createSubServer outside a sub task throws', () => {
  assert.throws(() => net.createSubServer('group'), Error);
  assert.throws(() => net.createSubServer(5), { code: 'ERR_INVALID_ARG_TYPE' });
});
