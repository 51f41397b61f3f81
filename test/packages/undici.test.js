'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { serve } = require('./http-clients');

const { load, test } = suite('undici');
const undici = load('undici');

test('requests go by themselves and over a pool with pipelining', async (t) => {
  const url = await serve(t);
  const { statusCode, body } = await undici.request(`${url}/a`);
  assert.deepStrictEqual([statusCode, await body.text()], [200, 'path /a']);
  const pool = new undici.Pool(url, { connections: 2, pipelining: 4 });
  t.after(() => pool.close());
  const all = Array.from({ length: 40 }, async (_, i) => {
    const answer = await pool.request({ path: `/${i}`, method: 'GET' });
    return answer.body.text();
  });
  assert.deepStrictEqual(
    await Promise.all(all),
    Array.from({ length: 40 }, (_, i) => `path /${i}`),
  );
});

test('fetch() sends and follows, and a mock answers', async (t) => {
  const url = await serve(t);
  assert.deepStrictEqual(await (await undici.fetch(`${url}/moved`)).json(), { gzip: true });
  const agent = new undici.MockAgent();
  agent.get('http://mock').intercept({ path: '/' }).reply(200, { mock: 1 });
  const { body } = await undici.request('http://mock/', { dispatcher: agent });
  assert.deepStrictEqual(await body.json(), { mock: 1 });
});

test('errors have their codes', async (t) => {
  const url = await serve(t);
  await assert.rejects(undici.request(`${url}/silent`, { headersTimeout: 100 }), {
    code: 'UND_ERR_HEADERS_TIMEOUT',
  });
  await assert.rejects(undici.request('http://127.0.0.1:1'), { code: 'ECONNREFUSED' });
});
