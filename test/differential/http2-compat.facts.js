'use strict';
// What Http2ServerRequest and Http2ServerResponse do, as the page of http2 says.
const http2 = require('http2');
const { program, event, soon } = require('./harness');
const { attempt, pair, watch } = require('./shared/http2');

/** The answer to a request, of which dates are left out. */
async function ask(session, headers = {}, body) {
  const stream = session.request(headers, { endStream: body === undefined });
  const told = watch(stream, ['error', 'aborted']);
  let text = '';
  const heads = [];
  const clean = ({ date, ...rest }) => ({ ...rest, ...(date ? { date: 'a date' } : {}) });
  stream.on('headers', (one) => heads.push(clean(one)));
  stream.on('response', (one) => heads.push(clean(one)));
  stream.on('trailers', (one) => heads.push(clean(one)));
  stream.setEncoding('utf8').on('data', (data) => (text += data));
  if (body !== undefined) stream.end(body);
  await Promise.race([event(stream, 'close'), soon(500)]);
  return [heads, text, stream.rstCode, ...told];
}

const answers = {
  'writeHead(200)': (req, res) => res.writeHead(200).end('x'),
  'writeHead(200, text)': (req, res) => res.writeHead(200, 'Fine', { a: 'b' }).end('x'),
  'writeHead(200, object)': (req, res) => res.writeHead(200, { a: ['b', 'c'] }).end('x'),
  'writeHead(200, list)': (req, res) => res.writeHead(200, ['a', 'b', 'a', 'c']).end('x'),
  'writeHead(200, pairs)': (req, res) =>
    res
      .writeHead(200, [
        ['a', 'b'],
        ['c', 'd'],
      ])
      .end('x'),
  'writeHead twice': (req, res, fact) => {
    res.writeHead(200);
    fact(
      'again',
      attempt(() => typeof res.writeHead(201)),
    );
    res.write('x');
    fact(
      'late',
      attempt(() => typeof res.writeHead(202)),
    );
    res.end();
  },
  'writeHead(99)': (req, res, fact) => {
    for (const status of [99, 100, 101, 600, 'x', undefined, 204.7])
      fact(
        `${status}`,
        attempt(() => res.writeHead(status) === res),
      );
    res.end();
  },
  statusCode: (req, res, fact) => {
    for (const status of [99, 101, 150, 199, 600, 'x', 404.5])
      fact(
        `${status}`,
        attempt(() => (res.statusCode = status)),
        res.statusCode,
      );
    res.end('x');
  },
  statusMessage: (req, res, fact) => {
    fact(
      'message',
      res.statusMessage,
      attempt(() => (res.statusMessage = 'x')),
      res.statusMessage,
    );
    res.end();
  },
  setHeader: (req, res, fact) => {
    for (const args of [
      ['a', 'b'],
      ['A', 5],
      ['c', ['d', 'e']],
      ['f', undefined],
      ['g', null],
      ['', 'x'],
      [':status', 5],
      ['connection', 'close'],
      ['h i', 'x'],
      ['j', 'k\r\n'],
      ['l', 'ä€'],
      ['  m ', 'n'],
      [5, 'x'],
      ['te', 'x'],
      ['transfer-encoding', 'chunked'],
    ])
      fact(
        JSON.stringify(args),
        attempt(() => typeof res.setHeader(...args)),
      );
    fact(
      'names',
      res.getHeaderNames(),
      res.getHeaders(),
      res.getHeader('A'),
      res.hasHeader('M'),
      Object.getPrototypeOf(res.getHeaders()),
    );
    res.removeHeader('C');
    for (const name of ['removeHeader', 'getHeader', 'hasHeader'])
      fact(
        name,
        attempt(() => typeof res[name](5)),
        attempt(() => typeof res[name](':status')),
      );
    for (const args of [
      ['a', 'z'],
      ['new', ['1', '2']],
      ['new', '3'],
      ['x', undefined],
      ['', 'x'],
    ])
      fact(
        `append ${args}`,
        attempt(() => typeof res.appendHeader(...args)),
      );
    res.end();
    for (const name of ['setHeader', 'appendHeader', 'removeHeader', 'getHeader'])
      fact(
        `late ${name}`,
        attempt(() => typeof res[name]('a', 'b')),
      );
  },
  'write and end': (req, res, fact) => {
    fact('write', res.write('a'), res.headersSent, res.writableEnded, res.finished);
    fact(
      'empty',
      attempt(() => res.write('')),
    );
    fact(
      'number',
      attempt(() => res.write(5)),
    );
    fact(
      'null',
      attempt(() => res.write(null)),
    );
    fact(
      'latin1',
      res.write('ä', 'latin1', (error) => fact('written', error)),
    );
    fact('end', res.end('z', 'utf8', () => fact('ended')) === res, res.writableEnded, res.finished);
    fact(
      'late',
      attempt(() => res.write('x', (error) => fact('late callback', error?.code))),
    );
    fact('again', res.end(() => fact('ended twice')) === res);
  },
  'end(callback)': (req, res, fact) => fact('end', res.end(() => fact('ended')) === res),
  trailers: (req, res, fact) => {
    res.setTrailer('a', 'b');
    res.addTrailers({ c: 'd', E: ['f', 'g'] });
    for (const args of [
      [':x', '1'],
      ['', '1'],
      ['a b', '1'],
      ['ok', undefined],
    ])
      fact(
        `${args}`,
        attempt(() => res.setTrailer(...args)),
      );
    res.end('x');
  },
  information: (req, res, fact) => {
    fact(
      'continue',
      attempt(() => res.writeContinue()),
    );
    fact(
      'hints',
      attempt(() => res.writeEarlyHints({ link: '</a>; rel=preload' })),
    );
    fact(
      'hints of another',
      attempt(() =>
        res.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'], x: 'y' }),
      ),
    );
    for (const hints of [5, {}, { link: '' }, { link: 'nonsense' }, { link: [] }, { link: 5 }])
      fact(
        JSON.stringify(hints),
        attempt(() => res.writeEarlyHints(hints)),
      );
    for (const args of [[103], [102, { a: 'b' }], [101], [200], [99], ['x'], [150, 5]])
      fact(
        `writeInformation ${JSON.stringify(args)}`,
        attempt(() => res.writeInformation(...args)),
      );
    res.end();
    fact(
      'late',
      attempt(() => res.writeContinue()),
      attempt(() => res.writeEarlyHints({ link: '</a>; rel=preload' })),
    );
  },
  sendDate: (req, res, fact) => {
    fact('sendDate', res.sendDate);
    res.sendDate = false;
    fact('sendDate', res.sendDate);
    res.end();
  },
  members: (req, res, fact) => {
    fact(
      'req',
      req.httpVersion,
      req.httpVersionMajor,
      req.httpVersionMinor,
      req.complete,
      req.aborted,
      req.readable,
      req.rawTrailers,
      req.trailers,
    );
    fact(
      'same',
      req.stream === res.stream,
      req.socket === res.socket,
      req.connection === req.socket,
      res.connection === res.socket,
      res.req === req,
    );
    fact(
      'res',
      res.writableCorked,
      res.writableHighWaterMark,
      res.writableLength,
      res.writableFinished,
      res.writableNeedDrain,
      res.destroyed,
      res.writable,
      res._header,
    );
    res.cork();
    res.cork();
    fact('corked', res.writableCorked);
    res.uncork();
    for (const name of ['url', 'method'])
      fact(
        name,
        attempt(() => (req[name] = 'x')),
        req[name],
      );
    for (const value of ['', 5, ' '])
      fact(
        `method ${value}`,
        attempt(() => (req.method = value)),
      );
    fact(
      'authority',
      attempt(() => (req.authority = 'x')),
      req.scheme,
      attempt(() => (req.scheme = 'x')),
      req.scheme,
    );
    fact(
      'socket',
      attempt(() => typeof req.socket.write('x')),
      attempt(() => typeof req.socket.pause()),
      req.socket.destroyed,
      req.socket.readable,
      req.socket.writable,
    );
    res.uncork();
    res.end();
    fact('after', res.socket === undefined, res.stream !== undefined);
  },
  timeouts: (req, res, fact) => {
    fact(
      'req',
      attempt(() => req.setTimeout(1000, () => {}) === req),
      attempt(() => res.setTimeout(1000) === res),
    );
    res.end();
  },
  'destroy()': (req) => req.destroy(),
  'destroy(error)': (req) => {
    req.on('error', () => {});
    req.destroy(new Error('mine'));
  },
  'res.destroy()': (req, res) => res.destroy(),
  'close code': (req) => req.stream.close(http2.constants.NGHTTP2_REFUSED_STREAM),
  'a push': (req, res, fact) => {
    for (const args of [[], [{}], ['x', () => {}], [null, () => {}]])
      fact(
        `push ${args.length}`,
        attempt(() => res.createPushResponse(...args)),
      );
    res.createPushResponse({ ':path': '/p' }, (error, pushed) => {
      fact('pushed', error, pushed?.constructor.name);
      pushed.end('y');
      res.end('x');
    });
  },
  'no body': (req, res) => res.writeHead(204).end('lost'),
  'not modified': (req, res) => res.writeHead(304, { etag: 'x' }).end('lost'),
};

for (const [name, answer] of Object.entries(answers))
  program(`an answer: ${name}`, async (fact, t) => {
    const { session } = await pair(t, {
      listener: (req, res) => {
        fact.events('req', req, ['aborted', 'close', 'end', 'error'], () => []);
        fact.events('res', res, ['close', 'error', 'timeout'], () => []);
        req.resume();
        answer(req, res, fact);
      },
    });
    fact('GET', ...(await ask(session, { ':path': '/x?y' })));
    await soon(20);
  });

program('HEAD', async (fact, t) => {
  const { session } = await pair(t, {
    listener: (req, res) => {
      res.setHeader('content-length', '3');
      fact('write', res.write('abc'));
      res.end();
    },
  });
  fact('HEAD', ...(await ask(session, { ':method': 'HEAD' })));
});

program('Expect', async (fact, t) => {
  const { server, session } = await pair(t, { listener: (req, res) => res.end('request') });
  fact('continue', ...(await ask(session, { expect: '100-continue', ':method': 'POST' }, 'x')));
  fact('other', ...(await ask(session, { expect: 'x' })));
  server.on('checkContinue', (req, res) => {
    res.writeContinue();
    res.end('checked');
  });
  server.on('checkExpectation', (req, res) => res.writeHead(417).end('refused'));
  fact('continue', ...(await ask(session, { expect: '100-continue', ':method': 'POST' }, 'x')));
  fact('other', ...(await ask(session, { expect: 'x' })));
});

program('bodies and trailers of requests', async (fact, t) => {
  const { session } = await pair(t, {
    listener: async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      fact('req', body, req.trailers, req.rawTrailers, req.complete, req.headers['content-length']);
      res.end();
    },
  });
  const stream = session.request({ ':method': 'POST' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ a: 'b' }));
  stream.resume();
  stream.end('body');
  await event(stream, 'close');
  fact('empty POST', ...(await ask(session, { ':method': 'POST' }, '')));
  fact('too much', ...(await ask(session, { ':method': 'POST', 'content-length': '1' }, 'abc')));
  fact('too little', ...(await ask(session, { ':method': 'POST', 'content-length': '9' }, 'abc')));
});

program('a client that goes', async (fact, t) => {
  const arrived = Promise.withResolvers();
  const { session } = await pair(t, { listener: (req, res) => arrived.resolve([req, res]) });
  const stream = session.request({ ':method': 'POST' });
  stream.on('error', () => {});
  stream.write('x');
  const [req, res] = await arrived.promise;
  fact.events('req', req, ['aborted', 'close', 'end', 'error'], (name, args) =>
    args.map((one) => one?.code),
  );
  fact.events('res', res, ['close', 'error'], (name, args) => args.map((one) => one?.code));
  req.resume();
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await soon(60);
  fact(
    'state',
    req.aborted,
    req.complete,
    req.destroyed,
    req.readableEnded,
    res.writableEnded,
    res.destroyed,
    res.headersSent,
  );
  fact(
    'late',
    attempt(() => res.write('x', (error) => fact('written', error?.code))),
    attempt(() => res.end() === res),
    attempt(() => typeof res.setHeader('a', 'b')),
    attempt(() => res.writeHead(200) === res),
  );
  fact(
    'push',
    attempt(() => res.createPushResponse({}, (error) => fact('pushed', error?.code))),
  );
  await soon(20);
});
