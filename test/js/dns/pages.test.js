'use strict';
// What Node's page of dns says of promisify() and of the order of addresses.
const { test } = require('../../helpers/test');
const assert = require('assert');
const dns = require('dns');
const { spawnSync } = require('child_process');
const { promisify } = require('util');

test('promisify(lookup) gives the address and its family', async () => {
  const lookup = promisify(dns.lookup);
  assert.deepStrictEqual(await lookup('127.0.0.1'), { address: '127.0.0.1', family: 4 });
  assert.deepStrictEqual(await lookup('::1', { family: 6 }), { address: '::1', family: 6 });
  assert.deepStrictEqual(await lookup('127.0.0.1', { all: true }), [
    { address: '127.0.0.1', family: 4 },
  ]);
});

test('promisify(lookupService) gives the name and the service', async () => {
  const answer = await promisify(dns.lookupService)('127.0.0.1', 22);
  assert.deepStrictEqual(Object.keys(answer), ['hostname', 'service']);
});

test('the functions of promises throw on bad arguments', () => {
  assert.throws(() => dns.promises.lookup('a', { family: 5 }), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => dns.promises.lookupService('127.0.0.1'), { code: 'ERR_MISSING_ARGS' });
  assert.throws(() => dns.promises.lookupService('x', 80), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('--dns-result-order is the default order', () => {
  const show = "console.log(require('dns').getDefaultResultOrder())";
  const run = (...args) => spawnSync(process.execPath, [...args, '-e', show], { encoding: 'utf8' });
  for (const order of ['ipv4first', 'ipv6first', 'verbatim'])
    assert.strictEqual(run(`--dns-result-order=${order}`).stdout, `${order}\n`);
  const bad = run('--dns-result-order=x');
  assert.strictEqual(bad.status, 9);
  assert.match(bad.stderr, /--dns-result-order must be one of verbatim, ipv4first, ipv6first/);
});

test('a limit of the doubled time may be any of 32 bits', () => {
  assert.ok(new dns.Resolver({ maxTimeout: 2 ** 32 - 1 }));
  assert.throws(() => new dns.Resolver({ maxTimeout: 2 ** 32 }), { code: 'ERR_OUT_OF_RANGE' });
});
