'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const net = require('net');
const { once } = require('events');

const { load, test } = suite('jsmodbus', [], [], ['modbus-serial']);
const jsmodbus = load('jsmodbus');
const { ServerTCP } = load('modbus-serial');

test('a server of modbus-serial is read and written, requests in a pipeline', async (t) => {
  const registers = new Map();
  const vector = {
    getHoldingRegister: (address) => registers.get(address) ?? 0,
    setRegister: (address, value) => registers.set(address, value),
    getCoil: (address) => address % 2 === 1,
  };
  const server = new ServerTCP(vector, { host: '127.0.0.1', port: 0, unitID: 1 });
  await once(server, 'initialized');
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const socket = net.connect(server._server.address().port, '127.0.0.1');
  t.after(() => socket.destroy());
  const client = new jsmodbus.client.TCP(socket, 1);
  await once(socket, 'connect');
  await Promise.all(Array.from({ length: 100 }, (_, i) => client.writeSingleRegister(i, i * 2)));
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
