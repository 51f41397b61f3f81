'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

const { load, test } = suite('jsmodbus', [], [], ['modbus-serial']);
const jsmodbus = load('jsmodbus');
const { ServerTCP } = load('modbus-serial');

/** A server of modbus-serial, and how to connect to it. */
async function serve(t, port = 0) {
  const registers = new Map();
  const vector = {
    getHoldingRegister: (address) => registers.get(address) ?? 0,
    setRegister: (address, value) => registers.set(address, value),
    getInputRegister: () =>
      Promise.reject(Object.assign(new Error('none'), { modbusErrorCode: 2 })),
    getCoil: (address) => address % 2 === 1,
  };
  const server = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 1 });
  await once(server, 'initialized');
  const close = () => new Promise((resolve) => server.close(resolve));
  t.after(close);
  return { close, port: server._server.address().port };
}

async function connect(t, port) {
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const client = new jsmodbus.client.TCP(socket, 1);
  await once(socket, 'connect');
  return { client, socket };
}

test('a server of modbus-serial is read and written, requests in a pipeline', async (t) => {
  const { client } = await connect(t, (await serve(t)).port);
  await Promise.all(Array.from({ length: 300 }, (_, i) => client.writeSingleRegister(i, i * 2)));
  const { response } = await client.readHoldingRegisters(0, 100);
  assert.deepStrictEqual(
    Array.from(response.body.values),
    Array.from({ length: 100 }, (_, i) => i * 2),
  );
  assert.deepStrictEqual(
    (await client.readCoils(0, 4)).response.body.valuesAsArray.slice(0, 4),
    [0, 1, 0, 1],
  );
});

test('an error answer rejects one request', async (t) => {
  const { client } = await connect(t, (await serve(t)).port);
  await assert.rejects(client.readInputRegisters(0, 1), { err: 'ModbusException' });
  assert.strictEqual((await client.readHoldingRegisters(5, 1)).response.body.values[0], 0);
});

test('a socket connects again after the server restarted', async (t) => {
  const { port, close } = await serve(t);
  const { client, socket } = await connect(t, port);
  await client.writeSingleRegister(1, 7);
  const closed = once(socket, 'close');
  await close();
  await closed;
  await serve(t, port);
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await client.writeSingleRegister(1, 9);
  assert.strictEqual((await client.readHoldingRegisters(1, 1)).response.body.values[0], 9);
});
