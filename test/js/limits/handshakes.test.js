'use strict';
// Places for handshakes of server.admission: of those who resume a session, or say that they do.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { until } = require('../../helpers/net');
const { serveTls } = require('../../helpers/tls');
const { startServer } = require('../../helpers/server');
const metrics = require('metrics');

const greet = (socket) => {
  socket.on('error', () => {});
  socket.write('x');
  socket.resume();
};

/** The sum of a counter of accepted connections. */
function sum(name) {
  const line = new RegExp(`^${name}\\{[^}]*accepted[^}]*\\} (\\d+)$`, 'gm');
  return [...metrics.text().matchAll(line)].reduce((all, [, count]) => all + Number(count), 0);
}

/** How many sessions that clients offered were not resumed. */
const notResumed = () => sum('sluice_tls_sessions_not_resumed_total');

const failedHandshakes = () => sum('sluice_tls_handshake_failures_total');

/** A server whose three places for full handshakes are taken: handshakes that wait are in `waiting`. */
async function besieged(t) {
  const waiting = [];
  let hold = false;
  const served = await serveTls(
    t,
    { SNICallback: (name, answer) => (hold ? waiting.push(answer) : answer(null)) },
    greet,
  );
  served.server.on('tlsClientError', () => {});
  const known = served.connect();
  const [session] = await once(known, 'session');
  known.destroy();
  served.server.admission = { handshakes: { concurrent: 4 } };
  hold = true;
  for (let i = 0; i < 3; i++) served.connect().on('error', () => {});
  await until(() => waiting.length === 3);
  return { ...served, waiting, session };
}

test('while full handshakes take all of their places, a known client resumes', async (t) => {
  const { connect, waiting, session } = await besieged(t);
  connect().on('error', () => {}); // which waits
  const again = connect({ session });
  await once(again, 'secureConnect');
  assert.strictEqual(again.isSessionReused(), true);
  assert.strictEqual(waiting.length, 3);
});

test('a session that is not resumed waits with those who offer none, and is counted', async (t) => {
  const { connect, waiting, session } = await besieged(t);
  const other = await serveTls(t, {}, greet);
  const stranger = other.connect();
  const [foreign] = await once(stranger, 'session');
  const before = notResumed();
  const liars = [connect({ session: foreign }), connect({ session: foreign })];
  for (const liar of liars) liar.on('error', () => {});
  await until(() => notResumed() >= before + 2);
  assert.strictEqual(notResumed(), before + 2);
  const again = connect({ session });
  await once(again, 'secureConnect');
  assert.strictEqual(again.isSessionReused(), true);
  assert.strictEqual(waiting.length, 3);
  const secured = liars.map((liar) => once(liar, 'secureConnect'));
  const timer = setInterval(() => waiting.splice(0).forEach((answer) => answer(null)), 5);
  t.after(() => clearInterval(timer));
  await Promise.all(secured);
  assert.ok(liars.every((liar) => !liar.isSessionReused()));
});

test('a hello that comes in many records is understood as others', async (t) => {
  const { connect, session, port } = await besieged(t);
  const splitting = net.createServer((near) => {
    const far = net.connect(port, '127.0.0.1');
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
    far.pipe(near);
    let held = Buffer.alloc(0);
    near.on('data', function hello(bytes) {
      held = Buffer.concat([held, bytes]);
      if (held.length < 5 || held.length < 5 + held.readUInt16BE(3)) return;
      near.off('data', hello);
      const end = 5 + held.readUInt16BE(3);
      for (let at = 5; at < end; at += 40) {
        const part = held.subarray(at, Math.min(at + 40, end));
        far.write(Buffer.from([22, 3, 1, 0, part.length]));
        far.write(part);
      }
      far.write(held.subarray(end));
      near.pipe(far);
    });
  });
  const { port: proxy } = await startServer(t, splitting);
  const again = connect({ session, port: proxy });
  await once(again, 'secureConnect');
  assert.strictEqual(again.isSessionReused(), true);
});

/** The first bytes that a client says. */
async function helloOf() {
  const { Duplex } = require('stream');
  const hello = new Promise((resolve) => {
    const lower = new Duplex({
      read() {},
      write(data, encoding, done) {
        resolve(data);
        done();
      },
    });
    tls.connect({ socket: lower, servername: 'localhost' }).on('error', () => {});
  });
  return await hello;
}

/** A client that says hello, and resets once it is answered. @returns what the server is told */
async function reset(server, port, hello) {
  const client = net.connect(port, '127.0.0.1');
  client.on('error', () => {});
  client.write(hello);
  const told = once(server, 'tlsClientError');
  await once(client, 'data');
  client.resetAndDestroy();
  const [error] = await told;
  return error;
}

test('a handshake that the client resets gives its place back, and has failed', async (t) => {
  const { server, port, connect } = await serveTls(t, {}, greet);
  server.on('tlsClientError', () => {});
  server.admission = { handshakes: { concurrent: 2 } };
  const hello = await helloOf();
  const before = failedHandshakes();
  for (let i = 0; i < 5; i++)
    assert.strictEqual((await reset(server, port, hello)).code, 'ECONNRESET');
  await once(connect(), 'secureConnect');
  assert.strictEqual(failedHandshakes() - before, 5);
});

test('an address whose handshakes end by resets is banned like others', async (t) => {
  const { server, port } = await serveTls(t, {}, greet);
  server.on('tlsClientError', () => {});
  server.admission = { failures: [3, 60000] };
  const hello = await helloOf();
  for (let i = 0; i < 3; i++) await reset(server, port, hello);
  const [{ reason }] = await Promise.all([
    once(server, 'refused').then(([told]) => told),
    once(net.connect(port, '127.0.0.1'), 'error'),
  ]);
  assert.strictEqual(reason, 'banned');
});
