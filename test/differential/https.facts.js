'use strict';
// What the page of https says: servers, agents, requests and their options.
const http = require('http');
const https = require('https');
const tls = require('tls');
const { program, event, soon } = require('./harness');
const { ca, pairOf } = require('./shared/tls');
const { listen } = require('./peers');

async function serve(t, options = {}, listener = (req, res) => res.end('hello')) {
  const server = https.createServer({ ...pairOf('server'), ...options }, listener);
  const port = await listen(t, server);
  return { server, port };
}
function agentOf(t, options) {
  const agent = new https.Agent(options);
  t.after(() => agent.destroy());
  return agent;
}
const counts = (agent) =>
  ['sockets', 'freeSockets'].map((name) => Object.values(agent[name]).map((list) => list.length));

/** What comes of a GET: the body and something of the connection, or the error. */
const get = (port, options) =>
  new Promise((resolve) => {
    const req = https.get(
      { host: '127.0.0.1', port, ca, servername: 'localhost', agent: false, ...options },
      (res) => {
        const { socket } = res;
        const state = [
          socket.encrypted,
          socket.authorized,
          socket.alpnProtocol,
          socket.servername,
          socket.isSessionReused(),
          socket.getProtocol(),
          req.reusedSocket,
        ];
        let text = '';
        res.on('data', (data) => (text += data)).on('end', () => resolve([text, ...state]));
      },
    );
    req.on('error', (error) => resolve([error.name, error.code]));
  });

program('what the module exports', (fact) => {
  fact('names', Object.keys(https).sort());
  fact(
    'functions',
    https.request.length,
    https.get.length,
    https.createServer.length,
    https.Agent.length,
    https.Server.length,
  );
  fact(
    'Agent',
    Object.getPrototypeOf(https.Agent) === http.Agent,
    https.Agent() instanceof https.Agent,
  );
  fact(
    'Server',
    https.createServer({}) instanceof tls.Server,
    https.Server({}) instanceof https.Server,
    https.createServer({}) instanceof http.Server,
  );
  const NAMES = [
    'defaultPort',
    'protocol',
    'keepAlive',
    'keepAliveMsecs',
    'maxSockets',
    'maxFreeSockets',
    'maxCachedSessions',
    'scheduling',
  ];
  for (const options of [
    undefined,
    {},
    { keepAlive: true, maxCachedSessions: 0 },
    { defaultPort: 5, protocol: 'http:' },
  ])
    fact(
      JSON.stringify(options),
      NAMES.map((name) => new https.Agent(options)[name]),
    );
  fact(
    'globalAgent',
    NAMES.map((name) => https.globalAgent[name]),
  );
  const server = https.createServer(pairOf('server'));
  for (const name of [
    'timeout',
    'headersTimeout',
    'requestTimeout',
    'keepAliveTimeout',
    'maxHeadersCount',
    'maxRequestsPerSocket',
    'allowHalfOpen',
  ])
    fact(name, server[name]);
  for (const name of [
    'setTimeout',
    'closeAllConnections',
    'closeIdleConnections',
    'close',
    'addContext',
    'setSecureContext',
  ])
    fact(name, typeof server[name]);
  fact('events', server.eventNames());
});

program('getName()', (fact) => {
  const agent = new https.Agent();
  for (const options of [
    undefined,
    {},
    { host: 'a', port: 1 },
    { host: 'a', servername: 'a' },
    { host: 'a', servername: 'b' },
    { ca: 'c', cert: 'd', key: 'e' },
    { ciphers: 'x', rejectUnauthorized: false },
    { rejectUnauthorized: true },
    { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
    { pfx: Buffer.from('p') },
    { sigalgs: 'RSA+SHA256' },
    {
      secureProtocol: 'x',
      crl: 'y',
      honorCipherOrder: true,
      ecdhCurve: 'z',
      dhparam: 'w',
      secureOptions: 5,
      sessionIdContext: 's',
    },
    { family: 4, localAddress: 'l', socketPath: '/x' },
    { clientCertEngine: 'e', privateKeyIdentifier: 'i', privateKeyEngine: 'p' },
  ])
    fact.of(JSON.stringify(options), () => agent.getName(options));
});

program('requests', async (fact, t) => {
  const { port } = await serve(t, {}, (req, res) => {
    fact(
      'asked',
      req.method,
      req.url,
      { ...req.headers, host: req.headers.host.replace(port, 'port') },
      req.socket.encrypted,
      req.socket.servername,
    );
    res.end('hello');
  });
  fact('get', await get(port, {}));
  fact('no servername', await get(port, { servername: undefined }));
  fact('a servername of nothing', await get(port, { servername: '' }));
  fact('a host', await get(port, { host: 'localhost', servername: undefined, family: 4 }));
  fact(
    'a field Host',
    await get(port, { headers: { Host: 'localhost:5' }, servername: undefined }),
  );
  fact('another name', await get(port, { servername: 'other.test' }));
  fact('no authority', await get(port, { ca: undefined }));
  fact('rejectUnauthorized false', await get(port, { ca: undefined, rejectUnauthorized: false }));
  fact('rejectUnauthorized null', await get(port, { ca: undefined, rejectUnauthorized: null }));
  fact('TLSv1.2', await get(port, { maxVersion: 'TLSv1.2' }));
  fact(
    'bad versions',
    await get(port, { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }).catch((error) => error.code),
  );
  fact('no shared cipher', await get(port, { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }));
  fact(
    'checkServerIdentity',
    await get(port, {
      checkServerIdentity: (host, cert) => {
        fact('checks', host, cert.subject.CN);
        return undefined;
      },
    }),
  );
  fact(
    'checkServerIdentity fails',
    await get(port, { checkServerIdentity: () => new Error('mine') }),
  );
  fact(
    'ALPN',
    await get(port, { ALPNProtocols: ['http/1.1'] }),
    await get(port, { ALPNProtocols: ['h2'] }),
  );
  fact('to a plain server', await get(await listen(t, http.createServer()), {}));
  const plain = http.get({ host: '127.0.0.1', port, agent: false });
  plain.on('response', (res) => fact('plain client', res.statusCode));
  fact('a plain client', (await Promise.race([event(plain, 'error'), soon(200)]))?.code);
});

program('forms of request()', async (fact, t) => {
  const { port } = await serve(t, {}, (req, res) => res.end(req.url));
  const options = { ca, agent: false, family: 4 };
  const url = `https://localhost:${port}/p?q`;
  for (const [name, args] of Object.entries({
    'text, options': [url, options],
    'URL, options': [new URL(url), options],
    options: [{ ...options, host: 'localhost', port, path: '/o' }],
    'hostname wins': [
      { ...options, hostname: 'localhost', host: 'nothing.invalid', port, path: '/h' },
    ],
  }))
    await new Promise((done) => {
      https
        .get(...args, (res) => {
          res.on('data', (data) => fact(name, data)).on('end', done);
        })
        .on('error', (error) => done(fact(name, error)));
    });
  for (const args of [
    ['http://a.test'],
    [{ protocol: 'http:' }],
    ['x'],
    [5],
    [{ agent: http.globalAgent }],
    [{ agent: new http.Agent(), protocol: 'http:' }],
    [{ port: 70000 }],
    [{ agent: 5 }],
  ])
    fact.of(
      JSON.stringify(args, (name, value) =>
        name === 'agent' && typeof value === 'object' ? 'an agent' : value,
      ),
      () => {
        const req = https.request(...args);
        req.on('error', () => {});
        req.destroy();
        return [req.protocol, req.host, req.agent?.defaultPort, req.getHeader('host')];
      },
    );
  fact.of('default', () => {
    const req = https.request({ host: 'a.test' });
    req.on('error', () => {}).destroy();
    return [
      req.getHeader('host'),
      req.agent === https.globalAgent,
      req.protocol,
      req.path,
      req.method,
    ];
  });
});

program('agents keep connections and sessions', async (fact, t) => {
  const { port } = await serve(t);
  const agent = agentOf(t, { keepAlive: true });
  fact('first', await get(port, { agent }));
  await soon();
  fact('second', await get(port, { agent }), counts(agent));
  await soon();
  fact('another authority', await get(port, { agent, ca: [ca] }), counts(agent));
  fact('unverified', await get(port, { agent, rejectUnauthorized: false }), counts(agent));
  for (const options of [{}, { maxCachedSessions: 0 }]) {
    const one = agentOf(t, options);
    fact('sessions', JSON.stringify(options), await get(port, { agent: one }));
    await soon();
    fact('sessions', await get(port, { agent: one }));
    fact(
      'TLSv1.2',
      await get(port, { agent: one, maxVersion: 'TLSv1.2' }),
      await get(port, { agent: one, maxVersion: 'TLSv1.2' }),
    );
  }
  const options = agentOf(t, { ca, servername: 'localhost' });
  fact(
    'options of the agent',
    await get(port, { agent: options, ca: undefined, servername: undefined }),
  );
  const custom = agentOf(t, {});
  custom.createConnection = (opts, done) => {
    setImmediate(() => done(null, tls.connect({ ...opts, port, host: '127.0.0.1' })));
  };
  fact('createConnection later', await get(port, { agent: custom }));
  const keylog = agentOf(t, {});
  keylog.on('keylog', (line, socket) =>
    fact('keylog', Buffer.isBuffer(line), socket instanceof tls.TLSSocket),
  );
  await get(port, { agent: keylog, maxVersion: 'TLSv1.2' });
});

program('client certificates', async (fact, t) => {
  for (const rejectUnauthorized of [true, false]) {
    const { port } = await serve(t, { requestCert: true, rejectUnauthorized, ca }, (req, res) =>
      res.end(
        `${req.socket.authorized} ${req.socket.authorizationError} ${req.socket.getPeerCertificate().subject?.CN}`,
      ),
    );
    fact('with one', (await get(port, pairOf('client'))).slice(0, 3));
    const none = await get(port, {});
    fact('without', rejectUnauthorized ? none.length : none);
    const other = await get(port, pairOf('stranger'));
    fact('of another authority', rejectUnauthorized ? other.length : other);
  }
});

program('servers', async (fact, t) => {
  const { server, port } = await serve(t, { ALPNProtocols: ['http/1.1', 'x'] });
  fact.events(
    'server',
    server,
    ['secureConnection', 'connection', 'tlsClientError', 'clientError', 'close'],
    (name, args) => args.map((one) => one.code ?? one.constructor.name),
  );
  fact('get', await get(port, { ALPNProtocols: ['x'] }));
  fact('setTimeout', server.setTimeout(50) === server, server.timeout);
  const silent = tls.connect({ port, host: '127.0.0.1', ca, servername: 'localhost' });
  silent.on('error', () => {});
  await event(silent, 'secureConnect');
  silent.write('garbage\r\n\r\n');
  let text = '';
  silent.setEncoding('latin1').on('data', (data) => (text += data));
  await event(silent, 'close');
  fact('garbage', text);
  const net = require('net').connect(port, '127.0.0.1', () => net.write('GET / HTTP/1.1\r\n\r\n'));
  net.on('error', () => {});
  await event(net, 'close');
  const idle = agentOf(t, { keepAlive: true });
  await get(port, { agent: idle });
  await soon();
  server.closeIdleConnections();
  await soon();
  fact('closeIdleConnections', counts(idle));
  const closed = event(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  for (const options of [
    5,
    'x',
    null,
    { key: 5 },
    { cert: {} },
    { maxHeaderSize: 'x' },
    { handshakeTimeout: 'x' },
    { ALPNProtocols: 5 },
    { SNICallback: 5 },
  ])
    fact.of(
      JSON.stringify(options),
      () => https.createServer(options),
      () => 'a server',
    );
});
