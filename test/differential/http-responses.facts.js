'use strict';
// What the page of http says of what a client gets.
const http = require('http');
const net = require('net');
const { program, event, soon } = require('./harness');
const { OK, ask } = require('./shared/http_client');
const { accept } = require('./peers');

program('what comes before an answer', async (fact, t) => {
  const port = await accept(t, async (peer) => {
    const text = await peer.until(/\r\n\r\n/);
    if (text.includes('/100')) peer.send(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
    else if (text.includes('/103'))
      peer.send(`HTTP/1.1 103 Early Hints\r\nLink: a\r\nLink: b\r\n\r\n${OK}`);
    else if (text.includes('/102'))
      peer.send(`HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 110 X\r\nA: b\r\n\r\n${OK}`);
    else if (text.includes('/101'))
      peer.send('HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nhead');
    else if (text.startsWith('CONNECT')) peer.send('HTTP/1.1 200 Yes\r\n\r\nhead');
  });
  const base = { host: '127.0.0.1', port, agent: false };
  for (const path of ['/100', '/102', '/103']) await ask(fact, path, { ...base, path });
  for (const options of [
    { path: '/101', headers: { Connection: 'Upgrade', Upgrade: 'foo' } },
    { method: 'CONNECT', path: 'a.test:80' },
  ]) {
    await ask(fact, `${options.path} without a listener`, { ...base, ...options });
    const name = options.method ? 'connect' : 'upgrade';
    const req = await ask(fact, name, { ...base, ...options }, (one) => {
      one.on(name, (res, socket, head) => {
        fact(
          name,
          res.statusCode,
          res.statusMessage,
          res.headers,
          head,
          socket === one.socket,
          socket instanceof net.Socket,
        );
        fact(
          'state',
          one.destroyed,
          one.reusedSocket,
          socket.listenerCount('data'),
          socket.readableFlowing,
        );
        socket.destroy();
      });
      one.end();
    });
    fact(name, req.destroyed, req.upgradeOrConnect);
  }
  const req = http.request({ ...base, path: '/103' });
  req.on('information', (info) => fact('information', info));
  req.on('response', (res) => res.resume());
  req.end();
  await event(req, 'close');
});

program('the message that answers', async (fact, t) => {
  const texts = {
    '/dup':
      'HTTP/1.1 200\r\nSet-Cookie: a\r\nset-cookie: b\r\nX-A: 1\r\nx-a: 2\r\nAge: 1\r\nAge: 2\r\nCookie: c\r\nCookie: d\r\nETag: 1\r\nETag: 2\r\nContent-Length: 0\r\n\r\n',
    '/trailers':
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\nx-t: 2\r\nSet-Cookie: s\r\n\r\n',
    '/10': 'HTTP/1.0 200 OK\r\n\r\nab',
    '/204': 'HTTP/1.1 204 No\r\n\r\n',
    '/304': 'HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\n',
    '/reason': 'HTTP/1.1 404 Nothing here\r\nContent-Length: 0\r\n\r\n',
    '/999': 'HTTP/1.1 999 \r\nContent-Length: 0\r\n\r\n',
    '/folded': 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n',
    '/empty': 'HTTP/1.1 200 OK\r\nA:\r\nB:  x  \r\nContent-Length: 0\r\n\r\n',
    '/latin1': 'HTTP/1.1 200 \u00e4\r\nA: \u00e4\r\nContent-Length: 0\r\n\r\n',
    '/te-cl': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '/cl-cl': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab',
    '/cl-cl-differ': 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nab',
    '/ext': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nab\r\n0\r\n\r\n',
    '/head': 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
    '/version': 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n',
    '/nocolon': 'HTTP/1.1 200 OK\r\nabc\r\n\r\n',
    '/control': 'HTTP/1.1 200 OK\r\nA: \x01\r\nContent-Length: 0\r\n\r\n',
    '/lf': 'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
    '/long': `HTTP/1.1 200 OK\r\nA: ${'x'.repeat(20000)}\r\nContent-Length: 0\r\n\r\n`,
  };
  const port = await accept(t, async (peer) => {
    const path = /^\S+ (\S+)/.exec(await peer.until(/\r\n\r\n/))[1];
    peer.send(texts[path]);
    if (path === '/10') peer.socket.end();
  });
  for (const path of Object.keys(texts)) {
    const options = {
      host: '127.0.0.1',
      port,
      agent: false,
      path,
      method: path === '/head' ? 'HEAD' : 'GET',
    };
    const req = http.request(options);
    req.on('error', (error) =>
      fact(`${path} error`, error.code, error.message, error.bytesParsed, error.reason),
    );
    req.on('response', (res) => {
      fact(path, res.statusCode, res.statusMessage, res.httpVersion, res.headers, res.rawHeaders);
      fact(
        path,
        res.headersDistinct,
        res.complete,
        res.method,
        res.url,
        res.req === req,
        res.socket === req.socket,
      );
      res.on('error', (error) => fact(`${path} res error`, error.code));
      res.on('data', (data) => fact(`${path} data`, data));
      res.on('end', () =>
        fact(`${path} end`, res.trailers, res.rawTrailers, res.trailersDistinct, res.complete),
      );
    });
    req.end();
    await Promise.race([event(req, 'close'), soon(200)]);
    req.destroy();
  }
  for (const options of [
    { joinDuplicateHeaders: true },
    { maxHeaderSize: 30 },
    { maxHeaderSize: 30000, path: '/long' },
    { insecureHTTPParser: true, path: '/control' },
    { httpValidation: 'relaxed', path: '/latin1' },
    { httpValidation: 'strict', path: '/latin1' },
    { httpValidation: 'insecure', path: '/control' },
  ]) {
    const req = http.request({ host: '127.0.0.1', port, agent: false, path: '/dup', ...options });
    req.on('error', (error) => fact(JSON.stringify(options), error.code));
    req.on('response', (res) => {
      fact(
        JSON.stringify(options),
        Object.keys(res.headers),
        res.headers['x-a'],
        res.headers.cookie,
        res.headers.age,
      );
      res.resume();
    });
    req.end();
    await Promise.race([event(req, 'close'), soon(200)]);
    req.destroy();
  }
});
