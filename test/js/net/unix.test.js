'use strict';
const { test } = require('../../helpers/test');
const { closed } = require('../../helpers/net');
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');

function folder(t) {
  const name = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-'));
  t.after(() => fs.rmSync(name, { recursive: true, force: true }));
  return name;
}

async function echo(t, ...where) {
  const server = net.createServer((socket) => socket.pipe(socket));
  t.after(() => server.close());
  server.listen(...where);
  await once(server, 'listening');
  return server;
}

async function talk(target) {
  const client = net.connect(target);
  client.end('hello');
  let text = '';
  for await (const chunk of client) text += chunk;
  return text;
}

test('listen(path) listens there, address() is the path, and close removes it', async (t) => {
  const file = path.join(folder(t), 'socket');
  const server = await echo(t, file);
  assert.strictEqual(server.address(), file);
  assert.ok(fs.statSync(file).isSocket());
  assert.strictEqual(await talk(file), 'hello');
  assert.strictEqual(await talk({ path: file }), 'hello');
  server.close();
  await closed(server);
  assert.strictEqual(fs.existsSync(file), false);
  assert.strictEqual(server.address(), null);
});

test('sockets of a path have no address, and are no worse for it', async (t) => {
  const file = path.join(folder(t), 'socket');
  const server = await echo(t, file);
  const client = net.connect(file);
  const [accepted] = await once(server, 'connection');
  for (const socket of [client, accepted]) {
    assert.deepStrictEqual(socket.address(), {});
    assert.strictEqual(socket.remoteAddress, undefined);
    assert.strictEqual(socket.remotePort, undefined);
    assert.strictEqual(socket.setNoDelay().setKeepAlive(true, 1000), socket);
  }
  client.destroy();
  await closed(accepted);
});

test('a path that is taken is EADDRINUSE, and the file of another stays', async (t) => {
  const file = path.join(folder(t), 'socket');
  await echo(t, file);
  const second = net.createServer();
  second.listen(file);
  const [error] = await once(second, 'error');
  assert.strictEqual(error.code, 'EADDRINUSE');
  assert.strictEqual(error.message, `listen EADDRINUSE: address already in use ${file}`);
  assert.strictEqual(error.address, file);
  assert.strictEqual('port' in error, false);
  second.close();
  assert.strictEqual(await talk(file), 'hello');
});

test('a stale file is EADDRINUSE, and a plain file is not overwritten', async (t) => {
  const file = path.join(folder(t), 'stale');
  fs.writeFileSync(file, 'precious');
  const server = net.createServer();
  server.listen(file);
  assert.strictEqual((await once(server, 'error'))[0].code, 'EADDRINUSE');
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'precious');
  fs.unlinkSync(file);
  server.listen(file);
  await once(server, 'listening');
  assert.strictEqual(
    await new Promise((resolve) => server.getConnections((error, count) => resolve(count))),
    0,
  );
  server.close();
});

test('connecting where nothing listens is ENOENT, to a stale file ECONNREFUSED', async (t) => {
  const file = path.join(folder(t), 'none');
  const [missing] = await once(net.connect(file), 'error');
  assert.strictEqual(missing.message, `connect ENOENT ${file}`);
  assert.deepStrictEqual(
    [missing.code, missing.syscall, missing.address],
    ['ENOENT', 'connect', file],
  );
  fs.writeFileSync(file, '');
  const [refused] = await once(net.connect(file), 'error');
  assert.strictEqual(refused.code, 'ECONNREFUSED');
});

test('a missing folder is EACCES or ENOENT, a path that is too long an error too', async (t) => {
  const server = net.createServer();
  server.listen(path.join(folder(t), 'no', 'such', 'socket'));
  assert.ok(['ENOENT', 'EACCES'].includes((await once(server, 'error'))[0].code));
  const long = `/tmp/${'x'.repeat(200)}`;
  server.listen(long);
  const [error] = await once(server, 'error');
  assert.ok(['EINVAL', 'ENAMETOOLONG'].includes(error.code), error.code);
  const [other] = await once(net.connect(long), 'error');
  assert.ok(['EINVAL', 'ENAMETOOLONG'].includes(other.code), other.code);
});

test('names of the abstract namespace begin with a zero byte', async (t) => {
  const name = `\0sluice-test-${process.pid}`;
  const server = await echo(t, name);
  assert.strictEqual(server.address(), name);
  assert.strictEqual(await talk(name), 'hello');
  assert.strictEqual(await talk({ path: name }), 'hello');
  const second = net.createServer();
  second.listen(name);
  assert.strictEqual((await once(second, 'error'))[0].code, 'EADDRINUSE');
  server.close();
  await closed(server);
  const [error] = await once(net.connect(name), 'error');
  assert.strictEqual(error.code, 'ECONNREFUSED');
});

test('readableAll and writableAll set the permissions of the path', async (t) => {
  const dir = folder(t);
  const mode = async (options) => {
    const file = path.join(dir, 'socket');
    const server = net.createServer();
    server.listen({ path: file, ...options });
    await once(server, 'listening');
    const bits = fs.statSync(file).mode & 0o777;
    server.close();
    await closed(server);
    return bits;
  };
  assert.strictEqual((await mode({ readableAll: true })) & 0o444, 0o444);
  assert.strictEqual((await mode({ writableAll: true })) & 0o222, 0o222);
  assert.strictEqual((await mode({ readableAll: true, writableAll: true })) & 0o666, 0o666);
});

test('a number in a string is a port, any other string a path', async (t) => {
  const server = await echo(t, '0');
  assert.strictEqual(typeof server.address().port, 'number');
  assert.strictEqual(
    await talk({ port: String(server.address().port), host: '127.0.0.1' }),
    'hello',
  );
});
