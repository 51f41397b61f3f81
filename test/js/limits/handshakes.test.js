'use strict';
// Places for handshakes of server.admission: of those who resume a session, or say that they do.
const assert = require('assert');
const http = require('http');
const net = require('net');
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

/** How many sessions that clients offered were not resumed. */
async function notResumed() {
  const { port } = await metrics.serve({ host: '127.0.0.1', port: 0 });
  const [response] = await once(http.get({ port, path: '/metrics' }), 'response');
  let text = '';
  for await (const part of response) text += part;
  const name = /^sluice_tls_sessions_not_resumed_total\{[^}]*accepted[^}]*\} (\d+)$/gm;
  return [...text.matchAll(name)].reduce((sum, [, count]) => sum + Number(count), 0);
}

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
  const before = await notResumed();
  const liars = [connect({ session: foreign }), connect({ session: foreign })];
  for (const liar of liars) liar.on('error', () => {});
  let after;
  do after = await notResumed();
  while (after < before + 2);
  assert.strictEqual(after, before + 2);
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
