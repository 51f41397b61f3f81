'use strict';
const assert = require('assert');
const { once } = require('events');
const { suite } = require('./harness');
const { MESSAGES, httpServer } = require('./websockets');

const { load, test } = suite('websocket');
const { client: Client, server: Server } = load('websocket');

test('messages go both ways, as text and as bytes', async (t) => {
  const { server: web, port } = await httpServer(t);
  const server = new Server({ httpServer: web });
  t.after(() => server.shutDown());
  server.on('request', (request) => {
    const connection = request.accept('echo', request.origin);
    connection.on('message', (message) => {
      if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
      else connection.sendBytes(message.binaryData);
    });
  });
  const client = new Client();
  client.connect(`ws://127.0.0.1:${port}/`, 'echo');
  const [connection] = await once(client, 'connect');
  for (const message of MESSAGES) {
    connection.send(message);
    const [back] = await once(connection, 'message');
    assert.ok(Buffer.from(back.utf8Data ?? back.binaryData).equals(Buffer.from(message)));
  }
  connection.close();
  assert.strictEqual((await once(connection, 'close'))[0], 1000);
});
