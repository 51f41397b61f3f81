'use strict';
const assert = require('assert');
const http2 = require('http2');
const { Readable } = require('stream');
const { suite } = require('./harness');
const { ask, json } = require('./http-frameworks');

const { load, test } = suite('fastify');
const fastify = load('fastify');

async function serve(t, options, build) {
  const app = fastify(options);
  t.after(() => app.close());
  build(app);
  return [app, await app.listen({ port: 0, host: '127.0.0.1' })];
}

function build(app) {
  const params = { type: 'object', properties: { id: { type: 'integer' } } };
  const response = { 200: { type: 'object', properties: { id: { type: 'integer' } } } };
  app.get('/items/:id', { schema: { params, response } }, async (req) => ({
    id: req.params.id,
    secret: 1,
  }));
  app.post('/items', async (req) => req.body);
  app.get('/stream', (req, reply) => reply.send(Readable.from(['a', 'b'])));
  app.addHook('onRequest', async (req, reply) => reply.header('x-hook', 'ran') && undefined);
  app.register(async (inner) => inner.get('/nested', () => 'nested') && undefined, {
    prefix: '/in',
  });
}

test('schemas check what comes and shape what goes', async (t) => {
  const [, url] = await serve(t, {}, build);
  assert.deepStrictEqual(await ask(`${url}/items/7`), [200, '{"id":7}']);
  assert.strictEqual((await ask(`${url}/items/x`))[0], 400);
  assert.deepStrictEqual(await ask(`${url}/items`, json({ a: 1 })), [200, '{"a":1}']);
  assert.deepStrictEqual(await ask(`${url}/stream`), [200, 'ab']);
  assert.deepStrictEqual(await ask(`${url}/in/nested`), [200, 'nested']);
});

test('inject() asks without a connection', async () => {
  const app = fastify();
  build(app);
  const answer = await app.inject({ method: 'POST', url: '/items', payload: { b: 2 } });
  assert.deepStrictEqual(
    [answer.statusCode, answer.body, answer.headers['x-hook']],
    [200, '{"b":2}', 'ran'],
  );
  await app.close();
});

test('it serves HTTP/2', async (t) => {
  const [, url] = await serve(t, { http2: true }, build);
  const session = http2.connect(url);
  t.after(() => session.destroy());
  const parts = await session.request({ ':path': '/items/3' }).setEncoding('utf8').toArray();
  assert.strictEqual(parts.join(''), '{"id":3}');
});
