'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { answerWith, fetch, serve } = require('./http');

test('a request says what its options say', async (t) => {
  const { port } = await serve(t, (req, res) => {
    res.end(JSON.stringify([req.method, req.url, req.headers]));
  });
  const parse = async (...args) => {
    const req = http.request(...args).end();
    const [res] = await once(req, 'response');
    return JSON.parse((await res.toArray()).join(''));
  };
  const [method, url, headers] = await parse(`http://user:pa%20ss@127.0.0.1:${port}/a?b=c#d`, {
    headers: { X: 'y' },
  });
  assert.deepStrictEqual([method, url], ['GET', '/a?b=c']);
  assert.strictEqual(headers.host, `127.0.0.1:${port}`);
  assert.strictEqual(
    headers.authorization,
    `Basic ${Buffer.from('user:pa ss').toString('base64')}`,
  );
  assert.strictEqual(headers.x, 'y');
  assert.strictEqual(headers['content-length'], undefined);
  const post = await parse({
    port,
    method: 'post',
    headers: [
      ['A', '1'],
      ['a', '2'],
      ['Host', 'h'],
    ],
  });
  assert.strictEqual(post[0], 'POST');
  assert.deepStrictEqual(
    [post[2].a, post[2].host, post[2]['content-length']],
    ['1, 2', 'h', undefined],
  );
});

test('a body has its length if it is given at once, else it is chunked', async (t) => {
  const { port } = await serve(t, (req, res) => {
    let body = '';
    req.on('data', (part) => (body += part));
    req.on('end', () =>
      res.end(`${req.headers['content-length']} ${req.headers['transfer-encoding']} ${body}`),
    );
  });
  assert.strictEqual((await fetch({ port, method: 'POST' }, 'abc')).text, '3 undefined abc');
  const req = http.request({ port, method: 'POST' });
  req.write('ab');
  req.write(Buffer.from('c'));
  req.end('d');
  const [res] = await once(req, 'response');
  assert.strictEqual((await res.toArray()).join(''), 'undefined chunked abcd');
});

test('arguments that would make a bad request are refused', () => {
  const refuse = (options, code) => assert.throws(() => http.request(options), { code });
  refuse({ path: '/a b' }, 'ERR_UNESCAPED_CHARACTERS');
  refuse({ path: '/\r\nX: y' }, 'ERR_UNESCAPED_CHARACTERS');
  refuse({ method: 'GET /\r\n' }, 'ERR_INVALID_HTTP_TOKEN');
  refuse({ method: 5 }, 'ERR_INVALID_ARG_TYPE');
  refuse({ headers: { X: 'a\nb' } }, 'ERR_INVALID_CHAR');
  refuse({ protocol: 'ftp:' }, 'ERR_INVALID_PROTOCOL');
  refuse({ agent: 5 }, 'ERR_INVALID_ARG_TYPE');
  refuse({ hostname: 5 }, 'ERR_INVALID_ARG_TYPE');
  refuse('nothing', 'ERR_INVALID_URL');
});

test('an agent keeps connections for the next requests', async (t) => {
  let connections = 0;
  const { server, port } = await serve(t, (req, res) => res.end('x'));
  server.on('connection', () => connections++);
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  for (let i = 0; i < 5; i++) {
    const { req } = await fetch({ port, agent });
    assert.strictEqual(req.reusedSocket, i > 0);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    assert.strictEqual(Object.values(agent.freeSockets).flat().length, 1);
  }
  assert.strictEqual(connections, 1);
});

test('an agent opens maxSockets connections and no more', async (t) => {
  let most = 0;
  let agent;
  const { port } = await serve(t, (req, res) => {
    most = Math.max(most, Object.values(agent.sockets).flat().length);
    setImmediate(() => res.end(req.url));
  });
  for (const keepAlive of [true, false]) {
    agent = new http.Agent({ keepAlive, maxSockets: 3 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => fetch({ port, agent, path: `/${i}` })),
    );
    assert.deepStrictEqual(
      results.map(({ text }) => text),
      Array.from({ length: 20 }, (_, i) => `/${i}`),
    );
    agent.destroy();
  }
  assert.strictEqual(most, 3);
});

test('a connection with bytes beyond the response is not used again', async (t) => {
  const port = await answerWith(
    t,
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n',
    { end: false },
  );
  const agent = new http.Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  assert.strictEqual((await fetch({ port, agent })).text, 'x');
  const { req } = await fetch({ port, agent });
  assert.strictEqual(req.reusedSocket, false);
});

test('a connection that cannot be made is an error of the request', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  await assert.rejects(fetch({ port }), { code: 'ECONNREFUSED', syscall: 'connect' });
});

test('abort(), destroy() and a signal give a request up', async (t) => {
  const { port } = await serve(t, () => {});
  const give = async (end) => {
    const req = http.get({ port, agent: false });
    await once(req, 'socket');
    end(req);
    const [error] = await once(req, 'error');
    assert.ok(req.destroyed);
    return error;
  };
  assert.strictEqual((await give((req) => req.abort())).code, 'ECONNRESET');
  assert.strictEqual((await give((req) => req.destroy())).message, 'socket hang up');
  assert.strictEqual((await give((req) => req.destroy(new Error('enough')))).message, 'enough');
  const controller = new AbortController();
  const req = http.get({ port, signal: controller.signal });
  controller.abort();
  assert.strictEqual((await once(req, 'error'))[0].name, 'AbortError');
});

test('timeout tells that nothing comes', async (t) => {
  const { port } = await serve(t, () => {});
  const req = http.get({ port, timeout: 20, agent: false });
  req.on('error', () => {});
  await once(req, 'timeout');
  await new Promise((resolve) => {
    req.on('close', resolve).destroy();
  });
});

test('an upgrade hands over the connection', async (t) => {
  const port = await answerWith(
    t,
    'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhello',
    { end: false },
  );
  const req = http.get({ port, headers: { Connection: 'Upgrade', Upgrade: 'x' } });
  const [res, socket, head] = await once(req, 'upgrade');
  assert.strictEqual(res.statusCode, 101);
  assert.strictEqual(head.toString(), 'hello');
  assert.ok(socket instanceof net.Socket);
  socket.destroy();
});

test('a Unix socket is a host too', async (t) => {
  const path = `/tmp/sluice-http-${process.pid}.sock`;
  const server = http.createServer((req, res) => res.end(req.url));
  server.listen(path);
  await once(server, 'listening');
  t.after(() => server.close());
  const { text } = await fetch({ socketPath: path, path: '/x' });
  assert.strictEqual(text, '/x');
});

test('a response is a stream that holds up its server', async (t) => {
  const { port } = await serve(t, (req, res) =>
    require('stream')
      .Readable.from([Buffer.alloc(5e6)])
      .pipe(res),
  );
  const req = http.get({ port, agent: false });
  const [res] = await once(req, 'response');
  await once(res, 'readable');
  let size = 0;
  for await (const part of res) size += part.length;
  assert.strictEqual(size, 5e6);
  assert.strictEqual(res.complete, true);
});

test('a response that nobody listens for is read away', async (t) => {
  const { port } = await serve(t, (req, res) => res.end(Buffer.alloc(1e6)));
  const req = http.get({ port, agent: false });
  await once(req, 'close');
});
