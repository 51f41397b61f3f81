'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { once } = require('events');
const { serve, pattern, until } = require('../helpers/net');
const { controller } = require('./stub-s7');

const { load, test } = suite('nodes7');
const NodeS7 = load('nodes7');

async function connect(t, port, more) {
  const client = new NodeS7({ silent: true });
  t.after(() => new Promise((resolve) => client.dropConnection(resolve)));
  await new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    client.initiateConnection({ host: '127.0.0.1', port, rack: 0, slot: 1, ...more }, done);
  });
  return client;
}

/** The values of what is polled; bad: whether any could not be read. */
const read = (client) =>
  new Promise((resolve) => client.readAllItems((bad, values) => resolve({ bad, values })));

const write = (client, names, values) =>
  new Promise((resolve) => client.writeItems(names, values, resolve));

test('values of all types are written and read back', async (t) => {
  const { port } = await serve(t, controller(Buffer.alloc(1000)));
  const client = await connect(t, port);
  const values = {
    'DB1,X0.3': true,
    'DB1,BYTE1': 200,
    'DB1,INT2': -12345,
    'DB1,DINT4': -123456789,
    'DB1,REAL8': 1.5,
    'DB1,CHAR12': 'x',
    'DB1,S20.10': 'text',
    'DB1,WORD40.3': [1, 2, 65535],
  };
  const names = Object.keys(values);
  assert.strictEqual(await write(client, names, Object.values(values)), false);
  client.addItems(names);
  assert.deepStrictEqual(await read(client), { bad: false, values });
});

test('300 values are written and read in packets of several, and 16000 bytes', async (t) => {
  const memory = Buffer.alloc(20000);
  const { port } = await serve(t, controller(memory));
  const client = await connect(t, port);
  const names = Array.from({ length: 300 }, (_, i) => `DB1,DINT${i * 4}`);
  const numbers = names.map((_, i) => i * 7 - 1000);
  assert.strictEqual(await write(client, names, numbers), false);
  assert.deepStrictEqual(
    names.map((_, i) => memory.readInt32BE(i * 4)),
    numbers,
  );
  pattern(16000).copy(memory, 4000);
  client.addItems([...names, 'DB1,BYTE4000.8000', 'DB1,BYTE12000.8000']);
  const { bad, values } = await read(client);
  assert.strictEqual(bad, false);
  assert.deepStrictEqual(
    names.map((name) => values[name]),
    numbers,
  );
  const bytes = [...values['DB1,BYTE4000.8000'], ...values['DB1,BYTE12000.8000']];
  assert.strictEqual(memory.subarray(4000, 20000).equals(Buffer.from(bytes)), true);
});

test('200 values are written and read one after another', async (t) => {
  const { port } = await serve(t, controller(Buffer.alloc(100)));
  const client = await connect(t, port);
  client.addItems('DB1,INT10');
  for (let i = 0; i < 200; i++) {
    assert.strictEqual(await write(client, 'DB1,INT10', i), false);
    assert.strictEqual((await read(client)).values['DB1,INT10'], i);
  }
});

test('an address that is not there is a bad value; the others are good', async (t) => {
  const { port } = await serve(t, controller(Buffer.alloc(100)));
  const client = await connect(t, port);
  client.addItems(['DB1,INT0', 'DB2,INT0']);
  const { bad, values } = await read(client);
  assert.deepStrictEqual([bad, values['DB1,INT0']], [true, 0]);
  assert.match(values['DB2,INT0'], /BAD/);
  assert.strictEqual(await write(client, 'DB2,INT0', 1), true);
});

test('a port that refuses, and a controller that does not answer, are errors', async (t) => {
  await assert.rejects(connect(t, 1), { code: 'ECONNREFUSED' });
  const { port } = await serve(t, (socket) => socket.end());
  await assert.rejects(connect(t, port), (error) => /ISO didn't/.test(error));
});

test('a client connects again to a controller that comes back', async (t) => {
  const { port, open } = await serve(t, controller(Buffer.alloc(100, 1)));
  const client = await connect(t, port);
  client.addItems('DB1,BYTE5');
  assert.strictEqual((await read(client)).values['DB1,BYTE5'], 1);
  const closed = once(client.isoclient, 'close');
  for (const socket of open) socket.destroy();
  await closed;
  assert.strictEqual((await read(client)).bad, true); // which makes it connect again
  await until(() => client.isoConnectionState === 4);
  assert.strictEqual((await read(client)).values['DB1,BYTE5'], 1);
});
