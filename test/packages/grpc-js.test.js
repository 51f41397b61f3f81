'use strict';
const assert = require('assert');
const path = require('path');
const { execFile, spawn, spawnSync } = require('child_process');
const { once } = require('events');
const { promisify } = require('util');
const { suite } = require('./harness');
const { ca, folder, pairOf } = require('../helpers/tls');

const { load, test } = suite('@grpc/grpc-js', [], ['python3']);
const grpc = load('@grpc/grpc-js');

const PEER = path.join(__dirname, 'grpc-peer.py');
// The system's: another that stands before it in PATH has not the system's packages.
const PYTHON = '/usr/bin/python3';
const python = spawnSync(PYTHON, ['-c', 'import grpc']).status === 0;

// The service of grpc-peer.py; messages are bytes.
const same = (bytes) => bytes;
const method = (name, requestStream, responseStream) => ({
  path: `/sluice.Echo/${name}`,
  requestStream,
  responseStream,
  ...{
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  },
});
const service = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  expand: method('Expand', false, true),
  both: method('Both', true, true),
};
const Echo = grpc.makeGenericClientConstructor(service, 'Echo');
const LIMITS = { 'grpc.max_receive_message_length': 64 << 20 };

const metadata = (name, value) => {
  const fields = new grpc.Metadata();
  fields.set(name, value);
  return fields;
};

const implementation = {
  unary(call, done) {
    const text = `${call.request.subarray(0, 10)}`;
    if (text === 'slow') return call.on('cancelled', () => implementation.cancelled?.());
    if (text === 'bad')
      return done({
        code: grpc.status.NOT_FOUND,
        details: 'there is none',
        metadata: metadata('x-why', 'asked'),
      });
    call.sendMetadata(metadata('x-back', `${call.metadata.get('x-key')}`));
    return done(null, call.request);
  },
  async collect(call, done) {
    done(null, Buffer.concat(await call.toArray()));
  },
  expand(call) {
    for (let i = 0; i < Number(call.request); i++) call.write(Buffer.from(`${i}`));
    call.end();
  },
  both(call) {
    call.on('data', (bytes) => call.write(Buffer.from(`${bytes}!`)));
    call.on('end', () => call.end());
  },
};

/** A server in this process. @returns {Promise<number>} its port */
async function serve(t, credentials = grpc.ServerCredentials.createInsecure()) {
  const server = new grpc.Server(LIMITS);
  server.addService(service, implementation);
  const bind = promisify(server.bindAsync.bind(server));
  const port = await bind('127.0.0.1:0', credentials);
  t.after(() => server.forceShutdown());
  return port;
}

/** A server of Python. */
async function servePython(t) {
  const child = spawn(PYTHON, [PEER, 'server'], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  return Number(`${(await once(child.stdout, 'data'))[0]}`);
}

function client(t, port, credentials = grpc.credentials.createInsecure(), options = {}) {
  const made = new Echo(`127.0.0.1:${port}`, credentials, { ...LIMITS, ...options });
  t.after(() => made.close());
  return made;
}

/** A unary call: what it returns and its metadata. */
function ask(echo, bytes, fields = new grpc.Metadata(), options = {}) {
  return new Promise((resolve, reject) => {
    const call = echo.unary(Buffer.from(bytes), fields, options, (error, answer) => {
      if (error) reject(error);
      else resolve({ answer, back });
    });
    let back;
    call.on('metadata', (received) => {
      back = received.get('x-back')[0];
    });
    options.made?.(call);
  });
}

async function unaryCalls(echo) {
  const { answer, back } = await ask(echo, 'hello', metadata('x-key', 'v'));
  assert.deepStrictEqual([`${answer}`, back], ['hello', 'v']);
  const big = Buffer.alloc(4 << 20, 'sluice');
  assert.ok((await ask(echo, big)).answer.equals(big));
  const all = Array.from({ length: 300 }, (_, i) => ask(echo, `call ${i}`));
  const texts = (await Promise.all(all)).map((one) => `${one.answer}`);
  assert.deepStrictEqual(
    texts,
    Array.from({ length: 300 }, (_, i) => `call ${i}`),
  );
}

async function streams(echo) {
  const parts = Array.from({ length: 1000 }, (_, i) => `${i},`);
  const collected = await new Promise((resolve, reject) => {
    const call = echo.collect((error, answer) => (error ? reject(error) : resolve(answer)));
    for (const part of parts) call.write(Buffer.from(part));
    call.end();
  });
  assert.strictEqual(`${collected}`, parts.join(''));
  const expanded = await echo.expand(Buffer.from('1000')).toArray();
  assert.deepStrictEqual(
    expanded.map(String),
    Array.from({ length: 1000 }, (_, i) => `${i}`),
  );
  const call = echo.both();
  for (const part of parts) call.write(Buffer.from(part));
  call.end();
  assert.deepStrictEqual(
    (await call.toArray()).map(String),
    parts.map((part) => `${part}!`),
  );
}

async function errors(echo) {
  const failed = await ask(echo, 'bad').catch((error) => error);
  assert.deepStrictEqual(
    [failed.code, failed.details, failed.metadata.get('x-why')],
    [grpc.status.NOT_FOUND, 'there is none', ['asked']],
  );
}

test('unary calls with metadata are answered, 300 at once and one of 4 MiB', async (t) => {
  await unaryCalls(client(t, await serve(t)));
});

test('streams of the client, of the server and of both arrive in order', async (t) => {
  await streams(client(t, await serve(t)));
});

test('an error has its code, details and metadata', async (t) => {
  await errors(client(t, await serve(t)));
});

test('a deadline ends a call at both sides, and so does cancelling it', async (t) => {
  const echo = client(t, await serve(t));
  for (const [code, options] of [
    [grpc.status.DEADLINE_EXCEEDED, { deadline: Date.now() + 200 }],
    [grpc.status.CANCELLED, { made: (call) => setImmediate(() => call.cancel()) }],
  ]) {
    const cancelled = new Promise((resolve) => {
      implementation.cancelled = resolve;
    });
    // Something has arrived at the server before it is cancelled.
    await ask(echo, 'hello');
    const call = ask(echo, 'slow', new grpc.Metadata(), {
      ...options,
      made: options.made && ((one) => setTimeout(() => options.made(one), 50)),
    });
    await assert.rejects(call, { code });
    await cancelled;
  }
});

test('TLS verifies the server, and the client', async (t) => {
  const { cert, key } = pairOf('server');
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) };
  const port = await serve(t, grpc.ServerCredentials.createSsl(Buffer.from(ca()), [pair], true));
  const own = pairOf('client');
  const name = { 'grpc.ssl_target_name_override': 'localhost' };
  const trusted = grpc.credentials.createSsl(
    Buffer.from(ca()),
    Buffer.from(own.key),
    Buffer.from(own.cert),
  );
  assert.strictEqual(`${(await ask(client(t, port, trusted, name), 'safe')).answer}`, 'safe');
  for (const credentials of [
    grpc.credentials.createSsl(),
    grpc.credentials.createSsl(Buffer.from(ca())),
  ])
    await assert.rejects(
      ask(client(t, port, credentials, name), 'x', undefined, { deadline: Date.now() + 5000 }),
      {
        code: grpc.status.UNAVAILABLE,
      },
    );
});

test('a client goes on with a server that comes back', async (t) => {
  const first = new grpc.Server();
  first.addService(service, implementation);
  const port = await promisify(first.bindAsync.bind(first))(
    '127.0.0.1:0',
    grpc.ServerCredentials.createInsecure(),
  );
  const echo = client(t, port, undefined, { 'grpc.initial_reconnect_backoff_ms': 100 });
  await ask(echo, 'a');
  first.forceShutdown();
  const second = new grpc.Server();
  second.addService(service, implementation);
  t.after(() => second.forceShutdown());
  await promisify(second.bindAsync.bind(second))(
    `127.0.0.1:${port}`,
    grpc.ServerCredentials.createInsecure(),
  );
  const fields = new grpc.Metadata({ waitForReady: true });
  assert.strictEqual(
    `${(await ask(echo, 'b', fields, { deadline: Date.now() + 20000 })).answer}`,
    'b',
  );
});

if (python) {
  test('a client talks to a server of the C++ library', async (t) => {
    const echo = client(t, await servePython(t));
    await unaryCalls(echo);
    await streams(echo);
    await errors(echo);
  });

  test('a client of the C++ library talks to a server, with and without TLS', async (t) => {
    const run = promisify(execFile);
    const plain = await run(PYTHON, [PEER, 'client', `${await serve(t)}`]);
    assert.strictEqual(plain.stdout.trim(), 'all is well');
    const { cert, key } = pairOf('server');
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) };
    const port = await serve(t, grpc.ServerCredentials.createSsl(null, [pair]));
    const file = path.join(folder, 'ca.pem');
    const secure = await run(PYTHON, [PEER, 'client', `${port}`, file]);
    assert.strictEqual(secure.stdout.trim(), 'all is well');
  });
}
