'use strict';
// What the page of http says of ServerResponse, and of requests that are given up.
const http = require('http');
const { program, event, soon } = require('./harness');
const { answer, get, serve } = require('./shared/http_server');
const { dial } = require('./peers');

const told = (_name, args) =>
  args.filter((one) => one instanceof Error).map((one) => [one.name, one.code, one.message]);

program('answers before the answer', async (fact, t) => {
  const cases = {
    writeContinue: (res) => res.writeContinue(() => fact('callback')),
    writeProcessing: (res) => res.writeProcessing(() => fact('callback')),
    writeEarlyHints: (res) =>
      res.writeEarlyHints({ link: '</a>; rel=preload' }, () => fact('callback')),
    'two links': (res) =>
      res.writeEarlyHints({
        link: ['</a>; rel=preload', '</b>; rel=preload; as=style'],
        'x-y': 'z',
      }),
    'no link': (res) => res.writeEarlyHints({ 'x-y': 'z' }),
    'an empty list': (res) => res.writeEarlyHints({ link: [] }, () => fact('callback')),
    'a bad link': (res) => res.writeEarlyHints({ link: 'bad' }),
    'a bad value': (res) => res.writeEarlyHints({ link: '</a>; rel=preload', x: 'a\nb' }),
    'a bad name': (res) => res.writeEarlyHints({ link: '</a>; rel=preload', 'a b': 'x' }),
    'hints that are none': (res) => res.writeEarlyHints('x'),
    'hints undefined': (res) => res.writeEarlyHints(),
    'a bad callback': (res) => res.writeEarlyHints({ link: '</a>; rel=preload' }, 5),
    'writeInformation 110': (res) =>
      res.writeInformation(110, { 'X-Progress': '50%' }, () => fact('callback')),
    'writeInformation list': (res) => res.writeInformation(103, ['A', 'b', 'A', 'c']),
    'writeInformation callback': (res) => res.writeInformation(199, () => fact('callback')),
    'writeInformation alone': (res) => res.writeInformation(100),
    'writeInformation 101': (res) => res.writeInformation(101),
    'writeInformation 200': (res) => res.writeInformation(200),
    'writeInformation 99': (res) => res.writeInformation(99),
    'writeInformation text': (res) => res.writeInformation('110'),
    'writeInformation nothing': (res) => res.writeInformation(),
    'writeInformation null': (res) => res.writeInformation(110, null),
    'writeInformation bad field': (res) => res.writeInformation(110, { 'a b': 'c' }),
    'writeInformation bad value': (res) => res.writeInformation(110, { a: 'c\n' }),
    'writeInformation number': (res) => res.writeInformation(110, 5),
  };
  for (const [name, use] of Object.entries(cases)) {
    const { port } = await serve(t, {}, (req, res) => {
      fact.of(
        name,
        () => use(res),
        (result) => typeof result,
      );
      fact('state', res.headersSent, res._sent100);
      res.end('end');
    });
    fact('answer', await answer(t, port, get()));
  }
});

program('the body of an answer', async (fact, t) => {
  const cases = {
    strictContentLength: (req, res) => {
      res.strictContentLength = true;
      res.setHeader('Content-Length', 5);
      fact.of('write', () => res.write('abcdefg'));
      fact.of('end', () => res.end('x') === res);
    },
    'strictContentLength, too short': (req, res) => {
      res.strictContentLength = true;
      res.setHeader('Content-Length', 5);
      fact.of('end', () => res.end('x') === res);
    },
    'too long without it': (req, res) => res.writeHead(200, { 'Content-Length': 2 }).end('abcd'),
    trailers: (req, res) => {
      res.writeHead(200, { Trailer: 'X-T' });
      res.write('a');
      res.addTrailers({ 'X-T': '1', 'X-U': '2' });
      res.end();
    },
    'trailers without chunks': (req, res) => {
      res.setHeader('Content-Length', 1);
      res.addTrailers({ 'X-T': '1' });
      res.end('a');
    },
    flushHeaders: (req, res) => {
      res.setHeader('X-A', 'b');
      res.flushHeaders();
      fact('sent', res.headersSent, res.getHeaders());
      setTimeout(() => res.end('late'), 10);
    },
    cork: (req, res) => {
      res.cork();
      res.write('a');
      res.write('b');
      fact('corked', res.writableCorked, res.writableLength);
      res.uncork();
      res.end('c');
    },
    'end(data, encoding, callback)': (req, res) =>
      res.end('616263', 'hex', (error) => fact('ended', error, res.writableFinished)),
    'an empty write': (req, res) => {
      fact('write', res.write(''), res.headersSent);
      res.end();
    },
    'sendDate false': (req, res) => {
      res.sendDate = false;
      res.end('x');
    },
    'statusMessage of its own': (req, res) => {
      res.statusMessage = 'Mine';
      res.end('x');
    },
    'a bad statusMessage': (req, res) => {
      res.statusMessage = 'a\nb';
      fact.of('end', () => res.end('x'));
      res.destroy();
    },
    'an unknown status': (req, res) => {
      res.statusCode = 299;
      res.end('x');
    },
    'a bad statusCode': (req, res) => {
      for (const status of [0, 99, 1000, 'x']) {
        res.statusCode = status;
        fact.of('end', () => res.end('x'));
      }
      res.statusCode = 200;
      res.end('y');
    },
    'HEAD with a body': (req, res) => res.end('body'),
    'Transfer-Encoding removed': (req, res) => {
      res.removeHeader('Transfer-Encoding');
      res.write('a');
      res.end('b');
    },
    'Connection removed': (req, res) => {
      res.removeHeader('Connection');
      res.end('x');
    },
    'Content-Length removed': (req, res) => {
      res.removeHeader('Content-Length');
      res.end('x');
    },
    'Date removed': (req, res) => {
      res.removeHeader('Date');
      res.end('x');
    },
    'Connection: close': (req, res) => {
      res.setHeader('Connection', 'close');
      res.end('x');
    },
    'shouldKeepAlive false': (req, res) => {
      res.shouldKeepAlive = false;
      res.end('x');
    },
    'own Keep-Alive': (req, res) => {
      res.setHeader('Keep-Alive', 'timeout=9');
      res.end('x');
    },
    'latin1 values': (req, res) => {
      res.setHeader('X', '\u00e4');
      fact.of('wide', () => res.setHeader('X', '\u4e2d'));
      res.end('\u00e4', 'latin1');
    },
    'writeHead twice': (req, res) => {
      fact('chain', res.writeHead(200) === res);
      fact.of('again', () => res.writeHead(201));
      res.end();
    },
    properties: (req, res) => {
      fact(
        'before',
        res.writableEnded,
        res.writableFinished,
        res.headersSent,
        res.socket === req.socket,
        res.req === req,
        res.connection === req.socket,
      );
      res.on('finish', () =>
        fact(
          'finish',
          res.socket === null,
          res.writableFinished,
          req.socket !== null,
          res.writableLength,
        ),
      );
      res.end('x');
      fact('after', res.writableEnded, res.finished, res.headersSent, res.statusMessage);
    },
  };
  for (const [name, use] of Object.entries(cases)) {
    const { port } = await serve(t, {}, (req, res) => {
      fact.events(name, res, ['error', 'finish', 'close'], told);
      use(req, res);
    });
    const text = name.startsWith('HEAD') ? get().replace('GET', 'HEAD') : get();
    fact('answer', await answer(t, port, text));
  }
});

program('requests that are given up', async (fact, t) => {
  for (const [name, use] of Object.entries({
    'req.destroy() in the turn of a whole POST': (req) => req.destroy(),
    'req.destroy(error) in the turn of a whole POST': (req) => req.destroy(new Error('mine')),
    'res.destroy() in the turn of a whole POST': (req, res) => res.destroy(),
    'req.destroy() a turn later': (req) => setImmediate(() => req.destroy()),
    'req.destroy() in data': (req) => req.on('data', () => req.destroy()),
    'req.destroy() in end': (req) => req.on('end', () => req.destroy()).resume(),
    'req.pause() and res.end()': (req, res) => {
      req.pause();
      res.end('x');
    },
  })) {
    const { port } = await serve(t, {}, (req, res) => {
      fact.events('req', req, ['aborted', 'end', 'error', 'close'], told);
      fact.events('res', res, ['finish', 'error', 'close'], told);
      req.signal?.addEventListener('abort', () => fact('signal', req.signal.reason?.name));
      use(req, res);
      setTimeout(
        () =>
          fact(
            'later',
            req.destroyed,
            req.aborted,
            req.complete,
            req.readableEnded,
            res.destroyed,
            res.closed,
            req.closed,
          ),
        25,
      );
    });
    fact(
      name,
      await answer(t, port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody', 50),
    );
  }
});

program('req.signal', async (fact, t) => {
  const { port } = await serve(t, {}, (req, res) => {
    const { signal } = req;
    fact('signal', signal instanceof AbortSignal, signal === req.signal, signal.aborted);
    signal.addEventListener('abort', () =>
      fact('abort', req.url, signal.reason.name, signal.reason.code),
    );
    if (req.url === '/end') res.end('x');
    res.on('close', () => setTimeout(() => fact('closed', req.url, signal.aborted), 5));
  });
  fact('answered', await answer(t, port, get('/end')));
  const peer = await dial(t, port);
  peer.send(get('/wait'));
  await soon();
  peer.socket.destroy();
  await soon();
  const req = http.get({ port, host: '127.0.0.1', path: '/end', agent: false });
  const res = await event(req, 'response');
  fact('of a response', res.signal?.aborted, typeof res.signal);
  res.resume();
  await event(req, 'close');
  fact('of a response', res.signal?.aborted);
});
