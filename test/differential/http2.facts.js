'use strict';
// What http2 has, refuses, and tells in which order.
const http2 = require('http2');
const { once } = require('events');
const { program } = require('./harness');

const codeOf = (fn) => {
  try {
    return ['fine', fn()];
  } catch (error) {
    return [error.name, error.code, error.message];
  }
};

program('constants', (fact) => {
  for (const name of Object.keys(http2.constants).sort()) fact(name, http2.constants[name]);
});

program('settings', (fact) => {
  fact('default', Object.entries(http2.getDefaultSettings()).sort());
  for (const settings of [
    {},
    { enablePush: false, maxFrameSize: 20000, maxHeaderListSize: 5, headerTableSize: 7 },
    { maxFrameSize: 5 },
    { initialWindowSize: 2 ** 31 },
    { enablePush: 1 },
    { enableConnectProtocol: 'x' },
    { maxConcurrentStreams: -1 },
  ])
    fact(
      JSON.stringify(settings),
      codeOf(() => http2.getPackedSettings(settings).toString('hex')),
    );
  for (const hex of ['', '00', '000100000064', '00ff00000001', '000500000001'])
    fact(
      hex,
      codeOf(() => JSON.stringify(http2.getUnpackedSettings(Buffer.from(hex, 'hex')))),
    );
});

/** A server, and a client's session; both end with the program. */
async function pair(t, options, more) {
  const server = http2.createServer(options);
  server.on('session', (session) => session.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`, more);
  session.on('error', () => {});
  t.after(() => {
    session.destroy();
    server.close();
  });
  return { server, session };
}

program('fields that are refused', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream) => stream.respond({}, { endStream: true }));
  for (const headers of [
    { connection: 'close' },
    { te: 'gzip' },
    { 'content-type': ['a', 'b'] },
    { 'b c': '1' },
    { ':method': 'CONNECT' },
    { ':method': 'CONNECT', ':authority': 'a', ':path': '/' },
    { ':none': 'x' },
  ])
    fact(
      JSON.stringify(headers),
      codeOf(() => session.request(headers).on('error', () => {}) && 'sent'),
    );
});

program('answers that are refused', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream) => {
    for (const status of [100, 199, 600])
      fact(
        `status ${status}`,
        codeOf(() => stream.respond({ ':status': status })),
      );
    for (const status of [101, 200, 99])
      fact(
        `information ${status}`,
        codeOf(() => stream.additionalHeaders({ ':status': status })),
      );
    fact(
      'trailers',
      codeOf(() => stream.sendTrailers({})),
    );
    fact(
      'path',
      codeOf(() => stream.respond({ ':path': '/' })),
    );
    stream.respond({ ':status': 204 });
    fact(
      'again',
      codeOf(() => stream.respond()),
    );
    fact(
      'information late',
      codeOf(() => stream.additionalHeaders({ ':status': 103 })),
    );
    fact(
      'push',
      codeOf(() => stream.pushStream({}, 5)),
    );
    stream.end();
  });
  const stream = session.request();
  stream.resume();
  await once(stream, 'close');
});

const note = (fact, name, target, events) => {
  for (const event of events)
    target.on(event, (value) => fact(name, event, value instanceof Error ? value.code : ''));
};

program('order of events', async (fact, t) => {
  const { server, session } = await pair(t);
  const seen = { client: [], server: [] };
  const into = (name) => (who, event, code) => seen[name].push(`${who} ${event} ${code}`);
  server.on('stream', (stream) => {
    note(into('server'), 'stream', stream, ['aborted', 'end', 'finish', 'error', 'close']);
    stream.respond({}, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ a: 'b' }));
    stream.resume();
    stream.end('body');
  });
  const stream = session.request({ ':method': 'POST' });
  note(into('client'), 'stream', stream, [
    'ready',
    'response',
    'trailers',
    'aborted',
    'end',
    'error',
    'close',
  ]);
  stream.resume();
  stream.end('sent');
  await once(stream, 'close');
  session.close();
  await once(session, 'close');
  // When a server's stream has finished is a matter of how much goes out at once.
  for (const line of [...seen.client, ...seen.server.sort()]) fact(line);
});

for (const [what, act] of [
  ['cancel', (stream) => stream.close(http2.constants.NGHTTP2_CANCEL)],
  ['refuse', (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)],
  ['destroy', (stream) => stream.destroy()],
  ['destroy with an error', (stream) => stream.destroy(new Error('mine'))],
])
  program(`the client ends a stream: ${what}`, async (fact, t) => {
    const { server, session } = await pair(t);
    const stream = session.request({ ':method': 'POST' });
    stream.on('error', (error) => fact('client error', error.code ?? error.message));
    const closed = new Promise((resolve) => stream.on('close', resolve));
    const [other] = await once(server, 'stream');
    other.on('error', (error) => fact('server error', error.code));
    const ends = new Promise((resolve) => other.on('close', resolve));
    act(stream);
    await closed;
    await ends;
    fact('client', stream.rstCode, stream.aborted, stream.closed, stream.destroyed);
    fact('server', other.rstCode, other.aborted, other.closed, other.destroyed);
  });
