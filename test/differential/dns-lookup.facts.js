'use strict';
// What lookup() does with its options, of names that every system knows.
const dns = require('dns');
const { spawnSync } = require('child_process');
const { promisify } = require('util');
const { program } = require('./harness');

const lookup = (...args) => new Promise((done) => dns.lookup(...args, (...result) => done(result)));
const told = ([error, ...rest]) => [
  error && [error.message, error.code, error.errno, error.syscall, error.hostname],
  ...rest,
];

program('families, hints and orders', async (fact) => {
  const { ADDRCONFIG, V4MAPPED, ALL } = dns;
  for (const options of [
    4,
    6,
    { family: 4 },
    { family: 'IPv4' },
    { family: 'IPv6' },
    { family: 6 },
    { family: 4, hints: V4MAPPED },
    { family: 6, hints: V4MAPPED },
    { family: 6, hints: V4MAPPED | ALL },
    { family: 4, all: true },
    { family: 6, all: true },
    { family: 4, hints: 0 },
    { family: 4, order: 'verbatim' },
    { family: 4, order: 'ipv6first', all: true },
    { family: 4, verbatim: true },
    { family: 4, verbatim: false },
    { family: 4, all: undefined, hints: undefined, order: undefined, verbatim: undefined },
    { family: null, all: true, order: 'ipv4first' },
    { family: undefined, hints: null, all: null },
  ])
    fact(`127.0.0.1 ${JSON.stringify(options)}`, told(await lookup('127.0.0.1', options)));
  for (const options of [
    4,
    { family: 4, all: true },
    { family: 6, hints: V4MAPPED },
    { family: 4, hints: ADDRCONFIG & 0 },
  ])
    fact(
      `localhost ${JSON.stringify(options)}`,
      told(await lookup('localhost', options)).slice(0, 2),
    );
  for (const order of ['ipv4first', 'ipv6first'])
    fact(order, (await lookup('localhost', { order }))[2] !== undefined);
});

program('names that are not there', async (fact) => {
  for (const host of [
    'nothing.invalid',
    'a..b',
    '.',
    'a b',
    '-',
    '1.2.3',
    '300.1.1.1',
    '::g',
    '1.2.3.4.5',
    '0x7f.1',
    'fe80::1%lo',
  ])
    fact(`lookup ${host}`, told(await lookup(host, 4)).slice(0, 3));
  for (const options of [undefined, { all: true }, { family: 6 }])
    fact('nothing.invalid', told(await lookup('nothing.invalid', options)));
  const error = (await lookup('nothing.invalid', {}))[0];
  fact('keys', Object.keys(error), error instanceof Error, error.name);
});

program('promises, and promisify()', async (fact) => {
  const outcome = (promise) =>
    promise.then(
      (value) => value,
      (error) => told([error]),
    );
  for (const options of [
    undefined,
    4,
    { family: 4 },
    { all: true, family: 4 },
    { family: 6 },
    { order: 'ipv4first' },
  ]) {
    fact('promises', await outcome(dns.promises.lookup('127.0.0.1', options)));
    fact('promisify', await outcome(promisify(dns.lookup)('127.0.0.1', options)));
  }
  fact('none', await outcome(dns.promises.lookup('nothing.invalid')));
  for (const options of [
    { family: 5 },
    5,
    'x',
    null,
    { hints: 2 ** 20 },
    { all: 5 },
    { order: 'x' },
    { verbatim: 5 },
    { family: '4' },
  ])
    for (const [name, call] of [
      ['promises', dns.promises.lookup],
      ['promisify', promisify(dns.lookup)],
    ])
      fact(
        `${name} ${JSON.stringify(options)}`,
        await outcome(Promise.resolve().then(() => call('127.0.0.1', options))),
      );
  fact(
    'throws at once',
    (() => {
      try {
        dns.promises.lookup('a', { family: 5 }).catch(() => {});
        return 'rejects';
      } catch (error) {
        return error.code;
      }
    })(),
  );
  fact('service', await outcome(promisify(dns.lookupService)('127.0.0.1', 22)));
  fact('service', await outcome(dns.promises.lookupService('127.0.0.1', '80')));
  fact('service', await outcome(dns.promises.lookupService('127.0.0.1', 0)));
  await new Promise((done) =>
    dns.lookupService('127.0.0.1', 22, (...args) => done(fact('callback', args))),
  );
  for (const args of [
    [],
    ['127.0.0.1'],
    ['x', 80],
    ['127.0.0.1', -1],
    ['127.0.0.1', 'x'],
    [5, 80],
    ['127.0.0.1', 1.5],
  ])
    fact(
      `service ${args}`,
      await outcome(Promise.resolve().then(() => dns.promises.lookupService(...args))),
    );
  fact(
    'returns',
    typeof dns.lookup('127.0.0.1', () => {}),
    dns.lookup('127.0.0.1', () => {})?.constructor?.name,
  );
  fact(
    'lengths',
    dns.lookup.length,
    dns.lookupService.length,
    dns.resolve.length,
    dns.promises.lookup.length,
  );
  fact(
    'names',
    dns.lookup.name,
    dns.lookupService.name,
    dns.resolve.name,
    dns.promises.lookup.name,
    dns.promises.resolve.name,
  );
});

program('the callback comes later', async (fact) => {
  const order = [];
  const ended = new Promise((done) => {
    dns.lookup('127.0.0.1', () => order.push('an address'));
    dns.lookup('127.0.0.1', { all: true }, () => order.push('all'));
    dns.lookup('localhost', 4, () => done(order.push('a name')));
  });
  order.push('returned');
  process.nextTick(() => order.push('tick'));
  await ended;
  fact('order', order);
});

program('--dns-result-order', (fact) => {
  for (const order of ['ipv4first', 'ipv6first', 'verbatim', 'x', '']) {
    const text =
      "console.log(require('dns').getDefaultResultOrder(), require('dns/promises').getDefaultResultOrder())";
    const ended = spawnSync(process.execPath, [`--dns-result-order=${order}`, '-e', text]);
    fact(order, ended.status, String(ended.stdout));
  }
});

program('the constants of promises', (fact) => {
  for (const name of Object.keys(dns.promises)
    .filter((one) => /^[A-Z]+$/.test(one))
    .sort())
    fact(name, dns.promises[name]);
  fact('flags', dns.ADDRCONFIG, dns.V4MAPPED, dns.ALL);
  dns.promises.setDefaultResultOrder('ipv4first');
  fact('order', dns.getDefaultResultOrder());
  dns.setDefaultResultOrder('verbatim');
});
