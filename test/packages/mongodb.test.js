'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { messages, stub } = require('./stubs');

const { load, test } = suite('mongodb');
const { BSON, MongoClient } = load('mongodb');

const OP_QUERY = 2004;
const HELLO = {
  ...{ ok: 1, isWritablePrimary: true, minWireVersion: 0, maxWireVersion: 21 },
  ...{ maxBsonObjectSize: 1 << 24, maxMessageSizeBytes: 48e6, maxWriteBatchSize: 1e5 },
};
const documents = Array.from({ length: 300 }, (_, _id) => ({ _id, name: `document ${_id}` }));
const ANSWERS = {
  hello: HELLO,
  ismaster: HELLO,
  ping: { ok: 1 },
  find: { ok: 1, cursor: { id: 0n, ns: 'd.c', firstBatch: documents } },
  bad: { ok: 0, errmsg: 'there is none', code: 59 },
};

/** The document of a message: that of OP_QUERY stands behind a name, that of OP_MSG behind its flags. */
function command(message) {
  const query = message.readInt32LE(12) === OP_QUERY;
  const document = BSON.deserialize(message.subarray(query ? message.indexOf(0, 20) + 9 : 21));
  return [Object.keys(document)[0].toLowerCase(), query];
}

function answer(socket, message) {
  const [name, query] = command(message);
  const body = BSON.serialize(ANSWERS[name] ?? { ok: 1 });
  const head = Buffer.alloc(query ? 36 : 21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(query ? 1 : 2013, 12);
  if (query) head.writeInt32LE(1, 32);
  socket.write(Buffer.concat([head, body]));
}

const serve = (t) =>
  stub(t, (socket) =>
    messages(
      socket,
      (bytes) => (bytes.length < 4 ? undefined : bytes.readInt32LE(0)),
      (message) => answer(socket, message),
    ),
  );

test('commands are answered, documents found in order, errors have their code', async (t) => {
  const client = new MongoClient(`mongodb://127.0.0.1:${await serve(t)}`);
  t.after(() => client.close());
  await client.connect();
  const db = client.db('d');
  assert.deepStrictEqual(await db.command({ ping: 1 }), { ok: 1 });
  assert.deepStrictEqual(await db.collection('c').find({}).toArray(), documents);
  await assert.rejects(db.command({ bad: 1 }), { name: 'MongoServerError', code: 59 });
});

test('a server that is not there is an error', async () => {
  const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 300 });
  await assert.rejects(client.connect(), { name: 'MongoServerSelectionError' });
  await client.close();
});
