'use strict';
// TLS sessions that the program of a group remembers.
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect } = require('../../helpers/net');
const { ca } = require('../../helpers/tls');
const { loopback, tally, stop } = require('./group');
const { close, encrypt } = require('./fixtures/remembering');

/** What the handler whose turn it is says, and the session. */
async function visit(server, session) {
  const client = tls.connect({
    port: server.port(),
    host: '127.0.0.1',
    servername: 'localhost',
    ca: ca(),
    session,
  });
  const answer = JSON.parse(String(await collect(client)));
  return { ...answer, session: client.getSession() };
}

test('a session that one handler made is resumed by every other one, if the master remembers it', async (t) => {
  const server = net.createServer('remembering', 2, './fixtures/remembering_sub', loopback());
  encrypt(server);
  server.listen();
  t.after(() => stop(server));
  t.after(close);
  await once(server, 'listening');
  const { resumed, session } = await visit(server);
  assert.strictEqual(resumed, false);
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await visit(server, session));
  assert.ok(answers.every((one) => one.resumed));
  assert.deepStrictEqual(Object.values(tally(answers)), [2, 2, 2]);
});
