'use strict';
const assert = require('assert');
const http = require('http');
const { suite } = require('./harness');
const { ask, listen } = require('./http-frameworks');

const { load, test } = suite('http-proxy');
const httpProxy = load('http-proxy');

async function chain(t) {
  const target = http.createServer((req, res) => {
    res.setHeader('x-for', req.headers['x-forwarded-for'] ?? '');
    req.pipe(res);
  });
  const proxy = httpProxy.createProxyServer({
    target: await listen(t, target),
    ws: true,
    xfwd: true,
  });
  proxy.on('error', (error, req, res) => res.writeHead?.(502).end(error.code));
  const front = http.createServer((req, res) =>
    proxy.web(req, res, req.url === '/bad' ? { target: 'http://127.0.0.1:1' } : {}),
  );
  return listen(t, front);
}

test('requests and their bodies go to the target, and what fails is told', async (t) => {
  const url = await chain(t);
  const body = 'z'.repeat(300000);
  assert.deepStrictEqual(await ask(url, { method: 'POST', body }), [200, body]);
  assert.strictEqual((await fetch(url)).headers.get('x-for'), '127.0.0.1');
  assert.deepStrictEqual(await ask(`${url}/bad`), [502, 'ECONNREFUSED']);
});
