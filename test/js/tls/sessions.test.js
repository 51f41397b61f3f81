'use strict';
// Sessions that a server's program remembers.
const assert = require('assert');
const { constants } = require('crypto');
const { test } = require('../../helpers/test');
const { serveTls } = require('../../helpers/tls');

const V12 = { maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET };

/** A client's connection; resolves with its session, once the server has ended it. */
async function visit(connect, session) {
  const socket = connect({ rejectUnauthorized: false, session });
  let made;
  socket.on('session', (bytes) => (made = bytes));
  socket.resume();
  await new Promise((resolve, reject) => socket.on('close', resolve).on('error', reject));
  return made;
}

/** A server that remembers sessions in store, and its log. */
async function remembering(t, options, store) {
  const log = [];
  const { server, connect } = await serveTls(t, options, (socket) => {
    log.push(socket.isSessionReused() ? 'resumed' : 'full');
    socket.end('x');
  });
  server.on('newSession', (id, session, done) => {
    log.push('new');
    store.set(id.toString('hex'), session);
    setImmediate(done);
  });
  server.on('resumeSession', (id, done) => {
    const found = store.get(id.toString('hex'));
    log.push(found === undefined ? 'unknown' : 'known');
    setImmediate(done, null, found);
  });
  return { server, connect, log };
}

test('a session of TLS 1.2 is told before its connection, and resumed by what the listener gives', async (t) => {
  const { connect, log } = await remembering(t, V12, new Map());
  const session = await visit(connect);
  assert.deepStrictEqual(log.splice(0), ['unknown', 'new', 'full']);
  await visit(connect, session);
  assert.deepStrictEqual(log, ['known', 'resumed']);
});

test('a server resumes a session that another one made', async (t) => {
  const store = new Map();
  const one = await remembering(t, V12, store);
  const other = await remembering(t, V12, store);
  const session = await visit(one.connect);
  await visit(other.connect, session);
  assert.deepStrictEqual(other.log, ['known', 'resumed']);
});

test('a session that the listener does not give is not resumed', async (t) => {
  const store = new Map();
  const { connect, log } = await remembering(t, V12, store);
  const session = await visit(connect);
  store.clear();
  log.length = 0;
  await visit(connect, session);
  assert.deepStrictEqual(log, ['unknown', 'new', 'full']);
});

test('sessions of TLS 1.3 are told after their connection, and resumed by their tickets', async (t) => {
  const { connect, log } = await remembering(t, { minVersion: 'TLSv1.3' }, new Map());
  const session = await visit(connect);
  assert.deepStrictEqual(log.splice(0), ['unknown', 'full', 'new']);
  await visit(connect, session);
  assert.ok(log.includes('resumed'));
});

test('an error of the listener, bytes that are no session and a second answer fail one connection', async (t) => {
  const { server, connect } = await serveTls(t, V12, (socket) => socket.end('x'));
  const answers = [
    (done) => done(new Error('no store')),
    (done) => done(null, Buffer.from('garbage')),
    (done) => (done(null), done(null)),
  ];
  const failures = [];
  server.on('tlsClientError', (error) => failures.push(error.code ?? error.message));
  server.on('resumeSession', (_id, done) => answers.shift()(done));
  await assert.rejects(visit(connect));
  await visit(connect); // as if there was none
  await assert.rejects(visit(connect));
  assert.deepStrictEqual(failures, ['no store', 'ERR_MULTIPLE_CALLBACK']);
});

test('a connection that ends while its session is looked for leaves nothing', async (t) => {
  const { server, connect } = await serveTls(t, V12, (socket) => socket.end('x'));
  const asked = new Promise((resolve) => server.on('resumeSession', (_id, done) => resolve(done)));
  const failed = new Promise((resolve) => server.on('tlsClientError', resolve));
  const socket = connect({ rejectUnauthorized: false });
  socket.on('error', () => {});
  const done = await asked;
  socket.destroy();
  done(null);
  await failed;
  server.removeAllListeners('resumeSession');
  await visit(connect);
});
