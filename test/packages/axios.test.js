'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { serve } = require('./http-clients');

const { load, test } = suite('axios');
const axios = load('axios');

for (const adapter of ['http', 'fetch'])
  test(`answers are decompressed, parsed and followed, by ${adapter}`, async (t) => {
    const client = axios.create({ baseURL: await serve(t), adapter });
    assert.deepStrictEqual((await client.get('/gzip')).data, { gzip: true });
    assert.deepStrictEqual((await client.get('/moved')).data, { gzip: true });
    assert.deepStrictEqual((await client.post('/', { a: 1 })).data, { a: 1 });
  });

test('errors have their codes', async (t) => {
  const client = axios.create({ baseURL: await serve(t) });
  await assert.rejects(client.get('/missing'), (error) => error.response.status === 404);
  await assert.rejects(client.get('/silent', { timeout: 100 }), { code: 'ECONNABORTED' });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(client.get('/silent', { signal: controller.signal }), {
    code: 'ERR_CANCELED',
  });
  await assert.rejects(axios.get('http://127.0.0.1:1'), { code: 'ECONNREFUSED' });
});
