'use strict';
// What the page of tls says of the members of sockets and servers.
const net = require('net');
const tls = require('tls');
const { program, event, soon } = require('./harness');
const { ca, dial, pairOf, serve, told } = require('./shared/tls');

const fields = (cert) =>
  Object.keys(cert)
    .filter((name) => cert[name] !== undefined)
    .sort();

/** Resolves with nothing when secure, else with the error. */
const secured = (socket) =>
  Promise.race([event(socket, 'secureConnect').then(() => undefined), event(socket, 'error')]);

function before(fact, version, socket) {
  for (const name of [
    'getCipher',
    'getPeerCertificate',
    'getSession',
    'getTLSTicket',
    'getFinished',
    'getPeerFinished',
    'isSessionReused',
  ])
    fact.of(
      `${version} before: ${name}`,
      () => socket[name](),
      (value) => (value?.constructor === Object ? Object.keys(value).length > 0 : value),
    );
  fact.of('exportKeyingMaterial before', () => socket.exportKeyingMaterial(10, 'label'));
}

function known(fact, side, one) {
  fact(
    side,
    one.authorized,
    one.authorizationError,
    one.encrypted,
    one.servername,
    one.alpnProtocol,
    one.getProtocol(),
    one.getCipher(),
  );
  fact(
    side,
    one.getEphemeralKeyInfo() === null,
    one.getSharedSigalgs().length > 0,
    Buffer.isBuffer(one.getFinished()),
    Buffer.isBuffer(one.getPeerFinished()),
    typeof one.getSession(),
    one.isSessionReused(),
  );
  fact(
    side,
    typeof one.getTLSTicket(),
    one.getPeerX509Certificate()?.subject,
    one.getX509Certificate()?.subject,
    one.getPeerCertificate(true).issuerCertificate?.subject?.CN,
  );
  fact(
    side,
    fields(one.getPeerCertificate()),
    fields(one.getPeerCertificate(true)),
    fields(one.getCertificate()),
  );
}

/** What members do with arguments. */
function taken(fact, side, one) {
  fact.of(`${side} keying`, () => one.exportKeyingMaterial(10, 'label').length);
  for (const args of [
    [],
    [0, 'x'],
    [-1, 'x'],
    ['x', 'y'],
    [5],
    [5, 5],
    [5, 'x', 'y'],
    [5, 'x', Buffer.from('c')],
    [5, 'x', null],
    [1.5, 'x'],
  ])
    fact.of(
      `${side} exportKeyingMaterial ${JSON.stringify(args)}`,
      () => one.exportKeyingMaterial(...args),
      (value) => value.length,
    );
  for (const size of [undefined, 512, 511, 16384, 16385, 'x', -1, 1000.5])
    fact.of(`${side} setMaxSendFragment ${size}`, () => one.setMaxSendFragment(size));
  for (const args of [[], [5], [{}, 5], [{ rejectUnauthorized: 5 }], [{ requestCert: 5 }], [null]])
    fact.of(
      `${side} renegotiate ${JSON.stringify(args)}`,
      () => one.renegotiate(...args),
      (value) => value,
    );
  fact.of(`${side} disableRenegotiation`, () => one.disableRenegotiation());
  for (const context of [undefined, 5, {}, { key: 5 }])
    fact.of(`${side} setKeyCert`, () => one.setKeyCert(context));
  fact(side, one.localAddress, one.remoteFamily, one.readyState, typeof one._handle);
}

function closed(fact, socket) {
  for (const name of [
    'getCipher',
    'getProtocol',
    'getPeerCertificate',
    'getCertificate',
    'getSession',
    'getTLSTicket',
    'getFinished',
    'getSharedSigalgs',
    'getEphemeralKeyInfo',
    'isSessionReused',
    'getX509Certificate',
    'getPeerX509Certificate',
    'disableRenegotiation',
  ])
    fact.of(`closed: ${name}`, () => socket[name]());
  fact.of('closed: exportKeyingMaterial', () => socket.exportKeyingMaterial(10, 'label'));
  fact.of('closed: setMaxSendFragment', () => socket.setMaxSendFragment(1000));
}

program('members of a TLSSocket', async (fact, t) => {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const { promise, resolve } = Promise.withResolvers();
    const { port } = await serve(t, { requestCert: true, ca, maxVersion: version }, (socket) =>
      resolve(socket.on('error', () => {})),
    );
    const socket = dial(t, port, pairOf('client'));
    before(fact, version, socket);
    await event(socket, 'secureConnect');
    const accepted = await promise;
    for (const [side, one] of [
      ['client', socket],
      ['server', accepted],
    ]) {
      known(fact, side, one);
      taken(fact, side, one);
    }
    const same = socket
      .exportKeyingMaterial(16, 'l', Buffer.from('c'))
      .equals(accepted.exportKeyingMaterial(16, 'l', Buffer.from('c')));
    fact(
      'same keys',
      same,
      socket.getFinished().equals(accepted.getPeerFinished()),
      accepted.getFinished().equals(socket.getPeerFinished()),
    );
    socket.destroy();
    await event(socket, 'close');
    closed(fact, socket);
  }
});

program('sessions', async (fact, t) => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3']) {
    const { server, port } = await serve(t, { maxVersion }, (socket) =>
      socket.on('error', () => {}).end('x'),
    );
    server.on('newSession', (id, data, done) => {
      fact('newSession', Buffer.isBuffer(id), Buffer.isBuffer(data));
      done();
    });
    server.on('resumeSession', (id, done) => {
      fact('resumeSession', id.length);
      done(null, null);
    });
    const first = dial(t, port, {});
    let session;
    first.on('session', (made) => {
      session = made;
      fact('session', Buffer.isBuffer(made));
    });
    first.resume();
    await event(first, 'close');
    const second = dial(t, port, { session });
    second.resume();
    await secured(second);
    fact(
      `${maxVersion} reused`,
      second.isSessionReused(),
      second.authorized,
      second.getPeerCertificate().subject?.CN,
    );
    await event(second, 'close');
    const bad = dial(t, port, { session: session?.subarray(0, 5) });
    bad.resume();
    fact('a broken session', told(await secured(bad)), bad.isSessionReused());
  }
});

program('methods and events of servers', async (fact, t) => {
  const { server, port } = await serve(t, {}, (socket) => {
    fact(
      'secureConnection',
      socket.servername,
      socket.server === server,
      socket instanceof tls.TLSSocket,
    );
    socket.on('error', () => {}).end();
  });
  for (const args of [
    [],
    ['a.test'],
    ['a.test', 5],
    [5, {}],
    ['', {}],
    ['a.test', pairOf('server')],
    ['*.test', tls.createSecureContext(pairOf('a'))],
  ])
    fact.of(`addContext ${args.length}`, () => server.addContext(...args));
  for (const name of ['localhost', 'x.test', 'X.TEST', 'a.b.test', 'test']) {
    const socket = dial(t, port, { servername: name, rejectUnauthorized: false });
    socket.resume();
    const error = await secured(socket);
    fact(name, told(error), error ? '' : socket.getPeerCertificate().subject.CN);
  }
  fact(
    'getTicketKeys',
    server.getTicketKeys().length,
    server.getTicketKeys().equals(server.getTicketKeys()),
  );
  fact.of(
    'setTicketKeys',
    () => server.setTicketKeys(Buffer.alloc(48, 1)),
    () => server.getTicketKeys().equals(Buffer.alloc(48, 1)),
  );
  for (const options of [undefined, null, 5, {}, { key: 'x' }, pairOf('b')])
    fact.of('setSecureContext', () => server.setSecureContext(options));
  const changed = dial(t, port, { rejectUnauthorized: false });
  changed.resume();
  fact('changed', told(await secured(changed)), changed.getPeerCertificate().subject?.CN);
  server.on('keylog', (line, socket) =>
    fact('keylog', /^[A-Z_0-9]+ /.test(line), socket instanceof tls.TLSSocket),
  );
  const logged = dial(t, port, { rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
  logged.on('keylog', (line) =>
    fact('client keylog', Buffer.isBuffer(line), line.toString('latin1').split(' ')[0]),
  );
  logged.resume();
  await secured(logged);
  await soon();
  for (const options of [
    { handshakeTimeout: 'x' },
    { handshakeTimeout: -1 },
    { sessionTimeout: 'x' },
    { sessionTimeout: -1 },
    { ticketKeys: 'x' },
    { ticketKeys: Buffer.alloc(5) },
    { SNICallback: 5 },
    { ALPNProtocols: 5 },
    { ALPNCallback: 5 },
    { ALPNProtocols: ['a'], ALPNCallback: () => {} },
    { pskCallback: 5 },
    { pskIdentityHint: 5 },
    { requestCert: 5 },
    { rejectUnauthorized: 5 },
    { sessionIdContext: 5 },
    { honorCipherOrder: 5 },
    5,
    'x',
    null,
  ])
    fact.of(
      JSON.stringify(options),
      () => tls.createServer(options),
      () => 'a server',
    );
  const timing = await serve(t, { handshakeTimeout: 50 });
  const timed = event(timing.server, 'tlsClientError');
  const silent = net.connect(timing.port, '127.0.0.1');
  fact('handshakeTimeout', told(await timed));
  silent.destroy();
});
