'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('@fastify/websocket', [], [], ['fastify', '@fastify/multipart']);

async function serve(t, build) {
  const app = load('fastify')();
  t.after(() => app.close());
  await build(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return `127.0.0.1:${app.server.address().port}`;
}

test('a WebSocket of the runtime talks to a route', async (t) => {
  const host = await serve(t, async (app) => {
    await app.register(load('@fastify/websocket'));
    app.get('/chat', { websocket: true }, (socket) =>
      socket.on('message', (data) => socket.send(`echo ${data}`)),
    );
  });
  const socket = new WebSocket(`ws://${host}/chat`);
  await new Promise((resolve) => (socket.onopen = resolve));
  socket.send('one');
  const { data } = await new Promise((resolve) => (socket.onmessage = resolve));
  assert.strictEqual(data, 'echo one');
  socket.close();
});

test('forms of fetch() arrive with their files', async (t) => {
  const host = await serve(t, async (app) => {
    await app.register(load('@fastify/multipart'));
    app.post('/files', async (request) => {
      const parts = [];
      for await (const part of request.parts())
        parts.push(part.file ? [part.filename, (await part.toBuffer()).length] : part.value);
      return parts;
    });
  });
  const body = new FormData();
  body.set('name', 'value');
  body.set('file', new Blob(['x'.repeat(100000)]), 'file.txt');
  const response = await fetch(`http://${host}/files`, { method: 'POST', body });
  assert.deepStrictEqual(await response.json(), ['value', ['file.txt', 100000]]);
});
