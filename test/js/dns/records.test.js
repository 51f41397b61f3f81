'use strict';
// What the records of an answer become.
const { test } = require('../../helpers/test');
const {
  answer,
  bytes,
  name,
  record,
  startDnsServer,
  string,
  u16,
  u32,
} = require('../../helpers/dns');
const assert = require('assert');
const dns = require('dns');

/** A resolver of dns.promises whose server answers every question by these records. */
async function resolverOf(t, records) {
  const server = await startDnsServer(t, (question, send) => send(answer(question, records)));
  const resolver = new dns.promises.Resolver();
  resolver.setServers([server.address]);
  return Object.assign(resolver, { asked: server.asked });
}

const soa = Buffer.concat([name('ns.x'), name('root.x'), ...[1, 2, 3, 4, 2 ** 32 - 1].map(u32)]);
const records = {
  A: { data: bytes(192, 0, 2, 1), value: '192.0.2.1' },
  AAAA: { data: Buffer.from('20010db8000000000000000000000001', 'hex'), value: '2001:db8::1' },
  CAA: {
    data: Buffer.concat([bytes(128), string('issue'), Buffer.from('ca.test')]),
    value: { critical: 128, issue: 'ca.test' },
  },
  CNAME: { data: name('real.test'), value: 'real.test' },
  MX: {
    data: Buffer.concat([u16(10), name('mail.test')]),
    value: { exchange: 'mail.test', priority: 10 },
  },
  NAPTR: {
    data: Buffer.concat([u16(1, 2), string('s'), string('SIP+D2U'), string('!a!b!'), name('r.x')]),
    value: {
      flags: 's',
      service: 'SIP+D2U',
      regexp: '!a!b!',
      replacement: 'r.x',
      order: 1,
      preference: 2,
    },
  },
  NS: { data: name('ns.test'), value: 'ns.test' },
  PTR: { data: name('host.test'), value: 'host.test' },
  SRV: {
    data: Buffer.concat([u16(1, 2, 8080), name('srv.test')]),
    value: { name: 'srv.test', port: 8080, priority: 1, weight: 2 },
  },
  TLSA: {
    data: bytes(3, 1, 0, 0xaa, 0xbb),
    value: { certUsage: 3, selector: 1, match: 0, data: new Uint8Array([0xaa, 0xbb]).buffer },
  },
  TXT: {
    data: Buffer.concat([string('one'), string(''), string('tw\xf6')]),
    value: ['one', '', 'tw\xf6'],
  },
};
const numbers = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  TLSA: 52,
  CAA: 257,
};
const methods = {
  A: 'resolve4',
  AAAA: 'resolve6',
  CAA: 'resolveCaa',
  CNAME: 'resolveCname',
  MX: 'resolveMx',
  NAPTR: 'resolveNaptr',
  NS: 'resolveNs',
  PTR: 'resolvePtr',
  SRV: 'resolveSrv',
  TLSA: 'resolveTlsa',
  TXT: 'resolveTxt',
};

for (const [type, { data, value }] of Object.entries(records))
  test(`${methods[type]}() and resolve(name, '${type}') give a list of records`, async (t) => {
    const resolver = await resolverOf(t, [
      record(numbers[type], data),
      record(numbers[type], data),
    ]);
    assert.deepStrictEqual(await resolver[methods[type]]('a.test'), [value, value]);
    assert.deepStrictEqual(await resolver.resolve('a.test', type), [value, value]);
    assert.deepStrictEqual(
      resolver.asked.map((one) => [one.name, one.type]),
      [
        ['a.test', numbers[type]],
        ['a.test', numbers[type]],
      ],
    );
  });

test('resolveSoa() gives one object', async (t) => {
  const resolver = await resolverOf(t, [record(6, soa)]);
  assert.deepStrictEqual(await resolver.resolveSoa('a.test'), {
    nsname: 'ns.x',
    hostmaster: 'root.x',
    serial: 1,
    refresh: 2,
    retry: 3,
    expire: 4,
    minttl: 2 ** 32 - 1,
  });
});

test('resolve(name) asks for A', async (t) => {
  const resolver = await resolverOf(t, [record(1, records.A.data)]);
  assert.deepStrictEqual(await resolver.resolve('a.test'), ['192.0.2.1']);
});

test('the option ttl gives {address, ttl}, where an alias may end first', async (t) => {
  const resolver = await resolverOf(t, [
    record(5, name('b.test'), { ttl: 7 }),
    record(1, records.A.data, { ttl: 100, owner: name('b.test') }),
    record(1, bytes(192, 0, 2, 2), { ttl: 3, owner: name('b.test') }),
  ]);
  assert.deepStrictEqual(await resolver.resolve4('a.test', { ttl: true }), [
    { address: '192.0.2.1', ttl: 7 },
    { address: '192.0.2.2', ttl: 3 },
  ]);
  assert.deepStrictEqual(await resolver.resolve4('a.test'), ['192.0.2.1', '192.0.2.2']);
});

test('resolveAny() gives all records with their types', async (t) => {
  const all = ['A', 'AAAA', 'MX', 'TXT', 'NS', 'CAA'].map((type) =>
    record(numbers[type], records[type].data, { ttl: 5 }),
  );
  const resolver = await resolverOf(t, [...all, record(6, soa), record(99, bytes(1))]);
  const list = await resolver.resolveAny('a.test');
  assert.deepStrictEqual(list.slice(0, 6), [
    { address: '192.0.2.1', ttl: 5, type: 'A' },
    { address: '2001:db8::1', ttl: 5, type: 'AAAA' },
    { exchange: 'mail.test', priority: 10, type: 'MX' },
    { entries: ['one', '', 'tw\xf6'], type: 'TXT' },
    { value: 'ns.test', type: 'NS' },
    { critical: 128, issue: 'ca.test', type: 'CAA' },
  ]);
  assert.deepStrictEqual([list.length, list[6].type, list[6].serial], [7, 'SOA', 1]);
});

test('IPv6 addresses are written as inet_ntop(3) writes them', async (t) => {
  const forms = {
    '::': '00000000000000000000000000000000',
    '::1': '00000000000000000000000000000001',
    '1::': '00010000000000000000000000000000',
    '::ffff:1.2.3.4': '00000000000000000000ffff01020304',
    '::1.2.3.4': '00000000000000000000000001020304',
    '10:0:0:1::10': '00100000000000010000000000000010',
    '1::1:0:0:a': '0001000000000000000100000000000a',
    '1:0:2:0:3:0:4:0': '00010000000200000003000000040000',
    '0:a::a:0:0': '0000000a000000000000000a00000000',
    'fe80::abcd:0:12': 'fe800000000000000000abcd00000012',
  };
  const resolver = await resolverOf(
    t,
    Object.values(forms).map((hex) => record(28, Buffer.from(hex, 'hex'))),
  );
  assert.deepStrictEqual(await resolver.resolve6('a.test'), Object.keys(forms));
});

test('what is no plain letter in a name is escaped', async (t) => {
  const odd = name(Buffer.from('a.b'), Buffer.from('c d\\\xff', 'latin1'), 'test');
  const resolver = await resolverOf(t, [record(5, odd), record(5, name(''))]);
  assert.deepStrictEqual(await resolver.resolveCname('a.test'), [
    'a\\.b.c\\032d\\\\\\255.test',
    '',
  ]);
});

test('a pointer in a name is followed', async (t) => {
  const resolver = await resolverOf(t, [
    record(5, Buffer.concat([bytes(3), Buffer.from('www'), u16(0xc00c)])),
  ]);
  assert.deepStrictEqual(await resolver.resolveCname('a.test'), ['www.a.test']);
});

test('a name of another alphabet is asked for as it is in DNS', async (t) => {
  const resolver = await resolverOf(t, [record(1, records.A.data)]);
  await resolver.resolve4('b\xfccher.test');
  assert.strictEqual(resolver.asked[0].name, 'xn--bcher-kva.test');
});

const DATA = 0xc024; // a pointer to the first record's data after a question for a.test
// Behind a record of 3 bytes: an end of names, and pointers each to what is before it.
const CHAIN = DATA + 3 + 12;
const chain = Buffer.concat([
  bytes(0),
  ...Array.from({ length: 200 }, (_, i) => u16(CHAIN + Math.max(0, 2 * i - 1))),
]);
const malformed = {
  'an address of 3 bytes': [record(1, bytes(1, 2, 3))],
  'a record that is longer than the message': [record(1, bytes(1, 2, 3, 4), { size: 400 })],
  'a pointer to itself': [record(5, u16(DATA))],
  'a name of 200 pointers': [record(5, name('x')), record(99, chain), record(5, u16(CHAIN + 399))],
  'two pointers in a circle': [record(5, Buffer.concat([bytes(1, 97), u16(DATA)]))],
  'a label that is no label': [record(5, bytes(0x80, 1, 0))],
  'a name without an end': [record(5, bytes(3, 97, 98))],
  'a name of 300 bytes': [record(5, name(Array(100).fill('ab').join('.')))],
  'a text that is longer than its record': [record(16, bytes(9, 97))],
  'a short SOA': [record(6, soa.subarray(0, soa.length - 1))],
};
const asking = { 1: 'resolve4', 5: 'resolveCname', 6: 'resolveSoa', 16: 'resolveTxt' };

for (const [what, list] of Object.entries(malformed))
  test(`${what} is EBADRESP`, async (t) => {
    const resolver = await resolverOf(t, list);
    const method = asking[list[0].readUInt16BE(2)];
    await assert.rejects(resolver[method]('a.test'), { code: dns.BADRESP, hostname: 'a.test' });
    await assert.rejects(resolver.resolveAny('a.test'), { code: dns.BADRESP, syscall: 'queryAny' });
  });

test('an answer without a record of the type is ENODATA', async (t) => {
  const resolver = await resolverOf(t, [record(5, name('b.test'))]);
  await assert.rejects(resolver.resolve4('a.test'), { code: 'ENODATA' });
  const empty = await resolverOf(t, []);
  await assert.rejects(empty.resolveMx('a.test'), { code: dns.NODATA });
});

test('records of another class are not taken', async (t) => {
  const chaos = record(1, bytes(1, 2, 3, 4));
  chaos.writeUInt16BE(3, 4);
  const resolver = await resolverOf(t, [chaos]);
  await assert.rejects(resolver.resolve4('a.test'), { code: 'ENODATA' });
});
