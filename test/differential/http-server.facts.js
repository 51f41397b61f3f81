'use strict';
// What the page of http says of Server and of ServerResponse, and the other files do not ask.
const http = require('http');
const { program, soon } = require('./harness');
const { answer, get, serve } = require('./shared/http_server');
const { dial } = require('./peers');

program('a server', async (fact, t) => {
  const server = http.createServer();
  for (const name of [
    'timeout',
    'headersTimeout',
    'requestTimeout',
    'keepAliveTimeout',
    'maxHeadersCount',
    'maxRequestsPerSocket',
    'listening',
  ])
    fact(name, server[name]);
  fact('instance', server instanceof require('net').Server, http.Server() instanceof http.Server);
  fact(
    'setTimeout',
    server.setTimeout(50) === server,
    server.timeout,
    server.setTimeout(() => {}) === server,
    server.timeout,
  );
  fact('timeout listeners', server.listenerCount('timeout'));
  for (const value of ['x', -1, null, NaN, Infinity])
    fact.of(`setTimeout ${value}`, () => http.createServer().setTimeout(value).timeout);
  fact('idle', server.closeIdleConnections(), server.closeAllConnections());
  fact.of('close', () => server.close((error) => fact('closed', error)) === server);
  await soon();
  const { server: open, port } = await serve(t, {}, (req, res) => res.end('a'));
  const [idle, busy, half] = [await dial(t, port), await dial(t, port), await dial(t, port)];
  idle.send(get());
  await idle.until(/a$/);
  half.send('GET / HT');
  await soon();
  open.closeIdleConnections();
  await soon();
  fact(
    'closeIdleConnections',
    [idle, busy, half].map((one) => one.ended || one.socket.destroyed),
  );
  const closed = new Promise((resolve) => open.close((error) => resolve(fact('close', error))));
  await soon();
  fact(
    'close()',
    [idle, busy, half].map((one) => one.ended || one.socket.destroyed),
  );
  open.closeAllConnections();
  await closed;
  fact(
    'closeAllConnections',
    [idle, busy, half].map((one) => one.ended || one.socket.destroyed),
  );
  fact.of('dispose', () => typeof open[Symbol.asyncDispose]);
  const { server: busyServer, port: busyPort } = await serve(t, {}, (req, res) => {
    busyServer.close(() => fact('closed'));
    setTimeout(() => res.end('late'), 20);
  });
  fact('an answer after close()', await answer(t, busyPort, get(), 80));
});

program('time limits', async (fact, t) => {
  const tick = { connectionsCheckingInterval: 10 };
  const tell = (server) =>
    server.on('clientError', (error, socket) => {
      fact('clientError', error.code, error.message, error.name);
      if (socket.writable) socket.end('HTTP/1.1 408 Mine\r\n\r\n');
    });
  for (const [name, options, text] of [
    ['headersTimeout', { ...tick, headersTimeout: 50 }, 'GET / HTTP/1.1\r\n'],
    ['headersTimeout, nothing sent', { ...tick, headersTimeout: 50 }, ''],
    [
      'requestTimeout',
      { ...tick, headersTimeout: 0, requestTimeout: 50 },
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n',
    ],
    ['keepAliveTimeout', { keepAliveTimeout: 30, keepAliveTimeoutBuffer: 0 }, get('/end')],
    ['keepAliveTimeout 0', { keepAliveTimeout: 0 }, get('/end')],
    ['keepAliveTimeout 1500', { keepAliveTimeout: 1500 }, get('/end')],
  ]) {
    const { port } = await serve(t, options, (req, res) => {
      req.on('error', (error) => fact('req error', error.code));
      if (req.url === '/end') res.end('x');
    });
    fact(name, await answer(t, port, text, 250));
    const own = await serve(t, options, (req, res) => req.url === '/end' && res.end('x'), tell);
    fact(`${name}, clientError`, await answer(t, own.port, text, 250));
  }
  const { server, port } = await serve(t, {}, (req, res) => {
    req.on('timeout', () => fact('req timeout'));
    res.on('timeout', () => fact('res timeout'));
  });
  server.timeout = 40;
  fact('timeout', await answer(t, port, get(), 150));
  server.on('timeout', (socket) => fact('timeout event', socket.destroyed));
  fact('timeout with a listener', await answer(t, port, get(), 150));
  for (const [name, use] of Object.entries({
    'res.setTimeout': (req, res) => res.setTimeout(30, () => (fact('callback'), res.end('late'))),
    'req.setTimeout': (req, res) => req.setTimeout(30, () => (fact('callback'), res.end('late'))),
    'res.setTimeout without a callback': (req, res) => res.setTimeout(30),
    returns: (req, res) => {
      fact('returns', res.setTimeout(30) === res, req.setTimeout(30) === req);
      res.end();
    },
  })) {
    const one = await serve(t, {}, use);
    fact(name, await answer(t, one.port, get(), 120));
  }
});

program('clientError', async (fact, t) => {
  const { port } = await serve(
    t,
    {},
    () => {},
    (server) =>
      server.on('clientError', (error, socket) => {
        fact(
          'clientError',
          error.name,
          error.code,
          error.message,
          error.bytesParsed,
          error.rawPacket?.length,
          error.reason,
        );
        fact(
          'socket',
          socket.writable,
          socket.destroyed,
          socket.bytesRead,
          socket._httpMessage === null,
        );
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      }),
  );
  for (const text of [
    'garbage\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20000)}\r\n\r\n`,
    'GET / HTTP/1.1\r\nA B: c\r\n\r\n',
  ])
    fact('answer', await answer(t, port, text));
  const plain = await serve(t, {}, (req, res) => {
    res.writeHead(200);
    res.write('part');
  });
  fact('after an answer began', await answer(t, plain.port, [get(), 'garbage\r\n\r\n']));
  fact(
    'too long',
    await answer(t, plain.port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20000)}\r\n\r\n`),
  );
  const small = await serve(t, { maxHeaderSize: 100 }, (req, res) => res.end('ok'));
  fact('maxHeaderSize', await answer(t, small.port, get('/', `A: ${'x'.repeat(120)}\r\n`)));
});

program('Expect, CONNECT and upgrades', async (fact, t) => {
  const POST = (value) =>
    `POST / HTTP/1.1\r\nHost: x\r\nExpect: ${value}\r\nContent-Length: 2\r\n\r\n`;
  const { server, port } = await serve(t, {}, (req, res) => {
    fact('request', req.method, req.headers.expect);
    req.resume().on('end', () => res.end('done'));
  });
  fact('100-continue', await answer(t, port, [POST('100-continue'), 'ab']));
  fact('100-Continue', await answer(t, port, [POST('100-Continue'), 'ab']));
  fact('other', await answer(t, port, POST('meal')));
  server.on('checkContinue', (req, res) => {
    fact('checkContinue', req.method);
    res.writeContinue(() => fact('written'));
    req.resume().on('end', () => res.end('checked'));
  });
  server.on('checkExpectation', (req, res) => {
    fact('checkExpectation', req.headers.expect);
    res.statusCode = 417;
    res.end('no');
  });
  fact('checkContinue', await answer(t, port, [POST('100-continue'), 'ab']));
  fact('checkExpectation', await answer(t, port, POST('meal')));
  fact(
    'CONNECT without a listener',
    await answer(t, port, 'CONNECT a.test:80 HTTP/1.1\r\nHost: x\r\n\r\n'),
  );
  server.on('connect', (req, socket, head) => {
    fact(
      'connect',
      req.method,
      req.url,
      head,
      socket.listenerCount('data'),
      socket.listenerCount('error'),
    );
    socket.end('HTTP/1.1 200 Fine\r\n\r\n');
  });
  fact('CONNECT', await answer(t, port, 'CONNECT a.test:80 HTTP/1.1\r\nHost: x\r\n\r\nhead'));
  server.on('upgrade', (req, socket, head) => {
    fact('upgrade', req.headers.upgrade, head, socket.timeout);
    socket.end('HTTP/1.1 101 Fine\r\n\r\n');
  });
  fact(
    'upgrade',
    await answer(t, port, get('/', 'Connection: Upgrade\r\nUpgrade: foo\r\n').concat('head')),
  );
});

program('options of servers', async (fact, t) => {
  class Request extends http.IncomingMessage {
    mine = 'request';
  }
  class Response extends http.ServerResponse {
    mine = 'response';
  }
  const texts = {
    get: get(),
    post: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab',
    latin1: get('/', 'A: \u00e4\r\n'),
    control: get('/', 'A: \x01\r\n'),
    dup: get('/', 'X: 1\r\nX: 2\r\nAge: 1\r\nAge: 2\r\n'),
    nohost: 'GET / HTTP/1.1\r\n\r\n',
  };
  for (const [options, names] of [
    [{ IncomingMessage: Request, ServerResponse: Response }, ['get']],
    [{ optimizeEmptyRequests: true }, ['get', 'post']],
    [{ joinDuplicateHeaders: true }, ['dup']],
    [{ joinDuplicateHeaders: false }, ['dup']],
    [{ requireHostHeader: false }, ['nohost']],
    [{ httpValidation: 'strict' }, ['get', 'latin1', 'control']],
    [{ httpValidation: 'relaxed' }, ['latin1', 'control']],
    [{ httpValidation: 'insecure' }, ['latin1', 'control']],
    [{ insecureHTTPParser: true }, ['control']],
    [{ highWaterMark: 5 }, ['get']],
    [{ noDelay: false, keepAlive: true, keepAliveInitialDelay: 5 }, ['get']],
  ]) {
    const { port } = await serve(t, options, (req, res) => {
      fact(
        'request',
        req.mine,
        res.mine,
        req.readableEnded,
        req.complete,
        req.headers,
        req.readableHighWaterMark === 5,
        res.writableHighWaterMark === 5,
      );
      req.on('end', () => fact('end'));
      req.on('close', () => fact('req close'));
      req.resume();
      setTimeout(() => res.end('x'), 5);
    });
    for (const name of names)
      fact(JSON.stringify(options), name, await answer(t, port, texts[name]));
  }
  for (const options of [
    { httpValidation: 'x' },
    { httpValidation: 5 },
    { httpValidation: 'strict', insecureHTTPParser: true },
    { httpValidation: undefined },
    { httpValidation: 'strict', insecureHTTPParser: false },
    { noDelay: 5 },
    { keepAlive: 'x' },
    { keepAliveInitialDelay: 'x' },
    { ServerResponse: 5 },
    { maxHeaderSize: 0 },
    { keepAliveTimeoutBuffer: -1 },
    { connectionsCheckingInterval: -1 },
    { highWaterMark: -1 },
  ])
    fact.of(
      JSON.stringify(options),
      () => http.createServer(options),
      () => 'a server',
    );
});
