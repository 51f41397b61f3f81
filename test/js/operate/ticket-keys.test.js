'use strict';
// Keys of session tickets that several processes share.
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const tls = require('tls');
const { randomBytes } = require('crypto');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { until } = require('../../helpers/net');
const { startServer } = require('../../helpers/server');
const { pairOf, ca } = require('../../helpers/tls');

const PAIR = pairOf('server-ec');

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-tickets-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

const makes = [
  ['tls.Server', (ticketKeys) => tls.createServer({ ...PAIR, ticketKeys }, (one) => one.end('x'))],
  [
    'tlsOpt',
    (ticketKeys) => net.createServer({ tlsOpt: { ...PAIR, ticketKeys } }, (one) => one.end('x')),
  ],
];

/** Connects and returns [whether a session was resumed, the last session]. */
async function connect(port, session, maxVersion) {
  const client = tls.connect({ port, ca: ca(), servername: 'localhost', session, maxVersion });
  let last;
  client.on('session', (one) => (last = one));
  client.resume();
  await once(client, 'secureConnect');
  const [reused, early] = [client.isSessionReused(), client.getSession()];
  await once(client, 'close');
  return [reused, last ?? early];
}

for (const [name, make] of makes)
  for (const version of ['TLSv1.2', 'TLSv1.3'])
    test(`${name}: a secret that both have lets a ${version} session go on at the other`, async (t) => {
      const secret = randomBytes(32);
      const [one, other, stranger] = [secret, secret, randomBytes(32)].map((each) =>
        make({ secret: each }),
      );
      const [here, there, elsewhere] = await Promise.all(
        [one, other, stranger].map((each) => startServer(t, each)),
      );
      const [first, session] = await connect(here.port, undefined, version);
      assert.strictEqual(first, false);
      assert.strictEqual((await connect(there.port, session, version))[0], true);
      assert.strictEqual((await connect(elsewhere.port, session, version))[0], false);
    });

test('the keys of a secret: the present one seals, those of a period before and after open', async (t) => {
  const server = makes[0][1]({ secret: 'a secret that is long enough for it', period: 3600 });
  const { port } = await startServer(t, server);
  assert.ok(port > 0);
  const keys = server.ticketKeys();
  assert.strictEqual(keys.length, 4);
  assert.deepStrictEqual(
    keys.map(({ seals }) => seals),
    [true, false, false, false],
  );
  for (const { name, age } of keys) {
    assert.match(name, /^[0-9a-f]{8}$/);
    assert.ok(age >= 0);
  }
  assert.strictEqual(new Set(keys.map((one) => one.name)).size, 4);
  assert.deepStrictEqual(net.createServer().ticketKeys(), []);
});

test('the last but one of a file seals in the order of haproxy, the first in that of nginx', async (t) => {
  const file = path.join(folder(t), 'keys');
  const keys = [0, 1, 2].map(() => randomBytes(80));
  fs.writeFileSync(file, keys.map((key) => key.toString('base64')).join('\n'));
  const names = keys.map((key) => key.toString('hex', 0, 4));
  const sealing = (server) => server.ticketKeys().find((one) => one.seals).name;
  assert.strictEqual(sealing(makes[0][1]({ file })), names[1]);
  assert.strictEqual(sealing(makes[1][1]({ file, order: 'nginx' })), names[0]);
  const raw = [0, 1].map((i) => path.join(path.dirname(file), `raw${i}`));
  raw.forEach((one, i) => fs.writeFileSync(one, keys[i]));
  assert.strictEqual(sealing(makes[1][1]({ file: raw, order: 'nginx' })), names[0]);
});

test('a file that is replaced is read again; one that is bad leaves what there is', async (t) => {
  const file = path.join(folder(t), 'keys');
  const [one, other] = [randomBytes(80), randomBytes(80)];
  const replace = (text) => {
    fs.writeFileSync(`${file}.new`, text);
    fs.renameSync(`${file}.new`, file);
  };
  replace(one.toString('base64'));
  const server = makes[1][1]({ file });
  await startServer(t, server);
  const name = () => server.ticketKeys()[0].name;
  assert.strictEqual(name(), one.toString('hex', 0, 4));
  const told = once(process, 'warning');
  replace('not a key\n');
  const [warning] = await told;
  assert.strictEqual(warning.code, 'ERR_TLS_TICKET_KEYS');
  assert.strictEqual(name(), one.toString('hex', 0, 4));
  replace(other.toString('base64'));
  const guard = setInterval(() => {}, 100);
  await until(() => name() === other.toString('hex', 0, 4));
  clearInterval(guard);
});

test('a file that is replaced is read again in the grace of drain()', async (t) => {
  const file = path.join(folder(t), 'keys');
  fs.writeFileSync(file, randomBytes(80).toString('base64'));
  const server = makes[0][1]({ file });
  await startServer(t, server);
  const waiting = new AbortController();
  const told = server.drain({ grace: 60000, deadline: 120000, signal: waiting.signal });
  const next = randomBytes(80);
  fs.writeFileSync(`${file}.new`, next.toString('base64'));
  fs.renameSync(`${file}.new`, file);
  const guard = setInterval(() => {}, 100);
  await until(() => server.ticketKeys()[0].name === next.toString('hex', 0, 4));
  clearInterval(guard);
  waiting.abort();
  await assert.rejects(told, { name: 'AbortError' });
});

test('keys of zeros, twice the same, of another length, and short secrets are refused', (t) => {
  const file = path.join(folder(t), 'keys');
  const key = randomBytes(80).toString('base64');
  for (const text of [Buffer.alloc(80).toString('base64'), `${key}\n${key}`, 'YWJj', '', '!'])
    for (const [, make] of makes) {
      fs.writeFileSync(file, text);
      assert.throws(() => make({ file }), { code: 'ERR_TLS_TICKET_KEYS' });
    }
  for (const [, make] of makes) {
    assert.throws(() => make({ secret: 'short' }), { code: 'ERR_TLS_TICKET_KEYS' });
    assert.throws(() => make({ secret: Buffer.alloc(32) }), { code: 'ERR_TLS_TICKET_KEYS' });
    assert.throws(() => make(Buffer.alloc(48)), { code: 'ERR_TLS_TICKET_KEYS' });
    assert.throws(() => make({}), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => make({ file: 'x', secret: 'y' }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => make({ files: 'x' }), { code: /ERR_INVALID_ARG_VALUE|ERR_UNKNOWN/ });
    assert.throws(() => make({ file: [] }), { code: 'ERR_INVALID_ARG_VALUE' });
    assert.throws(() => make({ file: '/nowhere' }), { code: 'ENOENT' });
  }
});

for (const size of [48, 80])
  test(`openssl resumes at another server with the same file of keys of ${size} bytes`, async (t) => {
    const where = folder(t);
    const file = path.join(where, 'keys');
    const session = path.join(where, 'session');
    fs.writeFileSync(file, randomBytes(size));
    const [one, other] = await Promise.all(makes.map(([, make]) => startServer(t, make({ file }))));
    const { promisify } = require('util');
    const run = promisify(require('child_process').execFile);
    const ask = async (port, ...more) =>
      (
        await run('openssl', [
          's_client',
          '-connect',
          `127.0.0.1:${port}`,
          '-servername',
          'localhost',
          '-tls1_2',
          ...more,
        ])
      ).stdout;
    assert.match(await ask(one.port, '-sess_out', session), /^New, /m);
    assert.match(await ask(other.port, '-sess_in', session), /^Reused, /m);
  });
