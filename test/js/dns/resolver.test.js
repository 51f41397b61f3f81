'use strict';
// How questions are asked: servers, tries, time-outs, cancelling, and servers that misbehave.
const { test } = require('../../helpers/test');
const { answer, bytes, record, startDnsServer } = require('../../helpers/dns');
const assert = require('assert');
const dgram = require('dgram');
const dns = require('dns');
const { once } = require('events');

const ADDRESS = record(1, bytes(192, 0, 2, 1));
const QUICK = { timeout: 50, tries: 2 };

/** A Resolver of dns, or of dns.promises, for these servers. */
function resolverOf(Class, addresses, options = QUICK) {
  const resolver = new Class(options);
  resolver.setServers([].concat(addresses));
  return resolver;
}
const promising = (...args) => resolverOf(dns.promises.Resolver, ...args);

/** Calls a method of a resolver of dns; resolves with the callback's arguments. */
function ask(resolver, method, ...args) {
  return new Promise((resolve) => resolver[method](...args, (...result) => resolve(result)));
}

const silence = () => {};
const good = (question, send) => send(answer(question, [ADDRESS]));

/** An address where nothing listens. */
async function closedPort() {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return `127.0.0.1:${port}`;
}

test('callback(null, result) comes after the call', async (t) => {
  const { address } = await startDnsServer(t, good);
  const resolver = resolverOf(dns.Resolver, address);
  let inside = true;
  const done = new Promise((resolve) => {
    resolver.resolve4('a.test', (...result) => resolve([inside, ...result]));
  });
  inside = false;
  assert.deepStrictEqual(await done, [false, null, ['192.0.2.1']]);
  assert.deepStrictEqual(await ask(resolver, 'resolve', 'a.test'), [null, ['192.0.2.1']]);
  assert.deepStrictEqual(await ask(resolver, 'resolve', 'a.test', 'A'), [null, ['192.0.2.1']]);
  assert.deepStrictEqual(await ask(resolver, 'resolve4', 'a.test', { ttl: true }), [
    null,
    [{ address: '192.0.2.1', ttl: 60 }],
  ]);
});

for (const [rcode, code] of Object.entries({
  1: 'EFORMERR',
  2: 'ESERVFAIL',
  3: 'ENOTFOUND',
  4: 'ENOTIMP',
  5: 'EREFUSED',
}))
  test(`a server's response code ${rcode} is ${code}`, async (t) => {
    const { address } = await startDnsServer(t, (question, send) =>
      send(answer(question, [], { rcode: Number(rcode) })),
    );
    const [error, result] = await ask(resolverOf(dns.Resolver, address), 'resolveMx', 'a.test');
    assert.ok(error instanceof Error);
    assert.strictEqual(error.message, `queryMx ${code} a.test`);
    assert.deepStrictEqual(
      [error.code, error.errno, error.syscall, error.hostname, result],
      [code, undefined, 'queryMx', 'a.test', undefined],
    );
  });

test('a server that is silent is asked as often as tries says, then it is ETIMEOUT', async (t) => {
  const { address, asked } = await startDnsServer(t, silence);
  await assert.rejects(promising(address, { timeout: 20, tries: 3 }).resolve4('a.test'), {
    code: dns.TIMEOUT,
    message: 'queryA ETIMEOUT a.test',
  });
  assert.strictEqual(asked.length, 3);
});

test('the next server is asked when the first is silent', async (t) => {
  const first = await startDnsServer(t, silence);
  const second = await startDnsServer(t, good);
  const resolver = promising([first.address, second.address]);
  assert.deepStrictEqual(await resolver.resolve4('a.test'), ['192.0.2.1']);
  assert.deepStrictEqual([first.asked.length, second.asked.length], [1, 1]);
});

test('a port where nothing listens is ECONNREFUSED', async () => {
  await assert.rejects(promising(await closedPort()).resolve4('a.test'), {
    code: dns.CONNREFUSED,
  });
});

test('an answer that was cut is asked for again by TCP', async (t) => {
  const many = Array.from({ length: 5000 }, (_, i) => record(1, bytes(10, 0, i >> 8, i & 255)));
  const { address } = await startDnsServer(
    t,
    (question, send) => send(answer(question, [], { truncated: true })),
    (question, send) => send(answer(question, many.slice(0, 4000))),
  );
  const list = await promising(address, { timeout: 5000 }).resolve4('a.test');
  assert.deepStrictEqual([list.length, list[3999]], [4000, '10.0.15.159']);
});

test('a TCP connection that ends before the answer ends the question, not the process', async (t) => {
  const { address } = await startDnsServer(
    t,
    (question, send) => send(answer(question, [], { truncated: true })),
    (question, send, connection) => connection.end(Buffer.from([0, 200, 1, 2, 3])),
  );
  const [error] = await ask(resolverOf(dns.Resolver, address), 'resolve4', 'a.test');
  assert.ok(error instanceof Error, 'an error');
});

test('answers with another number are passed over', async (t) => {
  const { address } = await startDnsServer(t, (question, send) => {
    send(answer(question, [record(1, bytes(6, 6, 6, 6))], { id: question.id ^ 1 }));
    good(question, send);
  });
  const resolver = promising(address, { timeout: 2000, tries: 1 });
  assert.deepStrictEqual(await resolver.resolve4('a.test'), ['192.0.2.1']);
});

// c-ares passes it over up to 1.18; later it is EBADRESP.
test('an answer without form is passed over, or ends the question', async (t) => {
  for (const noise of [bytes(1), Buffer.alloc(600, 0xff), Buffer.alloc(0)]) {
    const { address } = await startDnsServer(t, (question, send) => {
      send(noise);
      good(question, send);
    });
    const resolver = promising(address, { timeout: 2000, tries: 1 });
    const found = await resolver.resolve4('a.test').catch((error) => error.code);
    assert.deepStrictEqual([found].flat(), [found === dns.BADRESP ? dns.BADRESP : '192.0.2.1']);
  }
});

test('an answer from another address is passed over', async (t) => {
  const liar = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => liar.close());
  await once(liar, 'listening');
  const { address } = await startDnsServer(t, (question, send) => {
    const lie = answer(question, [record(1, bytes(6, 6, 6, 6))]);
    liar.send(lie, question.port, '127.0.0.1', () => good(question, send));
  });
  assert.deepStrictEqual(await promising(address).resolve4('a.test'), ['192.0.2.1']);
});

test('every way to cut and to damage an answer ends in a result or an error', async (t) => {
  const whole = [ADDRESS, record(5, Buffer.from('\x03www\xc0\x0c', 'latin1'))];
  let turn = 0;
  const { address } = await startDnsServer(t, (question, send) => {
    const reply = answer(question, whole);
    const at = 12 + (turn % (reply.length - 12));
    if (turn++ % 2 === 0) send(reply.subarray(0, at));
    else send(Object.assign(Buffer.from(reply), { [at]: turn * 37 }));
  });
  const resolver = promising(address, { timeout: 30, tries: 1 });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 150 }, () => resolver.resolveAny('a.test')),
  );
  for (const { status, value, reason } of outcomes)
    assert.ok(status === 'fulfilled' ? Array.isArray(value) : reason.syscall === 'queryAny');
});

test('cancel() ends the questions in flight by ECANCELLED', async (t) => {
  const { address } = await startDnsServer(t, silence);
  const resolver = resolverOf(dns.Resolver, address);
  const questions = [ask(resolver, 'resolve4', 'a.test'), ask(resolver, 'reverse', '192.0.2.1')];
  resolver.cancel();
  const [[first], [second]] = await Promise.all(questions);
  assert.strictEqual(first.message, 'queryA ECANCELLED a.test');
  assert.strictEqual(second.message, 'getHostByAddr ECANCELLED 192.0.2.1');
  assert.strictEqual(first.code, dns.CANCELLED);
});

test('a callback may ask, cancel and throw', async (t) => {
  const { address } = await startDnsServer(t, good);
  const resolver = resolverOf(dns.Resolver, address);
  const [error] = await new Promise((resolve) => {
    resolver.resolve4('a.test', () => {
      resolver.resolve4('b.test', (...result) => resolve(result));
      resolver.cancel();
    });
  });
  assert.strictEqual(error.code, 'ECANCELLED');
  assert.deepStrictEqual(await ask(resolver, 'resolve4', 'c.test'), [null, ['192.0.2.1']]);
});

test('many questions at once each get their answer', async (t) => {
  const { address } = await startDnsServer(t, (question, send) => {
    const number = Number(question.name.split('.')[0].slice(1));
    send(answer(question, [record(1, bytes(10, 0, number >> 8, number & 255))]));
  });
  const resolver = promising(address, { timeout: 5000, tries: 4 });
  const names = Array.from({ length: 100 }, (_, i) => `n${i * 9}.test`);
  const answers = await Promise.all(names.map((name) => resolver.resolve4(name)));
  assert.deepStrictEqual(
    answers,
    names.map((_, i) => [`10.0.${(i * 9) >> 8}.${(i * 9) & 255}`]),
  );
});

test('resolvers that nothing refers to any more answer what they were asked', async (t) => {
  const { address } = await startDnsServer(t, (question, send) =>
    setImmediate(() => good(question, send)),
  );
  const questions = Array.from({ length: 200 }, () =>
    promising(address, { timeout: 5000 }).resolve4('a.test'),
  );
  for (const result of await Promise.all(questions)) assert.deepStrictEqual(result, ['192.0.2.1']);
});

test('reverse() asks for the name of an address', async (t) => {
  const { address, asked } = await startDnsServer(t, (question, send) =>
    send(answer(question, [record(12, Buffer.from('\x04host\x04test\x00', 'latin1'))])),
  );
  const resolver = promising(address);
  assert.deepStrictEqual(await resolver.reverse('192.0.2.1'), ['host.test']);
  assert.deepStrictEqual(await resolver.reverse('2001:db8::1'), ['host.test']);
  assert.strictEqual(asked[0].name, '1.2.0.192.in-addr.arpa');
  assert.ok(asked[1].name.endsWith('.8.b.d.0.1.0.0.2.ip6.arpa'), asked[1].name);
});

test('reverse() of what is no address throws, or rejects', async () => {
  const expected = { message: 'getHostByAddr EINVAL nowhere', code: 'EINVAL', errno: -22 };
  assert.throws(() => new dns.Resolver().reverse('nowhere', silence), expected);
  await assert.rejects(new dns.promises.Resolver().reverse('nowhere'), expected);
});

test('names that are no names are EBADNAME', async (t) => {
  const { address, asked } = await startDnsServer(t, good);
  const resolver = promising(address);
  for (const name of ['a..b', `${'x'.repeat(64)}.test`, 'ab.'.repeat(100)])
    await assert.rejects(resolver.resolve4(name), { code: dns.BADNAME, hostname: name });
  assert.strictEqual(asked.length, 0);
});

test('a name with a NUL is refused at once', () => {
  const resolver = new dns.Resolver();
  const promising_ = new dns.promises.Resolver();
  for (const ask_ of [
    () => resolver.resolve4('a\0.test', () => {}),
    () => resolver.resolve('a\0.test', 'MX', () => {}),
    () => promising_.resolveTxt('a\0.test'),
  ])
    assert.throws(ask_, { code: 'ERR_INVALID_ARG_VALUE' });
});

test('setServers() takes addresses with and without ports, getServers() gives them', () => {
  const resolver = new dns.Resolver();
  resolver.setServers(['192.0.2.1', '192.0.2.2:53', '192.0.2.3:5353', '[::1]', '::2', '[::3]:99']);
  assert.deepStrictEqual(resolver.getServers(), [
    '192.0.2.1',
    '192.0.2.2',
    '192.0.2.3:5353',
    '::1',
    '::2',
    '[::3]:99',
  ]);
  resolver.setServers([]);
  assert.deepStrictEqual(resolver.getServers(), []);
});

test('setServers() refuses what is no address', () => {
  const resolver = new dns.Resolver();
  const bad = ['x', '', '192.0.2.1:', '192.0.2.1:0', '[::1', '[]:53', 'fe80::1%lo'];
  for (const server of bad)
    assert.throws(() => resolver.setServers([server]), {
      code: 'ERR_INVALID_IP_ADDRESS',
      message: `Invalid IP address: ${server}`,
    });
  assert.throws(() => resolver.setServers(['192.0.2.1:65536']), { code: 'ERR_SOCKET_BAD_PORT' });
  assert.throws(() => resolver.setServers('192.0.2.1'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => resolver.setServers([1]), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: /"servers\[0\]"/,
  });
});

test('setServers() with questions in flight is ERR_DNS_SET_SERVERS_FAILED', async (t) => {
  const { address } = await startDnsServer(t, silence);
  const resolver = resolverOf(dns.Resolver, address);
  const question = ask(resolver, 'resolve4', 'a.test');
  assert.throws(() => resolver.setServers(['192.0.2.1']), {
    code: 'ERR_DNS_SET_SERVERS_FAILED',
    message: /There are pending queries/,
  });
  resolver.cancel();
  await question;
  resolver.setServers(['192.0.2.1']);
});

test('setLocalAddress() says where questions come from', async (t) => {
  const from = [];
  const server = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  server.on('message', (_, peer) => from.push(peer.address));
  const resolver = new dns.Resolver(QUICK);
  resolver.setLocalAddress('127.0.0.9');
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  await ask(resolver, 'resolve4', 'a.test');
  assert.deepStrictEqual([...new Set(from)], ['127.0.0.9']);
});

test('setLocalAddress() takes one address of a family', () => {
  const resolver = new dns.Resolver();
  resolver.setLocalAddress('127.0.0.1', '::1');
  resolver.setLocalAddress('::1', '127.0.0.1');
  for (const [args, message] of [
    [['x'], 'Invalid IP address.'],
    [['127.0.0.1', 'x'], 'Invalid IP address.'],
    [['127.0.0.1', '127.0.0.2'], 'Cannot specify two IPv4 addresses.'],
    [['::1', '::2'], 'Cannot specify two IPv6 addresses.'],
  ])
    assert.throws(() => resolver.setLocalAddress(...args), {
      code: 'ERR_INVALID_ARG_VALUE',
      message,
    });
});

test('options are checked', () => {
  for (const Class of [dns.Resolver, dns.promises.Resolver]) {
    assert.throws(() => new Class({ timeout: -2 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => new Class({ timeout: 'x' }), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.throws(() => new Class({ tries: 0 }), { code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => new Class({ maxTimeout: -1 }), { code: 'ERR_OUT_OF_RANGE' });
  }
});

test('arguments are checked', async () => {
  assert.throws(() => dns.resolve4(1, silence), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => dns.resolve4('a.test'), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => dns.resolve('a.test', 'X', silence), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => dns.resolve('a.test', 1, silence), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => dns.promises.resolve4(1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => dns.promises.resolve('a.test', 'X'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('the functions of dns and dns.promises ask the same servers', async (t) => {
  const before = dns.getServers();
  t.after(() => dns.setServers(before));
  const { address } = await startDnsServer(t, good);
  dns.setServers([address]);
  assert.deepStrictEqual(dns.promises.getServers(), [address]);
  assert.deepStrictEqual(await ask(dns, 'resolve4', 'a.test'), [null, ['192.0.2.1']]);
  assert.deepStrictEqual(await ask(dns, 'resolve', 'a.test'), [null, ['192.0.2.1']]);
  assert.deepStrictEqual(await dns.promises.resolve('a.test'), ['192.0.2.1']);
  assert.deepStrictEqual(await dns.promises.resolve4('a.test'), ['192.0.2.1']);
});

test('lookupService() gives the names of an address and a port', async () => {
  const [error, hostname, service] = await ask(dns, 'lookupService', '127.0.0.1', 80);
  assert.deepStrictEqual([error, service], [null, 'http']);
  assert.ok(hostname.length > 0);
  assert.deepStrictEqual(await dns.promises.lookupService('127.0.0.1', 80), { hostname, service });
  assert.throws(() => dns.lookupService('x', 80, silence), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => dns.lookupService('127.0.0.1', 65536, silence), {
    code: 'ERR_SOCKET_BAD_PORT',
  });
  assert.throws(() => dns.lookupService('127.0.0.1', 80), { code: 'ERR_MISSING_ARGS' });
});

test('lookupService() of an address without a name is ENOTFOUND', async () => {
  const [error] = await ask(dns, 'lookupService', '192.0.2.1', 80);
  assert.ok(['ENOTFOUND', 'EAI_AGAIN'].includes(error.code), error.code);
  assert.deepStrictEqual([error.syscall, error.hostname], ['getnameinfo', '192.0.2.1']);
});
