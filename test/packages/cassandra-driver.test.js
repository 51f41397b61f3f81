'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { messages, stub } = require('./stubs');

const { load, test } = suite('cassandra-driver');
const { Client } = load('cassandra-driver');

const OPTIONS = 5;
const HEAD = 9;

/** A frame in answer to another. */
function frame(to, opcode, body) {
  const head = Buffer.alloc(HEAD);
  head[0] = 0x80 | to[0];
  to.copy(head, 2, 2, 4);
  head[4] = opcode;
  head.writeInt32BE(body.length, 5);
  return Buffer.concat([head, body]);
}

function refusal(text) {
  const head = Buffer.alloc(6);
  head.writeInt32BE(0x100, 0); // bad credentials
  head.writeUInt16BE(text.length, 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

async function failure(client) {
  const error = await client.connect().then(
    () => undefined,
    (reason) => reason,
  );
  await client.shutdown();
  return [error.name, Object.values(error.innerErrors).map(({ message }) => message)];
}

test('what a server refuses after the first exchange is an error', async (t) => {
  const opcodes = [];
  const port = await stub(t, (socket) =>
    messages(
      socket,
      (bytes) => (bytes.length < HEAD ? undefined : HEAD + bytes.readInt32BE(5)),
      (message) => {
        opcodes.push(message[4]);
        const supported = message[4] === OPTIONS;
        socket.write(
          supported ? frame(message, 6, Buffer.alloc(2)) : frame(message, 0, refusal('not you')),
        );
      },
    ),
  );
  const options = {
    contactPoints: ['127.0.0.1'],
    localDataCenter: 'd',
    protocolOptions: { port, maxVersion: 4 },
  };
  const [name, inner] = await failure(new Client(options));
  assert.deepStrictEqual([name, inner], ['NoHostAvailableError', ['not you']]);
  assert.ok(opcodes.length > 0);
});

test('a server that is not there is an error', async () => {
  const client = new Client({ contactPoints: ['127.0.0.1:1'], localDataCenter: 'd' });
  const [name, [message]] = await failure(client);
  assert.strictEqual(name, 'NoHostAvailableError');
  assert.match(message, /ECONNREFUSED/);
});
