'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { stub } = require('./stubs');

const { load, test } = suite('neo4j-driver');
const neo4j = load('neo4j-driver');

const text = (value) => Buffer.concat([Buffer.from([0xd0, value.length]), Buffer.from(value)]);
const FAILURE = Buffer.concat([
  ...[Buffer.from([0xb1, 0x7f, 0xa2]), text('code'), text('Neo.ClientError.Security.Unauthorized')],
  ...[text('message'), text('not you')],
]);

async function failure(port) {
  const driver = neo4j.driver(`bolt://127.0.0.1:${port}`, neo4j.auth.basic('user', 'secret'));
  const error = await driver.verifyConnectivity().then(
    () => undefined,
    (reason) => reason,
  );
  await driver.close();
  return error;
}

test('what a server refuses after the handshake is an error with its code', async (t) => {
  const port = await stub(t, (socket) => {
    let greeted = false;
    socket.on('data', () => {
      if (greeted)
        socket.write(Buffer.concat([Buffer.from([0, FAILURE.length]), FAILURE, Buffer.alloc(2)]));
      else socket.write(Buffer.from([0, 0, 4, 4]));
      greeted = true;
    });
  });
  const error = await failure(port);
  assert.deepStrictEqual(
    [error.code, error.message],
    ['Neo.ClientError.Security.Unauthorized', 'not you'],
  );
});

test('a server that is not there is an error', async () => {
  assert.strictEqual((await failure(1)).code, 'ServiceUnavailable');
});
