'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { serve } = require('./http-clients');

const { load, test } = suite('node-fetch');
const { default: fetch, FormData, Blob } = load('node-fetch');

test('answers are followed and decompressed, forms and streams are sent', async (t) => {
  const url = await serve(t);
  assert.deepStrictEqual(await (await fetch(`${url}/moved`)).json(), { gzip: true });
  const form = new FormData();
  form.set('file', new Blob(['text']), 'name.txt');
  const sent = await (await fetch(url, { method: 'POST', body: form })).text();
  assert.ok(sent.includes('filename="name.txt"'));
  let size = 0;
  const { body } = await fetch(url, { method: 'POST', body: 'z'.repeat(1e5) });
  for await (const part of body) size += part.length;
  assert.strictEqual(size, 1e5);
});

test('errors have their codes', async (t) => {
  const url = await serve(t);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(fetch(`${url}/silent`, { signal: controller.signal }), {
    name: 'AbortError',
  });
  await assert.rejects(fetch('http://127.0.0.1:1'), { code: 'ECONNREFUSED' });
});
