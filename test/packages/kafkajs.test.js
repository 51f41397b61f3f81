'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const net = require('net');
const tls = require('tls');
const { pattern, until } = require('../helpers/net');
const { startServer } = require('../helpers/server');
const { ca, pairOf } = require('../helpers/tls');
const { broker, makeLog, TOPIC } = require('./stub-kafka');

const { load, test } = suite('kafkajs');
const { CompressionTypes, Kafka, logLevel } = load('kafkajs');

async function start(t, make = net.createServer) {
  const log = makeLog();
  const server = make(broker(log));
  const { port, open } = await startServer(t, server);
  log.port = port;
  return { port, server, open, log };
}

function client(port, more) {
  return new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20, maxRetryTime: 100, retries: 3 },
    ...more,
  });
}

async function producer(t, port, more) {
  const made = client(port, more).producer();
  t.after(() => made.disconnect());
  await made.connect();
  return made;
}

/** The next messages of the topic, as a consumer of a group gets them. */
async function consume(t, port, count, more, seen = []) {
  const consumer = client(port, more).consumer({ groupId: 'group', maxWaitTimeInMs: 100 });
  t.after(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await new Promise((resolve, reject) => {
    const eachMessage = async ({ message }) => {
      if (seen.push(message) === count) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  return seen;
}

const texts = Array.from({ length: 300 }, (_, i) => `message ${i}`);

test('300 messages that are produced one by one arrive at a consumer in order', async (t) => {
  const { port } = await start(t);
  const made = await producer(t, port);
  const consumed = consume(t, port, 300);
  for (const value of texts)
    await made.send({ topic: TOPIC, messages: [{ key: 'é', value, headers: { a: 'b' } }] });
  const seen = await consumed;
  assert.deepStrictEqual(
    seen.map(({ value }) => `${value}`),
    texts,
  );
  const { key, headers, offset } = seen[299];
  assert.deepStrictEqual([`${key}`, `${headers.a}`, offset], ['é', 'b', '299']);
});

test('messages in batches, in parallel, with and without compression arrive', async (t) => {
  const { port } = await start(t);
  const made = await producer(t, port);
  const compressions = [CompressionTypes.None, CompressionTypes.GZIP];
  await Promise.all(
    compressions.flatMap((compression) =>
      Array.from({ length: 5 }, () =>
        made.send({ topic: TOPIC, compression, messages: texts.map((value) => ({ value })) }),
      ),
    ),
  );
  const seen = await consume(t, port, 3000);
  assert.deepStrictEqual(
    seen.map(({ value }) => `${value}`),
    Array.from({ length: 10 }, () => texts).flat(),
  );
});

test('a message of 1 MiB comes back as it was; one that is too large is refused', async (t) => {
  const { port } = await start(t);
  const made = await producer(t, port);
  const value = pattern(1 << 20);
  await made.send({ topic: TOPIC, messages: [{ value }] });
  assert.strictEqual((await consume(t, port, 1))[0].value.equals(value), true);
  await assert.rejects(made.send({ topic: TOPIC, messages: [{ value: pattern(5 << 20) }] }), {
    type: 'MESSAGE_TOO_LARGE',
  });
});

test('a topic that is not there is an error', async (t) => {
  const { port } = await start(t);
  const made = await producer(t, port);
  await assert.rejects(
    made.send({ topic: 'nothing', messages: [{ value: 'x' }] }),
    ({ cause }) => cause.type === 'UNKNOWN_TOPIC_OR_PARTITION',
  );
  await made.send({ topic: TOPIC, messages: [{ value: 'x' }] });
});

test('who has the password is let in, others are refused', async (t) => {
  const { port } = await start(t);
  const login = (password) => ({ sasl: { mechanism: 'plain', username: 'user', password } });
  await assert.rejects(producer(t, port, login('wrong')), {
    name: 'KafkaJSSASLAuthenticationError',
  });
  const made = await producer(t, port, login('secret'));
  await made.send({ topic: TOPIC, messages: [{ value: 'x' }] });
});

test('a broker that refuses is tried again, and then an error', async (t) => {
  const { port, server } = await start(t);
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(producer(t, port), {
    name: 'KafkaJSNumberOfRetriesExceeded',
    retryCount: 3,
  });
  const retry = { initialRetryTime: 20, maxRetryTime: 100, retries: 100 };
  const connecting = producer(t, port, { retry });
  server.listen(port, '127.0.0.1');
  await connecting;
});

test('a producer and a consumer connect again to a broker that comes back', async (t) => {
  const { port, server, open } = await start(t);
  const retry = { initialRetryTime: 20, maxRetryTime: 100, retries: 100 };
  const made = await producer(t, port, { retry });
  const seen = [];
  const consumed = consume(t, port, 2, { retry }, seen);
  await made.send({ topic: TOPIC, messages: [{ value: 'before' }] });
  await until(() => seen.length === 1);
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of open) socket.destroy();
  await closed;
  server.listen(port, '127.0.0.1');
  const send = () => made.send({ topic: TOPIC, messages: [{ value: 'after' }] });
  await send().catch(send); // the first may meet the connection that is gone
  assert.deepStrictEqual(
    (await consumed).map(({ value }) => `${value}`),
    ['before', 'after'],
  );
});

test('TLS verifies the server', async (t) => {
  const { port } = await start(t, (listener) => tls.createServer(pairOf('server'), listener));
  const made = await producer(t, port, { ssl: { ca: ca(), servername: 'localhost' } });
  await made.send({ topic: TOPIC, messages: [{ value: 'x' }] });
  await assert.rejects(producer(t, port, { ssl: { servername: 'localhost' } }), /certificate/);
});
