'use strict';
// Lightly, what the page of http2 says of its compatible servers and of what clients get.
const http2 = require('http2');
const { program, event } = require('./harness');
const { listen } = require('./peers');

/** A server in the clear and a session with it. */
async function pair(t, listener, options = {}) {
  const server = http2.createServer(options, listener);
  const port = await listen(t, server);
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  t.after(() => session.destroy());
  await event(session, 'connect');
  return { server, session, port };
}
const stable = (headers) => {
  const { date, ...rest } = headers;
  return { ...rest, ...(date === undefined ? {} : { date: 'a date' }) };
};
async function ask(session, headers, body) {
  const stream = session.request(headers, { endStream: body === undefined });
  const told = [];
  stream.on('headers', (one) => told.push(['headers', stable(one)]));
  stream.on('trailers', (one) => told.push(['trailers', stable(one)]));
  stream.on('response', (one) => told.push(['response', stable(one)]));
  stream.on('error', (error) => told.push(['error', error.code, error.message]));
  let text = '';
  stream.setEncoding('utf8').on('data', (data) => (text += data));
  if (body !== undefined) stream.end(body);
  await event(stream, 'close');
  return [told, text, stream.rstCode, stream.aborted, stream.closed, stream.destroyed];
}

program('requests of the compatible API', async (fact, t) => {
  const { session, port } = await pair(t, (req, res) => {
    fact(
      'req',
      req.method,
      req.url,
      req.httpVersion,
      req.authority.replace(port, 'port'),
      req.scheme,
      req.complete,
      req.aborted,
      Object.keys(req.headers),
    );
    fact('res', res.statusCode, res.headersSent, res.finished, res.writableEnded, res.sendDate);
    let body = '';
    req
      .on('data', (data) => (body += data))
      .on('end', () => {
        fact('body', body, req.complete, req.readableEnded);
        res.setHeader('X-A', 'b');
        res.appendHeader('x-a', 'c');
        fact(
          'names',
          res.getHeaderNames(),
          res.getHeader('x-a'),
          res.hasHeader('X-A'),
          res.getHeaders(),
        );
        res.setHeader('Trailer', 'x-t');
        res.addTrailers({ 'x-t': '1' });
        res.writeHead(201, { 'x-b': 'd' });
        res.write('one');
        res.end('two', () => fact('ended', res.headersSent, res.finished));
      });
  });
  fact(
    'POST',
    await ask(session, { ':method': 'POST', ':path': '/p?q', 'x-c': ['1', '2'] }, 'body'),
  );
  fact('GET', await ask(session, { ':path': '/' }));
  fact('HEAD', await ask(session, { ':method': 'HEAD' }));
});

program('what the compatible answers refuse', async (fact, t) => {
  const { session } = await pair(t, (req, res) => {
    for (const [name, run] of Object.entries({
      'setHeader :status': () => res.setHeader(':status', 200),
      'setHeader connection': () => res.setHeader('connection', 'close'),
      'setHeader bad': () => res.setHeader('a b', 'c'),
      'setHeader undefined': () => res.setHeader('a', undefined),
      'setHeader newline': () => res.setHeader('a', 'b\nc'),
      'statusCode 99': () => (res.statusCode = 99),
      'statusCode 101': () => (res.statusCode = 101),
      'statusCode 600': () => (res.statusCode = 600),
      statusMessage: () => (res.statusMessage = 'x'),
      'writeHead 1000': () => res.writeHead(1000),
      writeContinue: () => res.writeContinue(),
      writeEarlyHints: () => res.writeEarlyHints({ link: '</a>; rel=preload' }),
      'createPushResponse without a callback': () => res.createPushResponse({}),
      'req.setTimeout': () => req.setTimeout(50) === req,
      'res.setTimeout': () => res.setTimeout(50) === res,
    }))
      fact.of(name, run);
    res.writeHead(200);
    for (const [name, run] of Object.entries({
      setHeader: () => res.setHeader('a', 'b'),
      removeHeader: () => res.removeHeader('a'),
      writeHead: () => res.writeHead(200),
      statusCode: () => (res.statusCode = 201),
      sendDate: () => (res.sendDate = false),
    }))
      fact.of(`after the head: ${name}`, run);
    res.end();
    fact.of('end again', () => res.end('x', () => fact('end again')) === res);
    fact.of('write after end', () => res.write('x', (error) => fact('write', error)));
  });
  fact('answer', await ask(session, { ':path': '/' }));
});

program('streams that end early', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream, headers) => {
    fact.events(
      headers[':path'],
      stream,
      ['aborted', 'close', 'end', 'finish', 'error'],
      (name, args) => args.filter((one) => one instanceof Error).map((one) => one.code),
    );
    const path = headers[':path'];
    if (path === '/close') stream.close(http2.constants.NGHTTP2_CANCEL);
    else if (path === '/destroy') stream.destroy();
    else if (path === '/error') stream.destroy(new Error('mine'));
    else if (path === '/half') {
      stream.respond({ ':status': 200 });
      stream.write('half');
      setImmediate(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
    } else if (path === '/trailers') {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ a: 'b' }));
      stream.end('x');
    } else if (path === '/info') {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond({ ':status': 200 }, { endStream: true });
    }
  });
  for (const path of ['/close', '/destroy', '/error', '/half', '/trailers', '/info'])
    fact(path, await ask(session, { ':path': path }));
  const signalled = session.request({ ':path': '/wait' }, { signal: AbortSignal.abort() });
  signalled.on('error', (error) => fact('signal', error.name, error.code));
  await event(signalled, 'close');
});

program('sessions', async (fact, t) => {
  const { server, session, port } = await pair(t, (req, res) => res.end('x'));
  fact(
    'client',
    session.type,
    session.encrypted,
    session.alpnProtocol,
    session.closed,
    session.destroyed,
    session.connecting,
    session.originSet,
    session.pendingSettingsAck,
  );
  fact('settings', session.localSettings, session.remoteSettings);
  fact('state', Object.keys(session.state).sort());
  fact(
    'ping',
    await new Promise((done) =>
      session.ping((error, ms, payload) => done([error, typeof ms, payload.length])),
    ),
  );
  for (const payload of [5, 'x', Buffer.alloc(7)])
    fact.of('bad ping', () => session.ping(payload, () => {}));
  fact(
    'settings',
    await new Promise((done) => session.settings({ enablePush: false }, (error) => done([error]))),
  );
  fact.of('bad settings', () => session.settings({ maxFrameSize: 5 }));
  fact.of('goaway', () => session.goaway(5, 0, 'x'));
  for (const headers of [
    { ':path': '' },
    { ':bad': 'x' },
    { connection: 'close' },
    { ':method': 'CONNECT' },
    { ':authority': 5 },
    null,
    5,
  ])
    fact.of(`request ${JSON.stringify(headers)}`, () => {
      const stream = session.request(headers);
      stream.on('error', () => {});
      stream.close();
      return 'a stream';
    });
  session.close(() => fact('close callback'));
  await event(session, 'close');
  fact('closed', session.closed, session.destroyed);
  fact.of('request when closed', () => session.request({}));
  for (const authority of ['x', '', 5, null, 'ftp://a', {}])
    fact.of(`connect ${JSON.stringify(authority)}`, () => {
      const one = http2.connect(authority);
      one.on('error', () => {});
      one.destroy();
      return 'a session';
    });
  const refused = http2.connect('http://127.0.0.1:1');
  fact('refused', (await event(refused, 'error')).code);
  fact(
    'server',
    server.listening,
    typeof server.updateSettings,
    typeof server.setTimeout,
    server.timeout,
    port > 0,
  );
});
