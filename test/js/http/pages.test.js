'use strict';
// What Node's page of http says of signals, limits of what is read, agents and early answers.
const { test } = require('../../helpers/test');
const { serve, exchange } = require('./http');
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const { once } = require('events');

const HOST = '127.0.0.1';
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const CLOSE = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody';

test('req.signal does not abort when the body was read, nor when the answer is sent', async (t) => {
  const { promise, resolve } = Promise.withResolvers();
  const { port } = await serve(t, {}, async (req, res) => {
    const { signal } = req;
    for await (const chunk of req) assert.strictEqual(String(chunk), 'body');
    await new Promise(setImmediate);
    assert.strictEqual(signal.aborted, false);
    res.end('ok');
    await once(req.socket, 'close');
    resolve(signal.aborted);
  });
  assert.match(await exchange(port, POST), /ok/);
  assert.strictEqual(await promise, false);
});

test('req.signal aborts when the client leaves before the answer', async (t) => {
  const { promise, resolve } = Promise.withResolvers();
  const { port } = await serve(t, {}, (req) => {
    req.resume();
    req.signal.addEventListener('abort', () => resolve(req.signal.reason.name));
    req.on('end', () => client.destroy());
  });
  const client = net.connect(port, HOST);
  client.write(GET);
  assert.strictEqual(await promise, 'AbortError');
});

test('req.signal aborts when the program gives the request up', async (t) => {
  const { promise, resolve } = Promise.withResolvers();
  const { port } = await serve(t, {}, (req) => {
    req.destroy();
    resolve(req.signal.aborted);
  });
  await exchange(port, GET).catch(() => {});
  assert.strictEqual(await promise, true);
});

test('a request that is paused and never read does not hold up the next one', async (t) => {
  const { port } = await serve(t, {}, (req, res) => {
    req.pause();
    res.end('ok');
  });
  const answer = await exchange(port, POST.replace('Connection: close\r\n', '') + CLOSE);
  assert.strictEqual(answer.match(/ok/g).length, 2);
});

test('an https request does not go out by an agent of http', () => {
  assert.throws(() => https.request({ host: HOST, agent: http.globalAgent }), {
    code: 'ERR_INVALID_PROTOCOL',
    message: 'Protocol "https:" not supported. Expected "http:"',
  });
  assert.throws(() => http.request({ host: HOST, agent: https.globalAgent }), {
    code: 'ERR_INVALID_PROTOCOL',
  });
});

test('a connection that left its agent does not come back', async (t) => {
  const { port } = await serve(t, {}, (req, res) => res.end('ok'));
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const req = http.get({ host: HOST, port, agent });
  const [socket] = await once(req, 'socket');
  t.after(() => socket.destroy());
  socket.emit('agentRemove');
  const [res] = await once(req, 'response');
  res.resume();
  await once(req, 'close');
  await new Promise(setImmediate);
  assert.deepStrictEqual(Object.keys(agent.freeSockets), []);
  assert.strictEqual(agent.totalSocketCount, 0);
  assert.strictEqual(socket.destroyed, false);
});

test('a buffer of the keep-alive time that is none is the default', () => {
  for (const agentKeepAliveTimeoutBuffer of [-1, 'x', NaN, undefined])
    assert.strictEqual(
      new http.Agent({ agentKeepAliveTimeoutBuffer }).agentKeepAliveTimeoutBuffer,
      1000,
    );
});

test('clientError tells how much was read before what is wrong', async (t) => {
  const { server, port } = await serve(t, {}, (req, res) => res.end('ok'));
  const told = [];
  server.on('clientError', (error, socket) => {
    told.push([error.bytesParsed, error.rawPacket.length]);
    socket.destroy();
  });
  await exchange(port, 'garbage\r\n\r\n').catch(() => {});
  const bad = 'GET / HTTP/1.1\r\nA B: c\r\n\r\n';
  await exchange(port, bad).catch(() => {});
  const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  await exchange(port, `${chunked}z\r\n`).catch(() => {});
  assert.deepStrictEqual(told, [
    [0, 11],
    [0, bad.length],
    [chunked.length, chunked.length + 3],
  ]);
});

const CONTROL = 'GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\nConnection: close\r\n\r\n';

test('httpValidation says which values of fields are read', async (t) => {
  for (const [httpValidation, expected] of [
    [undefined, /^HTTP\/1.1 400/],
    ['strict', /^HTTP\/1.1 400/],
    ['relaxed', /"a":"\\u0001"/],
    ['insecure', /"a":"\\u0001"/],
  ]) {
    const { port } = await serve(t, { httpValidation }, (req, res) =>
      res.end(JSON.stringify(req.headers)),
    );
    assert.match(await exchange(port, CONTROL), expected, httpValidation);
  }
});

test('an unknown httpValidation, or one beside insecureHTTPParser, is refused', () => {
  const makes = [http.createServer, (options) => http.request({ port: 1, ...options })];
  for (const make of makes)
    for (const options of [
      { httpValidation: 'x' },
      { httpValidation: 'insecure', insecureHTTPParser: true },
    ])
      assert.throws(() => make(options), {
        code: 'ERR_INVALID_ARG_VALUE',
        message: /httpValidation/,
      });
});

test('relaxed validation takes no other ends of lines', async (t) => {
  const { port } = await serve(t, { httpValidation: 'relaxed' }, (req, res) => res.end());
  for (const field of ['A: b\nC: d', 'A: b\0', 'A: b\r\n c'])
    assert.match(
      await exchange(port, `GET / HTTP/1.1\r\nHost: x\r\n${field}\r\n\r\n`),
      /^HTTP\/1.1 400/,
    );
});

test('httpValidation is one of three, and goes with no insecureHTTPParser', () => {
  for (const options of [
    { httpValidation: 'x' },
    { httpValidation: null },
    { httpValidation: 'strict', insecureHTTPParser: false },
  ])
    assert.throws(() => http.createServer(options), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('optimizeEmptyRequests ends requests without a body at once', async (t) => {
  const { port } = await serve(t, { optimizeEmptyRequests: true }, async (req, res) => {
    const ended = req.readableEnded;
    req.on('end', () => assert.strictEqual(ended, false));
    let body = '';
    req.on('data', (data) => (body += data));
    await new Promise(setImmediate);
    res.end(`${ended} ${body};`);
  });
  const keep = GET.repeat(2);
  assert.strictEqual((await exchange(port, keep + CLOSE)).match(/true ;/g).length, 3);
  assert.match(await exchange(port, POST), /false body;/);
});

test('early hints have no field whose name is none', async (t) => {
  const link = '</a>; rel=preload';
  const { port } = await serve(t, {}, (req, res) => {
    assert.throws(() => res.writeEarlyHints({ link, 'a b': 'x' }), {
      code: 'ERR_INVALID_HTTP_TOKEN',
    });
    assert.throws(() => res.writeEarlyHints({ link, 'a\r\nb': 'x' }), {
      code: 'ERR_INVALID_HTTP_TOKEN',
    });
    assert.throws(() => res.writeInformation(110, 5), { code: 'ERR_INVALID_ARG_TYPE' });
    assert.strictEqual(typeof res.writeInformation(110), 'boolean');
    res.end('ok');
  });
  assert.match(await exchange(port, CLOSE), /^HTTP\/1.1 110 unknown\r\n\r\nHTTP\/1.1 200 OK/);
});
