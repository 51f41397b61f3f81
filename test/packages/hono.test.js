'use strict';
const assert = require('assert');
const { once } = require('events');
const { suite } = require('./harness');
const { ask, json, listen } = require('./http-frameworks');

const { load, test } = suite('hono', [], [], ['@hono/node-server']);
const { Hono } = load('hono');
const { streamText } = load('hono/streaming');
const { serve } = load('@hono/node-server');

test('routes answer with JSON, streams and errors', async (t) => {
  const app = new Hono();
  app.get('/items/:id', (context) => context.json({ id: context.req.param('id') }));
  app.post('/items', async (context) => context.text(JSON.stringify(await context.req.json())));
  app.get('/stream', (context) =>
    streamText(context, async (stream) => {
      await stream.write('a');
      await stream.sleep(5);
      await stream.write('b');
    }),
  );
  app.get('/bad', () => {
    throw new Error('mine');
  });
  app.onError((error, context) => context.text(error.message, 500));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  const url = await listen(t, server);
  assert.deepStrictEqual(await ask(`${url}/items/1`), [200, '{"id":"1"}']);
  assert.deepStrictEqual(await ask(`${url}/items`, json({ a: 1 })), [200, '{"a":1}']);
  assert.deepStrictEqual(await ask(`${url}/stream`), [200, 'ab']);
  assert.deepStrictEqual(await ask(`${url}/bad`), [500, 'mine']);
  assert.strictEqual((await ask(`${url}/none`))[0], 404);
});
