'use strict';
// The PROXY protocol, in and out.
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const os = require('os');
const path = require('path');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect, closed, until } = require('../../helpers/net');
const { startServer } = require('../../helpers/server');
const { pairOf, ca } = require('../../helpers/tls');
const { stop, loopback } = require('../groups/group');

const TRUST = { trust: ['127.0.0.0/8'] };
const SIGNATURE = '0d0a0d0a000d0a515549540a';
const hex = (...parts) => Buffer.from(parts.join(''), 'hex');
// 10.1.2.3:4660 to 10.0.0.1:80
const V2 = hex(SIGNATURE, '2111000c', '0a010203', '0a000001', '1234', '0050');
const V1 = Buffer.from('PROXY TCP4 10.1.2.3 10.0.0.1 4660 80\r\n');

/** A server that tells each connection's addresses, then echoes. */
async function teller(t, proxy = TRUST, options = {}) {
  const server = net.createServer({ ...options, proxy }, (one) => {
    one.on('error', () => {});
    one.write(`${one.remoteAddress}:${one.remotePort} ${one.localAddress}:${one.localPort}\n`);
    one.pipe(one);
  });
  const { port } = await startServer(t, server);
  return { server, port };
}

/** Sends the pieces, each once the one before has left, and returns all that comes back. */
async function say(port, pieces) {
  const client = net.connect({ port, host: '127.0.0.1', noDelay: true });
  client.on('error', () => {});
  const all = collect(client).catch((error) => error.code);
  if (
    await once(client, 'connect').then(
      () => false,
      () => true,
    )
  )
    return '';
  for (const piece of pieces) {
    client.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.end();
  return String(await all);
}

const TOLD = '10.1.2.3:4660 10.0.0.1:80\n';

for (const [name, header] of [
  ['version 1', V1],
  ['version 2', V2],
])
  test(`${name}: the addresses are the header's, wherever it is split`, async (t) => {
    const { port } = await teller(t);
    const bytes = Buffer.concat([header, Buffer.from('hello')]);
    const answers = [];
    for (let at = 1; at < bytes.length; at++)
      answers.push(await say(port, [bytes.subarray(0, at), bytes.subarray(at)]));
    assert.deepStrictEqual([...new Set(answers)], [`${TOLD}hello`]);
    assert.strictEqual(
      await say(
        port,
        [...bytes].map((one) => Buffer.from([one])),
      ),
      `${TOLD}hello`,
    );
  });

const ACCEPTED = [
  ['an IPv6 pair', 'PROXY TCP6 2001:db8::1 ::1 1 65535\r\n', '2001:db8::1:1 ::1:65535\n'],
  ['UNKNOWN with anything behind it', 'PROXY UNKNOWN ff:: x y z\r\n', null],
  ['UNKNOWN alone', 'PROXY UNKNOWN\r\n', null],
  ['LOCAL', hex(SIGNATURE, '20000000'), null],
  [
    'LOCAL with addresses',
    hex(SIGNATURE, '2011000c', '0a010203', '0a000001', '1234', '0050'),
    null,
  ],
  ['a family that is not told', hex(SIGNATURE, '21000000'), null],
  [
    'IPv6 of version 2',
    hex(
      SIGNATURE,
      '21210024',
      '20010db8000000000000000000000001',
      '00'.repeat(15),
      '01',
      '0001',
      '0002',
    ),
    '2001:db8::1:1 ::1:2\n',
  ],
  [
    'fields to skip',
    hex(SIGNATURE, '21110013', '0a010203', '0a000001', '1234', '0050', '04000401020304'),
    TOLD,
  ],
];
for (const [name, header, told] of ACCEPTED)
  test(`taken: ${name}`, async (t) => {
    const { port } = await teller(t);
    const answer = await say(port, [header, 'hello']);
    if (told === null)
      assert.match(answer, new RegExp(`^127.0.0.1:\\d+ 127.0.0.1:${port}\nhello$`));
    else assert.strictEqual(answer, `${told}hello`);
  });

const REFUSED = [
  ['no header', 'hello'],
  ['a space too many', 'PROXY TCP4  10.1.2.3 10.0.0.1 4660 80\r\n'],
  ['a port with a zero in front', 'PROXY TCP4 10.1.2.3 10.0.0.1 04660 80\r\n'],
  ['a port that is none', 'PROXY TCP4 10.1.2.3 10.0.0.1 65536 80\r\n'],
  ['an address of the other family', 'PROXY TCP4 ::1 10.0.0.1 4660 80\r\n'],
  ['an address with a zone', 'PROXY TCP6 fe80::1%lo ::1 4660 80\r\n'],
  ['no ports', 'PROXY TCP4 10.1.2.3 10.0.0.1\r\n'],
  ['LF alone', 'PROXY TCP4 10.1.2.3 10.0.0.1 4660 80\n'],
  ['CR alone', 'PROXY TCP4 10.1.2.3 10.0.0.1 4660 80\rhello'],
  ['a line of 108 bytes', `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`],
  ['version 3', hex(SIGNATURE, '3111000c', '0a010203', '0a000001', '1234', '0050')],
  ['an unknown command', hex(SIGNATURE, '2211000c', '0a010203', '0a000001', '1234', '0050')],
  ['an unknown family', hex(SIGNATURE, '2141000c', '0a010203', '0a000001', '1234', '0050')],
  ['datagrams', hex(SIGNATURE, '2112000c', '0a010203', '0a000001', '1234', '0050')],
  ['addresses cut off', hex(SIGNATURE, '2111000b', '0a010203', '0a000001', '1234', '00')],
  [
    'a field cut off',
    hex(SIGNATURE, '21110010', '0a010203', '0a000001', '1234', '0050', '04000500'),
  ],
  [
    'a wrong checksum',
    hex(SIGNATURE, '21110013', '0a010203', '0a000001', '1234', '0050', '03000401020304'),
  ],
  ['a header longer than it may be', hex(SIGNATURE, '2111ffff', '00'.repeat(64))],
];
for (const [name, header] of REFUSED)
  test(`refused: ${name}`, async (t) => {
    const { server, port } = await teller(t);
    assert.match(await say(port, [header, 'hello']), /^$|ECONNRESET|EPIPE/);
    assert.strictEqual(server.recent()[0].closeReason.code, 'proxy-header');
    assert.strictEqual(server._connections, 0);
  });

test('who is not trusted is refused, with a header or not', async (t) => {
  const { server, port } = await teller(t, { trust: ['10.0.0.0/8', '::1'] });
  assert.match(await say(port, [V1, 'hello']), /^$|ECONNRESET|EPIPE/);
  assert.strictEqual(server.recent()[0].closeReason.code, 'proxy-header');
});

test('a version that is not wanted is refused', async (t) => {
  const { port } = await teller(t, { ...TRUST, versions: [2] });
  assert.match(await say(port, [V1]), /^$|ECONNRESET|EPIPE/);
  assert.strictEqual(await say(port, [V2]), TOLD);
});

test('a header that does not come in time is refused', async (t) => {
  const { server, port } = await teller(t, { ...TRUST, timeout: 50 });
  const client = net.connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.write(V2.subarray(0, 20));
  await closed(client);
  assert.strictEqual(server.recent()[0].closeReason.code, 'proxy-header');
});

test('over a Unix socket, from peers that are trusted as unix', async (t) => {
  const where = path.join(os.tmpdir(), `sluice-proxy-${process.pid}`);
  const server = net.createServer({ proxy: { trust: 'unix' } }, (one) =>
    one.end(`${one.remoteAddress}:${one.remotePort}`),
  );
  server.listen(where);
  t.after(() => stop(server));
  await once(server, 'listening');
  const client = net.connect(where);
  client.write(V1);
  assert.strictEqual(String(await collect(client)), '10.1.2.3:4660');
});

test('in a group, before a member is chosen', async (t) => {
  const server = net.createServer('proxied', 0, loopback());
  server.proxy = TRUST;
  server.on('connection', (one) => one.end(one.remoteAddress));
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  assert.strictEqual(await say(server.port(), [V2.subarray(0, 5), V2.subarray(5)]), '10.1.2.3');
});

test('subs and http over a group know of the header, though only the master wants one', async (t) => {
  const module_ = path.join(__dirname, '../groups/fixtures/proxied');
  const server = net.createServer('proxied', 1, module_, loopback());
  server.proxy = TRUST;
  const { serve } = require(module_);
  serve(server);
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  for (const name of ['proxied', 'proxied:1']) {
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const text = await say(server.port(), [V2, request]);
    assert.ok(text.endsWith(`\r\n\r\n${name}: proxy from 10.1.2.3`), text);
  }
});

test('what a header told is there after the end, in an http server over a group too', async (t) => {
  const server = net.createServer('proxied', 0, loopback());
  server.proxy = TRUST;
  const web = http.createServer((request, response) => response.end());
  const told = new Promise((resolve) => {
    server.on('connection', (one) => {
      web.emit('connection', one);
      one.on('close', () => resolve(one.proxied));
    });
  });
  server.listen();
  t.after(() => stop(server));
  await once(server, 'listening');
  await say(server.port(), [V2, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n']);
  const { command, source } = await told;
  assert.deepStrictEqual([command, source.address], ['proxy', '10.1.2.3']);
});

test('a listener that closes lets go of those whose header is awaited', async (t) => {
  const { server, port } = await teller(t);
  const client = net.connect(port, '127.0.0.1');
  client.on('error', () => {});
  await once(client, 'connect');
  await until(() => server.listening);
  server.close();
  await Promise.all([closed(client.resume()), once(server, 'close')]);
});

test('options that are none are errors', () => {
  for (const [proxy, code] of [
    [{}, 'ERR_INVALID_ARG_TYPE'],
    [{ trust: [] }, 'ERR_INVALID_ARG_TYPE'],
    [{ trust: ['10.0.0.0/33'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ trust: ['example.org'] }, 'ERR_INVALID_ARG_VALUE'],
    [{ ...TRUST, optional: true }, 'ERR_INVALID_ARG_VALUE'],
    [{ ...TRUST, timeout: 0 }, 'ERR_OUT_OF_RANGE'],
    [{ ...TRUST, maxHeader: 16 }, 'ERR_OUT_OF_RANGE'],
    [{ ...TRUST, versions: [3] }, 'ERR_INVALID_ARG_VALUE'],
  ])
    assert.throws(() => net.createServer({ proxy }), { code });
  for (const [proxy, code] of [
    ['x', 'ERR_INVALID_ARG_TYPE'],
    [{ source: {} }, 'ERR_INVALID_ARG_TYPE'],
    [{ source: { address: 'x', port: 1 } }, 'ERR_INVALID_IP_ADDRESS'],
    [{ color: 1 }, 'ERR_INVALID_ARG_VALUE'],
  ])
    assert.throws(() => net.connect({ port: 1, proxy }), { code });
});

// ---- Out, and all that a header tells

/** What a server's sockets have as `proxied`. */
async function listener(t, make = (options, listen) => net.createServer(options, listen)) {
  const heard = [];
  const server = make({ proxy: TRUST }, (one) => {
    one.on('error', () => {});
    heard.push({ socket: one, proxied: one.proxied, address: one.remoteAddress });
    one.end('ok');
  });
  const { port } = await startServer(t, server);
  return { server, port, heard };
}

const ENDS = {
  source: { address: '192.0.2.7', port: 1234 },
  destination: { address: '198.51.100.1', port: 443 },
};

test('net.connect({proxy}) tells all fields, and the server has them', async (t) => {
  const { port, heard } = await listener(t);
  const ssl = { client: true, certificate: true, verify: 0, version: 'TLSv1.3', cn: 'somebody' };
  const client = net.connect({
    port,
    host: '127.0.0.1',
    proxy: {
      ...ENDS,
      authority: 'example.org',
      alpn: 'h2',
      uniqueId: Buffer.from('id'),
      ssl: { ...ssl, cipher: 'TLS_AES_128_GCM_SHA256', group: 'x25519' },
      tlvs: [[0xea, Buffer.from('own')]],
    },
  });
  assert.strictEqual(String(await collect(client)), 'ok');
  const [{ proxied, socket }] = heard;
  assert.deepStrictEqual(
    [socket.remoteAddress, socket.remotePort, socket.remoteFamily],
    ['192.0.2.7', 1234, 'IPv4'],
  );
  assert.deepStrictEqual([socket.localAddress, socket.localPort], ['198.51.100.1', 443]);
  assert.deepStrictEqual(proxied.peer, {
    address: '127.0.0.1',
    family: 'IPv4',
    port: client.localPort ?? proxied.peer.port,
  });
  assert.deepStrictEqual(proxied.source, { address: '192.0.2.7', family: 'IPv4', port: 1234 });
  assert.deepStrictEqual(proxied.ssl, {
    ...ssl,
    cipher: 'TLS_AES_128_GCM_SHA256',
    group: 'x25519',
  });
  assert.deepStrictEqual([proxied.version, proxied.command], [2, 'proxy']);
  assert.deepStrictEqual(
    [proxied.authority, proxied.alpn, String(proxied.uniqueId)],
    ['example.org', 'h2', 'id'],
  );
  assert.deepStrictEqual(
    proxied.tlvs.map(([type]) => type),
    [0x01, 0x02, 0x05, 0x20, 0xea, 0x03],
  );
  assert.deepStrictEqual(socket.info().peer, { address: '192.0.2.7', port: 1234 });
});

test('families that differ are one: IPv4 is mapped', async (t) => {
  const { port, heard } = await listener(t);
  const proxy = { ...ENDS, destination: { address: '2001:db8::5', port: 1 } };
  await collect(net.connect({ port, host: '127.0.0.1', proxy }));
  assert.strictEqual(heard[0].address, '::ffff:192.0.2.7');
});

test('version 1, local, and bytes as they are', async (t) => {
  const { port, heard } = await listener(t);
  for (const proxy of [{ ...ENDS, version: 1 }, 'local', V1])
    await collect(net.connect({ port, host: '127.0.0.1', proxy }));
  assert.deepStrictEqual(
    heard.map(({ proxied: { version, command }, address }) => [version, command, address]),
    [
      [1, 'proxy', '192.0.2.7'],
      [2, 'local', '127.0.0.1'],
      [1, 'proxy', '10.1.2.3'],
    ],
  );
  assert.throws(() => net.connect({ port, proxy: { ...ENDS, version: 1, alpn: 'x' } }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('proxy: socket passes a client on', async (t) => {
  const { port, heard } = await listener(t);
  const front = net.createServer((one) => {
    const back = net.connect({ port, host: '127.0.0.1', proxy: one });
    one.pipe(back).pipe(one);
  });
  const { port: first } = await startServer(t, front);
  const client = net.connect(first, '127.0.0.1');
  await once(client, 'connect');
  const { localPort } = client;
  await collect(client);
  assert.deepStrictEqual(
    [heard[0].socket.remotePort, heard[0].socket.localPort],
    [localPort, first],
  );
});

test('tls: the header comes before the handshake, of tls.Server and tlsOpt', async (t) => {
  const makes = [
    (options, listen) => tls.createServer({ ...options, ...pairOf('server-ec') }, listen),
    (options, listen) => net.createServer({ ...options, tlsOpt: pairOf('server-ec') }, listen),
  ];
  for (const make of makes) {
    const { port, heard } = await listener(t, make);
    const client = tls.connect({
      port,
      host: '127.0.0.1',
      ca: ca(),
      servername: 'localhost',
      proxy: ENDS,
    });
    assert.strictEqual(String(await collect(client)), 'ok');
    assert.deepStrictEqual([heard[0].address, heard[0].proxied.version], ['192.0.2.7', 2]);
    const page = net.connect({
      port,
      host: '127.0.0.1',
      tlsOpt: { ca: ca(), server: 'localhost' },
      proxy: ENDS,
    });
    assert.strictEqual(String(await collect(page)), 'ok');
    assert.strictEqual(heard[1].address, '192.0.2.7');
  }
});

for (const [name, module_, more, client] of [
  ['http', http, {}, {}],
  ['https', https, pairOf('server-ec'), { ca: ca(), servername: 'localhost' }],
])
  test(`${name}: an agent keeps connections for different clients apart`, async (t) => {
    const server = module_.createServer({ ...more, proxy: TRUST }, (request, response) =>
      response.end(`${request.socket.remoteAddress} ${request.socket.id}`),
    );
    const { port } = await startServer(t, server);
    const agent = new module_.Agent({ keepAlive: true });
    t.after(() => agent.destroy());
    const ask = (address) =>
      new Promise((resolve, reject) => {
        const proxy = { ...ENDS, source: { address, port: 1 } };
        module_
          .get({ port, host: '127.0.0.1', agent, proxy, ...client }, (response) =>
            resolve(collect(response)),
          )
          .on('error', reject);
      }).then(String);
    const [one, other, again] = [
      await ask('192.0.2.1'),
      await ask('192.0.2.2'),
      await ask('192.0.2.1'),
    ];
    assert.match(one, /^192\.0\.2\.1 /);
    assert.match(other, /^192\.0\.2\.2 /);
    assert.strictEqual(again, one);
  });

test('a server that drains waits for headers under way, but not beyond its deadline', async (t) => {
  const { server, port } = await teller(t, { ...TRUST, timeout: 60000 });
  const [whole, never] = [1, 2].map(() => net.connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all([once(whole, 'connect'), once(never, 'connect')]);
  whole.write(V2.subarray(0, 7));
  const drained = server.drain({ deadline: 3000, jitter: 0 });
  whole.write(V2.subarray(7));
  assert.strictEqual(String(await collect(whole)), TOLD);
  never.resume();
  assert.strictEqual((await drained).ended + (await drained).closed, 1);
});
