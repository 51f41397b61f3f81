'use strict';
// server.capture(): what tshark reads in the files.
const assert = require('assert');
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { serve, closed, collect, pattern, until } = require('../../helpers/net');
const { serveTls } = require('../../helpers/tls');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'capture-'));
let last = 0;
const newFile = () => path.join(folder, `${++last}.pcapng`);
const hasTshark = spawnSync('tshark', ['-v']).status === 0;

/** A test that looks at the file by tshark. */
const seen = hasTshark ? test : (name) => test.skip(name, 'needs tshark');

/** What tshark prints. It would take what has a port that is registered for something else for that. */
function tshark(t, file, ...args) {
  const byBytes = ['-o', 'tcp.try_heuristic_first:TRUE'];
  const { status, stdout, stderr } = spawnSync('tshark', ['-r', file, ...byBytes, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.strictEqual(status, 0, String(stderr));
  return String(stdout);
}

/** The bytes of a stream's sides that tshark puts together: of the client, of the server. */
function followed(t, file, protocol = 'tcp', stream = 0) {
  const text = tshark(t, file, '-q', '-z', `follow,${protocol},raw,${stream}`);
  if (text === undefined) return undefined;
  const lines = text.split('\n').filter((line) => /^\t?[\da-f]+$/.test(line));
  const side = (server) =>
    Buffer.from(
      lines
        .filter((line) => line.startsWith('\t') === server)
        .map((line) => line.trim())
        .join(''),
      'hex',
    );
  return [side(false), side(true)];
}

const fields = (t, file, filter, ...names) =>
  tshark(t, file, '-Y', filter, '-T', 'fields', ...names.flatMap((name) => ['-e', name]))
    ?.trim()
    .split('\n');

/** Captures while act() runs; resolves with what the capture resolves with. */
async function during(server, options, act) {
  const control = new AbortController();
  const done = server.capture({ signal: control.signal, ...options });
  await act();
  await until(() => [...server.connections()].length === 0);
  control.abort();
  return done;
}

const echo = (socket) => socket.on('error', () => {}).pipe(socket);

seen(
  'plain: both sides of a stream are the bytes that its ends had, in packets of TCP',
  async (t) => {
    const { server, connect } = await serve(t, echo);
    const file = newFile();
    const sent = pattern(300000);
    let local;
    const numbers = await during(server, { file }, async () => {
      const client = connect();
      await once(client, 'connect');
      local = client.localPort;
      client.end(sent);
      assert.deepStrictEqual(await collect(client), sent);
    });
    assert.strictEqual(numbers.connections, 1);
    assert.strictEqual(numbers.dropped, 0);
    assert.strictEqual(fs.statSync(file).size, numbers.bytes);
    assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
    const sides = followed(t, file);
    if (sides === undefined) return;
    assert.ok(sides[0].equals(sent) && sides[1].equals(sent));
    assert.deepStrictEqual(fields(t, file, 'tcp.flags.syn==1', 'tcp.srcport'), [
      String(local),
      String(server.address().port),
    ]);
    assert.strictEqual(fields(t, file, 'tcp.analysis.flags', 'frame.number')[0], '');
    const [comment] = fields(t, file, 'tcp.flags.fin==1 and frame.comment', 'frame.comment');
    assert.match(comment, /^connection \d+: peer-end$/);
    const checked = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
    assert.strictEqual(tshark(t, file, ...checked, '-Y', '_ws.expert.severity == error'), '');
  },
);

seen('plain: what a program reads and writes over TLS is plain, and decoded as HTTP', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
  });
  const file = newFile();
  await during(server, { file }, async () => {
    const client = connect();
    await once(client, 'secureConnect');
    client.write('GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await closed(client.resume());
  });
  if (!hasTshark) return;
  const uris = tshark(
    t,
    file,
    '-d',
    `tcp.port==${port},http`,
    '-T',
    'fields',
    '-e',
    'http.request.uri',
  );
  assert.strictEqual(uris.trim(), '/hidden');
});

for (const version of ['TLSv1.2', 'TLSv1.3'])
  seen(`records: tshark opens ${version} with the secrets in the file`, async (t) => {
    const { server, connect } = await serveTls(
      t,
      { minVersion: version, maxVersion: version },
      echo,
    );
    const file = newFile();
    await during(server, { file, mode: 'records' }, async () => {
      const client = connect();
      await once(client, 'secureConnect');
      client.end('a secret');
      assert.strictEqual(String(await collect(client)), 'a secret');
    });
    const sides = followed(t, file, 'tls');
    if (sides === undefined) return;
    assert.deepStrictEqual(sides.map(String).sort(), ['a secret', 'a secret']);
    // The block of secrets is before the first packet.
    const bytes = fs.readFileSync(file);
    const types = [];
    for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4))
      types.push(bytes.readUInt32LE(at));
    assert.deepStrictEqual(types.slice(1, 4), [1, 10, 6]);
  });

seen('records: also after the keys were updated', async (t) => {
  const { server, port } = await serveTls(t, {}, echo);
  const file = newFile();
  await during(server, { file, mode: 'records' }, async () => {
    const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`]);
    const said = async (text) => {
      client.stdin.write(text);
      let heard = '';
      while (!heard.includes(text)) heard += (await once(client.stdout, 'data'))[0];
    };
    await said('before\n');
    client.stdin.write('K\n'); // updates both sides' keys, and says so
    let noted = '';
    while (!noted.includes('KEYUPDATE')) noted += (await once(client.stderr, 'data'))[0];
    await said('after\n');
    client.kill();
    await once(client, 'exit');
  });
  const sides = followed(t, file, 'tls');
  if (sides === undefined) return;
  assert.match(sides.map(String).join(), /before\nafter\n/);
  const KEY_UPDATE = 'tls.handshake.type == 24';
  assert.ok(fields(t, file, KEY_UPDATE, 'frame.number').length > 0);
});

seen('a connection that was open before begins where it is; records leave it out', async (t) => {
  const { server, connect } = await serve(t, echo);
  const client = connect();
  client.write('early');
  await once(client, 'data');
  // What was open before is told by its time in milliseconds.
  const opened = performance.now();
  await until(() => performance.now() > opened + 2);
  const plain = newFile();
  const records = newFile();
  const control = new AbortController();
  const { signal } = control;
  const both = [
    server.capture({ file: plain, signal }),
    server.capture({ file: records, mode: 'records', signal }),
  ];
  await assert.rejects(server.capture({ file: newFile() }), { code: 'EBUSY' });
  assert.match(require('metrics').text(), /^sluice_capture_active 2$/m);
  client.end('late');
  await collect(client);
  await until(() => [...server.connections()].length === 0);
  control.abort();
  const [first, second] = await Promise.all(both);
  assert.deepStrictEqual([first.connections, second.connections], [1, 0]);
  const sides = followed(t, plain);
  if (sides !== undefined) assert.deepStrictEqual(sides.map(String), ['late', 'late']);
});

test('only connections of the peers and numbers that are asked for are captured', async (t) => {
  const { server, connect } = await serve(t, echo);
  const count = async (options) => {
    const numbers = await during(server, { file: newFile(), ...options }, async () => {
      const client = connect();
      client.end('hello');
      await collect(client);
    });
    return numbers.connections;
  };
  assert.strictEqual(await count({ peer: '127.0.0.0/8' }), 1);
  assert.strictEqual(await count({ peer: '10.0.0.0/8' }), 0);
  assert.strictEqual(await count({ ids: [1e9] }), 0);
});

test('it ends at its size, and at its time', async (t) => {
  const { server, connect } = await serve(t, echo);
  const client = connect();
  client.on('error', () => {});
  const small = server.capture({ file: newFile(), maxBytes: 100000 });
  client.write(pattern(1000000));
  client.resume();
  const numbers = await small;
  assert.ok(numbers.bytes >= 100000 && numbers.bytes < 300000, String(numbers.bytes));
  await server.capture({ file: newFile(), maxTime: 1 });
});

seen('packets are cut where snap says, and know how long they were', async (t) => {
  const { server, connect } = await serve(t, echo);
  const file = newFile();
  await during(server, { file, snap: 64 }, async () => {
    const client = connect();
    client.end(pattern(1000));
    await collect(client);
  });
  const lengths = fields(t, file, 'tcp.len > 0', 'frame.cap_len', 'frame.len');
  if (lengths !== undefined) assert.deepStrictEqual(lengths[0].split('\t'), ['64', '1040']);
});

seen('a Unix connection has made-up addresses, a reset its flag', async (t) => {
  const server = net.createServer(echo).listen(path.join(folder, 'socket'));
  t.after(() => server.close());
  await once(server, 'listening');
  const unix = newFile();
  await during(server, { file: unix }, async () => {
    const client = net.connect(path.join(folder, 'socket'));
    client.end('hello');
    await collect(client);
  });
  const { server: tcp, connect } = await serve(t, echo);
  const reset = newFile();
  await during(tcp, { file: reset }, async () => {
    const client = connect();
    client.write('hello');
    await once(client, 'data');
    client.resetAndDestroy();
    await until(() => tcp.recent().length === 1);
  });
  const sides = followed(t, unix);
  if (sides === undefined) return;
  assert.deepStrictEqual(sides.map(String), ['hello', 'hello']);
  assert.strictEqual(fields(t, reset, 'tcp.flags.reset==1', 'frame.number').length, 1);
});

test('a file that is there, or cannot be made, is left alone', async (t) => {
  const { server } = await serve(t);
  const file = newFile();
  fs.writeFileSync(file, 'mine');
  await assert.rejects(server.capture({ file }), { code: 'EEXIST', path: file });
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'mine');
  await assert.rejects(server.capture({ file: '/nowhere/x' }), { code: 'ENOENT' });
  for (const options of [
    undefined,
    {},
    { file: newFile(), mode: 'both' },
    { file: newFile(), snap: 1 },
    { file: newFile(), limit: 1 },
    { file: newFile(), ids: 1 },
  ])
    assert.throws(() => server.capture(options), { code: /^ERR_(?:INVALID_ARG|OUT_OF)/ });
  await assert.rejects(server.capture({ file: newFile(), peer: 'x' }), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('the end of the process leaves what was captured by then', async () => {
  const file = newFile();
  const code = `
    const net = require('net');
    const server = net.createServer((one) => one.on('data', () => {}).on('end', () => process.exit(0)));
    server.listen(0, '127.0.0.1', () => {
      server.capture({ file: ${JSON.stringify(file)} });
      net.connect(server.address().port, '127.0.0.1').end(Buffer.alloc(3000000, 'x'));
    });`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'inherit' });
  await once(child, 'exit');
  const bytes = fs.readFileSync(file);
  assert.ok(bytes.length > 3000000, `${bytes.length} bytes`);
  if (hasTshark) assert.strictEqual(followed(undefined, file)[0].length, 3000000);
});

// 32 KiB of a hello that says it has 128: the handshake waits, and so does what is captured.
function halfHello() {
  const piece = 16384;
  const record = (start, bytes) =>
    Buffer.concat([Buffer.from([22, 3, 1, piece >> 8, piece & 255]), start, bytes]);
  const head = Buffer.from([1, 1, 255, 0]);
  return Buffer.concat([
    record(head, Buffer.alloc(piece - head.length)),
    record(Buffer.alloc(0), Buffer.alloc(piece)),
  ]);
}

test('what 4 MiB of memory have no room for is dropped in whole packets, and counted; the server goes on', async (t) => {
  const COUNT = 200;
  const { server, port } = await serveTls(t, {}, (socket) => socket.end('served'));
  server.on('tlsClientError', () => {});
  const file = newFile();
  const hello = halfHello();
  const stopping = new AbortController();
  const done = server.capture({ file, mode: 'records', signal: stopping.signal });
  const clients = [];
  for (let i = 0; i < COUNT; i++) {
    const client = net.connect(port, '127.0.0.1').on('error', () => {});
    client.write(hello);
    clients.push(client);
  }
  await until(() => {
    const open = [...server.connections({ tcp: false })];
    return open.length === COUNT && open.every((one) => one.bytes.wireIn === hello.length);
  });
  const client = require('tls').connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  assert.strictEqual(String(await collect(client)), 'served');
  stopping.abort();
  const { packets, dropped, bytes, connections } = await done;
  for (const one of clients) one.destroy();
  assert.ok(dropped > 0 && packets > 0, `${dropped} of ${packets + dropped} were dropped`);
  assert.strictEqual(connections, COUNT + 1);
  assert.strictEqual(fs.statSync(file).size, bytes);
  if (!hasTshark) return;
  const [, ...lengths] = fields(t, file, 'tcp.len > 0', 'tcp.len').map(Number);
  const carried = lengths.reduce((sum, one) => sum + one, 0);
  assert.ok(carried < 5 * 1024 * 1024, `${carried} bytes`);
});
