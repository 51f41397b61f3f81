'use strict';
// What the page of tls says and tls.facts.js does not ask.
const net = require('net');
const tls = require('tls');
const { program, event } = require('./harness');
const { ca, dial, key, pairOf, serve, told } = require('./shared/tls');

/** Resolves with nothing when secure, else with the error. */
const secured = (socket) =>
  Promise.race([event(socket, 'secureConnect').then(() => undefined), event(socket, 'error')]);

program('functions and constants', (fact) => {
  fact(
    'CLIENT_RENEG',
    tls.CLIENT_RENEG_LIMIT,
    tls.CLIENT_RENEG_WINDOW,
    tls.DEFAULT_ECDH_CURVE,
    tls.DEFAULT_MIN_VERSION,
    tls.DEFAULT_MAX_VERSION,
  );
  fact('DEFAULT_CIPHERS', tls.DEFAULT_CIPHERS);
  fact(
    'getCiphers',
    Array.isArray(tls.getCiphers()),
    tls.getCiphers().includes('tls_aes_256_gcm_sha384'),
    tls.getCiphers().every((one) => one === one.toLowerCase()),
  );
  fact(
    'rootCertificates',
    Array.isArray(tls.rootCertificates),
    Object.isFrozen(tls.rootCertificates),
    tls.rootCertificates.length > 50,
  );
  for (const type of [undefined, 'default', 'bundled', 'extra', 'system', 'x', 5, null])
    fact.of(
      `getCACertificates ${type}`,
      () => tls.getCACertificates(type),
      (list) => [Array.isArray(list), Object.isFrozen(list)],
    );
  fact(
    'same',
    tls.getCACertificates('bundled') === tls.rootCertificates,
    tls.getCACertificates() === tls.getCACertificates(),
  );
  for (const list of [
    [],
    [ca],
    [ca, ca],
    5,
    null,
    ['x'],
    [5],
    [Buffer.from(ca)],
    [new Uint8Array(Buffer.from(ca))],
    undefined,
  ])
    fact.of(
      'setDefaultCACertificates',
      () => tls.setDefaultCACertificates(list),
      () => tls.getCACertificates('default').length,
    );
  fact.of('getCertificateCompressionAlgorithms', () =>
    tls
      .getCertificateCompressionAlgorithms?.()
      .every((one) => ['zlib', 'brotli', 'zstd'].includes(one)),
  );
  for (const protocols of [
    ['a', 'bc'],
    [''],
    ['x'.repeat(255)],
    ['x'.repeat(256)],
    Buffer.from('\x01a'),
    'x',
    5,
    [5],
  ]) {
    const out = {};
    fact.of(
      'convertALPNProtocols',
      () => tls.convertALPNProtocols(protocols, out),
      () => out.ALPNProtocols,
    );
  }
});

program('default authorities', async (fact, t) => {
  const { port } = await serve(t, {});
  tls.setDefaultCACertificates([]);
  fact('none', told(await secured(dial(t, port, { ca: undefined }))));
  tls.setDefaultCACertificates([ca]);
  fact('set', told(await secured(dial(t, port, { ca: undefined }))));
  fact(
    'one',
    tls.getCACertificates('default').length,
    tls.getCACertificates('default')[0].trim() === ca.trim(),
  );
});

program('options of connect()', async (fact, t) => {
  const { port } = await serve(t, { ALPNProtocols: ['a', 'b'] }, (socket) =>
    socket.on('error', () => {}).end('hello'),
  );
  for (const [name, options] of Object.entries({
    plain: {},
    'no servername': { servername: undefined },
    'an empty servername': { servername: '' },
    'host localhost': { host: 'localhost', servername: undefined, family: 4 },
    'another name': { servername: 'other.test' },
    'wrong authority': { ca: key('other-ca.pem') },
    'rejectUnauthorized false': { ca: undefined, rejectUnauthorized: false },
    'rejectUnauthorized 0': { ca: undefined, rejectUnauthorized: 0 },
    checkServerIdentity: { servername: 'other.test', checkServerIdentity: () => undefined },
    'checkServerIdentity fails': {
      checkServerIdentity: () => Object.assign(new Error('mine'), { code: 'MINE' }),
    },
    'TLSv1.2': { maxVersion: 'TLSv1.2' },
    'TLSv1.3': { minVersion: 'TLSv1.3' },
    'TLSv1.1': { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
    secureProtocol: { secureProtocol: 'TLSv1_2_method' },
    ciphers: { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' },
    'ciphers of TLSv1.3': { ciphers: 'TLS_AES_128_GCM_SHA256' },
    ecdhCurve: { ecdhCurve: 'P-256' },
    sigalgs: { sigalgs: 'RSA-PSS+SHA256' },
    ALPN: { ALPNProtocols: ['b', 'a'] },
    'ALPN buffer': { ALPNProtocols: Buffer.from('\x01a') },
    'ALPN none shared': { ALPNProtocols: ['c'] },
    secureContext: { ca: undefined, secureContext: tls.createSecureContext({ ca }) },
    'a secret key': pairOf('client'),
    minDHSize: { minDHSize: 2048, maxVersion: 'TLSv1.2' },
    timeout: { timeout: 5000 },
    allowPartialTrustChain: { allowPartialTrustChain: true },
    highWaterMark: { highWaterMark: 5 },
  })) {
    const socket = dial(t, port, options);
    fact(
      name,
      socket.connecting,
      socket.encrypted,
      socket.authorized,
      socket.alpnProtocol,
      socket.servername,
      socket.secureConnecting,
    );
    socket.resume();
    const error = await secured(socket);
    fact(name, told(error), error?.reason?.slice?.(0, 60), error?.host);
    if (error) continue;
    fact(
      name,
      socket.authorized,
      socket.authorizationError,
      socket.alpnProtocol,
      socket.servername,
      socket.getProtocol(),
      socket.getCipher(),
      socket.secureConnecting,
    );
    fact(
      name,
      socket.getPeerCertificate().subject?.CN,
      socket.isSessionReused(),
      socket.getCertificate()?.subject?.CN,
      socket.timeout,
    );
  }
});

program('forms of connect() and its checks', async (fact, t) => {
  const { port } = await serve(t, {}, (socket) => socket.on('error', () => {}).end('x'));
  const options = { ca, servername: 'localhost' };
  for (const [name, args] of Object.entries({
    'port, options': [port, options],
    'port, host, options': [port, '127.0.0.1', options],
    'port, host, options, callback': [port, '127.0.0.1', options, () => fact('callback')],
    'options, callback': [{ port, ...options }, () => fact('callback')],
    'a port as text': [String(port), options],
  })) {
    const socket = fact.of(
      name,
      () => tls.connect(...args),
      (one) => one instanceof tls.TLSSocket,
    );
    socket.resume();
    fact(name, told(await secured(socket)));
    socket.destroy();
  }
  for (const args of [
    [],
    [null],
    ['x'],
    [{}],
    [{ port: 'x' }],
    [{ port: 70000 }],
    [{ path: 5 }],
    [{ socket: 5 }],
    [{ socket: {} }],
    [{ port, ALPNProtocols: 5 }],
    [{ port, servername: 5 }],
    [{ port, checkServerIdentity: 5 }],
    [{ port, ca: 5 }],
    [{ port, cert: 'x' }],
    [{ port, key: 'x' }],
    [{ port, minVersion: 'x' }],
    [{ port, ciphers: 'x' }],
    [{ port, ciphers: 5 }],
    [{ port, session: 'x' }],
    [{ port, ecdhCurve: 'x' }],
    [{ port, sigalgs: '' }],
    [{ port, minDHSize: 'x' }],
    [{ port, minDHSize: 0 }],
    [{ port, secureContext: 5 }],
    [{ port, timeout: 'x' }],
    [{ port, pskCallback: 5 }],
    [{ port, ALPNCallback: () => {} }],
    [{ port, enableTrace: 5 }],
    [{ port, requestOCSP: 5 }],
    [{ port, certificateCompression: ['x'] }],
    [{ port, certificateCompression: 5 }],
    [{ port, lookup: 5 }],
    [{ port, secureProtocol: 'x' }],
    [{ port, secureOptions: 'x' }],
    [{ port, pfx: '\x04\x01\x00' }],
    [{ port, passphrase: 5, key: key('server.key') }],
    [{ port, crl: 'x' }],
    [{ port, dhparam: 'x' }],
    [{ port, host: '127.0.0.1', session: Buffer.from('x') }],
  ])
    fact.of(JSON.stringify(args).replaceAll(String(port), 'port').slice(0, 100), () => {
      const socket = tls.connect(...args);
      socket.on('error', () => {});
      socket.destroy();
      return 'connects';
    });
});

program('TLS over a socket that there is', async (fact, t) => {
  const { port } = await serve(t, {}, (socket) => socket.on('error', () => {}).end('hello'));
  for (const [name, make] of Object.entries({
    connected: async () => {
      const raw = net.connect(port, '127.0.0.1');
      await event(raw, 'connect');
      return raw;
    },
    connecting: async () => net.connect(port, '127.0.0.1'),
  })) {
    const raw = await make();
    const socket = tls.connect({ socket: raw, ca, servername: 'localhost' });
    fact(name, socket.connecting, socket.remoteAddress === raw.remoteAddress);
    socket.on('data', (data) => fact('data', data));
    fact(name, told(await secured(socket)));
    await event(socket, 'close');
    fact(name, raw.destroyed);
  }
  const raw = net.connect(port, '127.0.0.1');
  const wrapped = new tls.TLSSocket(raw, { ca });
  fact(
    'TLSSocket',
    wrapped.encrypted,
    wrapped.authorized,
    wrapped instanceof net.Socket,
    wrapped.connecting,
  );
  wrapped.on('error', (error) => fact('error', told(error)));
  wrapped.destroy();
  for (const args of [[], [5], [{}], [null], [new (require('stream').Readable)()]])
    fact.of(
      `new TLSSocket ${args.length}`,
      () => new tls.TLSSocket(...args).on('error', () => {}).destroy(),
      () => 'made',
    );
});
