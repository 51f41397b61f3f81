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
    else if (path === '/trailers') {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ a: 'b' }));
      stream.end('x');
    } else if (path === '/info') {
      stream.additionalHeaders({ ':status': 103, link: '</a>' });
      stream.respond({ ':status': 200 }, { endStream: true });
    }
  });
  for (const path of ['/close', '/destroy', '/error', '/trailers', '/info'])
    fact(path, await ask(session, { ':path': path }));
  const signalled = session.request({ ':path': '/wait' }, { signal: AbortSignal.abort() });
  signalled.on('error', (error) => fact('signal', error.name, error.code));
  await event(signalled, 'close');
});
