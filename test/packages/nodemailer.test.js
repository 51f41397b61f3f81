'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');
const { collect, pattern } = require('../helpers/net');
const { ca, pairOf } = require('../helpers/tls');

const { load, test } = suite('nodemailer', [], [], ['smtp-server']);
const nodemailer = load('nodemailer');
const { SMTPServer } = load('smtp-server');

/** A server that keeps the mails that it gets, and answers as the page of smtp-server says. */
async function serve(t, options = {}, port = 0) {
  const mails = [];
  const server = new SMTPServer({
    ...pairOf('server'),
    authOptional: true,
    closeTimeout: 1, // ms that it waits for sessions
    onAuth({ username, password }, session, done) {
      if (username === 'user' && password === 'secret') return done(null, { user: username });
      return done(Object.assign(new Error('wrong'), { responseCode: 535 }));
    },
    onRcptTo({ address }, session, done) {
      if (!address.startsWith('nobody')) return done();
      return done(Object.assign(new Error('nobody is here'), { responseCode: 550 }));
    },
    onData(stream, { envelope, user, secure }, done) {
      collect(stream).then((raw) => {
        mails.push({ raw: `${raw}`, user, secure, to: envelope.rcptTo[0].address });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {}); // of clients
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const close = () => new Promise((resolve) => server.close(resolve));
  t.after(close);
  return { mails, close, port: server.server.address().port };
}

function transport(t, port, more = {}) {
  const made = nodemailer.createTransport({
    host: '127.0.0.1',
    port,
    auth: { user: 'user', pass: 'secret' },
    tls: { ca: ca(), servername: 'localhost' },
    ...more,
  });
  t.after(() => made.close());
  return made;
}

const mail = (more) => ({
  from: 'me@example.test',
  to: 'you@example.test',
  subject: 'Grüße',
  text: 'text',
  ...more,
});

for (const [name, secure, options, more] of [
  ['without TLS', false, {}, { ignoreTLS: true }],
  ['by STARTTLS', true, {}, { requireTLS: true }],
  ['by TLS from the start', true, { secure: true }, { secure: true }],
]) {
  const allow = { allowInsecureAuth: true, authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'] };
  test(`a mail of who has logged in arrives ${name}`, async (t) => {
    const { mails, port } = await serve(t, { ...allow, ...options });
    const info = await transport(t, port, more).sendMail(mail());
    assert.deepStrictEqual(info.accepted, ['you@example.test']);
    assert.match(info.response, /^250/);
    const [{ user, secure: encrypted, raw }] = mails;
    assert.deepStrictEqual([user, encrypted, mails.length], ['user', secure, 1]);
    assert.match(raw, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m);
    assert.match(raw, /\r\n\r\ntext\r\n$/);
  });
}

for (const method of ['PLAIN', 'LOGIN']) {
  test(`a wrong password is refused by ${method}`, async (t) => {
    const { mails, port } = await serve(t, { authMethods: [method] });
    const wrong = transport(t, port, { auth: { user: 'user', pass: 'wrong' } });
    await assert.rejects(wrong.sendMail(mail()), { code: 'EAUTH', responseCode: 535 });
    assert.strictEqual(await transport(t, port).verify(), true);
    assert.strictEqual(mails.length, 0);
  });
}

test('STARTTLS and TLS verify the server', async (t) => {
  for (const secure of [false, true]) {
    const { port } = await serve(t, { secure });
    const stranger = transport(t, port, { secure, tls: {} });
    await assert.rejects(stranger.verify(), {
      code: 'ESOCKET',
      message: /unable to verify|local issuer/,
    });
    const misnamed = { ca: ca(), servername: 'other.example' };
    await assert.rejects(transport(t, port, { secure, tls: misnamed }).verify(), /altnames/);
  }
});

test('300 mails go over a pool of four connections', async (t) => {
  const sockets = new Set();
  const { mails, port } = await serve(t, {
    onConnect({ remotePort }, done) {
      sockets.add(remotePort);
      done();
    },
  });
  const pool = transport(t, port, { pool: true, maxConnections: 4, maxMessages: Infinity });
  const names = Array.from({ length: 300 }, (_, i) => `user${i}@example.test`);
  await Promise.all(names.map((to) => pool.sendMail(mail({ to }))));
  assert.deepStrictEqual(mails.map(({ to }) => to).sort(), names.sort());
  assert.strictEqual(sockets.size, 4);
});

test('an attachment of 1 MiB arrives as it was', async (t) => {
  const { mails, port } = await serve(t);
  const content = pattern(1 << 20);
  await transport(t, port).sendMail(mail({ attachments: [{ filename: 'large.bin', content }] }));
  const [, encoded] = /filename=large.bin\r\n\r\n([A-Za-z0-9+/=\r\n]*)\r\n--/.exec(mails[0].raw);
  assert.strictEqual(Buffer.from(encoded, 'base64').equals(content), true);
});

test('a recipient who is refused is told, and rejects a mail that has no other', async (t) => {
  const { mails, port } = await serve(t);
  const pool = transport(t, port, { pool: true, maxConnections: 1 });
  const both = ['nobody@example.test', 'you@example.test'];
  const info = await pool.sendMail(mail({ to: both }));
  assert.deepStrictEqual([info.rejected, info.accepted], [[both[0]], [both[1]]]);
  await assert.rejects(pool.sendMail(mail({ to: 'nobody@example.test' })), {
    code: 'EENVELOPE',
    responseCode: 550,
    command: 'RCPT TO',
  });
  await pool.sendMail(mail());
  assert.strictEqual(mails.length, 2);
});

test('a pool connects again after the server restarted', async (t) => {
  const first = await serve(t);
  const pool = transport(t, first.port, { pool: true });
  await pool.sendMail(mail());
  await first.close();
  await assert.rejects(pool.sendMail(mail()), { code: 'ESOCKET', syscall: 'connect' });
  const second = await serve(t, {}, first.port);
  await pool.sendMail(mail({ text: 'again' }));
  assert.match(second.mails[0].raw, /again/);
});
