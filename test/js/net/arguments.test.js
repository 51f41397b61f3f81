'use strict';
// What every public function of net says to arguments it does not take: the class, the code, and
// the name of the argument.
const { test } = require('../../helpers/test');
const { pair, closed } = require('../../helpers/net');
const assert = require('assert');
const net = require('net');

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';
const RANGE = 'ERR_OUT_OF_RANGE';
const PORT = 'ERR_SOCKET_BAD_PORT';

const socket = () => new net.Socket();
const server = () => new net.Server();

/** [call, class, code, what the message names] */
const table = {
  'new Socket': [
    [() => new net.Socket('x'), TypeError, TYPE, '"options"'],
    [() => new net.Socket({ fd: 'x' }), TypeError, TYPE, '"fd"'],
    [() => new net.Socket({ fd: -1 }), RangeError, RANGE, '"fd"'],
    [() => new net.Socket({ fd: 999999 }), TypeError, 'ERR_INVALID_FD_TYPE', 'UNKNOWN'],
    [() => new net.Socket({ objectMode: true }), TypeError, VALUE, 'options.objectMode'],
    [
      () => new net.Socket({ readableObjectMode: true }),
      TypeError,
      VALUE,
      'options.readableObjectMode',
    ],
    [
      () => new net.Socket({ writableObjectMode: true }),
      TypeError,
      VALUE,
      'options.writableObjectMode',
    ],
    [() => new net.Socket({ signal: {} }), TypeError, TYPE, '"signal"'],
    [
      () => new net.Socket({ keepAlive: true, keepAliveInitialDelay: 'x' }),
      TypeError,
      TYPE,
      '"options.keepAliveInitialDelay"',
    ],
  ],
  connect: [
    [() => net.connect(), TypeError, 'ERR_MISSING_ARGS', '"options"'],
    [() => net.connect({}), TypeError, 'ERR_MISSING_ARGS', '"port"'],
    [() => net.connect({ host: 'localhost' }), TypeError, 'ERR_MISSING_ARGS', '"port"'],
    [() => net.connect(null), TypeError, TYPE, '"options.port"'],
    [() => socket().connect(), TypeError, 'ERR_MISSING_ARGS', '"port"'],
    [() => net.connect({ port: true }), TypeError, TYPE, '"options.port"'],
    [() => net.connect({ port: {} }), TypeError, TYPE, '"options.port"'],
    [() => net.connect(-1), RangeError, PORT, 'Port'],
    [() => net.connect(65536), RangeError, PORT, '65536'],
    [() => net.connect({ port: 'x' }), RangeError, PORT, "'x'"],
    [() => net.connect({ port: '' }), RangeError, PORT, "''"],
    [() => net.connect({ port: NaN }), RangeError, PORT, 'NaN'],
    [() => net.connect({ port: 1.5 }), RangeError, PORT, '1.5'],
    [() => net.connect({ port: 1, host: 5 }), TypeError, TYPE, '"options.host"'],
    [() => net.connect({ port: 1, host: {} }), TypeError, TYPE, '"options.host"'],
    [() => net.connect({ port: 1, family: 5 }), TypeError, VALUE, 'options.family'],
    [() => net.connect({ port: 1, family: '4' }), TypeError, VALUE, 'options.family'],
    [() => net.connect({ port: 1, hints: 'x' }), TypeError, TYPE, '"options.hints"'],
    [() => net.connect({ port: 1, lookup: 'x' }), TypeError, TYPE, '"options.lookup"'],
    [
      () => net.connect({ port: 1, host: '127.0.0.1', lookup: 1 }),
      TypeError,
      TYPE,
      '"options.lookup"',
    ],
    [() => net.connect({ port: 1, localAddress: 'x' }), TypeError, 'ERR_INVALID_IP_ADDRESS', 'x'],
    [() => net.connect({ port: 1, localAddress: 5 }), TypeError, 'ERR_INVALID_IP_ADDRESS', '5'],
    [() => net.connect({ port: 1, localPort: 'x' }), TypeError, TYPE, '"options.localPort"'],
    [() => net.connect({ port: 1, localPort: 65536 }), RangeError, PORT, 'options.localPort'],
    [() => net.connect({ port: 1, localPort: -5 }), RangeError, PORT, 'options.localPort'],
    [() => net.connect({ port: 1, timeout: 'x' }), TypeError, TYPE, '"msecs"'],
    [() => net.connect({ port: 1, timeout: -1 }), RangeError, RANGE, '"msecs"'],
    [
      () => net.connect({ port: 1, autoSelectFamily: 'x' }),
      TypeError,
      TYPE,
      '"options.autoSelectFamily"',
    ],
    [
      () => net.connect({ port: 1, autoSelectFamilyAttemptTimeout: 0 }),
      RangeError,
      RANGE,
      '"options.autoSelectFamilyAttemptTimeout"',
    ],
    [
      () => net.connect({ port: 1, autoSelectFamilyAttemptTimeout: 'x' }),
      TypeError,
      TYPE,
      '"options.autoSelectFamilyAttemptTimeout"',
    ],
    [() => net.connect({ port: 1, blockList: {} }), TypeError, TYPE, '"options.blockList"'],
    [
      () => net.connect({ port: 1, keepAliveInitialDelay: 'x' }),
      TypeError,
      TYPE,
      '"options.keepAliveInitialDelay"',
    ],
    [() => net.connect({ path: 5 }), TypeError, TYPE, '"options.path"'],
    [() => net.connect({ addr: 'localhost', port: 1 }), TypeError, VALUE, 'saddr.addr'],
    [() => net.connect({ addr: 5, port: 1 }), TypeError, TYPE, '"saddr.addr"'],
    [() => net.connect({ addr: null, port: 1 }), TypeError, TYPE, '"saddr.addr"'],
    [() => net.connect({ addr: '127.0.0.1' }), TypeError, 'ERR_MISSING_ARGS', '"port"'],
    [() => net.connect({ addr: '127.0.0.1', port: -1 }), RangeError, PORT, '-1'],
    [
      () => net.connect({ addr: '127.0.0.1', port: 1, domain: 3 }),
      TypeError,
      VALUE,
      'saddr.domain',
    ],
    [
      () => net.connect({ addr: '127.0.0.1', port: 1, domain: 10 }),
      TypeError,
      VALUE,
      'saddr.domain',
    ],
    [() => net.connect({ addr: '127.0.0.1', port: 1 }, 'x'), TypeError, TYPE, '"tlsOpt"'],
  ],
  'socket.setTimeout': [
    [() => socket().setTimeout(), TypeError, TYPE, '"msecs"'],
    [() => socket().setTimeout('1'), TypeError, TYPE, '"msecs"'],
    [() => socket().setTimeout(-1), RangeError, RANGE, '"msecs"'],
    [() => socket().setTimeout(NaN), RangeError, RANGE, '"msecs"'],
    [() => socket().setTimeout(Infinity), RangeError, RANGE, '"msecs"'],
    [() => socket().setTimeout(1, 'x'), TypeError, TYPE, '"callback"'],
    [() => socket().setTimeout(0, null), TypeError, TYPE, '"callback"'],
  ],
  'socket.write': [
    [() => socket().write(), TypeError, TYPE, '"chunk"'],
    [() => socket().write(5), TypeError, TYPE, '"chunk"'],
    [() => socket().write({}), TypeError, TYPE, '"chunk"'],
    [() => socket().write([1]), TypeError, TYPE, '"chunk"'],
    [() => socket().write(null), TypeError, 'ERR_STREAM_NULL_VALUES', 'null'],
    [() => socket().write('x', 'nope'), TypeError, 'ERR_UNKNOWN_ENCODING', 'nope'],
    [() => socket().end(5), TypeError, TYPE, '"chunk"'],
    [() => socket().end('x', 'nope'), TypeError, 'ERR_UNKNOWN_ENCODING', 'nope'],
    [() => socket().setEncoding('nope'), TypeError, 'ERR_UNKNOWN_ENCODING', 'nope'],
  ],
  'new Server': [
    [() => net.createServer(5), TypeError, TYPE, '"options"'],
    [() => new net.Server(true), TypeError, TYPE, '"options"'],
    [() => net.createServer({}, 5), TypeError, TYPE, '"listener"'],
    [
      () => net.createServer({ keepAliveInitialDelay: 'x' }),
      TypeError,
      TYPE,
      '"options.keepAliveInitialDelay"',
    ],
    [() => net.createServer({ highWaterMark: 'x' }), TypeError, TYPE, '"options.highWaterMark"'],
    [() => net.createServer({ highWaterMark: -1 }), RangeError, RANGE, '"options.highWaterMark"'],
    [() => net.createServer({ blockList: 5 }), TypeError, TYPE, '"options.blockList"'],
  ],
  'server.listen': [
    [() => server().listen(-1), RangeError, PORT, 'options.port'],
    [() => server().listen(65536), RangeError, PORT, '65536'],
    [() => server().listen(1.5), RangeError, PORT, '1.5'],
    [() => server().listen({ port: 'x' }), RangeError, PORT, "'x'"],
    [() => server().listen({ port: -1 }), RangeError, PORT, '-1'],
    [() => server().listen(true), TypeError, VALUE, "'options'"],
    [() => server().listen({}), TypeError, VALUE, "'options'"],
    [() => server().listen({ host: 'x' }), TypeError, VALUE, "'options'"],
    [() => server().listen({ path: true }), TypeError, VALUE, "'options'"],
    [() => server().listen({ port: 0, host: 5 }), TypeError, TYPE, '"options.host"'],
    [() => server().listen({ port: 0, ipv6Only: 1 }), TypeError, TYPE, '"options.ipv6Only"'],
    [() => server().listen({ port: 0, reusePort: 1 }), TypeError, TYPE, '"options.reusePort"'],
    [() => server().listen({ port: 0, backlog: 'x' }), TypeError, TYPE, '"options.backlog"'],
    [() => server().listen({ port: 0, signal: 'x' }), TypeError, TYPE, '"options.signal"'],
    [() => server().listen({ fd: -1 }), TypeError, VALUE, 'fd: -1'],
  ],
  'server.getConnections': [[() => server().getConnections(), TypeError, TYPE, '"callback"']],
  'createServer of the page': [
    [() => net.createServer('', 0), TypeError, VALUE, "'group'"],
    [() => net.createServer('g'), TypeError, TYPE, '"subs"'],
    [() => net.createServer('g', '0'), TypeError, TYPE, '"subs"'],
    [() => net.createServer('g', 0.5), TypeError, TYPE, '"subs"'],
    [() => net.createServer('g', NaN), TypeError, TYPE, '"subs"'],
    [() => net.createServer('g', -1), RangeError, RANGE, '"subs"'],
    [() => net.createServer('g', 0, 5), TypeError, TYPE, '"saddr"'],
    [() => net.createServer('g', 0, { addr: 5 }), TypeError, TYPE, '"saddr.addr"'],
    [() => net.createServer('g', 0, { addr: 'localhost' }), TypeError, VALUE, 'saddr.addr'],
    [() => net.createServer('g', 0, { port: -1 }), RangeError, PORT, 'saddr.port'],
    [() => net.createServer('g', 0, { port: 'x' }), RangeError, PORT, 'saddr.port'],
    [() => net.createServer('g', 0, { domain: 3 }), TypeError, VALUE, 'saddr.domain'],
    [
      () => net.createServer('g', 0, { addr: '127.0.0.1', domain: 10 }),
      TypeError,
      VALUE,
      'saddr.domain',
    ],
    [() => net.createServer('g', 0, { backlog: 0 }), RangeError, RANGE, '"saddr.backlog"'],
    [() => net.createServer('g', 0, {}, 5), TypeError, TYPE, '"tlsOpt"'],
    [() => net.createServer('g', 0).listen(3000), TypeError, TYPE, '"callback"'],
    [() => net.createServer('g', 0).listen('x'), TypeError, TYPE, '"callback"'],
    [() => net.createServer('g', 0).close(5), TypeError, TYPE, '"callback"'],
    [() => net.createSubServer(), TypeError, TYPE, '"group"'],
    [() => net.createSubServer(5), TypeError, TYPE, '"group"'],
  ],
  defaults: [
    [() => net.setDefaultAutoSelectFamily(1), TypeError, TYPE, '"value"'],
    [() => net.setDefaultAutoSelectFamilyAttemptTimeout('x'), TypeError, TYPE, '"value"'],
    [() => net.setDefaultAutoSelectFamilyAttemptTimeout(0), RangeError, RANGE, '"value"'],
  ],
};

for (const [name, rows] of Object.entries(table))
  for (const [call, type, code, text] of rows)
    test(`${name}: ${String(call).replace('() => ', '').slice(0, 90)}`, (t) => {
      let made;
      t.after(() => made?.on?.('error', () => {}).destroy?.() ?? made?.close?.());
      assert.throws(
        () => (made = call()),
        (error) => {
          assert.ok(error instanceof type, `${error.name}: ${error.message}`);
          assert.strictEqual(error.code, code, error.message);
          assert.ok(error.message.includes(text), error.message);
          return true;
        },
      );
    });

test('arguments that a connection refuses are refused on a connected socket, which goes on', async (t) => {
  const { client, accepted } = await pair(t);
  for (const call of [
    () => client.write(5),
    () => client.write(null),
    () => client.write('x', 'nope'),
    () => client.setTimeout('x'),
    () => client.setEncoding('nope'),
  ])
    assert.throws(call, { name: 'TypeError' });
  client.end('fine');
  let text = '';
  for await (const chunk of accepted) text += chunk;
  assert.strictEqual(text, 'fine');
  await closed(client);
});

test('a connect that is refused for its arguments leaves the socket as it was', () => {
  const one = new net.Socket();
  assert.throws(() => one.connect({ port: 1, timeout: 'x' }));
  assert.strictEqual(one.connecting, false);
  assert.strictEqual(one.listenerCount('connect'), 0);
  assert.strictEqual(one.readyState, 'open');
});

test('a listen that is refused for its arguments leaves the server as it was', () => {
  const one = new net.Server();
  assert.throws(() => one.listen({ port: 0, signal: 'x' }, () => {}));
  assert.strictEqual(one.listenerCount('listening'), 0);
  assert.strictEqual(one.listening, false);
});

test('isIP never throws, and takes anything', () => {
  for (const value of [
    undefined,
    null,
    5,
    {},
    [],
    true,
    NaN,
    '',
    ' ',
    '1.2.3',
    '01.2.3.4',
    '1.2.3.4 ',
    '::g',
    'x'.repeat(1e5),
  ])
    assert.strictEqual(net.isIP(value), 0);
  assert.strictEqual(net.isIP({ toString: () => '::1' }), 6);
  assert.strictEqual(net.isIP(Symbol('x')), 0);
  assert.strictEqual(
    net.isIP({
      toString() {
        throw new Error('x');
      },
    }),
    0,
  );
  assert.strictEqual(net.isIPv4(Object.create(null)), false);
  assert.strictEqual(net.isIP('1.2.3.4\0'), 0);
});
