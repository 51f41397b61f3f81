'use strict';
const { test } = require('../../helpers/test');
const { serve, closed, collect } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');
const socket = require('socket');
const { once } = require('events');

test('createConnection(options) connects and calls the listener once on connect', async (t) => {
  const { port } = await serve(t);
  let calls = 0;
  const client = net.createConnection({ port, host: '127.0.0.1' }, () => calls++);
  t.after(() => client.destroy());
  assert.ok(client instanceof net.Socket);
  assert.strictEqual(client.connecting, true);
  assert.strictEqual(client.pending, true);
  assert.strictEqual(client.readyState, 'opening');
  await once(client, 'ready');
  assert.strictEqual(calls, 1);
  assert.strictEqual(client.connecting, false);
  assert.strictEqual(client.pending, false);
  assert.strictEqual(client.readyState, 'open');
  client.emit('connect');
  assert.strictEqual(calls, 1);
});

test('connect and createConnection are the same function', () => {
  assert.strictEqual(net.connect, net.createConnection);
});

test('connect(port, host, listener) and connect(port, listener) connect', async (t) => {
  const { port } = await serve(t, (one) => one.end('x'));
  for (const args of [[port, '127.0.0.1'], [port], [String(port), '127.0.0.1']]) {
    const client = net.connect(...args);
    assert.strictEqual(String(await collect(client)), 'x');
  }
});

test('connect(saddr) connects to a literal address without a lookup', async (t) => {
  const { port } = await serve(t, (one) => one.end());
  const client = new net.Socket();
  client.on('lookup', () => assert.fail('lookup of a literal'));
  assert.strictEqual(client.connect(socket.sockaddr('127.0.0.1', port)), client);
  await once(client, 'connect');
  client.destroy();
  const direct = net.connect({ domain: socket.AF_INET, addr: '127.0.0.1', port });
  await once(direct, 'connect');
  direct.destroy();
});

test('connect(saddr, undefined, listener) skips the missing tlsOpt', async (t) => {
  const { port } = await serve(t);
  const client = new net.Socket();
  await new Promise((resolve) =>
    client.connect(socket.sockaddr('127.0.0.1', port), undefined, resolve),
  );
  client.destroy();
});

test('host defaults to localhost, and the name is told by lookup', async (t) => {
  const { port } = await serve(t);
  const client = net.connect({ port });
  t.after(() => client.destroy());
  const [error, address, family, host] = await once(client, 'lookup');
  assert.strictEqual(error, null);
  assert.ok(address === '127.0.0.1' || address === '::1', address);
  assert.strictEqual(family, net.isIP(address));
  assert.strictEqual(host, 'localhost');
});

test('family 6 reaches a server on ::1', async (t) => {
  const server = net.createServer().listen(0, '::1');
  t.after(() => server.close());
  await once(server, 'listening');
  const client = net.connect({
    port: server.address().port,
    host: 'localhost',
    family: 6,
    lookup: (h, o, cb) => cb(null, '::1', 6),
  });
  await once(client, 'connect');
  assert.strictEqual(client.remoteFamily, 'IPv6');
  assert.strictEqual(client.remoteAddress, '::1');
  client.destroy();
});

test('a lookup of the program is called as lookup(host, options, callback)', async (t) => {
  const { port } = await serve(t);
  const calls = [];
  const client = net.connect({
    port,
    host: 'some.name',
    family: 4,
    lookup(...args) {
      calls.push(args);
      args[2](null, '127.0.0.1', 4);
    },
  });
  t.after(() => client.destroy());
  await once(client, 'connect');
  const [host, options, callback] = calls[0];
  assert.strictEqual(host, 'some.name');
  assert.strictEqual(options.family, 4);
  assert.strictEqual(options.all, false);
  assert.strictEqual(typeof callback, 'function');
});

test('a lookup that returns a string has answered with it', async (t) => {
  const { port } = await serve(t);
  const client = net.connect({ port, host: 'some.name', lookup: () => '127.0.0.1' });
  await once(client, 'connect');
  assert.strictEqual(client.remoteAddress, '127.0.0.1');
  client.destroy();
});

test('a lookup that fails gives lookup with the error, error, close(true)', async () => {
  const problem = new Error('no such name');
  const client = net.connect({ port: 1, host: 'some.name', lookup: (h, o, cb) => cb(problem) });
  const order = [];
  client.on('lookup', (error) => order.push(['lookup', error]));
  client.on('error', (error) => order.push(['error', error]));
  order.push(['close', await closed(client)]);
  assert.deepStrictEqual(order, [
    ['lookup', problem],
    ['error', problem],
    ['close', true],
  ]);
});

test('a lookup that throws is an error of the socket', async () => {
  const problem = new Error('thrown');
  const client = net.connect({
    port: 1,
    host: 'some.name',
    lookup: () => {
      throw problem;
    },
  });
  const [error] = await once(client, 'error');
  assert.strictEqual(error, problem);
});

test('a name that does not exist is ENOTFOUND', async () => {
  const client = net.connect({ port: 1, host: 'no-such-name.invalid' });
  const error = await new Promise((resolve) => client.on('error', resolve));
  assert.ok(['ENOTFOUND', 'EAI_AGAIN'].includes(error.code), error.code);
  assert.strictEqual(error.syscall, 'getaddrinfo');
  assert.strictEqual(error.hostname, 'no-such-name.invalid');
});

test('a refused connection reads as Node has it', async (t) => {
  const { server, port } = await serve(t);
  await new Promise((resolve) => server.close(resolve));
  const client = net.connect(port, '127.0.0.1');
  client.on('connect', () => assert.fail('connected'));
  const ended = closed(client);
  const [error] = await once(client, 'error');
  assert.strictEqual(error.message, `connect ECONNREFUSED 127.0.0.1:${port}`);
  assert.strictEqual(error.code, 'ECONNREFUSED');
  assert.strictEqual(error.syscall, 'connect');
  assert.strictEqual(error.address, '127.0.0.1');
  assert.strictEqual(error.port, port);
  assert.strictEqual(error.errno, -111);
  assert.strictEqual(await ended, true);
});

test('addresses of both families race: one that answers wins over one that is refused', async (t) => {
  const { port } = await serve(t);
  const client = net.connect({
    port,
    host: 'both.families',
    autoSelectFamily: true,
    lookup: (h, options, cb) => {
      assert.strictEqual(options.all, true);
      cb(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]);
    },
  });
  await once(client, 'connect');
  assert.strictEqual(client.remoteAddress, '127.0.0.1');
  assert.deepStrictEqual(client.autoSelectFamilyAttemptedAddresses, [
    `::1:${port}`,
    `127.0.0.1:${port}`,
  ]);
  client.destroy();
});

test('when every address fails the error lists all failures', async (t) => {
  const { server, port } = await serve(t);
  await new Promise((resolve) => server.close(resolve));
  const client = net.connect({
    port,
    host: 'both.families',
    lookup: (h, o, cb) =>
      cb(null, [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ]),
  });
  const [error] = await once(client, 'error');
  assert.ok(error instanceof AggregateError);
  assert.strictEqual(error.code, 'ECONNREFUSED');
  assert.strictEqual(error.errors.length, 2);
});

test('localAddress and localPort choose the own end', async (t) => {
  const { port } = await serve(t);
  const client = net.connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
  await once(client, 'connect');
  assert.strictEqual(client.localAddress, '127.0.0.2');
  client.destroy();
});

test('connecting again while connecting is EALREADY, while connected EISCONN', async (t) => {
  const { port } = await serve(t);
  const client = net.connect(port, '127.0.0.1');
  assert.throws(() => client.connect(port, '127.0.0.1'), { code: 'EALREADY' });
  await once(client, 'connect');
  assert.throws(() => client.connect(port, '127.0.0.1'), { code: 'EISCONN' });
  client.destroy();
});

test('a closed socket connects again, also from inside close', async (t) => {
  const { port } = await serve(t, (one) => one.end('hi'));
  const client = net.connect(port, '127.0.0.1');
  client.resume();
  await new Promise((resolve) =>
    client.once('close', () => {
      client.connect(port, '127.0.0.1');
      resolve();
    }),
  );
  await once(client, 'connect');
  assert.strictEqual(client.destroyed, false);
  assert.strictEqual(String(await collect(client)), 'hi');
});

test('destroy while resolving and while connecting closes without connect or error', async (t) => {
  const { port } = await serve(t);
  const resolving = net.connect({ port, host: 'localhost' });
  const connecting = net.connect({ port, host: '127.0.0.1' });
  for (const client of [resolving, connecting]) {
    client.on('connect', () => assert.fail('connected'));
    client.on('error', assert.fail);
    client.destroy();
  }
  assert.deepStrictEqual(await Promise.all([closed(resolving), closed(connecting)]), [
    false,
    false,
  ]);
});

test('bytes written and the end asked for before connect arrive', async (t) => {
  const got = Promise.withResolvers();
  const { connect } = await serve(t, (one) => got.resolve(collect(one)));
  const client = connect();
  assert.strictEqual(client.write('one '), false);
  assert.strictEqual(client.write('two '), false);
  client.end('three');
  assert.strictEqual(String(await got.promise), 'one two three');
});

test('a Unix socket connects by path and by options', async (t) => {
  const path = `/tmp/sluice-test-${process.pid}.sock`;
  const server = net.createServer((one) => one.end('unix')).listen(path);
  t.after(() => server.close());
  await once(server, 'listening');
  assert.strictEqual(server.address(), path);
  assert.strictEqual(String(await collect(net.connect(path))), 'unix');
  assert.strictEqual(String(await collect(net.connect({ path }))), 'unix');
  const missing = net.connect(`${path}.none`);
  const [error] = await once(missing, 'error');
  assert.strictEqual(error.message, `connect ENOENT ${path}.none`);
});

test('an abort signal destroys the socket', async (t) => {
  const { port } = await serve(t);
  const controller = new AbortController();
  const client = net.connect({ port, host: '127.0.0.1', signal: controller.signal });
  await once(client, 'connect');
  const failed = once(client, 'error');
  controller.abort();
  assert.strictEqual((await failed)[0].name, 'AbortError');
});

for (const [what, args, expected] of [
  ['no port', [{}], { code: 'ERR_MISSING_ARGS', name: 'TypeError', message: /port/ }],
  [
    'port 65536',
    [{ port: 65536 }],
    { code: 'ERR_SOCKET_BAD_PORT', name: 'RangeError', message: /65536/ },
  ],
  ['port -1', [{ port: -1 }], { code: 'ERR_SOCKET_BAD_PORT', name: 'RangeError' }],
  [
    'port of another type',
    [{ port: true }],
    { code: 'ERR_INVALID_ARG_TYPE', name: 'TypeError', message: /options\.port/ },
  ],
  [
    'host of another type',
    [{ port: 1, host: 5 }],
    { code: 'ERR_INVALID_ARG_TYPE', message: /options\.host/ },
  ],
  [
    'family 5',
    [{ port: 1, family: 5 }],
    { code: 'ERR_INVALID_ARG_VALUE', message: /options\.family/ },
  ],
  [
    'lookup that is no function',
    [{ port: 1, lookup: 'x' }],
    { code: 'ERR_INVALID_ARG_TYPE', message: /options\.lookup/ },
  ],
  [
    'localAddress that is no IP',
    [{ port: 1, localAddress: 'name' }],
    { code: 'ERR_INVALID_IP_ADDRESS' },
  ],
  [
    'saddr with a name',
    [{ addr: 'localhost', port: 1 }],
    { code: 'ERR_INVALID_ARG_VALUE', message: /saddr\.addr/ },
  ],
  [
    'saddr with an unknown domain',
    [{ domain: 77, addr: '127.0.0.1', port: 1 }],
    { code: 'ERR_INVALID_ARG_VALUE', message: /saddr\.domain/ },
  ],
  [
    'tries on many families that is no boolean',
    [{ port: 1, autoSelectFamily: 1 }],
    { code: 'ERR_INVALID_ARG_TYPE', message: /autoSelectFamily/ },
  ],
])
  test(`connect with ${what} throws ${expected.code}`, () => {
    assert.throws(() => net.connect(...args), expected);
    assert.throws(() => new net.Socket().connect(...args), expected);
  });

test('new Socket(options) refuses options that are no object', () => {
  assert.throws(() => new net.Socket('x'), { code: 'ERR_INVALID_ARG_TYPE', message: /options/ });
});
