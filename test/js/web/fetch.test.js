'use strict';
const assert = require('assert');
const http = require('http');
const https = require('https');
const zlib = require('zlib');
const { test } = require('../../helpers/test');
const { startServer } = require('../../helpers/server');
const { ca, pairOf } = require('../../helpers/tls');

/** A server that tells what it was asked. */
async function tell(t) {
  const server = http.createServer(async (req, res) => {
    const parts = [];
    for await (const part of req) parts.push(part);
    if (req.url === '/redirect') {
      res.writeHead(302, { Location: '/target' }).end();
      return;
    }
    const text = JSON.stringify({
      method: req.method,
      url: req.url,
      type: req.headers['content-type'],
      body: String(Buffer.concat(parts)),
    });
    res.setHeader('Content-Encoding', 'gzip');
    res.end(zlib.gzipSync(text));
  });
  t.after(() => server.closeAllConnections());
  const { port } = await startServer(t, server);
  return `http://127.0.0.1:${port}`;
}

test('fetch() gets, posts, follows redirects and reads compressed answers', async (t) => {
  const base = await tell(t);
  const got = await fetch(`${base}/a?b=c`);
  assert.strictEqual(got.status, 200);
  assert.deepStrictEqual(await got.json(), { method: 'GET', url: '/a?b=c', body: '' });
  const posted = await fetch(base, { method: 'POST', body: 'text' });
  assert.deepStrictEqual(await posted.json(), {
    method: 'POST',
    url: '/',
    type: 'text/plain;charset=UTF-8',
    body: 'text',
  });
  const redirected = await fetch(`${base}/redirect`);
  assert.strictEqual(redirected.redirected, true);
  assert.strictEqual((await redirected.json()).url, '/target');
});

test('fetch() sends FormData, URLSearchParams and streams', async (t) => {
  const base = await tell(t);
  const form = new FormData();
  form.append('name', 'value');
  form.append('file', new Blob(['content']), 'a.txt');
  const { type, body } = await (await fetch(base, { method: 'POST', body: form })).json();
  assert.match(type, /^multipart\/form-data; boundary=/);
  assert.match(body, /name="file"; filename="a.txt"[^]*content/);
  const query = await fetch(base, { method: 'PUT', body: new URLSearchParams({ a: '1' }) });
  assert.strictEqual((await query.json()).body, 'a=1');
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('streamed'));
      controller.close();
    },
  });
  const sent = await fetch(base, { method: 'POST', body: stream, duplex: 'half' });
  assert.strictEqual((await sent.json()).body, 'streamed');
});

test('fetch() fails with a TypeError that has the cause, and by its signal', async (t) => {
  const base = await tell(t);
  const server = http.createServer();
  const { port } = await startServer(t, server);
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(fetch(`http://127.0.0.1:${port}`), (error) => {
    assert.strictEqual(error instanceof TypeError, true);
    assert.strictEqual(error.cause.code, 'ECONNREFUSED');
    return true;
  });
  await assert.rejects(fetch(base, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const controller = new AbortController();
  const waiting = http.createServer(() => controller.abort());
  t.after(() => waiting.closeAllConnections());
  const late = await startServer(t, waiting);
  await assert.rejects(fetch(`http://127.0.0.1:${late.port}`, { signal: controller.signal }), {
    name: 'AbortError',
  });
});

test('fetch() verifies the server of https', async (t) => {
  const server = https.createServer(pairOf('server'), (req, res) => res.end('secure'));
  const { port } = await startServer(t, server);
  await assert.rejects(fetch(`https://localhost:${port}`), (error) => {
    assert.match(error.cause.code, /SELF_SIGNED|UNABLE_TO/);
    return true;
  });
  const { execFile } = require('child_process');
  const { writeFileSync, rmSync } = require('fs');
  const file = `${require('os').tmpdir()}/sluice-fetch-${process.pid}.pem`;
  writeFileSync(file, ca());
  t.after(() => rmSync(file));
  const code = `fetch('https://localhost:${port}').then((r) => r.text()).then(console.log)`;
  const output = await new Promise((resolve) =>
    execFile(
      process.execPath,
      ['-e', code],
      { env: { ...process.env, NODE_EXTRA_CA_CERTS: file } },
      (error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    ),
  );
  assert.strictEqual(output, 'secure\n');
  server.closeAllConnections();
});

test('a program that fetched ends by itself', (t) => {
  const { spawnSync } = require('child_process');
  const code = `
    const server = require('http').createServer((req, res) => res.end('x')).listen(0, async () => {
      console.log(await (await fetch('http://127.0.0.1:' + server.address().port)).text());
      server.close();
    });`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', code], { timeout: 50000 });
  assert.deepStrictEqual([String(stdout), status, t.name.length > 0], ['x\n', 0, true]);
});

test('Headers, Request and Response are those of the web', async () => {
  const headers = new Headers({ A: '1' });
  headers.append('a', '2');
  assert.strictEqual(headers.get('A'), '1, 2');
  const request = new Request('http://example.org/x', { method: 'POST', body: 'b', headers });
  assert.deepStrictEqual([request.method, await request.text()], ['POST', 'b']);
  const response = Response.json({ a: 1 }, { status: 201 });
  assert.deepStrictEqual([response.status, await response.json()], [201, { a: 1 }]);
});

test('an answer whose body breaks off is an error to who reads it', async (t) => {
  const server = http.createServer((req, res) => {
    res.writeHead(200, { 'Content-Length': 10 });
    res.write('abc', () => res.destroy());
  });
  const { port } = await startServer(t, server);
  const answer = await fetch(`http://127.0.0.1:${port}`);
  await assert.rejects(answer.text(), { name: 'TypeError', message: 'terminated' });
});

test('an abort while the body comes is an error to who reads it', async (t) => {
  const server = http.createServer((req, res) => {
    res.writeHead(200, { 'Content-Length': 10 });
    res.write('abc');
  });
  t.after(() => server.closeAllConnections());
  const { port } = await startServer(t, server);
  const controller = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${port}`, { signal: controller.signal });
  const text = answer.text();
  controller.abort();
  await assert.rejects(text, { name: 'AbortError' });
});
