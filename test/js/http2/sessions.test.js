'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const http2 = require('http2');
const net = require('net');
const { once } = require('events');
const { answer, serve } = require('./http2');

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_INTERNAL_ERROR } = http2.constants;

const hello = (stream) => {
  stream.respond();
  stream.end('hello');
};

/** What session.ping() calls back with. */
const ping = (session, payload) =>
  new Promise((resolve, reject) => {
    session.ping(payload, (error, ms, back) => (error ? reject(error) : resolve([ms, back])));
  });

test('settings of both sides are known to both', async (t) => {
  const { server, connect } = await serve(t, { settings: { maxConcurrentStreams: 7 } });
  server.on('stream', hello);
  const accepted = once(server, 'session');
  const session = connect({ settings: { initialWindowSize: 100000, enablePush: false } });
  const [remote] = await once(session, 'remoteSettings');
  assert.strictEqual(remote.maxConcurrentStreams, 7);
  assert.strictEqual(remote.maxHeaderListSize, 65535);
  const [other] = await accepted;
  if (other.remoteSettings.enablePush) await once(other, 'remoteSettings');
  assert.strictEqual(other.remoteSettings.initialWindowSize, 100000);
  await new Promise((resolve, reject) => {
    session.settings({ maxFrameSize: 20000 }, (error, settings, ms) => {
      assert.strictEqual(settings.maxFrameSize, 20000);
      assert.ok(ms >= 0);
      if (error) reject(error);
      else resolve();
    });
  });
  assert.strictEqual(session.localSettings.maxFrameSize, 20000);
  assert.strictEqual(session.pendingSettingsAck, false);
});

test('settings that are none are refused', async (t) => {
  assert.throws(() => http2.createServer({ settings: { maxFrameSize: 1 } }), {
    name: 'RangeError',
    code: 'ERR_HTTP2_INVALID_SETTING_VALUE',
  });
  const { connect } = await serve(t);
  const session = connect();
  assert.throws(() => session.settings({ enablePush: 1 }), {
    name: 'TypeError',
    code: 'ERR_HTTP2_INVALID_SETTING_VALUE',
  });
});

test('packed settings are what was packed', () => {
  const packed = http2.getPackedSettings({
    headerTableSize: 100,
    enablePush: true,
    initialWindowSize: 100,
  });
  assert.strictEqual(packed.toString('hex'), '000100000064000200000001000400000064');
  const { headerTableSize, enablePush } = http2.getUnpackedSettings(packed);
  assert.deepStrictEqual([headerTableSize, enablePush], [100, true]);
  assert.throws(() => http2.getUnpackedSettings(packed.subarray(1)), {
    code: 'ERR_HTTP2_INVALID_PACKED_SETTINGS_LENGTH',
  });
  assert.strictEqual(http2.getDefaultSettings().initialWindowSize, 65535);
});

test('a ping comes back with what it carried, and is told to the peer', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'session');
  const session = connect();
  const [other] = await accepted;
  const told = once(other, 'ping');
  const payload = Buffer.from('8 bytes!');
  const [ms, back] = await ping(session, payload);
  assert.ok(ms >= 0);
  assert.ok(back.equals(payload));
  assert.ok((await told)[0].equals(payload));
  assert.throws(() => session.ping(Buffer.alloc(7), () => {}), { code: 'ERR_HTTP2_PING_LENGTH' });
});

test('more pings than are allowed, and those of a session that ends, are cancelled', async (t) => {
  const { connect } = await serve(t);
  const session = connect({ maxOutstandingPings: 2 });
  await once(session, 'connect');
  const all = [ping(session), ping(session), ping(session)];
  await assert.rejects(all[2], { code: 'ERR_HTTP2_PING_CANCEL' });
  session.destroy();
  await assert.rejects(all[0], { code: 'ERR_HTTP2_PING_CANCEL' });
  await assert.rejects(all[1], { code: 'ERR_HTTP2_PING_CANCEL' });
});

test('a session that is closed ends when its streams have ended', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const session = connect();
  const stream = session.request();
  const [other] = await accepted;
  session.close();
  assert.deepStrictEqual([session.closed, session.destroyed], [true, false]);
  await assert.rejects(once(session.request(), 'response'), { code: 'ERR_HTTP2_GOAWAY_SESSION' });
  hello(other);
  const ends = Promise.all([once(session, 'close'), once(other.session, 'close')]);
  assert.strictEqual((await answer(stream)).text, 'hello');
  await ends;
  await assert.rejects(once(session.request(), 'response'), { code: 'ERR_HTTP2_INVALID_SESSION' });
});

test('a server that goes away lets streams end, and takes no new ones', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', (stream) => {
    stream.session.close();
    setImmediate(() => hello(stream));
  });
  const session = connect();
  const goaway = once(session, 'goaway');
  const closed = once(session, 'close');
  assert.strictEqual((await answer(session.request())).text, 'hello');
  const [code, lastStream] = await goaway;
  assert.deepStrictEqual([code, lastStream], [0, 1]);
  await closed;
});

test('a server that closes tells its sessions, and has closed when their streams have ended', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const session = connect();
  const stream = session.request();
  const [other] = await accepted;
  const goaway = once(session, 'goaway');
  const closed = new Promise((resolve) => server.close(resolve));
  assert.strictEqual((await goaway)[0], 0);
  hello(other);
  assert.strictEqual((await answer(stream)).text, 'hello');
  await closed;
});

test('GOAWAY with a code and data ends the peer with an error', async (t) => {
  const { server, connect } = await serve(t);
  server.on('session', (other) => {
    other.on('error', () => {});
    other.goaway(NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('calm'));
  });
  const session = connect();
  const goaway = once(session, 'goaway');
  const [error] = await once(session, 'error');
  assert.strictEqual(error.code, 'ERR_HTTP2_SESSION_ERROR');
  assert.strictEqual(error.message, 'Session closed with error code NGHTTP2_ENHANCE_YOUR_CALM');
  const [code, , data] = await goaway;
  assert.deepStrictEqual([code, `${data}`], [NGHTTP2_ENHANCE_YOUR_CALM, 'calm']);
});

test('destroying a session destroys its streams, and the peer hears of it', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const session = connect();
  const stream = session.request({ ':method': 'POST' });
  const [other] = await accepted;
  const { session: otherSession } = other;
  otherSession.on('error', () => {});
  other.on('error', () => {});
  const closed = (one) => new Promise((resolve) => one.on('close', resolve));
  const ends = Promise.all([closed(stream), closed(otherSession)]);
  stream.on('error', (error) => assert.strictEqual(error.message, 'mine'));
  session.on('error', (error) => assert.strictEqual(error.message, 'mine'));
  session.destroy(new Error('mine'));
  await ends;
  assert.strictEqual(otherSession.goawayCode, NGHTTP2_INTERNAL_ERROR);
  assert.ok(session.destroyed);
});

test('a connection that is cut closes the streams with CANCEL', async (t) => {
  const { server, connect } = await serve(t);
  const accepted = once(server, 'stream');
  const session = connect();
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST' });
  stream.on('error', () => {});
  const [other] = await accepted;
  const closed = new Promise((resolve) => stream.on('close', resolve));
  other.on('error', () => {});
  other.session.on('error', () => {});
  other.session.socket.destroy();
  await closed;
  assert.strictEqual(stream.rstCode, NGHTTP2_CANCEL);
});

test('a server that is not there is an error of the session and of what waits for it', async (t) => {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const session = http2.connect(`http://127.0.0.1:${port}`);
  t.after(() => session.destroy());
  const stream = session.request();
  const failed = once(stream, 'error');
  assert.strictEqual((await once(session, 'error'))[0].code, 'ECONNREFUSED');
  assert.strictEqual((await failed)[0].code, 'ERR_HTTP2_STREAM_CANCEL');
});

test('a session may be made on a connection that is there', async (t) => {
  const { server, port } = await serve(t);
  server.on('stream', hello);
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const session = http2.connect('http://name.test', { createConnection: () => socket });
  t.after(() => session.destroy());
  const stream = session.request();
  assert.strictEqual((await answer(stream)).text, 'hello');
  assert.strictEqual(stream.sentHeaders[':authority'], 'name.test');
});

test('the socket of a session that was closed may still be looked at in that turn', async (t) => {
  const { connect } = await serve(t);
  const session = connect();
  await once(session, 'connect');
  session.close();
  assert.strictEqual(session.socket.remoteAddress, '127.0.0.1');
  await once(session, 'close');
});

test('the socket of a session may be looked at, not read or written', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', hello);
  const session = connect();
  await once(session, 'connect');
  assert.strictEqual(session.socket.remoteAddress, '127.0.0.1');
  for (const name of ['write', 'end', 'read', 'pause'])
    assert.throws(() => session.socket[name], { code: 'ERR_HTTP2_NO_SOCKET_MANIPULATION' });
  assert.deepStrictEqual(
    [session.type, session.encrypted, session.alpnProtocol],
    [1, false, 'h2c'],
  );
  const { socket } = session;
  session.destroy();
  assert.strictEqual(session.socket, undefined);
  assert.throws(() => socket.remoteAddress, { code: 'ERR_HTTP2_SOCKET_UNBOUND' });
});

test('a session and a stream with nothing to say time out', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', () => {});
  server.setTimeout(50);
  const timeout = once(server, 'timeout');
  const session = connect();
  const stream = session.request();
  stream.on('error', () => {});
  session.on('error', () => {});
  stream.setTimeout(20, () => stream.close(NGHTTP2_CANCEL));
  await once(stream, 'close');
  const [other] = await timeout;
  assert.strictEqual(other.server, server);
  other.destroy();
});

test('the window of a session can be made larger', async (t) => {
  const { connect } = await serve(t);
  const session = connect();
  await once(session, 'connect');
  session.setLocalWindowSize(1 << 20);
  assert.strictEqual(session.state.effectiveLocalWindowSize, 1 << 20);
  assert.throws(() => session.setLocalWindowSize('x'), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('the program ends when its sessions are not to keep it', async (t) => {
  const { connect } = await serve(t);
  const session = connect();
  await once(session, 'connect');
  session.unref();
  session.ref();
  session.unref();
});

test('other services and origins are told to the client', async (t) => {
  const { server, connect } = await serve(t);
  server.on('stream', hello);
  server.on('session', (other) => {
    assert.throws(() => other.altsvc('h2=":1"', 'not an origin'), { code: 'ERR_INVALID_URL' });
    other.altsvc('h2=":8000"', 'https://example.org:80/x');
  });
  const session = connect();
  const [value, origin, id] = await once(session, 'altsvc');
  assert.deepStrictEqual([value, origin, id], ['h2=":8000"', 'https://example.org:80', 0]);
});

test('a scheme that is not HTTP is refused', () => {
  assert.throws(() => http2.connect('ftp://a'), {
    code: 'ERR_HTTP2_UNSUPPORTED_PROTOCOL',
    message: 'protocol "ftp:" is unsupported.',
  });
});

test('a server of net gives its connections to a session', async (t) => {
  const server = net.createServer((socket) => {
    http2.performServerHandshake(socket).on('stream', hello);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const session = http2.connect(`http://127.0.0.1:${server.address().port}`);
  assert.strictEqual((await answer(session.request())).text, 'hello');
  session.close();
  await once(session, 'close');
});

test('connect() promises a session that is connected', async (t) => {
  const server = http2.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const connect = require('util').promisify(http2.connect);
  const session = await connect(`http://127.0.0.1:${server.address().port}`);
  assert.strictEqual(session.connecting, false);
  session.destroy();
  await assert.rejects(connect('http://127.0.0.1:1'), { code: 'ECONNREFUSED' });
});
