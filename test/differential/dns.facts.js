'use strict';
const dns = require('dns');
const { program } = require('./harness');

const bad = (fact, label, run) =>
  fact.of(label, run, (result) => (result?.catch?.(() => {}), 'goes on'));

program('what the module exports', (fact) => {
  fact('promises', Object.keys(dns.promises).sort());
  fact('Resolver', Object.getOwnPropertyNames(dns.Resolver.prototype).sort());
  fact('promises.Resolver', Object.getOwnPropertyNames(dns.promises.Resolver.prototype).sort());
  for (const name of Object.keys(dns)
    .filter((one) => /^[A-Z_]+$/.test(one))
    .sort())
    fact(name, dns[name]);
  fact('same', require('dns/promises') === dns.promises);
});

program('lookup() checks its arguments', (fact) => {
  for (const args of [
    [],
    ['a'],
    ['a', {}],
    [5, () => {}],
    [null, () => {}],
    [{}, () => {}],
    ['a', 'x', () => {}],
    ['a', 5, () => {}],
    ['a', 7, () => {}],
    ['a', { family: 5 }, () => {}],
    ['a', { family: 'IPv4' }, () => {}],
    ['a', { family: 'x' }, () => {}],
    ['a', { hints: 'x' }, () => {}],
    ['a', { hints: 2 ** 20 }, () => {}],
    ['a', { all: 'x' }, () => {}],
    ['a', { verbatim: 'x' }, () => {}],
    ['a', { order: 'x' }, () => {}],
    ['a', { order: 5 }, () => {}],
    ['a', null, () => {}],
    ['a', true, () => {}],
  ]) {
    fact.of(
      `lookup ${JSON.stringify(args)}`,
      () => dns.lookup(...args),
      (result) => typeof result,
    );
  }
});

program('lookup() of addresses and of nothing', async (fact) => {
  const lookup = (name, options) =>
    new Promise((done) => dns.lookup(name, options, (...args) => done(args)));
  for (const [name, options] of [
    ['127.0.0.1', {}],
    ['::1', {}],
    ['127.0.0.1', { all: true }],
    ['127.0.0.1', 6],
    ['', {}],
    ['', { all: true }],
    [null, 6],
    [false, {}],
    [undefined, { family: 4 }],
    ['localhost', 4],
    ['localhost', { family: 4, all: true }],
    ['nothing.invalid', 4],
  ]) {
    const [error, ...result] = await lookup(name, options).catch((one) => [one]);
    fact(
      `${name} ${JSON.stringify(options)}`,
      error && [error.code, error.syscall, error.hostname],
      result,
    );
  }
  for (const args of [['127.0.0.1'], ['127.0.0.1', { all: true }], [5], ['a', 'x'], [''], [null]]) {
    try {
      fact(`promises ${JSON.stringify(args)}`, await dns.promises.lookup(...args));
    } catch (error) {
      fact(`promises ${JSON.stringify(args)}`, error);
    }
  }
});

program('lookupService()', async (fact) => {
  for (const args of [
    [],
    ['127.0.0.1'],
    ['127.0.0.1', 80],
    ['x', 80, () => {}],
    [5, 80, () => {}],
    ['127.0.0.1', 'x', () => {}],
    ['127.0.0.1', 70000, () => {}],
    ['127.0.0.1', -1, () => {}],
    ['127.0.0.1', null, () => {}],
    ['127.0.0.1', 80, 5],
  ])
    fact.of(
      JSON.stringify(args),
      () => dns.lookupService(...args),
      (result) => typeof result,
    );
  for (const args of [['x', 80], ['127.0.0.1', 'y'], []]) {
    try {
      await dns.promises.lookupService(...args);
    } catch (error) {
      fact(`promises ${args}`, error);
    }
  }
  fact('answer', await dns.promises.lookupService('127.0.0.1', 22));
});

program('resolve() checks its arguments', (fact) => {
  for (const name of [
    'resolve',
    'resolve4',
    'resolve6',
    'resolveAny',
    'resolveCaa',
    'resolveCname',
    'resolveMx',
    'resolveNaptr',
    'resolveNs',
    'resolvePtr',
    'resolveSoa',
    'resolveSrv',
    'resolveTlsa',
    'resolveTxt',
    'reverse',
  ]) {
    for (const args of [[], ['a'], [5, () => {}], [undefined, () => {}], ['a', 5]])
      bad(fact, `${name} ${args.map(String)}`, () => dns[name](...args));
    for (const args of [[], [5], [null]])
      bad(fact, `promises ${name} ${args.map(String)}`, () => dns.promises[name](...args));
  }
  for (const type of ['X', 5, null, 'a', {}])
    bad(fact, `resolve ${type}`, () => dns.resolve('a', type, () => {}));
  for (const type of ['X', 5, null, 'a'])
    bad(fact, `promises resolve ${type}`, () => dns.promises.resolve('a', type));
  bad(fact, 'reverse of a name', () => dns.reverse('a', () => {}));
});

program('servers', (fact) => {
  const resolver = new dns.Resolver();
  for (const servers of [
    ['127.0.0.1'],
    ['127.0.0.1:5353'],
    ['[::1]:53'],
    ['::1'],
    ['1.1.1.1', '[2001:db8::1]:1053'],
    [],
  ]) {
    fact.of(JSON.stringify(servers), () => (resolver.setServers(servers), resolver.getServers()));
  }
  for (const servers of [
    'x',
    undefined,
    null,
    5,
    ['x'],
    [5],
    [null],
    ['127.0.0.1:x'],
    ['127.0.0.1:70000'],
    ['[::1'],
    [''],
    {},
  ])
    fact.of(
      `bad ${JSON.stringify(servers)}`,
      () => resolver.setServers(servers),
      () => resolver.getServers(),
    );
  for (const args of [
    ['1.2.3.4'],
    ['1.2.3.4', '::1'],
    ['::1', '1.2.3.4'],
    ['x'],
    [5],
    ['1.2.3.4', 'x'],
    [],
    ['1.2.3.4', '5.6.7.8'],
    ['::1'],
  ])
    fact.of(
      `setLocalAddress ${args}`,
      () => resolver.setLocalAddress(...args),
      () => 'set',
    );
  fact('cancel', resolver.cancel());
  for (const options of [
    { timeout: 'x' },
    { timeout: -2 },
    { timeout: 1.5 },
    { tries: 0 },
    { tries: 'x' },
    { maxTimeout: -1 },
    { maxTimeout: 'x' },
    { timeout: -1, tries: 1 },
    null,
    5,
  ])
    fact.of(
      `new Resolver(${JSON.stringify(options)})`,
      () => new dns.Resolver(options),
      () => 'a resolver',
    );
});

program('the order of results', (fact) => {
  fact('default', dns.getDefaultResultOrder());
  for (const order of ['ipv4first', 'ipv6first', 'verbatim'])
    fact(order, dns.setDefaultResultOrder(order), dns.getDefaultResultOrder());
  for (const order of ['x', undefined, null, 5])
    fact.of(`bad ${order}`, () => dns.setDefaultResultOrder(order));
});

program('nobody answers', async (fact) => {
  const server = require('dgram').createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const resolver = new dns.promises.Resolver({ timeout: 50, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  for (const [name, args] of [
    ['resolve4', ['a.test']],
    ['resolveMx', ['a.test']],
    ['reverse', ['127.0.0.9']],
  ])
    await resolver[name](...args).catch((error) =>
      fact(name, error, error.errno, error.syscall, error.hostname),
    );
  const waits = resolver.resolve4('b.test').catch((error) => fact('cancelled', error));
  resolver.cancel();
  await waits;
  server.close();
});
