'use strict';
// What questions to DNS servers give: records, errors, servers that fail.
const dns = require('dns');
const { promisify } = require('util');
const { answer, bytes, name, record, startDnsServer, string, u16, u32 } = require('../helpers/dns');
const { describe, program } = require('./harness');

const soa = Buffer.concat([name('ns.x'), name('root.x'), ...[1, 2, 3, 4, 2 ** 32 - 1].map(u32)]);
const RECORDS = [
  record(1, bytes(192, 0, 2, 1), { ttl: 5 }),
  record(28, Buffer.from('20010db8000000000000000000000001', 'hex'), { ttl: 7 }),
  record(257, Buffer.concat([bytes(128), string('issue'), Buffer.from('ca.test')])),
  record(257, Buffer.concat([bytes(0), string('iodef'), Buffer.from('mailto:a@b')])),
  record(5, name('real.test')),
  record(15, Buffer.concat([u16(10), name('mail.test')])),
  record(35, Buffer.concat([u16(1, 2), string('s'), string('SIP'), string('!a!b!'), name('r.x')])),
  record(2, name('ns.test')),
  record(12, name('host.test')),
  record(6, soa),
  record(33, Buffer.concat([u16(1, 2, 8080), name('srv.test')])),
  record(52, bytes(3, 1, 0, 0xaa, 0xbb)),
  record(16, Buffer.concat([string('one'), string(''), string('two')])),
  record(16, string('three')),
];
const typeOf = (one) => one.readUInt16BE(2);

/** Answers by the records of the type that is asked for, or by all of them. */
function serve(question, send) {
  const list = RECORDS.filter((one) =>
    question.type === 255 ? typeOf(one) !== 52 : typeOf(one) === question.type,
  );
  send(answer(question, list));
}

async function resolverOf(t, respond = serve, options = undefined, respondTcp = undefined) {
  const { address, asked } = await startDnsServer(t, respond, respondTcp);
  const resolver = new dns.promises.Resolver(options);
  resolver.setServers([address]);
  return Object.assign(resolver, { asked, address });
}
const show = (value) =>
  value?.data instanceof ArrayBuffer
    ? { ...value, data: Buffer.from(value.data) }
    : Array.isArray(value)
      ? value.map(show)
      : value;
const outcome = (promise) =>
  promise.then(show, (error) => [
    error.message,
    error.code,
    error.errno,
    error.syscall,
    error.hostname,
  ]);

program('what each type of record gives', async (fact, t) => {
  const resolver = await resolverOf(t);
  for (const type of [
    'A',
    'AAAA',
    'CAA',
    'CNAME',
    'MX',
    'NAPTR',
    'NS',
    'PTR',
    'SOA',
    'SRV',
    'TLSA',
    'TXT',
  ]) {
    fact(type, await outcome(resolver.resolve('a.test', type)));
    const method = `resolve${type === 'A' ? '4' : type === 'AAAA' ? '6' : type[0] + type.slice(1).toLowerCase()}`;
    fact(method, await outcome(resolver[method]('a.test')));
  }
  fact('the default', await outcome(resolver.resolve('a.test')));
  fact('reverse', await outcome(resolver.reverse('192.0.2.1')));
  fact('reverse of IPv6', await outcome(resolver.reverse('2001:db8::1')));
  fact(
    'asked',
    resolver.asked.map((one) => [one.name, one.type]),
  );
});

program('resolveAny()', async (fact, t) => {
  const resolver = await resolverOf(t);
  const all = await resolver.resolveAny('a.test');
  const lines = all.map((one) => describe(Object.fromEntries(Object.entries(one).sort())));
  for (const line of lines.sort()) fact('record', line);
  fact('resolve', (await resolver.resolve('a.test', 'ANY')).length);
  const old = new dns.Resolver();
  old.setServers([resolver.address]);
  await new Promise((done) =>
    old.resolveAny('a.test', (error, list) => done(fact('callback', error, list.length))),
  );
  const none = await resolverOf(t, (question, send) => send(answer(question)));
  fact('none', await outcome(none.resolveAny('a.test')));
});

program('options of resolve4() and resolve6()', async (fact, t) => {
  const resolver = await resolverOf(t);
  for (const options of [
    {},
    { ttl: true },
    { ttl: false },
    { ttl: 1 },
    { ttl: 'x' },
    null,
    5,
    'x',
    true,
    undefined,
  ])
    for (const method of ['resolve4', 'resolve6'])
      fact(
        `${method} ${JSON.stringify(options)}`,
        await outcome(Promise.resolve().then(() => resolver[method]('a.test', options))),
      );
  const old = new dns.Resolver();
  old.setServers([resolver.address]);
  for (const options of [{ ttl: true }, null, 5, undefined]) {
    try {
      await new Promise((done) =>
        old.resolve4('a.test', options, (error, list) =>
          done(fact(`callback ${JSON.stringify(options)}`, error, list)),
        ),
      );
    } catch (error) {
      fact(`callback ${JSON.stringify(options)}`, error);
    }
  }
  const aliased = await resolverOf(t, (question, send) =>
    send(
      answer(question, [
        record(5, name('b.test'), { ttl: 3 }),
        record(1, bytes(1, 2, 3, 4), { ttl: 9, owner: name('b.test') }),
        record(1, bytes(1, 2, 3, 5), { ttl: 1, owner: name('b.test') }),
      ]),
    ),
  );
  fact('through an alias', await outcome(aliased.resolve4('a.test', { ttl: true })));
  fact('its addresses', await outcome(aliased.resolve4('a.test')));
  fact('its alias', await outcome(aliased.resolveCname('a.test')));
});

program('what a server may refuse', async (fact, t) => {
  for (const rcode of [1, 2, 3, 4, 5, 6, 9]) {
    const resolver = await resolverOf(
      t,
      (question, send) => send(answer(question, [], { rcode })),
      {
        timeout: 200,
        tries: 1,
      },
    );
    fact(`rcode ${rcode}`, await outcome(resolver.resolve4('a.test')));
  }
  const empty = await resolverOf(t, (question, send) => send(answer(question)));
  for (const method of ['resolve4', 'resolveMx', 'resolveSoa', 'resolveTxt', 'resolveSrv'])
    fact(`${method} of nothing`, await outcome(empty[method]('a.test')));
  fact('reverse of nothing', await outcome(empty.reverse('1.2.3.4')));
  const missing = await resolverOf(t, (question, send) => send(answer(question, [], { rcode: 3 })));
  for (const method of [
    'resolve6',
    'resolveCaa',
    'resolvePtr',
    'resolveNaptr',
    'resolveTlsa',
    'resolveAny',
  ])
    fact(`${method} of no name`, await outcome(missing[method]('a.test')));
  fact('reverse of no name', await outcome(missing.reverse('2001:db8::1')));
  const short = await resolverOf(t, (question, send) =>
    send(answer(question, [record(1, bytes(1, 2))])),
  );
  fact('an address of two bytes', await outcome(short.resolve4('a.test')));
  const other = await resolverOf(t, (question, send) => send(answer(question, [RECORDS[1]])));
  fact('another type', await outcome(other.resolve4('a.test')));
});

program('names that are asked for', async (fact, t) => {
  const resolver = await resolverOf(t);
  for (const host of [
    'A.Test',
    'a.test.',
    'a',
    'localhost',
    '',
    '.',
    '127.0.0.1',
    'b\u00fccher.test',
    'a..b',
    `${'x'.repeat(64)}.test`,
    `${'x.'.repeat(130)}test`,
    '_srv._tcp.a.test',
    '*.a.test',
    'a\0b.test',
    'xn--bcher-kva.test',
  ])
    fact(`resolve4 ${JSON.stringify(host.slice(0, 80))}`, await outcome(resolver.resolve4(host)));
  for (const ip of ['1.2.3.4', '::ffff:1.2.3.4', 'fe80::1%lo', '1.2.3', 'a.test', ''])
    fact(`reverse ${ip}`, await outcome(Promise.resolve().then(() => resolver.reverse(ip))));
  fact(
    'asked',
    resolver.asked.map((one) => one.name),
  );
});

program('servers that fail, one after another', async (fact, t) => {
  const refuses = (rcode) => (question, send) => send(answer(question, [], { rcode }));
  const good = await resolverOf(t);
  for (const [label, respond] of Object.entries({
    SERVFAIL: refuses(2),
    NOTFOUND: refuses(3),
    NOTIMP: refuses(4),
    REFUSED: refuses(5),
    FORMERR: refuses(1),
    nothing: () => {},
    'no data': (question, send) => send(answer(question)),
  })) {
    const bad = await resolverOf(t, respond, { timeout: 100, tries: 1 });
    bad.setServers([bad.address, good.address]);
    fact(`${label}, then one that knows`, await outcome(bad.resolve4('a.test')));
  }
  const tries = await resolverOf(t, () => {}, { timeout: 20, tries: 3 });
  fact('three tries', await outcome(tries.resolve4('a.test')), tries.asked.length);
  const second = await resolverOf(
    t,
    (question, send) => {
      if (second.asked.length > 1) serve(question, send);
    },
    { timeout: 50 },
  );
  fact('the second try', await outcome(second.resolve4('a.test')));
});

program('what does not fit is asked for by TCP', async (fact, t) => {
  const resolver = await resolverOf(
    t,
    (question, send) => send(answer(question, [], { truncated: true })),
    undefined,
    serve,
  );
  fact('TXT', await outcome(resolver.resolveTxt('a.test')));
});

program('cancel(), and servers while questions are under way', async (fact, t) => {
  const { address } = await startDnsServer(t, () => {});
  const resolver = new dns.Resolver();
  resolver.setServers([address]);
  const order = [];
  const ended = ['resolve4', 'resolveMx', 'reverse'].map(
    (method) =>
      new Promise((done) => {
        resolver[method](method === 'reverse' ? '1.2.3.4' : 'a.test', (error, ...rest) => {
          order.push(method);
          done(fact(method, error, error.errno, error.syscall, error.hostname, rest));
        });
      }),
  );
  fact.of('setServers', () => resolver.setServers(['127.0.0.1']));
  fact('getServers', resolver.getServers().length);
  fact('returns', resolver.cancel());
  order.push('cancel returned');
  await Promise.all(ended);
  fact('order', order);
  resolver.setServers(['127.0.0.1']);
  fact('servers', resolver.getServers());
  fact('cancel nothing', resolver.cancel());
});

program('the servers of the module', async (fact, t) => {
  const { address } = await resolverOf(t);
  const before = new dns.Resolver();
  const old = before.getServers();
  dns.setServers([address]);
  fact('of promises', dns.promises.getServers().length, dns.promises.getServers()[0] === address);
  fact('resolve4', await outcome(dns.promises.resolve4('a.test')));
  fact('promisified', await outcome(promisify(dns.resolve4)('a.test', { ttl: true })));
  fact('promisified resolve', await outcome(promisify(dns.resolve)('a.test', 'MX')));
  fact('a resolver made before', describe(before.getServers()) === describe(old));
  fact('a resolver made after', new dns.Resolver().getServers()[0] === address);
  dns.promises.setServers(['127.0.0.1:1']);
  fact('nobody there', await outcome(dns.promises.resolve4('a.test')));
  for (const servers of [
    ['127.0.0.1:53'],
    ['[::1]:53'],
    ['[::1]'],
    ['::1'],
    ['1.1.1.1', '1.1.1.1'],
    ['fe80::1%lo'],
    ['[fe80::1%lo]:5'],
    [' 1.1.1.1'],
    ['1.1.1.1:'],
    ['1.1.1.1:53x'],
    ['1.1.1.1:65536'],
    ['1.1.1.1:65535'],
    ['a.test:53'],
    ['[1.1.1.1]:53'],
    ['::ffff:1.2.3.4'],
    ['2001:DB8::1'],
    [new String('1.1.1.1')],
    ['1.1.1.1:-1'],
    ['1.1.1.1:053'],
    new Set(['1.1.1.1']),
  ])
    fact.of(describe(servers), () => (dns.setServers(servers), dns.getServers()));
});

program('methods of resolvers', async (fact, t) => {
  const { address } = await resolverOf(t);
  const resolver = new dns.Resolver();
  resolver.setServers([address]);
  for (const method of ['resolve4', 'resolveMx', 'resolve', 'reverse']) {
    const ended = Promise.withResolvers();
    const request = resolver[method](method === 'reverse' ? '1.2.3.4' : 'a.test', (...args) => {
      ended.resolve(fact(`${method} calls`, show(args)));
    });
    fact(`${method} returns`, typeof request);
    await ended.promise;
    fact(`${method}`, resolver[method].name, resolver[method].length, dns[method].length);
  }
  const loose = resolver.resolve4;
  fact.of(
    'without a resolver',
    () => loose('a.test', () => {}),
    () => 'goes on',
  );
  fact.of(
    'without new',
    () => dns.Resolver(),
    () => 'made',
  );
  class Own extends dns.Resolver {}
  const own = new Own();
  own.setServers([address]);
  await new Promise((done) =>
    own.resolve('a.test', 'AAAA', (error, list) => done(fact('own', error, list))),
  );
});
