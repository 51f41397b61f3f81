'use strict';
// The life of streams and sessions of http2: who ends what, when, and what is told of it.
const http2 = require('http2');
const { program, event, soon } = require('./harness');
const { attempt, closed, pair, stateOf, watch } = require('./shared/http2');

const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM, NGHTTP2_INTERNAL_ERROR } =
  http2.constants;

// Who ends it, and how, after what the server has sent.
const ENDS = {
  'close()': (stream) => stream.close(),
  'close(NO_ERROR)': (stream) => stream.close(NGHTTP2_NO_ERROR),
  'close(CANCEL)': (stream) => stream.close(NGHTTP2_CANCEL),
  'close(REFUSED_STREAM)': (stream) => stream.close(NGHTTP2_REFUSED_STREAM),
  'close(INTERNAL_ERROR)': (stream) => stream.close(NGHTTP2_INTERNAL_ERROR),
  'destroy()': (stream) => stream.destroy(),
  'destroy(error)': (stream) => stream.destroy(new Error('mine')),
  'end()': (stream) => stream.end(),
  'session.close()': (stream) => stream.session.close(),
  'session.destroy()': (stream) => stream.session.destroy(),
  'goaway()': (stream) => stream.session.goaway(NGHTTP2_INTERNAL_ERROR),
};

for (const side of ['client', 'server'])
  for (const when of ['before the answer', 'within the body'])
    for (const [how, end] of Object.entries(ENDS))
      for (const sends of [false, true])
        program(`${side} ${how} ${when}${sends ? ', a body goes up' : ''}`, async (fact, t) => {
          const { server, session, served } = await pair(t);
          session.removeAllListeners('error');
          session.on('error', (error) => fact('session error', error.code));
          served.on('error', (error) => fact('served error', error.code));
          const arrived = event(server, 'stream');
          const mine = session.request({ ':method': sends ? 'POST' : 'GET' });
          const told = watch(mine);
          mine.on('data', () => {});
          if (sends) mine.write('up');
          const theirs = await arrived;
          const seen = watch(theirs);
          theirs.on('data', () => {});
          if (when === 'within the body') {
            theirs.respond({ ':status': 200 });
            theirs.write('some');
            await event(mine, 'data');
          }
          end(side === 'client' ? mine : theirs);
          await Promise.all([closed(mine), closed(theirs)]);
          await soon(20);
          fact('client', ...told);
          fact('client', ...stateOf(mine));
          fact('server', ...[...seen].sort());
          fact('server', ...stateOf(theirs));
          fact('sessions', session.destroyed, served.destroyed);
        });

program('a body without a listener of response', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream) => {
    stream.respond();
    stream.end('x'.repeat(200000));
  });
  const stream = session.request();
  const told = watch(stream, ['end', 'close', 'error', 'aborted']);
  await Promise.race([event(stream, 'close'), soon(500)]);
  fact('told', ...told);
});

program('what close(), destroy() and end() return and take', async (fact, t) => {
  const { server, session } = await pair(t);
  server.on('stream', (stream) => stream.respond());
  const stream = session.request({ ':method': 'POST' });
  stream.on('error', () => {});
  for (const [code, callback] of [['x'], [-1], [2 ** 32], [1.5], [undefined, 5], [null]])
    fact(
      `close(${code}, ${callback})`,
      attempt(() => stream.close(code, callback)),
    );
  fact(
    'close',
    stream.close(NGHTTP2_CANCEL, () => fact('callback')),
    stream.closed,
    stream.rstCode,
  );
  fact(
    'again',
    stream.close(5, () => fact('never')),
    stream.rstCode,
  );
  await closed(stream);
  fact(
    'write',
    stream.write('x'),
    attempt(() => stream.sendTrailers({})),
  );
  fact(
    'timeout',
    attempt(() => stream.setTimeout(1, () => {}) === stream),
  );
  fact(
    'priority',
    attempt(() => stream.priority({ weight: 5 })),
    stream.state,
  );
});

program('time-outs', async (fact, t) => {
  const { server, session, served } = await pair(t);
  server.on('stream', (stream) => stream.on('error', () => {}));
  fact('session', session.setTimeout(0) === session, session.timeout);
  const stream = session.request();
  fact('stream', stream.setTimeout(20, () => fact('told', stream.timeout)) === stream);
  for (const args of [['x'], [-1], [5, 'x'], [undefined], [Infinity]])
    fact(
      `setTimeout(${args})`,
      attempt(() => stream.setTimeout(...args) === stream),
    );
  stream.setTimeout(20);
  await event(stream, 'timeout');
  fact('state', stream.closed, stream.destroyed);
  session.setTimeout(20);
  await event(session, 'timeout');
  fact('session', session.closed, session.destroyed);
  served.setTimeout(20);
  await Promise.race([event(served, 'timeout'), soon(200)]);
  await soon(20);
  fact('served', served.closed, served.destroyed);
  stream.on('error', (error) => fact('error', error.code));
  server.on('timeout', () => fact('server timeout'));
});

program('a server that closes', async (fact, t) => {
  const { server, session, served } = await pair(t);
  const arrived = event(server, 'stream');
  const stream = session.request();
  const told = watch(stream);
  stream.resume();
  const theirs = await arrived;
  session.on('goaway', (code, last, data) => fact('goaway', code, last, data));
  session.on('close', () => fact('session close'));
  served.on('close', () => fact('served close'));
  server.close((error) => fact('closed', error));
  await soon(30);
  fact('sessions', session.closed, session.destroyed, served.closed, served.destroyed);
  fact(
    'request',
    attempt(() => session.request().on('error', (error) => fact('late', error.code)) && 'sent'),
  );
  theirs.respond();
  theirs.end('x');
  await Promise.race([event(session, 'close'), soon(300)]);
  fact('told', ...told);
  fact('address', server.address(), server.listening);
});

program('goaway', async (fact, t) => {
  const { session, served } = await pair(t);
  for (const args of [['x'], [0, 'x'], [0, 0, 'x']])
    fact(
      `goaway(${args})`,
      attempt(() => session.goaway(...args)),
    );
  served.on('goaway', (...args) => fact('goaway', ...args));
  served.on('error', (error) => fact('error', error.code, error.message));
  served.on('close', () => fact('close'));
  session.on('close', () => fact('own close'));
  session.goaway(0, 0, Buffer.from('why'));
  await soon(50);
  fact('state', session.closed, session.destroyed, served.closed, served.destroyed);
  fact(
    'goaway',
    attempt(() => session.goaway(NGHTTP2_INTERNAL_ERROR, 7, new Uint16Array([0x6161]))),
  );
  await soon(50);
  fact('state', session.closed, session.destroyed, served.closed, served.destroyed);
});

program('pings', async (fact, t) => {
  const { session, served } = await pair(t, { client: { maxOutstandingPings: 2 } });
  served.on('ping', (payload) => fact('ping', payload.toString()));
  for (const args of [
    [],
    ['x'],
    [5, () => {}],
    [Buffer.alloc(7), () => {}],
    [Buffer.alloc(8), 5],
    [new Uint32Array(2), () => {}],
  ])
    fact(
      `ping ${args.length} ${typeof args[0]}`,
      attempt(() => session.ping(...args)),
    );
  await soon(30);
  const done = [];
  for (let i = 0; i < 4; i++)
    fact(
      `ping ${i}`,
      session.ping(Buffer.from(`payload${i}`), (error, ms, payload) =>
        done.push([error?.code ?? null, typeof ms, payload?.toString()]),
      ),
    );
  await soon(30);
  for (const one of done) fact('done', ...one);
  session.ping((error, ms, payload) => fact('cut off', error?.code, ms, payload?.length));
  session.destroy();
  await soon(20);
  fact(
    'late',
    attempt(() => session.ping(() => {})),
  );
});

program('a session that is destroyed', async (fact, t) => {
  const { session } = await pair(t);
  session.on('close', () => fact('close'));
  fact('destroy', session.destroy());
  fact(
    'state',
    session.closed,
    session.destroyed,
    session.connecting,
    session.encrypted,
    session.alpnProtocol,
    session.type,
  );
  fact('socket', session.socket === undefined, session.pendingSettingsAck, session.state);
  for (const name of [
    'request',
    'settings',
    'ping',
    'goaway',
    'setLocalWindowSize',
    'close',
    'destroy',
    'ref',
    'unref',
    'setTimeout',
  ])
    fact(
      name,
      attempt(
        () =>
          typeof session[name](
            name === 'ping' ? () => {} : name === 'setLocalWindowSize' ? 5 : undefined,
          ),
      ),
    );
  await soon(20);
});

program('a session that is closed', async (fact, t) => {
  const { session } = await pair(t, { listener: (req, res) => res.end('x') });
  const stream = session.request();
  const told = watch(stream);
  stream.resume();
  fact(
    'close',
    session.close(() => fact('callback')),
    session.closed,
    session.destroyed,
  );
  fact(
    'again',
    session.close(() => fact('second callback')),
  );
  fact(
    'request',
    attempt(
      () =>
        session.request().on('error', (error) => fact('late', error.code, error.message)) && 'sent',
    ),
  );
  await event(session, 'close');
  fact('told', ...told);
});

program('the socket of a session', async (fact, t) => {
  const { session } = await pair(t);
  const { socket } = session;
  fact(
    'same',
    socket === session.socket,
    socket.remotePort > 0,
    socket.remoteAddress,
    socket.destroyed,
  );
  for (const name of [
    'destroy',
    'emit',
    'end',
    'pause',
    'read',
    'resume',
    'write',
    'setEncoding',
    'setKeepAlive',
    'setNoDelay',
  ])
    fact(
      name,
      attempt(() => typeof socket[name]('x')),
    );
  fact('setTimeout', socket.setTimeout(1234) === session, session.timeout);
  fact(
    'assign',
    attempt(() => (socket.mine = 5)),
    socket.mine,
  );
  fact(
    'assign write',
    attempt(() => (socket.write = 5)),
  );
  fact(
    'window',
    attempt(() => session.setLocalWindowSize('x')),
    attempt(() => session.setLocalWindowSize(-1)),
    attempt(() => session.setLocalWindowSize(100000)),
  );
  fact(
    'state',
    session.state.effectiveLocalWindowSize,
    session.state.localWindowSize,
    Object.keys(session.state),
  );
  session.destroy();
  fact(
    'destroyed',
    attempt(() => socket.remotePort),
    attempt(() => socket.destroyed),
  );
});

program('an aborted request', async (fact, t) => {
  const { server, session } = await pair(t);
  for (const [name, abort] of Object.entries({
    before: (controller) => controller.abort(),
    'in the same turn': (controller) => queueMicrotask(() => controller.abort()),
    later: (controller) => setTimeout(() => controller.abort(new Error('why')), 20),
  })) {
    const controller = new AbortController();
    if (name === 'before') abort(controller);
    server.once('stream', (stream) => stream.on('error', () => {}));
    const stream = session.request({}, { signal: controller.signal });
    const told = watch(stream);
    stream.on('error', (error) => fact(`${name} error`, error.name, error.code, error.cause));
    if (name !== 'before') abort(controller);
    await closed(stream);
    fact(name, ...told);
    fact(name, ...stateOf(stream));
  }
});

program('requests before the connection', async (fact, t) => {
  const { port } = await pair(t, { listener: (req, res) => res.end('x') });
  const session = http2.connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  fact(
    'state',
    session.connecting,
    session.socket !== undefined,
    session.encrypted,
    session.alpnProtocol,
  );
  const first = session.request();
  const second = session.request();
  fact('ids', first.id, first.pending, second.id);
  const told = [watch(first), watch(second)];
  second.close(NGHTTP2_CANCEL);
  first.resume();
  await Promise.all([closed(first), closed(second)]);
  fact('first', ...told[0]);
  fact('second', ...told[1]);
  fact('second', ...stateOf(second));
  const failing = http2.connect('http://127.0.0.1:1');
  failing.on('error', (error) => fact('error', error.code));
  failing.on('close', () => fact('close'));
  const lost = failing.request();
  const seen = watch(lost);
  await closed(lost);
  await soon(20);
  fact('lost', ...seen);
  fact('lost', ...stateOf(lost));
});

program('listeners that throw', async (fact, t) => {
  const { server, session } = await pair(t);
  const caught = [];
  const [before] = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error.message));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', before);
  });
  server.on('stream', (stream, headers) => {
    stream.respond();
    stream.end('x');
    throw new Error(headers[':path']);
  });
  for (const path of ['/a', '/b']) {
    const stream = session.request({ ':path': path });
    const told = watch(stream);
    stream.on('response', () => {
      throw new Error(`response ${path}`);
    });
    stream.on('data', () => {
      throw new Error(`data ${path}`);
    });
    await closed(stream);
    fact(path, ...told);
  }
  fact('caught', ...caught);
});
