'use strict';
const net = require('net');
const tls = require('tls');
const { Duplex } = require('stream');
const { program, event } = require('./harness');
const { ca, dial, key, pairOf } = require('./shared/tls');
const { listen } = require('./peers');

// OpenSSL before 3.2 says "sslv3 alert" where later ones say "ssl/tls alert".
const alertOf = ({ code }) => code?.replace('SSLV3_ALERT', 'SSL/TLS_ALERT');

async function serve(t, fact, options, listener) {
  const server = tls.createServer({ ...pairOf('server'), ...options }, listener);
  server.on('tlsClientError', (error) => fact('tlsClientError', error.code));
  return { server, port: await listen(t, server) };
}
const LIFE = ['connect', 'ready', 'secureConnect', 'secure', 'end', 'finish', 'close', 'error'];
const codes = (_event, args) => args.map((one) => (one instanceof Error ? one.code : one));
const soon = () => new Promise((resolve) => setTimeout(resolve, 80));

program('what the module exports', (fact) => {
  fact('names', Object.keys(tls).sort());
  fact('versions', tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION, tls.DEFAULT_ECDH_CURVE);
  fact(
    'classes',
    Object.getPrototypeOf(tls.TLSSocket) === net.Socket,
    Object.getPrototypeOf(tls.Server) === net.Server,
  );
});

program('an echo', async (fact, t) => {
  const { port } = await serve(t, fact, {}, (socket) => {
    fact.events('server', socket, ['end', 'finish', 'close', 'error']);
    fact(
      'accepted',
      socket.encrypted,
      socket.authorized,
      socket.authorizationError,
      socket.servername,
      socket.alpnProtocol,
      socket.getProtocol(),
    );
    socket.pipe(socket);
  });
  const socket = dial(t, port, { ecdhCurve: 'X25519' });
  fact(
    'new',
    socket.encrypted,
    socket.connecting,
    socket.secureConnecting,
    socket.authorized,
    socket.readyState,
    socket.getCipher?.() ?? null,
  );
  fact.events('client', socket, LIFE);
  socket.on('secureConnect', () => {
    fact(
      'state',
      socket.authorized,
      socket.authorizationError,
      socket.alpnProtocol,
      socket.servername,
      socket.secureConnecting,
    );
    fact('session', typeof socket.getSession(), socket.isSessionReused(), socket.getTLSTicket());
    fact('certificate', Object.keys(socket.getPeerCertificate()).sort(), socket.getCertificate());
    fact(
      'key',
      socket.getEphemeralKeyInfo(),
      typeof socket.getFinished(),
      typeof socket.getPeerFinished(),
    );
    for (const size of [511, 512, 16384, 16385, 0, -1, 1.5, NaN, Infinity, 'x', undefined])
      fact.of(`setMaxSendFragment ${String(size)}`, () => socket.setMaxSendFragment(size));
    socket.write('hello');
  });
  socket.on('data', (data) => {
    fact('data', data);
    socket.end();
  });
  await event(socket, 'close');
  fact(
    'closed',
    socket.getPeerCertificate(),
    socket.getCipher(),
    socket.getProtocol(),
    socket.getSession(),
  );
});

program('contexts refuse bad options', (fact) => {
  for (const [name, options] of Object.entries({
    'key true': { key: true },
    'key number': { key: 1 },
    'key object': { key: {} },
    'key in a list': { key: [true] },
    'cert true': { cert: true },
    'cert object': { cert: {} },
    'ca true': { ca: true },
    'ca number': { ca: 1 },
    'ca object': { ca: {} },
    'ca no certificate': { ca: 'nonsense' },
    'pfx number': { pfx: 5 },
    'passphrase number': { passphrase: 5 },
    'crl number': { crl: 5 },
    'ciphers number': { ciphers: 5 },
    'ciphers none': { ciphers: '' },
    'ciphers unknown': { ciphers: 'nonsense' },
    'sigalgs number': { sigalgs: 5 },
    'sigalgs empty': { sigalgs: '' },
    'ecdhCurve number': { ecdhCurve: 5 },
    'dhparam number': { dhparam: 5 },
    'minVersion unknown': { minVersion: 'x' },
    'maxVersion unknown': { maxVersion: 'x' },
    'secureProtocol unknown': { secureProtocol: 'x' },
    'secureProtocol and minVersion': { secureProtocol: 'TLSv1_2_method', minVersion: 'TLSv1.2' },
    'secureOptions text': { secureOptions: 'x' },
    'sessionTimeout text': { sessionTimeout: 'x' },
    'sessionTimeout -1': { sessionTimeout: -1 },
    'sessionIdContext number': { sessionIdContext: 5 },
    'ticketKeys short': { ticketKeys: Buffer.alloc(5) },
    'ticketKeys text': { ticketKeys: 'x' },
    'honorCipherOrder text': { honorCipherOrder: 'x' },
    'allowPartialTrustChain text': { allowPartialTrustChain: 'x' },
    'clientCertEngine number': { clientCertEngine: 5 },
    'privateKeyIdentifier alone': { privateKeyIdentifier: 'x' },
    null: null,
  }))
    fact.of(
      name,
      () => tls.createSecureContext(options),
      () => 'a context',
    );
});

program('servers and clients refuse bad options', (fact) => {
  for (const [name, options] of Object.entries({
    number: 5,
    'SNICallback text': { SNICallback: 'x' },
    'ALPNCallback text': { ALPNCallback: 'x' },
    'ALPNCallback and ALPNProtocols': { ALPNCallback() {}, ALPNProtocols: ['a'] },
    'ALPNProtocols text': { ALPNProtocols: 'x' },
    'ALPNProtocols long': { ALPNProtocols: ['x'.repeat(256)] },
    'pskCallback text': { pskCallback: 'x' },
    'pskIdentityHint number': { pskIdentityHint: 5 },
    'handshakeTimeout text': { handshakeTimeout: 'x' },
    'ticketKeys short': { ticketKeys: Buffer.alloc(5) },
    'requestCert text': { requestCert: 'x' },
  }))
    fact.of(
      `server ${name}`,
      () => tls.createServer(options),
      () => 'a server',
    );
  for (const [name, options] of Object.entries({
    'checkServerIdentity text': { checkServerIdentity: 'x' },
    'minDHSize text': { minDHSize: 'x' },
    'minDHSize 0': { minDHSize: 0 },
    'servername address': { servername: '1.2.3.4' },
    'servername number': { servername: 5 },
    'ALPNProtocols long': { ALPNProtocols: ['x'.repeat(256)] },
    'pskCallback text': { pskCallback: 'x' },
    'session number': { session: 5 },
    'socket text': { socket: 'x' },
    'enableTrace text': { enableTrace: 'x' },
  }))
    fact.of(
      `client ${name}`,
      () => tls.connect({ port: 1, host: '127.0.0.1', ...options }).on('error', () => {}),
      (socket) => (socket.destroy(), 'a socket'),
    );
});

program('a TLSSocket of a server whose client is none', async (fact, t) => {
  const server = net.createServer((raw) => {
    const socket = new tls.TLSSocket(raw, { isServer: true, ...pairOf('server') });
    fact.events('server', socket, ['secure', 'close', 'error', '_tlsError'], codes);
  });
  const port = await listen(t, server);
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.end('this is no TLS at all\r\n\r\n');
  socket.resume();
  await event(socket, 'close');
  await soon();
});

program('a server whose client is none', async (fact, t) => {
  const { server, port } = await serve(t, fact, {}, () => fact('secure'));
  server.on('connection', (raw) => fact.events('raw', raw, ['close', 'error']));
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.end('this is no TLS at all\r\n\r\n');
  socket.resume();
  await event(socket, 'close');
  await soon();
});

for (const [name, options] of Object.entries({
  'not trusted': { ca: key('other-ca.pem') },
  'of another name': { servername: 'other.example' },
  'not checked': { ca: undefined, rejectUnauthorized: false },
  'refused by the program': {
    checkServerIdentity: () => Object.assign(new Error('no'), { code: 'MINE' }),
  },
}))
  program(`a server's certificate that is ${name}`, async (fact, t) => {
    const { port } = await serve(t, fact, {}, (socket) => {
      socket.on('error', () => {});
      socket.end('x');
    });
    const socket = dial(t, port, options);
    fact.events('client', socket, LIFE, (event_, args) =>
      args.map((one) =>
        one instanceof Error ? [one.code, one.message, one.reason, one.host] : one,
      ),
    );
    socket.on('secureConnect', () => fact('state', socket.authorized, socket.authorizationError));
    socket.resume();
    await event(socket, 'close');
    fact('closed', socket.authorized, socket.authorizationError);
    await soon();
  });

for (const [name, options] of Object.entries({
  'requestCert, reject': { requestCert: true, ca },
  'requestCert, accept': { requestCert: true, rejectUnauthorized: false, ca },
}))
  for (const who of ['client', 'stranger', ''])
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'])
      program(
        `a client's certificate: ${name}, ${who || 'none'}, ${maxVersion}`,
        async (fact, t) => {
          const { port } = await serve(t, fact, { ...options, maxVersion }, (socket) => {
            fact(
              'server',
              socket.authorized,
              socket.authorizationError,
              socket.getPeerCertificate().subject?.CN,
            );
            socket.end('x');
          });
          const socket = dial(t, port, who ? pairOf(who) : {});
          fact.events('client', socket, ['secureConnect', 'close']);
          socket.on('error', (error) => fact('error', alertOf(error)));
          socket.resume();
          await event(socket, 'close');
          await soon();
        },
      );

program('ALPN', async (fact, t) => {
  for (const [ours, theirs] of [
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [['a'], ['c']],
    [undefined, ['a']],
    [['a'], undefined],
    [(offer) => (fact('callback', offer), 'b'), ['a', 'b']],
    [() => undefined, ['a', 'b']],
    [() => 'z', ['a']],
    [() => 'z', undefined],
  ]) {
    const options = typeof ours === 'function' ? { ALPNCallback: ours } : { ALPNProtocols: ours };
    const { port } = await serve(t, fact, options, (socket) => {
      fact('server', socket.alpnProtocol);
      socket.end();
    });
    const socket = dial(t, port, { ALPNProtocols: theirs });
    socket.on('secureConnect', () => fact('client', socket.alpnProtocol));
    socket.on('error', (error) => fact('error', error.code));
    socket.resume();
    await event(socket, 'close');
    await soon();
  }
});

program('SNI', async (fact, t) => {
  for (const answer of [
    (name, cb) => cb(null, tls.createSecureContext(pairOf('a'))),
    (name, cb) => cb(null, pairOf('a')),
    (name, cb) => cb(null),
    (name, cb) => cb(new Error('no')),
    (name, cb) => setImmediate(cb, null, null),
  ]) {
    const { port } = await serve(
      t,
      fact,
      { SNICallback: (name, cb) => (fact('asked', name), answer(name, cb)) },
      (socket) => {
        fact('server', socket.servername);
        socket.end();
      },
    );
    const socket = dial(t, port, { servername: 'a.example', rejectUnauthorized: false });
    socket.on('secureConnect', () => fact('client', socket.getPeerCertificate().subject.CN));
    socket.on('error', (error) => fact('error', error.code));
    socket.resume();
    await event(socket, 'close');
    await soon();
  }
});

program('TLS over a Duplex', async (fact, t) => {
  const { port } = await serve(t, fact, {}, (socket) => socket.pipe(socket));
  const raw = net.connect(port, '127.0.0.1');
  const duplex = Duplex.from({ readable: raw, writable: raw });
  const socket = tls.connect({ socket: duplex, servername: 'localhost', ca });
  t.after(() => socket.destroy());
  fact.events('client', socket, LIFE);
  socket.on('data', (data) => (fact('data', data), socket.end()));
  socket.write('hello');
  await event(socket, 'close');
});

program('checkServerIdentity', (fact) => {
  for (const [host, cert] of [
    ['a.com', { subject: { CN: 'a.com' } }],
    ['a.com', { subject: { CN: 'b.com' } }],
    ['a.com', { subject: {}, subjectaltname: 'DNS:a.com' }],
    ['A.COM.', { subject: {}, subjectaltname: 'DNS:a.com' }],
    ['x.a.com', { subject: {}, subjectaltname: 'DNS:*.a.com' }],
    ['x.y.a.com', { subject: {}, subjectaltname: 'DNS:*.a.com' }],
    ['1.2.3.4', { subject: {}, subjectaltname: 'IP Address:1.2.3.4' }],
    ['::1', { subject: {}, subjectaltname: 'IP Address:0:0:0:0:0:0:0:1' }],
    ['0:0:0:0:0:0:0:1', { subject: {}, subjectaltname: 'IP Address:::1' }],
    ['::1', { subject: {}, subjectaltname: 'DNS:::1' }],
    ['2001:DB8::1', { subject: {}, subjectaltname: 'IP Address:2001:db8:0:0:0:0:0:1' }],
    ['1.2.3.4', { subject: { CN: '1.2.3.4' } }],
    ['', { subject: {} }],
    ['a.com', {}],
  ])
    fact.of(host, () => tls.checkServerIdentity(host, cert));
});

program('members that ask', (fact) => {
  const server = tls.createServer(pairOf('server'));
  for (const value of ['x', Buffer.alloc(47), Buffer.alloc(48), null])
    fact.of(`setTicketKeys ${String(value?.length)}`, () => server.setTicketKeys(value));
  fact('getTicketKeys', server.getTicketKeys().length);
  for (const args of [[], ['a'], ['a', {}], ['', {}]])
    fact.of(`addContext ${args.length}`, () => server.addContext(...args));
  for (const value of [null, 5, {}])
    fact.of(`setSecureContext ${String(value)}`, () => server.setSecureContext(value));
  fact('getCiphers', tls.getCiphers().includes('tls_aes_128_gcm_sha256'));
  for (const protocols of [['a', 'b'], 'x', Buffer.from('\x01a')]) {
    const out = {};
    fact.of('convertALPNProtocols', () => (tls.convertALPNProtocols(protocols, out), out));
  }
});
