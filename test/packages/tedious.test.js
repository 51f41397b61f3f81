'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { stub } = require('./stubs');

const { load, test } = suite('tedious');
const { Connection } = load('tedious');

const PRELOGIN = 18;

function connect(port) {
  const connection = new Connection({
    server: '127.0.0.1',
    authentication: { type: 'default', options: { userName: 'user', password: 'secret' } },
    options: { port, connectTimeout: 400, encrypt: false },
  });
  connection.on('error', () => {});
  return new Promise((resolve) => {
    connection.connect((error) => {
      connection.close();
      resolve(error.code);
    });
  });
}

test('a port that refuses, a server that hangs up and one that is silent are errors', async (t) => {
  assert.strictEqual(await connect(1), 'ESOCKET');
  let first;
  const hangsUp = await stub(t, (socket) =>
    socket.once('data', (bytes) => {
      [first] = bytes;
      socket.destroy();
    }),
  );
  assert.strictEqual(await connect(hangsUp), 'ESOCKET');
  assert.strictEqual(first, PRELOGIN);
  assert.strictEqual(await connect(await stub(t, () => {})), 'ETIMEOUT');
});
