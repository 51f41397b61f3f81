'use strict';
// What http servers and clients send, byte by byte.
const http = require('http');
const { program } = require('./harness');
const { listen, dial, stable } = require('./peers');

async function answers(fact, t, options, listener, requests) {
  const server = http.createServer(options, listener);
  if (options.configure) options.configure(server);
  server.on('clientError', (error, socket) => {
    fact('clientError', error.code);
    if (options.ownClientError) socket.end('HTTP/1.1 400 Mine\r\n\r\n');
    else if (socket.writable) socket.destroy();
  });
  if (options.noClientError) server.removeAllListeners('clientError');
  const port = await listen(t, server);
  for (const request of requests) {
    const peer = await dial(t, port);
    const parts = [].concat(request);
    for (const part of parts) {
      peer.send(part);
      if (parts.length > 1) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.race([
      peer.until(/\|end|\r\n\r\n$/),
      new Promise((resolve) => setTimeout(resolve, 1000)),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    fact('answer', stable(peer.text), peer.ended || peer.socket.destroyed ? 'closed' : 'open');
    peer.socket.destroy();
  }
}
const get = (more = '', version = '1.1') => `GET / HTTP/${version}\r\nHost: x\r\n${more}\r\n`;

for (const [name, listener] of Object.entries({
  'end(text)': (req, res) => res.end('a|end'),
  'end()': (req, res) => res.end(),
  'write, end': (req, res) => {
    res.write('a');
    res.end('|end');
  },
  'writeHead, end': (req, res) => res.writeHead(201, { 'X-A': 'b', 'x-c': ['d', 'e'] }).end('|end'),
  'writeHead with a reason': (req, res) =>
    res.writeHead(200, 'Fine', ['A', '1', 'a', '2']).end('|end'),
  'writeHead pairs': (req, res) =>
    res
      .writeHead(200, [
        ['A', '1'],
        ['a', '2'],
      ])
      .end('|end'),
  'writeHead merges setHeader': (req, res) => {
    res.setHeader('A', '1').setHeader('Keep', 'k');
    res.writeHead(200, { a: '2' }).end('|end');
  },
  'status 204': (req, res) => res.writeHead(204).end('x'),
  'status 304': (req, res) => res.writeHead(304).end(),
  'status 999': (req, res) => res.writeHead(999).end('|end'),
  'statusCode, statusMessage': (req, res) => {
    res.statusCode = 404;
    res.statusMessage = 'Gone Fishing';
    res.end('|end');
  },
  'Content-Length': (req, res) => {
    res.setHeader('Content-Length', 4);
    res.write('|e');
    res.end('nd');
  },
  'Content-Length too long': (req, res) => {
    res.setHeader('Content-Length', 40);
    res.end('|end');
  },
  'sendDate false': (req, res) => {
    res.sendDate = false;
    res.end('|end');
  },
  'removeHeader Date': (req, res) => {
    res.removeHeader('Date');
    res.end('|end');
  },
  'removeHeader Connection': (req, res) => {
    res.removeHeader('Connection');
    res.end('|end');
  },
  'removeHeader Transfer-Encoding': (req, res) => {
    res.removeHeader('Transfer-Encoding');
    res.write('a');
    res.end('|end');
  },
  'removeHeader Content-Length': (req, res) => {
    res.removeHeader('Content-Length');
    res.end('|end');
  },
  'Connection: close': (req, res) => {
    res.setHeader('Connection', 'close');
    res.end('|end');
  },
  'shouldKeepAlive false': (req, res) => {
    res.shouldKeepAlive = false;
    res.end('|end');
  },
  flushHeaders: (req, res) => {
    res.flushHeaders();
    res.end('|end');
  },
  trailers: (req, res) => {
    res.setHeader('Trailer', 'X-T');
    res.write('a');
    res.addTrailers({ 'X-T': 'v' });
    res.end('|end');
  },
  'trailers at once': (req, res) => {
    res.addTrailers({ 'X-T': 'v' });
    res.end('|end');
  },
  writeContinue: (req, res) => {
    res.writeContinue();
    res.end('|end');
  },
  writeProcessing: (req, res) => {
    res.writeProcessing();
    res.end('|end');
  },
  writeEarlyHints: (req, res) => {
    res.writeEarlyHints({ link: ['</a>; rel=preload', '</b>; rel=preload'], 'x-trace': 'q' });
    res.end('|end');
  },
  cookies: (req, res) => {
    res.setHeader('Set-Cookie', ['a=1', 'b=2']).setHeader('Cookie', ['c=1', 'd=2']);
    res.end('|end');
  },
  cork: (req, res) => {
    res.cork();
    res.write('a');
    res.write('b');
    res.uncork();
    res.end('|end');
  },
  'latin1 text': (req, res) => res.end('\u00e9|end', 'latin1'),
  'hex text': (req, res) => res.end('7c656e64', 'hex'),
  'Transfer-Encoding: chunked': (req, res) => {
    res.setHeader('Transfer-Encoding', 'chunked');
    res.end('|end');
  },
  'Transfer-Encoding and Content-Length': (req, res) => {
    res.setHeader('Transfer-Encoding', 'chunked').setHeader('Content-Length', '4');
    res.end('|end');
  },
}))
  program(`an answer by ${name}`, (fact, t) =>
    answers(fact, t, {}, listener, [
      get(),
      get('', '1.0'),
      get('Connection: keep-alive\r\n', '1.0'),
      get('Connection: close\r\n'),
      'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n',
    ]),
  );

const echo = (req, res) => {
  let body = '';
  req.setEncoding('latin1');
  req.on('data', (text) => (body += text));
  req.on('end', () =>
    res.end(
      JSON.stringify([
        req.method,
        req.url,
        req.headers,
        req.rawHeaders,
        body,
        req.trailers,
        req.rawTrailers,
        req.httpVersion,
      ]) + '|end',
    ),
  );
};

program('requests that are read', (fact, t) =>
  answers(fact, t, {}, echo, [
    'GET /a?b=c HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\nCookie: q=1\r\ncookie: r=2\r\nSet-Cookie: s\r\nset-cookie: t\r\nUser-Agent: u\r\nuser-agent: v\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: u\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    '\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET http://other/p HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost:   x  \r\nEmpty:\r\nSpaces: a  b \r\n\r\n',
    'GET /\xe9 HTTP/1.1\r\nHost: x\r\nA: \xe9\r\n\r\n',
    ['GET / HT', 'TP/1.1\r\nHo', 'st: x\r', '\n\r\n'],
    'M-SEARCH / HTTP/1.1\r\nHost: x\r\n\r\n',
    'QUERY / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nq',
    'DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nq',
    'GET / HTTP/1.1\r\nHost: x\r\n__proto__: y\r\nconstructor: z\r\n\r\n',
    'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n',
  ]),
);

const LENIENT = [
  'bare LF',
  'bare LF after a field',
  'folded field',
  'NUL in a field',
  'length and chunked',
];
const bad = {
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Hosts': 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
  'no Host, 1.0': 'GET / HTTP/1.0\r\n\r\n',
  nonsense: 'nonsense\r\n\r\n',
  'unknown method': 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
  'lower case method': 'get / HTTP/1.1\r\nHost: x\r\n\r\n',
  'version 2.0': 'GET / HTTP/2.0\r\nHost: x\r\n\r\n',
  'version 1.2': 'GET / HTTP/1.2\r\nHost: x\r\n\r\n',
  'version 0.9': 'GET /\r\n\r\n',
  'bare LF': 'GET / HTTP/1.1\nHost: x\n\n',
  'bare LF after a field': 'GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n',
  'bare CR in a field': 'GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n',
  'space before the colon': 'GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n',
  'folded field': 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n',
  'no colon': 'GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n',
  'NUL in a field': 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n',
  'two lengths': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na',
  'length list': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na',
  'length -1': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\na',
  'length +1': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na',
  'length empty': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\na',
  'length huge': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\na',
  'length and chunked':
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'chunked, gzip':
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
  gzip: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n',
  identity: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
  'bad chunk size': 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n',
  'chunk without CRLF':
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n',
  'chunk size with LF':
    'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n',
  'a long head': `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(17000)}\r\n\r\n`,
  'a long URL': `GET /${'b'.repeat(17000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  'long extensions': `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'b'.repeat(17000)}\r\na\r\n0\r\n\r\n`,
  'space in the URL': 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n',
  'URL without slash': 'GET a HTTP/1.1\r\nHost: x\r\n\r\n',
  'a TLS hello': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'after Connection: close':
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n',
};
for (const [name, request] of Object.entries(bad)) {
  program(`a bad request: ${name}`, (fact, t) => answers(fact, t, {}, echo, [request]));
  program(`a bad request without clientError: ${name}`, (fact, t) =>
    answers(fact, t, { noClientError: true }, echo, [request]),
  );
  if (LENIENT.includes(name))
    program(`a bad request, insecure parser: ${name}`, (fact, t) =>
      answers(fact, t, { insecureHTTPParser: true }, echo, [request]),
    );
}

program('Expect', async (fact, t) => {
  const post = (expect) =>
    `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: ${expect}\r\n\r\na`;
  await answers(fact, t, {}, echo, [
    post('100-continue'),
    post('100-Continue'),
    post('200-maybe'),
    post(''),
  ]);
  const configure = (server) => {
    server.on('checkContinue', (req, res) => {
      fact('checkContinue');
      res.writeHead(417).end('|end');
    });
    server.on('checkExpectation', (req, res) => {
      fact('checkExpectation');
      res.end('|end');
    });
  };
  await answers(fact, t, { configure }, echo, [post('100-continue'), post('200-maybe')]);
});

program('upgrades', async (fact, t) => {
  const upgrade = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nrest';
  const withBody =
    'POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: foo\r\nContent-Length: 4\r\n\r\nbodyrest';
  await answers(fact, t, {}, echo, [upgrade, withBody]);
  const configure = (server) =>
    server.on('upgrade', (req, socket, head) => {
      fact('upgrade', req.upgrade, head, req.headers, req.complete);
      req.on('data', (bytes) => fact('body', bytes));
      req.on('end', () => fact('end'));
      socket.on('data', (bytes) => fact('socket data', bytes));
      req.resume();
      socket.write('HTTP/1.1 101 Yes\r\n\r\n|end');
    });
  await answers(fact, t, { configure }, echo, [upgrade, withBody]);
  await answers(fact, t, { configure, shouldUpgradeCallback: (req) => req.url !== '/' }, echo, [
    upgrade,
    upgrade.replace('/', '/x'),
    withBody,
  ]);
  await answers(
    fact,
    t,
    {
      configure: (server) =>
        server.on('connect', (req, socket, head) => {
          fact('connect', req.url, head);
          socket.end('HTTP/1.1 200 Yes\r\n\r\n|end');
        }),
    },
    echo,
    ['CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\nrest'],
  );
  await answers(fact, t, {}, echo, ['CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\nrest']);
});

program('maxRequestsPerSocket', (fact, t) =>
  answers(
    fact,
    t,
    {
      configure: (server) => {
        server.maxRequestsPerSocket = 2;
        server.on('dropRequest', (req, socket) =>
          fact('dropRequest', req.url, typeof socket.write),
        );
      },
    },
    (req, res) => res.end(req.url),
    [
      '/1/2/3/4'.match(/.\d/g).map((url) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`),
      '/1/2/3'
        .match(/.\d/g)
        .map((url) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`)
        .join(''),
    ],
  ),
);

program('maxHeadersCount', (fact, t) =>
  answers(
    fact,
    t,
    { configure: (server) => (server.maxHeadersCount = 2) },
    (req, res) => res.end(JSON.stringify(req.headers)),
    ['GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n'],
  ),
);

for (const options of [
  { uniqueHeaders: ['x-a'] },
  { joinDuplicateHeaders: true },
  { requireHostHeader: false },
  { maxHeaderSize: 100 },
  { rejectNonStandardBodyWrites: true },
  { keepAliveTimeout: 0 },
  { keepAliveTimeout: 7500 },
])
  program(`option ${JSON.stringify(options)}`, (fact, t) =>
    answers(
      fact,
      t,
      options,
      (req, res) => {
        res.setHeader('X-A', ['1', '2']);
        res.setHeader('X-B', ['1', '2']);
        if (req.method === 'HEAD') {
          res.on('error', (error) => fact('error', error));
          fact.of('write', () => res.write('x'));
          fact.of('end', () => res.end('x') === res);
          res.end();
        } else res.end(`${JSON.stringify(req.headers)}|end`);
      },
      [
        'GET / HTTP/1.1\r\nAuthorization: a\r\nauthorization: b\r\nX: 1\r\nx: 2\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nauthorization: b\r\nX: 1\r\nx: 2\r\n\r\n',
        `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(100)}\r\n\r\n`,
        'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n',
      ],
    ),
  );
