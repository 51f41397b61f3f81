'use strict';
const http = require('http');
const util = require('util');
const { Readable, pipeline, addAbortSignal } = require('stream');
const { program } = require('./harness');
const { listen, dial, stable } = require('./peers');

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const LIFE = ['aborted', 'end', 'error', 'close', 'finish', 'prefinish', 'drain', 'pipe', 'unpipe'];

/** Serves with listener; the life of requests and responses are facts. */
async function serve(t, fact, listener, options = {}) {
  const server = http.createServer(options, (req, res) => {
    fact.events('req', req, LIFE, (name, args) => args.filter((one) => one instanceof Error));
    fact.events('res', res, LIFE, (name, args) => args.filter((one) => one instanceof Error));
    listener(req, res);
  });
  server.on('connection', (socket) => {
    fact.events('socket', socket, ['close']);
    socket.on('error', (error) => fact('socket: error', error));
  });
  return { server, port: await listen(t, server) };
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 60));

program('what the module exports', (fact) => {
  fact('names', Object.keys(http).sort());
  fact('METHODS', http.METHODS);
  fact('STATUS_CODES', http.STATUS_CODES);
  fact('maxHeaderSize', http.maxHeaderSize);
});

for (const [name, end] of Object.entries({
  'res.end()': (req, res) => res.end('ok'),
  'res.destroy()': (req, res) => res.destroy(),
  'res.destroy(error)': (req, res) => res.destroy(new Error('mine')),
  'res.destroy() after the head': (req, res) => {
    res.write('part');
    setImmediate(() => res.destroy());
  },
  'res.destroy() after end()': (req, res) => {
    res.end('ok');
    res.destroy();
  },
  'req.destroy()': (req) => req.destroy(),
  'req.destroy(error)': (req) => req.destroy(new Error('mine')),
  'req.destroy() after its end': (req) => req.on('end', () => req.destroy()).resume(),
  'req.destroy() after res.end()': (req, res) => {
    res.end('ok');
    req.destroy();
  },
  'a pipeline whose source fails': (req, res) =>
    pipeline(
      new Readable({
        read() {
          this.push('part');
          this.destroy(new Error('source'));
        },
      }),
      res,
      () => {},
    ),
  'an abort signal of the response': (req, res) => {
    const controller = new AbortController();
    addAbortSignal(controller.signal, res);
    res.write('part');
    setImmediate(() => controller.abort());
  },
  'req.socket.destroy()': (req) => req.socket.destroy(),
  'req.socket.end()': (req) => req.socket.end(),
  'an error in writeHead()': (req, res) => {
    res.on('error', () => {});
    try {
      res.writeHead(99);
    } catch {
      res.destroy();
    }
  },
}))
  program(`a server that answers by ${name}`, async (fact, t) => {
    const { port } = await serve(t, fact, (req, res) => {
      res.on('error', () => {});
      req.on('error', () => {});
      end(req, res);
    });
    const peer = await dial(t, port);
    peer.send(GET);
    // A request that was read to its end may be destroyed, and its connection stays.
    await Promise.race([peer.until(/ok|never/), new Promise((done) => setTimeout(done, 500))]);
    // What the reset of the connection overtakes is lost or not.
    if (name !== 'req.destroy() after res.end()')
      fact(
        'answer',
        stable(peer.text),
        name === 'res.end()' ? '' : peer.ended || peer.socket.destroyed,
      );
    peer.socket.destroy();
    await soon();
  });

for (const [name, leave] of Object.entries({
  'ends its side': (peer) => peer.socket.end(),
  resets: (peer) => peer.socket.resetAndDestroy(),
  closes: (peer) => peer.socket.destroy(),
}))
  for (const [moment, head, part] of [
    ['while it waits for an answer', GET, false],
    ['in the middle of an answer', GET, true],
    [
      'in the middle of its body',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc',
      false,
    ],
    ['in the middle of its head', 'GET / HT', false],
  ])
    program(`a client that ${name} ${moment}`, async (fact, t) => {
      let seen;
      const asked = new Promise((resolve) => (seen = resolve));
      const { server, port } = await serve(t, fact, (req, res) => {
        req.on('error', () => {});
        req.resume();
        if (part) res.write('part');
        seen(res);
      });
      server.on('clientError', (error, socket) => {
        fact('clientError', error.code, error.message);
        socket.destroy();
      });
      const peer = await dial(t, port);
      peer.send(head);
      if (head.endsWith('HT')) await soon();
      else await asked;
      if (part) await peer.until(/part/);
      leave(peer);
      await peer.closed;
      await soon();
      if (!head.endsWith('HT')) {
        const res = await asked;
        fact('after', res.destroyed, res.writable, res.socket === null, res.closed, res.errored);
      }
    });

program('a server that answers after the client ended its side', async (fact, t) => {
  const { server, port } = await serve(t, fact, (req, res) => {
    req.resume();
    setTimeout(() => {
      fact('state', res.destroyed, res.writable);
      res.end('late');
    }, 50);
  });
  server.httpAllowHalfOpen = true;
  const peer = await dial(t, port);
  peer.send(GET);
  peer.socket.end();
  fact('answer', stable(await peer.until(/late/)));
  await peer.closed;
});

program('classes that older packages inherit from', (fact) => {
  for (const name of [
    'Agent',
    'IncomingMessage',
    'ServerResponse',
    'OutgoingMessage',
    'ClientRequest',
    'Server',
  ]) {
    function Own(...args) {
      http[name].apply(this, args);
      this.own = true;
    }
    util.inherits(Own, http[name]);
    const args =
      {
        Agent: [{ keepAlive: true }],
        ServerResponse: [{ method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1, headers: {} }],
        ClientRequest: [{ host: '127.0.0.1', port: 1 }],
      }[name] ?? [];
    fact.of(
      name,
      () => new Own(...args),
      (made) => {
        made.on?.('error', () => {});
        made.destroy?.();
        return [made instanceof http[name], made.own, typeof made.on];
      },
    );
    if (name === 'IncomingMessage' || name === 'ServerResponse') continue;
    fact.of(
      `${name} without new`,
      () => http[name](...args),
      (made) => {
        made.on?.('error', () => {});
        made.destroy?.();
        return made instanceof http[name];
      },
    );
    fact('own name', http[name].name, http[name].length);
  }
  fact(
    'ClientRequest is a',
    Object.getPrototypeOf(http.ClientRequest.prototype) === http.OutgoingMessage.prototype,
  );
  fact(
    'ServerResponse is a',
    Object.getPrototypeOf(http.ServerResponse.prototype) === http.OutgoingMessage.prototype,
  );
});

program('members of the classes', (fact) => {
  for (const name of [
    'Agent',
    'IncomingMessage',
    'ServerResponse',
    'OutgoingMessage',
    'ClientRequest',
    'Server',
  ])
    fact(
      name,
      Object.getOwnPropertyNames(http[name].prototype)
        .filter((one) => !one.startsWith('_'))
        .sort(),
    );
});

program('a new OutgoingMessage', (fact) => {
  const message = new http.OutgoingMessage();
  for (const name of [
    'chunkedEncoding',
    'destroyed',
    'finished',
    'headersSent',
    'sendDate',
    'shouldKeepAlive',
    'socket',
    'connection',
    'strictContentLength',
    'useChunkedEncodingByDefault',
    'writable',
    'writableCorked',
    'writableEnded',
    'writableFinished',
    'writableHighWaterMark',
    'writableLength',
    'writableObjectMode',
    'writableNeedDrain',
    'errored',
    'closed',
    'maxRequestsOnConnectionReached',
    '_header',
    '_hasBody',
    '_last',
    '_contentLength',
    'outputSize',
    'outputData',
    '_closed',
    '_trailer',
    '_keepAliveTimeout',
  ])
    fact(name, message[name]);
  fact.of('pipe', () => message.pipe({}));
  message.on('error', (error) => fact('error event', error));
  fact.of('write', () => message.write('x'));
  fact.of('setHeaders', () => message.setHeaders({}));
  fact.of('flushHeaders', () => message.flushHeaders());
});

program('a new IncomingMessage', (fact) => {
  const message = new http.IncomingMessage();
  for (const name of [
    'aborted',
    'complete',
    'destroyed',
    'headers',
    'headersDistinct',
    'httpVersion',
    'httpVersionMajor',
    'method',
    'rawHeaders',
    'rawTrailers',
    'socket',
    'connection',
    'statusCode',
    'statusMessage',
    'trailers',
    'trailersDistinct',
    'url',
    'upgrade',
    'client',
    'readableHighWaterMark',
    'joinDuplicateHeaders',
    '_consumed',
    '_dumped',
    'signal',
  ])
    fact.of(
      name,
      () => message[name],
      (value) => (name === 'signal' ? typeof value : value),
    );
});

program('a new ServerResponse', (fact) => {
  const res = new http.ServerResponse({
    method: 'GET',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    headers: {},
  });
  for (const name of [
    'statusCode',
    'statusMessage',
    'sendDate',
    'shouldKeepAlive',
    'chunkedEncoding',
    'writable',
    'headersSent',
    'req',
    'socket',
    '_sent100',
    '_expect_continue',
    'finished',
    'writableHighWaterMark',
  ])
    fact(name, res[name]);
  fact.of('assignSocket', () => res.writeHead(200) === res);
  fact.of('writeHead again', () => res.writeHead(200));
  for (const status of [99, 1000, 'x', '200', null, undefined, 200.7, NaN, {}])
    fact.of(
      `writeHead(${String(status)})`,
      () =>
        new http.ServerResponse({
          method: 'GET',
          httpVersionMajor: 1,
          httpVersionMinor: 1,
          headers: {},
        }).writeHead(status).statusCode,
    );
});

program('fields of a message', (fact) => {
  const message = new http.OutgoingMessage();
  for (const [name, value] of [
    ['A', 1],
    ['b', ['x', 'y']],
    ['c', undefined],
    ['', 'x'],
    ['d e', 'x'],
    ['f', 'a\r\nb'],
    ['g', '\u0100'],
    ['h', null],
    ['i', true],
    ['j', {}],
    ['k', []],
    [5, 'x'],
    ['l', ' x '],
    ['m', {}],
  ])
    fact.of(`setHeader ${String(name)}`, () => message.setHeader(name, value) === message);
  fact('names', message.getHeaderNames(), message.getRawHeaderNames(), message.getHeaders());
  for (const args of [['A'], ['a'], ['nope'], [], [5]]) {
    fact.of(`getHeader ${args}`, () => message.getHeader(...args));
    fact.of(`hasHeader ${args}`, () => message.hasHeader(...args));
    fact.of(`removeHeader ${args}`, () => message.removeHeader(...args));
  }
  for (const [name, value] of [
    ['A', 1],
    ['b', 'z'],
    ['b', ['q', 'r']],
    ['n', ['x']],
    ['o', undefined],
    ['p q', 'x'],
  ])
    fact.of(`appendHeader ${name}`, () => message.appendHeader(name, value) === message);
  fact('after', message.getHeaders());
  for (const value of [new Map([['x', '1']]), {}, [], null, 5, new Set(['a'])])
    fact.of('setHeaders', () => message.setHeaders(value) === message);
  fact('after', message.getHeaders());
  for (const trailers of [{ a: 'b' }, [['c', 'd']], { 'x y': 'z' }, { e: 'f\n' }, { g: undefined }])
    fact.of('addTrailers', () => message.addTrailers(trailers));
  for (const name of ['a', '', 'a b', 5, undefined, null, 'ä'])
    fact.of(`validateHeaderName ${String(name)}`, () => http.validateHeaderName(name));
  for (const value of ['a', '', undefined, null, 5, 'ä', '\u0100', 'a\nb', 'a\tb', '\x7f', []])
    fact.of(`validateHeaderValue ${String(value)}`, () => http.validateHeaderValue('x', value));
  fact.of('label', () => http.validateHeaderName('', 'My label'));
});

program('what write() and end() refuse', async (fact, t) => {
  const { port } = await serve(t, fact, (req, res) => {
    res.on('error', (error) => fact('error event', error));
    for (const value of [
      null,
      undefined,
      5,
      {},
      [],
      true,
      new DataView(new ArrayBuffer(1)),
      new Uint16Array(1),
      new ArrayBuffer(1),
    ])
      fact.of(`write ${String(value)}`, () => res.write(value));
    fact.of('end 5', () => res.end(5));
    fact.of('write bad encoding', () => res.write('x', 'nope'));
    fact(
      'write',
      res.write('body', () => fact('written')),
    );
    fact(
      'write empty',
      res.write('', () => fact('written empty')),
    );
    fact(
      'end',
      res.end('.', () => fact('ended')) === res,
      res.writableEnded,
      res.finished,
      res.writableFinished,
    );
    fact.of('end again', () => res.end(() => fact('ended again')) === res);
    fact.of(
      'end again with data',
      () => res.end('x', (error) => fact('ended with data', error)) === res,
    );
    fact.of('write after end', () => res.write('x', (error) => fact('write callback', error)));
  });
  const peer = await dial(t, port);
  peer.send(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  fact('answer', stable(await peer.until(/never/)));
});

program('setters after the head', async (fact, t) => {
  const { port } = await serve(t, fact, (req, res) => {
    res.flushHeaders();
    for (const [name, call] of Object.entries({
      setHeader: () => res.setHeader('a', 'b'),
      appendHeader: () => res.appendHeader('a', 'b'),
      removeHeader: () => res.removeHeader('a'),
      setHeaders: () => res.setHeaders(new Map()),
      writeHead: () => res.writeHead(200),
      writeContinue: () => res.writeContinue(),
      writeProcessing: () => res.writeProcessing(),
      writeEarlyHints: () => res.writeEarlyHints({ link: '<x>; rel=preload' }),
      writeInformation: () => res.writeInformation?.(110),
      statusCode: () => (res.statusCode = 201),
      assignSocket: () => res.assignSocket(req.socket),
    }))
      fact.of(name, call);
    res.end();
  });
  const peer = await dial(t, port);
  peer.send(GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  fact('answer', stable(await peer.until(/never/)));
});

program('options of createServer that are refused', (fact) => {
  for (const [name, options] of Object.entries({
    number: 5,
    text: 'x',
    null: null,
    'insecureHTTPParser text': { insecureHTTPParser: 'x' },
    'maxHeaderSize text': { maxHeaderSize: 'x' },
    'maxHeaderSize -1': { maxHeaderSize: -1 },
    'keepAliveTimeout text': { keepAliveTimeout: 'x' },
    'keepAliveTimeoutBuffer text': { keepAliveTimeoutBuffer: 'x' },
    'keepAliveTimeout -1': { keepAliveTimeout: -1 },
    'headersTimeout -1': { headersTimeout: -1 },
    'headersTimeout over requestTimeout': { headersTimeout: 5, requestTimeout: 3 },
    'requestTimeout text': { requestTimeout: 'x' },
    'requireHostHeader text': { requireHostHeader: 'x' },
    'joinDuplicateHeaders text': { joinDuplicateHeaders: 'x' },
    'rejectNonStandardBodyWrites text': { rejectNonStandardBodyWrites: 'x' },
    'optimizeEmptyRequests text': { optimizeEmptyRequests: 'x' },
    'shouldUpgradeCallback text': { shouldUpgradeCallback: 'x' },
    'connectionsCheckingInterval text': { connectionsCheckingInterval: 'x' },
    'uniqueHeaders text': { uniqueHeaders: 'x' },
    'highWaterMark text': { highWaterMark: 'x' },
    'IncomingMessage text': { IncomingMessage: 'x' },
  }))
    fact.of(
      name,
      () => http.createServer(options),
      () => 'a server',
    );
  for (const options of [
    {},
    { headersTimeout: 5 },
    { requestTimeout: 5 },
    { requestTimeout: 0 },
    { headersTimeout: 400000 },
    { requestTimeout: 0, headersTimeout: 0 },
    { keepAliveTimeout: 0 },
  ])
    fact.of(
      JSON.stringify(options),
      () => http.createServer(options),
      (server) => [
        server.headersTimeout,
        server.requestTimeout,
        server.keepAliveTimeout,
        server.keepAliveTimeoutBuffer,
        server.timeout,
        server.maxHeadersCount,
        server.maxRequestsPerSocket,
        server.httpAllowHalfOpen,
        server.connectionsCheckingInterval,
        server.requireHostHeader,
        server.joinDuplicateHeaders,
        server.rejectNonStandardBodyWrites,
        server.allowHalfOpen,
        server.noDelay,
        server.insecureHTTPParser,
        server.maxHeaderSize,
      ],
    );
});
