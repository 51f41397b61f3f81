'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('ldapts', ['slapd']);
const [server] = servers;
const { Client } = load('ldapts');

async function connect(t, password = 'secret', prepare = async () => {}) {
  const client = new Client({ url: `ldap://127.0.0.1:${server.port}` });
  t.after(() => client.unbind());
  await prepare(client);
  await client.bind('cn=admin,dc=test', password);
  return client;
}

test('entries are added, found by a filter, changed and deleted', async (t) => {
  const client = await connect(t);
  await client.add('dc=test', { objectClass: ['dcObject', 'organization'], dc: 'test', o: 'Test' });
  for (let i = 0; i < 100; i++)
    await client.add(`cn=user${i},dc=test`, {
      objectClass: 'person',
      cn: `user${i}`,
      sn: i % 2 ? 'Odd' : 'Even',
    });
  const { searchEntries } = await client.search('dc=test', {
    filter: '(&(objectClass=person)(sn=Odd))',
    paged: { pageSize: 10 },
  });
  assert.strictEqual(searchEntries.length, 50);
  await client.modifyDN('cn=user1,dc=test', 'cn=renamed');
  await client.del('cn=renamed,dc=test');
  assert.strictEqual(
    (await client.search('dc=test', { filter: '(sn=Odd)' })).searchEntries.length,
    49,
  );
});

test('a value of 1 MiB comes back as it was', async (t) => {
  const client = await connect(t);
  const text = 'x'.repeat(1 << 20);
  await client.add('cn=large,dc=test', {
    objectClass: 'person',
    cn: 'large',
    sn: 'Large',
    description: text,
  });
  assert.strictEqual(
    (await client.search('dc=test', { filter: '(cn=large)' })).searchEntries[0].description,
    text,
  );
});

test('errors of the server have their classes', async (t) => {
  const client = await connect(t);
  await assert.rejects(
    client.add('dc=test', { objectClass: ['dcObject', 'organization'], dc: 'test', o: 'x' }),
    { code: 68 },
  );
  await assert.rejects(client.search('dc=nowhere'), { code: 32 });
  await assert.rejects(connect(t, 'wrong'), { code: 49 });
});

test('STARTTLS begins on the connection and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const client = await connect(t, 'secret', (one) => one.startTLS({ ca }));
  assert.strictEqual((await client.search('dc=test', { scope: 'base' })).searchEntries.length, 1);
  await assert.rejects(connect(t, 'secret', (one) => one.startTLS({})));
});

test('300 searches are answered at once', async (t) => {
  const client = await connect(t);
  const found = await Promise.all(
    Array.from({ length: 300 }, () => client.search('dc=test', { scope: 'base' })),
  );
  assert.ok(found.every(({ searchEntries }) => searchEntries[0].dc === 'test'));
});

test('a client connects again after the server restarted', async (t) => {
  const client = await connect(t);
  await server.restart();
  await client.bind('cn=admin,dc=test', 'secret');
  assert.strictEqual((await client.search('dc=test', { scope: 'base' })).searchEntries.length, 1);
});
