'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { httpServer } = require('./websockets');

const { load, test } = suite('sockjs', [], [], ['sockjs-client']);
const sockjs = load('sockjs');
const Client = load('sockjs-client');

for (const transports of ['websocket', 'xhr-streaming', 'xhr-polling'])
  test(`messages go both ways by ${transports}`, async (t) => {
    const { server: web, port } = await httpServer(t);
    const server = sockjs.createServer({ log() {} });
    server.on('connection', (connection) =>
      connection.on('data', (text) => connection.write(`re ${text}`)),
    );
    server.installHandlers(web, { prefix: '/echo' });
    const client = new Client(`http://127.0.0.1:${port}/echo`, null, { transports });
    const seen = [];
    await new Promise((resolve) => {
      client.onopen = () => {
        for (let i = 0; i < 50; i++) client.send(`text ${i}`);
      };
      client.onmessage = ({ data }) => {
        if (seen.push(data) === 50) client.close();
      };
      client.onclose = resolve;
    });
    assert.deepStrictEqual(
      seen,
      Array.from({ length: 50 }, (_, i) => `re text ${i}`),
    );
  });
