'use strict';
const assert = require('assert');
const http = require('http');
const https = require('https');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('nock');

async function ask(module, url, options = {}) {
  const req = module.request(url, options).end(options.body);
  req.on('error', () => {}); // nock tells it twice
  const [res] = await once(req, 'response');
  return [res.statusCode, String(await res.toArray())];
}

test('requests are answered, fail, and are recorded', async (t) => {
  const nock = load('nock');
  t.after(() => nock.restore());
  nock('http://one.test').get('/a').query({ x: '1' }).reply(200, { ok: true });
  assert.deepStrictEqual(await ask(http, 'http://one.test/a?x=1'), [200, '{"ok":true}']);
  nock('https://two.test:8443').post('/b', 'hello').reply(201, 'made');
  const post = { method: 'POST', body: 'hello' };
  assert.deepStrictEqual(await ask(https, 'https://two.test:8443/b', post), [201, 'made']);
  nock('http://one.test').get('/c').replyWithError('refused');
  const failed = ask(http, 'http://one.test/c').catch(({ message }) => message);
  assert.strictEqual(await failed, 'refused');
  nock('http://one.test').get('/d').reply(200, 'by fetch');
  assert.strictEqual(await (await fetch('http://one.test/d')).text(), 'by fetch');
  assert.deepStrictEqual(nock.pendingMocks(), []);
  const server = http.createServer((req, res) => res.end('real')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  nock.recorder.rec({ output_objects: true, dont_print: true });
  const url = `http://127.0.0.1:${server.address().port}/kept`;
  assert.deepStrictEqual(await ask(http, url, { agent: false }), [200, 'real']);
  const [recorded] = nock.recorder.play();
  assert.deepStrictEqual([recorded.path, recorded.response], ['/kept', 'real']);
});
