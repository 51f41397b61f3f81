'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const net = require('net');
const { once } = require('events');
const { startServer } = require('../helpers/server');

const { load, test } = suite('modbus-serial', [], [], ['jsmodbus']);
const ModbusRTU = load('modbus-serial');
const jsmodbus = load('jsmodbus');

/** A server of jsmodbus with 1,000 registers. */
async function serve(t) {
  const server = net.createServer();
  const holding = Buffer.alloc(2000);
  const coils = Buffer.alloc(100);
  new jsmodbus.server.TCP(server, { holding, coils });
  const { port, open } = await startServer(t, server);
  return { port, holding, server, open };
}

test('registers that are written are read back', async (t) => {
  const { port, holding } = await serve(t);
  const client = new ModbusRTU();
  await client.connectTCP('127.0.0.1', { port });
  t.after(() => new Promise((resolve) => client.close(resolve)));
  client.setID(1);
  for (let i = 0; i < 300; i++) await client.writeRegister(i, i * 3);
  assert.deepStrictEqual(
    (await client.readHoldingRegisters(0, 100)).data,
    Array.from({ length: 100 }, (_, i) => i * 3),
  );
  assert.strictEqual(holding.readUInt16BE(20), 30);
  await client.writeRegisters(200, [1, 65535]);
  assert.deepStrictEqual((await client.readHoldingRegisters(200, 2)).data, [1, 65535]);
  await client.writeCoil(3, true);
  assert.deepStrictEqual((await client.readCoils(0, 8)).data, [
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('an error answer rejects one request', async (t) => {
  const { port } = await serve(t);
  const client = new ModbusRTU();
  await client.connectTCP('127.0.0.1', { port });
  t.after(() => new Promise((resolve) => client.close(resolve)));
  client.setID(1);
  await assert.rejects(client.readHoldingRegisters(5000, 2), /Modbus exception|Data length error/);
  assert.strictEqual((await client.readHoldingRegisters(0, 1)).data.length, 1);
});

test('a client connects again after the server restarted', async (t) => {
  const { port, server, open } = await serve(t);
  const client = new ModbusRTU();
  await client.connectTCP('127.0.0.1', { port });
  t.after(() => new Promise((resolve) => client.close(resolve)));
  client.setID(1);
  const closed = once(client, 'close');
  const ended = new Promise((resolve) => server.close(resolve));
  for (const socket of open) socket.destroy();
  await Promise.all([closed, ended]);
  await assert.rejects(client.readHoldingRegisters(0, 1), { name: 'PortNotOpenError' });
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => client.open(resolve));
  assert.strictEqual((await client.readHoldingRegisters(0, 1)).data.length, 1);
});
