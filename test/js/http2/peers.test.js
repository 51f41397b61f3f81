'use strict';
// Other implementations of HTTP/2: curl's client, nghttp2's client and server.
const { test: run } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const http2 = require('http2');
const net = require('net');
const path = require('path');
const { execFile, spawn } = require('child_process');
const { once } = require('events');
const { promisify } = require('util');
const { folder } = require('../../helpers/tls');
const { answer, serve, serveSecurely } = require('./http2');

const start = promisify(execFile);
const there = (name) =>
  `${process.env.PATH}:/usr/sbin`.split(':').some((one) => fs.existsSync(path.join(one, name)));

/** A test that needs a program. */
function test(program, sentence, fn) {
  if (there(program)) run(sentence, fn);
  else run.skip(sentence, `${program} is not installed`);
}

const ca = path.join(folder, 'ca.pem');

test('curl', 'curl gets and sends without TLS, knowing that it is HTTP/2', async (t) => {
  const { port } = await serve(t, {}, (req, res) => {
    if (req.method === 'GET') res.end(`${req.httpVersion} ${req.url}`);
    else req.pipe(res);
  });
  const url = `http://127.0.0.1:${port}/a`;
  const got = await start('curl', ['-s', '--http2-prior-knowledge', url]);
  assert.strictEqual(got.stdout, '2.0 /a');
  const options = ['-s', '--http2-prior-knowledge', '--data-binary', `@${__filename}`, url];
  const back = await start('curl', options);
  assert.strictEqual(back.stdout, fs.readFileSync(__filename, 'utf8'));
});

test('curl', 'curl agrees on HTTP/2 by TLS, and on HTTP/1.1 where both allow it', async (t) => {
  const { port } = await serveSecurely(t, { allowHTTP1: true }, (req, res) =>
    res.end(req.httpVersion),
  );
  const url = ['-s', '--cacert', ca, `https://localhost:${port}/`];
  assert.strictEqual((await start('curl', ['--http2', ...url])).stdout, '2.0');
  assert.strictEqual((await start('curl', ['--http1.1', ...url])).stdout, '1.1');
});

test('nghttp', 'nghttp gets what is pushed, and trailers', async (t) => {
  const { server, port } = await serve(t);
  server.on('stream', (stream) => {
    stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
      pushed.respond();
      pushed.end('pushed');
      stream.respond({}, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '3' }));
      stream.end('asked');
    });
  });
  const { stdout } = await start('nghttp', ['-v', `http://127.0.0.1:${port}/`]);
  for (const part of ['/pushed', 'x-sum: 3', 'asked', 'pushed'])
    assert.ok(stdout.includes(part), part);
});

test('h2load', 'h2load has 20000 requests on four connections answered', async (t) => {
  const { port } = await serve(t, {}, (req, res) => res.end('hello'));
  const url = `http://127.0.0.1:${port}/`;
  const { stdout } = await start('h2load', ['-n', '20000', '-c', '4', '-m', '50', url]);
  assert.match(stdout, /20000 succeeded, 0 failed/);
});

test('nghttpd', 'a client asks nghttpd for files, many at once', async (t) => {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const options = ['--no-tls', '-a', '127.0.0.1', '-d', __dirname, `${port}`];
  const peer = spawn('nghttpd', options, { stdio: 'ignore' });
  t.after(() => peer.kill());
  const session = await connected(t, port);
  const source = fs.readFileSync(__filename, 'utf8');
  const all = Array.from({ length: 150 }, () =>
    answer(session.request({ ':path': '/peers.test.js' })),
  );
  for (const { text } of await Promise.all(all)) assert.strictEqual(text, source);
  const none = await answer(session.request({ ':path': '/none' }));
  assert.strictEqual(none.headers[':status'], 404);
});

/** A session with a peer that takes a while to start. */
async function connected(t, port) {
  for (;;) {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    t.after(() => session.destroy());
    const came = await new Promise((resolve) => {
      session.once('error', () => resolve(false));
      session.once('connect', () => resolve(true));
    });
    if (came) return session;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
