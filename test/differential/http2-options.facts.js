'use strict';
// What options of servers, sessions and requests of http2 may be, and what comes of them.
const http2 = require('http2');
const { program, event, soon } = require('./harness');
const { attempt, pair } = require('./shared/http2');

const VALUES = {
  maxSettings: [0, 1, -1, 'x'],
  maxSessionMemory: [0, 1, -1, 'x'],
  maxHeaderListPairs: [0, 1, 4, 'x'],
  maxOutstandingPings: [0, 1, -1, 'x'],
  maxSendHeaderBlockLength: [0, 1, -1, 'x'],
  maxDeflateDynamicTableSize: [0, -1, 'x'],
  paddingStrategy: [0, 1, 2, 3, -1, 'x'],
  peerMaxConcurrentStreams: [0, 1, -1, 'x'],
  maxSessionInvalidFrames: [0, 1, -1, 'x', 2 ** 32],
  maxSessionRejectedStreams: [0, 1, -1, 'x', 2 ** 32],
  maxReservedRemoteStreams: [0, -1, 'x'],
  maxOriginSetSize: [0, 1, -1, 'x'],
  unknownProtocolTimeout: [0, -1, 'x'],
  streamResetBurst: [1, 'x', -1],
  streamResetRate: [1, 'x', -1],
  strictFieldWhitespaceValidation: [false, 'x'],
  strictSingleValueFields: [false, 'x'],
  remoteCustomSettings: [[], [9], [1], ['x'], 'x', new Array(11).fill(9), [70000]],
  settings: [
    'x',
    {},
    { customSettings: { 9: 1 } },
    { customSettings: { x: 1 } },
    { customSettings: 'x' },
  ],
  http1Options: [{}, 'x', 5],
  Http2ServerRequest: ['x'],
  Http1IncomingMessage: ['x'],
  origins: ['x', [5]],
  allowHTTP1: ['x'],
};

program('servers refuse bad options', (fact) => {
  for (const [name, values] of Object.entries(VALUES))
    for (const value of values)
      fact(
        `${name} ${JSON.stringify(value)}`,
        attempt(() => typeof http2.createServer({ [name]: value })),
      );
  for (const options of ['x', 5, null, []])
    fact(
      JSON.stringify(options),
      attempt(() => typeof http2.createServer(options)),
    );
  for (const options of ['x', null, undefined])
    fact(
      `secure ${options}`,
      attempt(() => typeof http2.createSecureServer(options)),
    );
  fact(
    'listener',
    attempt(() => typeof http2.createServer({}, 5)),
  );
});

program('fields that stand once', async (fact, t) => {
  const { server, session } = await pair(t, {
    server: { strictSingleValueFields: false },
    client: { strictSingleValueFields: false },
  });
  server.on('stream', (stream, headers, flags, raw) => {
    fact(
      'arrived',
      headers['content-type'],
      raw.filter((one) => one.startsWith('text')),
    );
    fact(
      'answer',
      attempt(() =>
        stream.respond({ 'content-type': ['text/a', 'text/b'] }, { waitForTrailers: true }),
      ),
    );
    stream.on('wantTrailers', () =>
      fact(
        'trailers',
        attempt(() => stream.sendTrailers({ etag: ['a', 'b'] })),
      ),
    );
    stream.end();
  });
  const stream = session.request({ 'content-type': ['text/a', 'text/b'] });
  stream.on('response', (headers, flags, raw) =>
    fact(
      'response',
      headers['content-type'],
      raw.filter((one) => one.startsWith('text')),
    ),
  );
  stream.on('trailers', (headers, flags, raw) => fact('trailers arrived', headers.etag, raw));
  stream.resume();
  await event(stream, 'close');
});

program('settings of others', async (fact, t) => {
  const { session, served } = await pair(t, {
    server: { settings: { customSettings: { 20: 5 } }, remoteCustomSettings: [10] },
    client: { settings: { customSettings: { 10: 7, 11: 8 } }, remoteCustomSettings: [20, 12] },
  });
  await soon(30);
  fact('client', session.remoteSettings.customSettings, session.localSettings.customSettings);
  fact('server', served.remoteSettings.customSettings, served.localSettings.customSettings);
  session.settings({ customSettings: { 10: 9 } }, (error, settings, ms) =>
    fact('told', error, settings.customSettings, typeof ms),
  );
  await event(served, 'remoteSettings');
  await soon(20);
  fact('server', served.remoteSettings.customSettings);
  for (const settings of [
    { customSettings: { 70000: 1 } },
    { customSettings: { 9: -1 } },
    'x',
    null,
    undefined,
    { maxFrameSize: 1 },
  ])
    fact(
      JSON.stringify(settings),
      attempt(() => session.settings(settings)),
    );
  fact(
    'callback',
    attempt(() => session.settings({}, 5)),
  );
});

program('settings that arrive', async (fact, t) => {
  const { session, served } = await pair(t, {
    server: {
      settings: {
        maxConcurrentStreams: 3,
        maxHeaderListSize: 1000,
        initialWindowSize: 70000,
        enableConnectProtocol: true,
      },
    },
    client: { settings: { enablePush: false, headerTableSize: 100, maxFrameSize: 20000 } },
  });
  await soon(30);
  const list = (settings) => Object.entries(settings).sort();
  fact('client remote', list(session.remoteSettings));
  fact('client local', list(session.localSettings));
  fact('server remote', list(served.remoteSettings));
  fact('server local', list(served.localSettings));
  fact('prototype', Object.getPrototypeOf(session.remoteSettings));
  fact('pending', session.pendingSettingsAck);
  session.settings({ initialWindowSize: 100 });
  fact('pending', session.pendingSettingsAck);
  fact('local', session.localSettings.initialWindowSize);
  await event(session, 'localSettings');
  fact('local', session.localSettings.initialWindowSize, session.pendingSettingsAck);
  for (let i = 0; i < 12; i++)
    fact(
      `settings ${i}`,
      attempt(() => session.settings({})),
    );
});

for (const strategy of [0, 1, 2])
  program(`padding ${strategy}`, async (fact, t) => {
    const net = require('net');
    const { port } = await pair(t, {
      server: { paddingStrategy: strategy },
      listener: (req, res) => res.end('x'.repeat(13)),
    });
    const socket = net.connect(port, '127.0.0.1');
    t.after(() => socket.destroy());
    const frames = [];
    let buffer = Buffer.alloc(0);
    const done = new Promise((resolve) =>
      socket.on('data', (data) => {
        buffer = Buffer.concat([buffer, data]);
        while (buffer.length >= 9) {
          const size = buffer.readUIntBE(0, 3);
          if (buffer.length < 9 + size) return;
          const [type, flags] = [buffer[3], buffer[4]];
          const payload = buffer.subarray(9, 9 + size);
          if (type === 0)
            frames.push([size, flags & 8, payload.toString('latin1').replace(/\0/g, '')]);
          if (type === 0 && flags & 1) resolve();
          buffer = buffer.subarray(9 + size);
        }
      }),
    );
    const head = Buffer.from('828684410161', 'hex'); // GET http / authority a
    const frame = (type, flags, id, payload) => {
      const bytes = Buffer.alloc(9 + payload.length);
      bytes.writeUIntBE(payload.length, 0, 3);
      bytes[3] = type;
      bytes[4] = flags;
      bytes.writeUInt32BE(id, 5);
      payload.copy(bytes, 9);
      return bytes;
    };
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.write(frame(4, 0, 0, Buffer.alloc(0)));
    socket.write(frame(1, 5, 1, head));
    await done;
    for (const one of frames) fact('data', ...one);
  });

program('sessions refuse bad options', async (fact) => {
  for (const authority of [
    'nonsense',
    '',
    5,
    null,
    undefined,
    {},
    'ftp://a',
    'http://a:b@127.0.0.1:1/p?q#h',
  ])
    fact(
      JSON.stringify(authority),
      attempt(() => {
        const session = http2.connect(authority);
        session.on('error', () => {});
        session.destroy();
        return 'a session';
      }),
    );
  for (const options of ['x', 5])
    fact(
      JSON.stringify(options),
      attempt(() => {
        const session = http2.connect('http://127.0.0.1:1', options);
        session.on('error', () => {});
        session.destroy();
        return 'a session';
      }),
    );
});

program('requests refuse bad arguments', async (fact, t) => {
  const { session } = await pair(t, { listener: (req, res) => res.end() });
  const ask = (name, ...args) =>
    fact(
      name,
      attempt(() => {
        const stream = session.request(...args);
        stream.on('error', (error) => fact(`${name}: error`, error.code));
        stream.resume();
        return Object.entries(stream.sentHeaders).filter(([key]) => key !== ':authority');
      }),
    );
  for (const [name, headers] of Object.entries({
    nothing: undefined,
    null: null,
    text: 'x',
    number: 5,
    list: [':path', '/x'],
    'odd list': [':path'],
    'list with a number': ['a', 5],
    'list in capitals': ['X-A', 'b', 'x-a', 'c'],
    'list with pseudo last': ['x-a', 'b', ':path', '/y'],
    'an empty value': { a: '' },
    'an undefined value': { a: undefined },
    'a null value': { a: null },
    'a number': { a: 5 },
    'a boolean': { a: true },
    'an object': { a: {} },
    'a list': { a: ['b', 'c'] },
    'an empty list': { a: [] },
    'a symbol': { a: Symbol('x') },
    'an empty name': { '': 'x' },
    'a name in capitals': { 'X-Capital': 'x' },
    'two names alike': { 'x-a': '1', 'X-A': '2' },
    'a pseudo twice': { ':path': ['/a', '/b'] },
    'a status': { ':status': 200 },
    'an empty path': { ':path': '' },
    'no path': { ':path': 'x' },
    'an empty method': { ':method': '' },
    'a method in small': { ':method': 'get' },
    'a method that is none': { ':method': 'a b' },
    'CR LF': { a: 'b\r\nc' },
    NUL: { a: 'b\0c' },
    'UTF-8': { a: 'ä€' },
    'Latin-1': { a: 'ä' },
    'spaces around': { a: ' b ' },
    host: { host: 'x' },
    'host and authority': { host: 'x', ':authority': 'y' },
    'te trailers': { te: 'trailers' },
    'Transfer-Encoding': { 'transfer-encoding': 'chunked' },
    'Keep-Alive': { 'keep-alive': 'x' },
    Upgrade: { upgrade: 'x' },
    'HTTP2-Settings': { 'http2-settings': 'x' },
    'Proxy-Connection': { 'proxy-connection': 'x' },
    'two content-lengths': { 'content-length': ['1', '2'] },
    'sensitive text': { a: 'b', [http2.sensitiveHeaders]: 'a' },
    'sensitive list': { a: 'b', [http2.sensitiveHeaders]: ['A'] },
    protocol: { ':method': 'CONNECT', ':protocol': 'x' },
  }))
    ask(name, headers);
  for (const [name, options] of Object.entries({
    'options text': 'x',
    'options null': null,
    'endStream text': { endStream: 'x' },
    'waitForTrailers text': { waitForTrailers: 'x' },
    'exclusive text': { exclusive: 'x' },
    'parent text': { parent: 'x' },
    'parent -1': { parent: -1 },
    'weight text': { weight: 'x' },
    'weight 5': { weight: 5 },
    'silent text': { silent: 'x' },
    'signal text': { signal: 'x' },
    'signal object': { signal: {} },
    unknown: { nothing: 1 },
  }))
    ask(name, {}, options);
  await soon(50);
});
