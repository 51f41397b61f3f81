'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { serve } = require('./http-clients');

const { load, test } = suite('got');
const { default: got } = load('got');

test('answers are parsed, streamed, and asked for again', async (t) => {
  const client = got.extend({ prefixUrl: await serve(t), retry: { backoffLimit: 10 } });
  assert.deepStrictEqual(await client('gzip').json(), { gzip: true });
  assert.deepStrictEqual(await client.post('x', { json: { a: 1 } }).json(), { a: 1 });
  assert.strictEqual(await client('busy').text(), '3');
  assert.strictEqual(`${await client.stream('y').toArray()}`, 'path /y');
  assert.strictEqual(await client('z', { http2: true }).text(), 'path /z');
});

test('errors have their codes', async (t) => {
  const client = got.extend({ prefixUrl: await serve(t), retry: { limit: 0 } });
  await assert.rejects(client('missing'), (error) => error.response.statusCode === 404);
  await assert.rejects(client('silent', { timeout: { request: 100 } }), { code: 'ETIMEDOUT' });
  await assert.rejects(got('http://127.0.0.1:1', { retry: { limit: 0 } }), {
    code: 'ECONNREFUSED',
  });
});
