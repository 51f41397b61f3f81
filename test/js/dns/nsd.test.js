'use strict';
// Questions to a real server, nsd(8), that has one zone.
const { test } = require('../../helpers/test');
const { Server } = require('../../packages/server');
const assert = require('assert');
const dns = require('dns');

const zone = `
$ORIGIN sluice.test.
$TTL 300
@        SOA   ns1 admin.sluice.test. 2024010101 3600 600 86400 60
@        NS    ns1
@        NS    ns2
@        MX    10 mail
@        MX    0 backup.example.
@        TXT   "v=spf1 -all" 
@        TXT   "two " "parts"
@        CAA   0 issue "ca.example"
@        CAA   128 iodef "mailto:a@sluice.test"
ns1      A     192.0.2.1
ns2      AAAA  2001:db8::2
host     60 A  192.0.2.10
host     60 A  192.0.2.11
host     AAAA  2001:db8::10
alias    30 CNAME host
_sip._udp      SRV   1 2 5060 host
_443._tcp.host TLSA  3 1 1 00112233
naptr    NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@sluice.test!" .
1.2.0    PTR   host
*.wild   A     192.0.2.99
long     TXT   ${Array.from({ length: 30 }, (_, i) => `"${String(i).repeat(120).slice(0, 250)}"`).join(' ')}
`;

const nsd = new Server('nsd', {
  program: 'nsd',
  version: ['-v'],
  prepare(server) {
    server.write('zone', zone);
    const file = (name) => JSON.stringify(server.file(name));
    server.write(
      'nsd.conf',
      `server:\n  ip-address: 127.0.0.1@${server.port}\n  username: ""\n  database: ""\n` +
        `  zonesdir: ${file('.')}\n  pidfile: ${file('pid')}\n  zonelistfile: ${file('zones')}\n` +
        `  xfrdfile: ${file('xfrd')}\n  xfrdir: ${file('.')}\nremote-control:\n  control-enable: no\n` +
        `zone:\n  name: sluice.test\n  zonefile: ${file('zone')}\n`,
    );
  },
  args: (server) => ['-d', '-c', server.file('nsd.conf')],
});

const resolver = new dns.promises.Resolver({ timeout: 10000 });

const expected = {
  'resolve4 host': ['192.0.2.10', '192.0.2.11'],
  'resolve6 host': ['2001:db8::10'],
  'resolve4 alias': ['192.0.2.10', '192.0.2.11'],
  'resolveCname alias': ['host.sluice.test'],
  'resolve4 any.wild': ['192.0.2.99'],
  'resolveNs ': ['ns1.sluice.test', 'ns2.sluice.test'],
  'resolveMx ': [
    { exchange: 'backup.example', priority: 0 },
    { exchange: 'mail.sluice.test', priority: 10 },
  ],
  'resolveTxt ': [['two ', 'parts'], ['v=spf1 -all']],
  'resolveCaa ': [
    { critical: 0, issue: 'ca.example' },
    { critical: 128, iodef: 'mailto:a@sluice.test' },
  ],
  'resolvePtr 1.2.0': ['host.sluice.test'],
  'resolveSrv _sip._udp': [{ name: 'host.sluice.test', port: 5060, priority: 1, weight: 2 }],
  'resolveTlsa _443._tcp.host': [
    { certUsage: 3, selector: 1, match: 1, data: new Uint8Array([0, 17, 34, 51]).buffer },
  ],
  'resolveNaptr naptr': [
    {
      flags: 'u',
      service: 'E2U+sip',
      regexp: '!^.*$!sip:info@sluice.test!',
      replacement: '',
      order: 100,
      preference: 10,
    },
  ],
};
const qualified = (name) => (name === '' ? 'sluice.test' : `${name}.sluice.test`);
const sorted = (list) => list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

if (!nsd.installed) {
  test.skip('questions to nsd', 'nsd is not installed');
} else {
  test('nsd starts', async () => {
    await nsd.start();
    resolver.setServers([`127.0.0.1:${nsd.port}`]);
  });

  for (const [question, records] of Object.entries(expected)) {
    const [method, name] = question.split(' ');
    test(`${method}('${qualified(name)}') gives what the zone has`, async () => {
      const list = await resolver[method](qualified(name));
      assert.deepStrictEqual(sorted(list), sorted([...records]));
    });
  }

  test('resolveSoa() gives the start of the zone', async () => {
    assert.deepStrictEqual(await resolver.resolveSoa('sluice.test'), {
      nsname: 'ns1.sluice.test',
      hostmaster: 'admin.sluice.test',
      serial: 2024010101,
      refresh: 3600,
      retry: 600,
      expire: 86400,
      minttl: 60,
    });
  });

  test('the time to live is that of the alias if it is shorter', async () => {
    const list = await resolver.resolve4('alias.sluice.test', { ttl: true });
    assert.deepStrictEqual(sorted(list), [
      { address: '192.0.2.10', ttl: 30 },
      { address: '192.0.2.11', ttl: 30 },
    ]);
  });

  test('a text of 3.6 kB comes whole, by TCP', async () => {
    const [parts] = await resolver.resolveTxt('long.sluice.test');
    assert.deepStrictEqual([parts.length, parts[29]], [30, '29'.repeat(120)]);
  });

  test('a name that is not there is ENOTFOUND', async () => {
    await assert.rejects(resolver.resolve4('missing.sluice.test'), { code: dns.NOTFOUND });
  });

  test('a name without records of the type is ENODATA', async () => {
    await assert.rejects(resolver.resolveMx('host.sluice.test'), { code: dns.NODATA });
  });

  test('a zone that the server does not have is EREFUSED', async () => {
    await assert.rejects(resolver.resolve4('example.com'), { code: dns.REFUSED });
  });

  test('nsd ends', () => nsd.end());
}
