'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const dns = require('dns');
const { AF_INET, AF_INET6 } = require('socket');
const net = require('net');

const MISSING = 'does-not-exist.invalid'; // RFC 2606 section 2

/** Calls dns.lookup(...args, callback); resolves with the callback's arguments. */
function ask(...args) {
  return new Promise((resolve) => dns.lookup(...args, (...result) => resolve(result)));
}

test('lookup(name, callback) gives (null, address, family)', async () => {
  const [error, address, family] = await ask('localhost');
  assert.strictEqual(error, null);
  assert.ok(address === '127.0.0.1' || address === '::1', address);
  assert.strictEqual(family, net.isIP(address));
});

test('the callback never comes from within the call', () => {
  for (const name of ['localhost', '127.0.0.1', '']) {
    let inside = true;
    dns.lookup(name, () => assert.strictEqual(inside, false));
    inside = false;
  }
});

for (const [name, options] of Object.entries({
  AF_INET: AF_INET,
  4: 4,
  '{family: 4}': { family: 4 },
  "{family: 'IPv4'}": { family: 'IPv4' },
}))
  test(`lookup(name, ${name}, callback) gives IPv4`, async () => {
    assert.deepStrictEqual(await ask('localhost', options), [null, '127.0.0.1', 4]);
  });

test('literals answer themselves, whatever the family', async () => {
  assert.deepStrictEqual(await ask('10.1.2.3'), [null, '10.1.2.3', 4]);
  assert.deepStrictEqual(await ask('::1', AF_INET6), [null, '::1', 6]);
  assert.deepStrictEqual(await ask('fe80::1%lo', { all: true }), [
    null,
    [{ address: 'fe80::1%lo', family: 6 }],
  ]);
});

test('all gives a list of {address, family}', async () => {
  const [error, list] = await ask('localhost', { all: true });
  assert.strictEqual(error, null);
  assert.ok(list.length >= 1);
  for (const { address, family } of list) assert.strictEqual(net.isIP(address), family);
  const [, four] = await ask('localhost', { all: true, family: 4 });
  assert.deepStrictEqual([...new Set(four.map((entry) => entry.address))], ['127.0.0.1']);
});

test('the order of families is asked for', async () => {
  const [, list] = await ask('localhost', { all: true, order: 'ipv4first' });
  assert.strictEqual(list[0].family, 4);
  const [, other] = await ask('localhost', { all: true, order: 'ipv6first' });
  if (other.some((entry) => entry.family === 6)) assert.strictEqual(other[0].family, 6);
  const before = dns.getDefaultResultOrder();
  dns.setDefaultResultOrder('ipv4first');
  assert.strictEqual(dns.getDefaultResultOrder(), 'ipv4first');
  assert.strictEqual((await ask('localhost'))[1], '127.0.0.1');
  dns.setDefaultResultOrder(before);
});

test('hints are taken', async () => {
  const [error, list] = await ask('localhost', {
    all: true,
    family: 6,
    hints: dns.V4MAPPED | dns.ALL,
  });
  if (error === null) for (const { family } of list) assert.strictEqual(family, 6);
  assert.strictEqual((await ask('localhost', { hints: dns.ADDRCONFIG }))[0], null);
});

test('an empty name has no address', async () => {
  assert.deepStrictEqual(await ask(''), [null, null, 4]);
  assert.deepStrictEqual(await ask('', { all: true }), [null, []]);
  assert.deepStrictEqual(await ask('', 6), [null, null, 6]);
  assert.strictEqual(dns.lookup('', AF_INET), undefined);
});

test('a name that does not exist is ENOTFOUND or EAI_AGAIN, with syscall and hostname', async () => {
  const [error] = await ask(MISSING);
  assert.ok(error instanceof Error);
  assert.ok(['ENOTFOUND', 'EAI_AGAIN'].includes(error.code), error.code);
  assert.strictEqual(error.message, `getaddrinfo ${error.code} ${MISSING}`);
  assert.strictEqual(error.syscall, 'getaddrinfo');
  assert.strictEqual(error.hostname, MISSING);
  assert.strictEqual(typeof error.errno, 'number');
});

test('names that are no names fail, and nothing worse', async () => {
  for (const name of [
    'a'.repeat(300),
    'x y',
    '..',
    '-',
    '%',
    '127.0.0.1.',
    'a\0b',
    '\u{1f600}.invalid',
  ]) {
    const [error, address] = await ask(name);
    assert.ok(error instanceof Error || net.isIP(address) !== 0, JSON.stringify(name));
  }
});

test('without a callback lookup blocks and returns the address, or undefined', () => {
  assert.strictEqual(dns.lookup('localhost', AF_INET), '127.0.0.1');
  assert.strictEqual(dns.lookup('localhost', 4), '127.0.0.1');
  assert.strictEqual(dns.lookup('localhost', { family: 4 }), '127.0.0.1');
  assert.strictEqual(dns.lookup('192.0.2.7'), '192.0.2.7');
  assert.ok(net.isIP(dns.lookup('localhost')) !== 0);
  assert.strictEqual(dns.lookup(MISSING), undefined);
});

test('the last argument limits the time: ETIMEOUT, and one callback', async () => {
  const calls = [];
  await new Promise((resolve) => {
    // Many questions at once, so that the last cannot be answered at once.
    for (let i = 0; i < 50; i++) dns.lookup(`${i}.${MISSING}`, () => {});
    dns.lookup(
      MISSING,
      (error) => {
        calls.push(error);
        setTimeout(resolve, 20);
      },
      1,
    );
  });
  assert.strictEqual(calls.length, 1);
  assert.ok(['ETIMEOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(calls[0].code));
  const [error] = await new Promise((resolve) => {
    dns.lookup('localhost', AF_INET, (...result) => resolve(result), 60000);
  });
  assert.strictEqual(error, null);
});

test('promises.lookup resolves with {address, family}, a list, or rejects', async () => {
  const { lookup } = dns.promises;
  assert.strictEqual(require('dns/promises'), dns.promises);
  assert.deepStrictEqual(await lookup('localhost', 4), { address: '127.0.0.1', family: 4 });
  // The C library may tell an address once for each of the name's lines.
  const [first, ...more] = await lookup('localhost', { family: 4, all: true });
  assert.deepStrictEqual(first, { address: '127.0.0.1', family: 4 });
  for (const other of more) assert.deepStrictEqual(other, first);
  await assert.rejects(lookup(MISSING), (error) => error.syscall === 'getaddrinfo');
});

test('gethostbyname and getaddrinfo give {addr, domain}', () => {
  const four = { addr: '127.0.0.1', domain: AF_INET };
  const six = { addr: '::1', domain: AF_INET6 };
  const one = dns.gethostbyname('localhost');
  assert.deepStrictEqual(one, one.domain === AF_INET ? four : six);
  for (const found of dns.getaddrinfo('localhost', AF_INET)) assert.deepStrictEqual(found, four);
  assert.deepStrictEqual(dns.getaddrinfo('::1'), [six]);
  assert.strictEqual(dns.gethostbyname(MISSING), undefined);
  assert.strictEqual(dns.getaddrinfo(MISSING), undefined);
});

test('bad arguments are named', () => {
  const f = () => {};
  const cases = [
    [() => dns.lookup(1, f), TypeError, 'ERR_INVALID_ARG_TYPE', 'hostname'],
    [() => dns.lookup({}, f), TypeError, 'ERR_INVALID_ARG_TYPE', 'hostname'],
    [() => dns.lookup('x', 5, f), TypeError, 'ERR_INVALID_ARG_VALUE', 'family'],
    [() => dns.lookup('x', '4', f), TypeError, 'ERR_INVALID_ARG_TYPE', 'options'],
    [() => dns.lookup('x', { family: 5 }, f), TypeError, 'ERR_INVALID_ARG_VALUE', 'options.family'],
    [() => dns.lookup('x', { hints: 1 << 30 }, f), TypeError, 'ERR_INVALID_ARG_VALUE', 'hints'],
    [() => dns.lookup('x', { hints: 'a' }, f), TypeError, 'ERR_INVALID_ARG_TYPE', 'options.hints'],
    [() => dns.lookup('x', { all: 1 }, f), TypeError, 'ERR_INVALID_ARG_TYPE', 'options.all'],
    [
      () => dns.lookup('x', { order: 'any' }, f),
      TypeError,
      'ERR_INVALID_ARG_VALUE',
      'options.order',
    ],
    [
      () => dns.lookup('x', { verbatim: 1 }, f),
      TypeError,
      'ERR_INVALID_ARG_TYPE',
      'options.verbatim',
    ],
    [() => dns.lookup('x', 4, 'callback'), TypeError, 'ERR_INVALID_ARG_TYPE', 'callback'],
    [() => dns.lookup('x', 4, f, 'soon'), TypeError, 'ERR_INVALID_ARG_TYPE', 'timeout'],
    [() => dns.lookup(), TypeError, 'ERR_INVALID_ARG_TYPE', 'hostname'],
    [() => dns.getaddrinfo(3), TypeError, 'ERR_INVALID_ARG_TYPE', 'hostname'],
    [() => dns.setDefaultResultOrder('x'), TypeError, 'ERR_INVALID_ARG_VALUE', 'dnsOrder'],
  ];
  for (const [call, type, code, name] of cases)
    assert.throws(call, (error) => {
      assert.ok(error instanceof type, `${call}: ${error}`);
      assert.strictEqual(error.code, code, `${call}: ${error.message}`);
      assert.ok(error.message.includes(name), error.message);
      return true;
    });
});
