'use strict';
// server.admission: who is let in, decided without JavaScript. Real clients, of many addresses of
// 127/8.
const assert = require('assert');
const { execFile } = require('child_process');
const http = require('http');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { once } = require('events');
const { promisify } = require('util');
const { test } = require('../../helpers/test');
const { serve, closed, until, transportOptions } = require('../../helpers/net');
const { pairOf, ca, serveTls } = require('../../helpers/tls');
const { startServer } = require('../../helpers/server');
const { master } = require('../groups/group');
const metrics = require('metrics');

const run = promisify(execFile);
const encrypted = transportOptions.server.tlsOpt !== undefined;

/** What becomes of one client: 'open' once it is greeted, else 'ECONNRESET', 'closed'. */
function fate(t, port, options = {}) {
  const client = net.connect({ port, host: '127.0.0.1', ...options });
  t.after(() => client.destroy());
  return new Promise((resolve) => {
    client.once('data', () => resolve({ client, fate: 'open' }));
    client.once('error', (error) => resolve({ client, fate: error.code }));
    client.once('close', () => resolve({ client, fate: 'closed' }));
  });
}

const greet = (socket) => {
  socket.on('error', () => {});
  socket.write('x');
  socket.resume();
};

/** Adds up what a server tells in `refused`. */
function refusals(server) {
  const counts = {};
  server.on('refused', ({ reason, count }) => (counts[reason] = (counts[reason] ?? 0) + count));
  return counts;
}

async function greeting(t, admission, options = {}) {
  const server = net.createServer(options, greet);
  server.admission = admission;
  const { port } = await startServer(t, server);
  return { server, port };
}

test('an address over perAddress.concurrent is reset, another is let in', async (t) => {
  const { server, port } = await greeting(t, { perAddress: { concurrent: 2 } });
  const refused = once(server, 'refused');
  const fates = [];
  for (let i = 0; i < 3; i++) fates.push((await fate(t, port)).fate);
  assert.deepStrictEqual(fates, ['open', 'open', 'ECONNRESET']);
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.2' })).fate, 'open');
  assert.deepStrictEqual((await refused)[0], {
    reason: 'concurrent',
    count: 1,
    addresses: ['127.0.0.1'],
  });
});

test('a place is free again once a connection of the address has ended', async (t) => {
  const { server, port } = await greeting(t, { perAddress: { concurrent: 1 } });
  const { client } = await fate(t, port);
  assert.strictEqual((await fate(t, port)).fate, 'ECONNRESET');
  client.destroy();
  await until(() => server._connections === 0);
  assert.strictEqual((await fate(t, port)).fate, 'open');
});

test('total counts all addresses, and exempt ones are never refused', async (t) => {
  const { port } = await greeting(t, { total: 1, exempt: ['127.0.0.9', '10.0.0.0/8'] });
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.2' })).fate, 'ECONNRESET');
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.9' })).fate, 'open');
});

test('rate lets so many in at once, and others later', async (t) => {
  const { port, server } = await greeting(t, { perAddress: { rate: [2, 100000] } });
  const fates = [];
  for (let i = 0; i < 3; i++) fates.push((await fate(t, port)).fate);
  assert.deepStrictEqual(fates, ['open', 'open', 'ECONNRESET']);
  // The bucket refills by its rate of now.
  server.admission = { perAddress: { rate: [2, 1] } };
  let last;
  do last = (await fate(t, port)).fate;
  while (last !== 'open');
});

test("with the action 'close' a refused client sees an end and no byte", async (t) => {
  const { port } = await greeting(t, { total: 1, action: 'close' });
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port)).fate, 'closed');
});

test("with the action 'wait' clients over the total wait in the backlog", async (t) => {
  const { port, server } = await greeting(t, { total: 1, action: 'wait' });
  const { client } = await fate(t, port);
  const second = fate(t, port);
  const third = net.connect(port, '127.0.0.1');
  await once(third, 'connect');
  assert.strictEqual(server._connections, 1);
  third.destroy();
  client.destroy();
  assert.strictEqual((await second).fate, 'open');
});

test('limits are changed while the server listens, and taken away', async (t) => {
  const { port, server } = await greeting(t, { total: 1 });
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port)).fate, 'ECONNRESET');
  server.admission = { total: 2 };
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port)).fate, 'ECONNRESET');
  server.admission = undefined;
  assert.strictEqual(server.admission, undefined);
  assert.strictEqual((await fate(t, port)).fate, 'open');
});

test('limits that are set while it listens count from then on', async (t) => {
  const { port, server } = await greeting(t, undefined);
  assert.strictEqual((await fate(t, port)).fate, 'open');
  server.admission = { perAddress: { concurrent: 1 } };
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port)).fate, 'ECONNRESET');
});

test('an IPv4 client of "::" is one address with its mapped form; IPv6 counts by /64', async (t) => {
  const server = net.createServer(greet);
  server.admission = { perAddress: { concurrent: 1 }, exempt: ['127.0.0.7'] };
  server.listen({ port: 0, host: '::' });
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address();
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port, { host: '::ffff:127.0.0.1' })).fate, 'ECONNRESET');
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.2' })).fate, 'open');
  assert.strictEqual((await fate(t, port, { host: '::1' })).fate, 'open');
  assert.strictEqual((await fate(t, port, { host: '::1' })).fate, 'ECONNRESET');
  for (let i = 0; i < 3; i++)
    assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.7' })).fate, 'open');
});

test('prefix makes one address of many', async (t) => {
  const { port } = await greeting(t, { perAddress: { concurrent: 1 }, prefix: { v4: 24 } });
  assert.strictEqual((await fate(t, port)).fate, 'open');
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.0.200' })).fate, 'ECONNRESET');
  assert.strictEqual((await fate(t, port, { localAddress: '127.0.1.1' })).fate, 'open');
});

test('with a full table new addresses share one place', async (t) => {
  const { port } = await greeting(t, { perAddress: { concurrent: 1 }, table: 2 });
  const from = async (last) => (await fate(t, port, { localAddress: `127.0.0.${last}` })).fate;
  assert.deepStrictEqual(
    [await from(1), await from(2), await from(3), await from(4)],
    ['open', 'open', 'open', 'ECONNRESET'],
  );
});

test('a flood from many addresses: the counters equal what was sent', async (t) => {
  const { server, port } = await greeting(t, {
    perAddress: { rate: [1, 10000000] },
    table: 4096,
  });
  const counts = refusals(server);
  const [count, addresses] = [8000, 2000];
  const { stdout } = await run('python3', [
    path.join(__dirname, 'fixtures/flood.py'),
    port,
    count,
    addresses,
  ]);
  const told = JSON.parse(stdout);
  assert.deepStrictEqual(told, { open: addresses, reset: count - addresses, ended: 0 });
  while ((counts.rate ?? 0) < count - addresses) await once(server, 'refused');
  assert.deepStrictEqual(counts, { rate: count - addresses });
  const text = await scrape();
  assert.ok(numbers(text, 'sluice_connections_refused_total', 'reason="rate"') >= 6000);
  assert.ok(numbers(text, 'sluice_admission_table_entries', '') >= addresses);
});

async function scrape() {
  const { port } = await metrics.serve({ host: '127.0.0.1', port: 0 });
  const [response] = await once(http.get({ port, path: '/metrics' }), 'response');
  let text = '';
  for await (const part of response) text += part;
  return text;
}

function numbers(text, name, label) {
  let sum = 0;
  for (const line of text.split('\n'))
    if (line.startsWith(name) && line.includes(label)) sum += Number(line.split(' ').at(-1));
  return sum;
}

test('a group counts over all of its members, and only its master sets limits', async (t) => {
  const server = await master(
    t,
    'admitted',
    2,
    path.join(__dirname, 'fixtures/greet.js'),
    (one) => {
      one.admission = { perAddress: { concurrent: 4 } };
      one.on('connection', greet);
    },
  );
  const fates = [];
  for (let i = 0; i < 6; i++) fates.push(await fate(t, server.port()));
  assert.deepStrictEqual(
    fates.map((one) => one.fate),
    ['open', 'open', 'open', 'open', 'ECONNRESET', 'ECONNRESET'],
  );
  const members = server.stats().map((one) => one.connections);
  assert.ok(
    members.every((connections) => connections > 0),
    `${members}`,
  );
  for (const { client } of fates) client.destroy();
  await until(() => server.stats().every((one) => one.connections === 0));
  assert.strictEqual((await fate(t, server.port())).fate, 'open');
});

test('http servers have it', async (t) => {
  const server = http.createServer((request, response) => response.end('yes'));
  server.admission = { perAddress: { concurrent: 1 } };
  const { port } = await startServer(t, server);
  const first = http.get({ port, host: '127.0.0.1', agent: new http.Agent({ keepAlive: true }) });
  const [response] = await once(first, 'response');
  response.resume();
  const second = http.get({ port, host: '127.0.0.1', agent: false });
  const [error] = await once(second, 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
  first.destroy();
});

test('an address whose handshakes fail too often is banned', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, greet);
  server.on('tlsClientError', () => {});
  server.admission = { failures: [2, 1000000] };
  for (let i = 0; i < 2; i++) {
    const client = net.connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.0\r\n\r\n');
    client.on('error', () => {});
    client.resume();
    await closed(client);
  }
  assert.strictEqual((await fate(t, port)).fate, 'ECONNRESET');
  const client = connect({ localAddress: '127.0.0.3' });
  await once(client, 'secureConnect');
});

test('who connects and says nothing is not banned', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, greet);
  server.on('tlsClientError', () => {});
  server.admission = { failures: [1, 1000000] };
  const client = net.connect(port, '127.0.0.1');
  await once(client, 'connect');
  client.end();
  client.resume();
  await closed(client);
  await once(connect(), 'secureConnect');
});

test('handshakes over the limit wait, and those over twice of it are refused', async (t) => {
  // The choice of a context holds a handshake as long as the test likes.
  const waiting = [];
  const { server, connect } = await serveTls(
    t,
    { SNICallback: (name, answer) => waiting.push(answer) },
    greet,
  );
  const errors = [];
  server.on('tlsClientError', (error) => errors.push(error.code));
  server.admission = { handshakes: { concurrent: 2 } };
  const clients = Array.from({ length: 5 }, () => connect());
  for (const client of clients) client.on('error', () => {});
  await until(() => errors.length === 1);
  assert.deepStrictEqual(errors, ['ERR_TLS_TOO_MANY_HANDSHAKES']);
  assert.strictEqual(waiting.length, 2);
  const secured = Promise.all(
    clients.map(
      (client) =>
        new Promise((resolve) => {
          client.once('secureConnect', () => resolve('secure'));
          client.once('close', () => resolve('closed'));
        }),
    ),
  );
  const timer = setInterval(() => waiting.splice(0).forEach((answer) => answer(null)), 5);
  t.after(() => clearInterval(timer));
  const fates = await secured;
  assert.strictEqual(fates.filter((one) => one === 'secure').length, 4);
});

test('the time of a handshake is that of admission if it is shorter', async (t) => {
  const { server, port } = await serveTls(t, {}, greet);
  server.admission = { handshakes: { timeout: 50 } };
  const client = net.connect(port, '127.0.0.1');
  client.resume();
  const [error] = await once(server, 'tlsClientError');
  assert.strictEqual(error.code, 'ERR_TLS_HANDSHAKE_TIMEOUT');
  client.destroy();
  assert.strictEqual(server.recent()[0].closeReason.code, 'handshake-timeout');
});

test('a server of the page has it for its encrypted connections', async (t) => {
  const server = net.createServer({ tlsOpt: pairOf('server') }, greet);
  server.admission = { perAddress: { concurrent: 1 } };
  const { port } = await startServer(t, server);
  const options = { port, host: '127.0.0.1', ca: ca(), servername: 'localhost' };
  const first = tls.connect(options);
  t.after(() => first.destroy());
  await once(first, 'secureConnect');
  const second = tls.connect(options);
  const [error] = await once(second, 'error');
  assert.strictEqual(error.code, 'ECONNRESET');
});

const wrong = [
  [{ totl: 1 }, 'ERR_INVALID_ARG_VALUE', /server\.admission\.totl/],
  [{ total: -1 }, 'ERR_OUT_OF_RANGE', /server\.admission\.total/],
  [{ total: '1' }, 'ERR_INVALID_ARG_TYPE', /server\.admission\.total/],
  [{ perAddress: { rate: [1] } }, 'ERR_INVALID_ARG_VALUE', /perAddress\.rate/],
  [{ perAddress: { rate: [1, 0] } }, 'ERR_OUT_OF_RANGE', /perAddress\.rate\[1\]/],
  [{ perAddress: { burst: 1 } }, 'ERR_INVALID_ARG_VALUE', /perAddress\.burst/],
  [{ prefix: { v4: 33 } }, 'ERR_OUT_OF_RANGE', /prefix\.v4/],
  [{ exempt: ['10.0.0.0/33'] }, 'ERR_INVALID_ARG_VALUE', /10\.0\.0\.0\/33/],
  [{ exempt: ['0x7f.1'] }, 'ERR_INVALID_ARG_VALUE', /0x7f\.1/],
  [{ exempt: [1] }, 'ERR_INVALID_ARG_TYPE', /exempt\[0\]/],
  [{ action: 'drop' }, 'ERR_INVALID_ARG_VALUE', /'reset', 'close', 'wait'/],
  [{ table: 0 }, 'ERR_OUT_OF_RANGE', /table/],
  [5, 'ERR_INVALID_ARG_TYPE', /server\.admission/],
];
for (const [value, code, message] of wrong)
  test(`${JSON.stringify(value)} is refused as ${code}, and changes nothing`, () => {
    const server = net.createServer();
    server.admission = { total: 7 };
    assert.throws(() => (server.admission = value), { code, message });
    assert.deepStrictEqual(server.admission, { total: 7 });
  });

if (!encrypted)
  test('a socket of a Unix server has no address, and is counted in total', async (t) => {
    const { server } = await serve(t, greet);
    assert.ok(server.listening);
    const own = net.createServer(greet);
    own.admission = { total: 1, perAddress: { concurrent: 1 } };
    const where = path.join(require('os').tmpdir(), `sluice-admission-${process.pid}.sock`);
    own.listen(where);
    await once(own, 'listening');
    t.after(() => own.close());
    assert.strictEqual((await fate(t, undefined, { path: where })).fate, 'open');
    assert.notStrictEqual((await fate(t, undefined, { path: where })).fate, 'open');
  });
