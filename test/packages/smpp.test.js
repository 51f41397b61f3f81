'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');
const { startServer } = require('../helpers/server');
const { ca, pairOf } = require('../helpers/tls');

const { load, test } = suite('smpp');
const smpp = load('smpp');

/** A centre of short messages that lets in who has the password and keeps what it gets. */
async function centre(t, options = {}) {
  const messages = [];
  const server = smpp.createServer(options, (session) => {
    session.on('error', () => {}); // a client that is gone
    session.on('bind_transceiver', (pdu) => {
      const right = pdu.password === 'secret';
      const status = right ? smpp.ESME_ROK : smpp.ESME_RINVPASWD;
      session.send(pdu.response({ command_status: status }));
      session.bound = right;
      if (!right) session.close();
    });
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu) => {
      if (!session.bound || pdu.destination_addr === 'nobody')
        return session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
      messages.push(pdu);
      return session.send(pdu.response({ message_id: `${messages.length}` }));
    });
    session.on('unbind', (pdu) => {
      session.send(pdu.response());
      session.close();
    });
  });
  const { port } = await startServer(t, server);
  return { messages, server, port };
}

async function connect(t, options) {
  const session = smpp.connect({ host: '127.0.0.1', ...options });
  t.after(() => session.destroy());
  await once(session, options.tls ? 'secureConnect' : 'connect');
  return session;
}

const ask = (session, command, fields = {}) =>
  new Promise((resolve) => session[command](fields, resolve));

async function bind(t, options) {
  const session = await connect(t, options);
  const answer = await ask(session, 'bind_transceiver', { system_id: 'me', password: 'secret' });
  assert.strictEqual(answer.command_status, smpp.ESME_ROK);
  return session;
}

const message = (text, destination_addr = 'you') => ({ destination_addr, short_message: text });

test('500 messages in a pipeline arrive in order and are answered', async (t) => {
  const { messages, port } = await centre(t);
  const session = await bind(t, { port });
  const texts = Array.from({ length: 500 }, (_, i) => `message ${i}`);
  const answers = await Promise.all(texts.map((text) => ask(session, 'submit_sm', message(text))));
  assert.deepStrictEqual(
    messages.map(({ short_message }) => short_message.message),
    texts,
  );
  assert.deepStrictEqual(
    answers.map(({ message_id }) => message_id),
    texts.map((_, i) => `${i + 1}`),
  );
});

test('texts of other alphabets, and payloads of together 1 MiB, arrive as they were', async (t) => {
  const { messages, port } = await centre(t);
  const session = await bind(t, { port });
  await ask(session, 'submit_sm', message('Grüße €{}'));
  await ask(session, 'submit_sm', message('привет 汉字'));
  const payload = Buffer.alloc(16000, Buffer.from([0, 1, 254, 255]));
  for (let i = 0; i < 66; i++)
    await ask(session, 'submit_sm', { data_coding: 4, message_payload: payload }); // 4: bytes
  const [first, second, ...large] = messages;
  assert.deepStrictEqual(
    [first.short_message.message, second.short_message.message],
    ['Grüße €{}', 'привет 汉字'],
  );
  for (const { message_payload } of large)
    assert.strictEqual(message_payload.message.equals(payload), true);
});

test('messages are delivered to clients, in order', async (t) => {
  const { server, port } = await centre(t);
  const opened = once(server, 'session');
  const session = await bind(t, { port });
  const [there] = await opened;
  const seen = [];
  session.on('deliver_sm', (pdu) => {
    seen.push(pdu.short_message.message);
    session.send(pdu.response());
  });
  const texts = Array.from({ length: 100 }, (_, i) => `${i}`);
  await Promise.all(texts.map((text) => ask(there, 'deliver_sm', message(text))));
  assert.deepStrictEqual(seen, texts);
});

test('errors are answers: a wrong password, nobody who gets a message', async (t) => {
  const { port } = await centre(t);
  const stranger = await connect(t, { port });
  const closed = once(stranger, 'close');
  const refused = await ask(stranger, 'bind_transceiver', { system_id: 'me', password: 'wrong' });
  assert.strictEqual(refused.command_status, smpp.ESME_RINVPASWD);
  await closed;
  const session = await bind(t, { port });
  const answer = await ask(session, 'submit_sm', message('x', 'nobody'));
  assert.strictEqual(answer.command_status, smpp.ESME_RINVDSTADR);
  assert.strictEqual((await ask(session, 'submit_sm', message('x'))).command_status, 0);
});

test('a link is enquired, and ends when it is unbound', async (t) => {
  const { server, port } = await centre(t);
  const opened = once(server, 'session');
  const session = await bind(t, { port });
  const [there] = await opened;
  assert.strictEqual((await ask(session, 'enquire_link')).command, 'enquire_link_resp');
  const closed = Promise.all([once(session, 'close'), once(there, 'close')]);
  assert.strictEqual((await ask(session, 'unbind')).command_status, 0);
  await closed;
  assert.strictEqual(session.enquire_link(), false);
  assert.strictEqual(server.sessions.length, 0);
});

test('TLS verifies the server', async (t) => {
  const { messages, port } = await centre(t, pairOf('server'));
  const secure = { port, tls: true, servername: 'localhost' };
  const session = await bind(t, { ...secure, ca: ca() });
  await ask(session, 'submit_sm', message('secret'));
  assert.strictEqual(messages[0].short_message.message, 'secret');
  await assert.rejects(connect(t, secure), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});

test('a session connects again to a server that comes back', async (t) => {
  const { server, port, messages } = await centre(t);
  const session = await bind(t, { port });
  const closed = once(session, 'close');
  for (const one of server.sessions) one.destroy();
  await Promise.all([closed, new Promise((resolve) => server.close(resolve))]);
  session.connect();
  await assert.rejects(once(session, 'connect'), { code: 'ECONNREFUSED' });
  server.listen(port, '127.0.0.1');
  session.connect();
  await once(session, 'connect');
  await ask(session, 'bind_transceiver', { password: 'secret' });
  await ask(session, 'submit_sm', message('again'));
  assert.strictEqual(messages[0].short_message.message, 'again');
});
