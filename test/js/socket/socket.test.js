'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const net = require('net');
const socket = require('socket');

const constants = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  IPPROTO_IP: 0,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  IPPROTO_IPV6: 41,
  INADDR_ANY: '0.0.0.0',
  INADDR_LOOPBACK: '127.0.0.1',
  INADDR_BROADCAST: '255.255.255.255',
  INADDR_NONE: '255.255.255.255',
  IN6ADDR_ANY: '::',
  IN6ADDR_LOOPBACK: '::1',
  IN6ADDR_NODELOCAL_ALLNODES: 'ff01::1',
  IN6ADDR_LINKLOCAL_ALLNODES: 'ff02::1',
  IN6ADDR_LINKLOCAL_ALLROUTERS: 'ff01::2',
  TCP_CLOSED: 0,
  TCP_LISTEN: 1,
  TCP_SYN_SENT: 2,
  TCP_SYN_RCVD: 3,
  TCP_ESTABLISHED: 4,
  TCP_FIN_WAIT_1: 5,
  TCP_FIN_WAIT_2: 6,
  TCP_CLOSE_WAIT: 7,
  TCP_CLOSING: 8,
  TCP_LAST_ACK: 9,
  TCP_TIME_WAIT: 10,
};

for (const [name, value] of Object.entries(constants))
  test(`${name} is ${JSON.stringify(value)}`, () => assert.strictEqual(socket[name], value));

test('the module has these members and no others', () => {
  assert.deepStrictEqual(
    Object.keys(socket).sort(),
    [...Object.keys(constants), 'sockaddr', 'sockaddr6', 'domain'].sort(),
  );
});

test('sockaddr(addr, port) makes an address, of IPv6 for an IPv6 literal', () => {
  assert.deepStrictEqual(socket.sockaddr(), { domain: 2, addr: '0.0.0.0', port: 0 });
  assert.deepStrictEqual(socket.sockaddr('127.0.0.1'), { domain: 2, addr: '127.0.0.1', port: 0 });
  assert.deepStrictEqual(socket.sockaddr(socket.INADDR_ANY, 3000), {
    domain: 2,
    addr: '0.0.0.0',
    port: 3000,
  });
  assert.deepStrictEqual(socket.sockaddr('::1', 65535), { domain: 10, addr: '::1', port: 65535 });
  assert.deepStrictEqual(socket.sockaddr(undefined, 1), { domain: 2, addr: '0.0.0.0', port: 1 });
});

test('sockaddr6(addr, port, scope) makes an IPv6 address with its zone', () => {
  assert.deepStrictEqual(socket.sockaddr6(), { domain: 10, addr: '::', port: 0 });
  assert.deepStrictEqual(socket.sockaddr6('::1', 80), { domain: 10, addr: '::1', port: 80 });
  assert.deepStrictEqual(socket.sockaddr6('fe80::1', 80, 'lo'), {
    domain: 10,
    addr: 'fe80::1%lo',
    port: 80,
  });
  assert.deepStrictEqual(socket.sockaddr6('fe80::1', 80, 1), {
    domain: 10,
    addr: 'fe80::1%1',
    port: 80,
  });
  assert.deepStrictEqual(socket.sockaddr6('fe80::1%eth0', 80, 'lo'), {
    domain: 10,
    addr: 'fe80::1%eth0',
    port: 80,
  });
  assert.deepStrictEqual(socket.sockaddr6('fe80::1', 80, 0), {
    domain: 10,
    addr: 'fe80::1',
    port: 80,
  });
});

test('domain(addr) is the family of a literal', () => {
  assert.strictEqual(socket.domain('1.2.3.4'), socket.AF_INET);
  assert.strictEqual(socket.domain('::ffff:1.2.3.4'), socket.AF_INET6);
});

test('addresses are plain: a literal written by hand connects', async () => {
  const server = net.createServer('hand', 0, { addr: '127.0.0.1', port: 0 });
  server.on('connection', (one) => one.end('hi'));
  server.listen();
  const text = await new Promise((resolve) => {
    new net.Socket()
      .connect({ domain: socket.AF_INET, addr: '127.0.0.1', port: server.port() })
      .on('data', (chunk) => resolve(String(chunk)));
  });
  assert.strictEqual(text, 'hi');
  server.close();
});

test('bad arguments are named', () => {
  const cases = [
    [() => socket.sockaddr(1), TypeError, 'ERR_INVALID_ARG_TYPE', 'addr'],
    [() => socket.sockaddr(null), TypeError, 'ERR_INVALID_ARG_TYPE', 'addr'],
    [() => socket.sockaddr('localhost'), TypeError, 'ERR_INVALID_ARG_VALUE', 'addr'],
    [() => socket.sockaddr('127.0.0.1', -1), RangeError, 'ERR_SOCKET_BAD_PORT', 'port'],
    [() => socket.sockaddr('127.0.0.1', 65536), RangeError, 'ERR_SOCKET_BAD_PORT', 'port'],
    [() => socket.sockaddr('127.0.0.1', 1.5), RangeError, 'ERR_SOCKET_BAD_PORT', 'port'],
    [() => socket.sockaddr('127.0.0.1', 'x'), RangeError, 'ERR_SOCKET_BAD_PORT', 'port'],
    [() => socket.sockaddr6('127.0.0.1'), TypeError, 'ERR_INVALID_ARG_VALUE', 'addr'],
    [() => socket.sockaddr6(7), TypeError, 'ERR_INVALID_ARG_TYPE', 'addr'],
    [() => socket.sockaddr6('::1', 70000), RangeError, 'ERR_SOCKET_BAD_PORT', 'port'],
    [() => socket.sockaddr6('::1', 0, 'a b/c%d'), TypeError, 'ERR_INVALID_ARG_VALUE', 'scope'],
    [() => socket.sockaddr6('::1', 0, {}), TypeError, 'ERR_INVALID_ARG_TYPE', 'scope'],
    [() => socket.domain('x'), TypeError, 'ERR_INVALID_ARG_VALUE', 'addr'],
    [() => socket.domain(), TypeError, 'ERR_INVALID_ARG_TYPE', 'addr'],
  ];
  for (const [call, type, code, name] of cases)
    assert.throws(call, (error) => {
      assert.ok(error instanceof type, String(error));
      assert.strictEqual(error.code, code, `${call}: ${error.message}`);
      assert.ok(error.message.toLowerCase().includes(name), error.message);
      return true;
    });
});
