'use strict';
// What the page of dgram says and dgram.facts.js does not ask, from top to bottom.
const dgram = require('dgram');
const { BlockList } = require('net');
const { program, event, turns } = require('./harness');
const { bound, closing, made, told } = require('./shared/dgram');

const stable = (address) => ({ ...address, port: address.port > 0 });

program('createSocket() and its listener', async (fact, t) => {
  const { promise, resolve } = Promise.withResolvers();
  const socket = made(t, { type: 'udp4' }, function (message, info) {
    fact('message', this === socket, message, stable(info), Object.keys(info));
    fact('a Buffer', Buffer.isBuffer(message), Object.getPrototypeOf(info) === Object.prototype);
    resolve();
  });
  fact(
    'a Socket',
    socket instanceof dgram.Socket,
    socket instanceof require('events'),
    socket.type,
  );
  fact('listeners', socket.listenerCount('message'), socket.eventNames());
  fact('own keys', Object.keys(socket).includes('type'));
  socket.bind(0, '127.0.0.1', function (...args) {
    fact('listening', this === socket, args);
    socket.send('x', socket.address().port, '127.0.0.1');
  });
  await promise;
  fact.of(
    'called',
    () => dgram.Socket('udp4'),
    () => 'made',
  );
  fact.of('new', () => closing(t, new dgram.Socket('udp4')).type);
  for (const options of [
    { type: 'udp4', reuseAddr: true },
    { type: 'udp4', reusePort: true },
  ]) {
    const one = made(t, options);
    const two = made(t, options);
    one.bind(0, '127.0.0.1');
    await event(one, 'listening');
    two.bind(one.address().port, '127.0.0.1');
    fact(
      'shared',
      Object.keys(options)[1],
      await Promise.race([
        event(two, 'listening').then(() => 'listening'),
        event(two, 'error').then(told),
      ]),
    );
  }
});

program('addresses that are not given', async (fact, t) => {
  const socket = made(t);
  socket.bind();
  await event(socket, 'listening');
  fact('udp4', stable(socket.address()));
  const six = made(t, 'udp6');
  six.bind({ port: 0 });
  await event(six, 'listening');
  fact('udp6', stable(six.address()));
  const only = made(t, { type: 'udp6', ipv6Only: true });
  only.bind(0);
  await event(only, 'listening');
  const both = made(t);
  both.bind(only.address().port);
  fact(
    'beside ipv6Only',
    await Promise.race([
      event(both, 'listening').then(() => 'listening'),
      event(both, 'error').then(told),
    ]),
  );
  const callback = made(t);
  callback.bind(() => fact('bind(callback)', stable(callback.address())));
  await event(callback, 'listening');
  const named = made(t);
  named.bind(0, 'localhost');
  await event(named, 'listening');
  fact('bind to a name', stable(named.address()));
  for (const address of ['nothing.invalid', '::1', '192.0.2.1', '']) {
    const wrong = made(t);
    wrong.bind(0, address, () => fact('callback', address));
    fact(
      `bind to ${address}`,
      await Promise.race([
        event(wrong, 'listening').then(() => 'listening'),
        event(wrong, 'error').then((error) => [...told(error), error.message.replace(/:\d+$/, '')]),
      ]),
    );
  }
});

program('bind() fails, and again', async (fact, t) => {
  const taken = await bound(t);
  const socket = made(t);
  const { port } = taken.address();
  socket.bind(port, '127.0.0.1', () => fact('never'));
  const error = await event(socket, 'error');
  fact(
    'error',
    told(error),
    error.port === port,
    error.message === `bind EADDRINUSE 127.0.0.1:${port}`,
  );
  fact('keys', Object.keys(error));
  socket.bind(0, '127.0.0.1');
  await event(socket, 'listening');
  fact('bound', stable(socket.address()));
  const closed = made(t);
  closed.on('listening', () => fact('never'));
  closed.bind(0, '127.0.0.1', () => fact('never'));
  closed.close(() => fact('closed while it bound'));
  await event(closed, 'close');
  fact.of('bind', () => closed.bind(0));
  const unbound = made(t);
  unbound
    .on('listening', () => fact('never'))
    .close(function (...args) {
      fact('close of an unbound one', this === unbound, args);
    });
  await event(unbound, 'close');
});

program('bind({fd})', async (fact, t) => {
  for (const value of [-1, 'x', 1.5, 99999, 0]) {
    const socket = made(t);
    socket.on('error', (error) => fact(`fd ${value} error`, error.code, error.syscall));
    fact.of(
      `fd ${value}`,
      () => socket.bind({ fd: value }),
      () => 'a socket',
    );
    await turns();
  }
});

program('bindSync()', async (fact, t) => {
  const socket = made(t);
  const events = [];
  for (const name of ['listening', 'error', 'connect']) socket.on(name, () => events.push(name));
  const address = socket.bindSync({ address: '127.0.0.1', port: 0 });
  fact('returns', stable(address), socket.address().port === address.port, events);
  process.nextTick(() => fact('next tick', events));
  await turns(1);
  fact('events', events);
  for (const [name, run] of [
    ['bindSync again', () => socket.bindSync()],
    ['bind again', () => socket.bind()],
  ])
    fact.of(name, run);
  const arrives = event(socket, 'message');
  const other = made(t);
  fact('no options', stable(other.bindSync()));
  other.send('hi', address.port, '127.0.0.1');
  fact('message', await arrives);
  const six = made(t, 'udp6');
  fact('udp6', stable(six.bindSync({})));
  for (const options of [
    null,
    5,
    'x',
    [],
    { port: 'x' },
    { port: -1 },
    { port: 70000 },
    { port: 1.5 },
    { port: '0' },
    { port: null },
    { address: 'localhost' },
    { address: 5 },
    { address: '' },
    { address: null },
    { address: '::1' },
    { address: '192.0.2.1' },
    { address: '127.0.0.1', port: address.port },
    { fd: 0 },
    { exclusive: 5 },
    { address: '127.0.0.1%lo' },
    { address: undefined },
    () => {},
  ]) {
    const one = made(t);
    one.on('error', (error) => fact('an error', told(error)));
    try {
      fact(
        `bindSync ${JSON.stringify(options)?.replace(/:\d{5}/, ':port')}`,
        stable(one.bindSync(options)),
      );
    } catch (error) {
      fact(
        `bindSync ${JSON.stringify(options)?.replace(/:\d{5}/, ':port')}`,
        told(error),
        error.message.replace(/:\d+$/, ''),
      );
    }
    await turns(1);
  }
  const busy = made(t);
  busy.bind(0, '127.0.0.1');
  fact.of('while bind() is under way', () => busy.bindSync());
  await event(busy, 'listening');
  const closed = made(t);
  closed.close();
  fact.of('after close()', () => closed.bindSync());
  const quick = made(t);
  quick.on('listening', () => fact('listening after close()'));
  quick.bindSync();
  quick.close(() => fact('closed'));
  await event(quick, 'close');
  await turns();
});

program('connectSync()', async (fact, t) => {
  const server = await bound(t);
  const { port } = server.address();
  const socket = made(t);
  const events = [];
  for (const name of ['listening', 'connect', 'error']) socket.on(name, () => events.push(name));
  fact('returns', socket.connectSync(port, '127.0.0.1'), events);
  fact('addresses', stable(socket.address()), stable(socket.remoteAddress()));
  await turns(1);
  fact('events', events);
  const arrives = event(server, 'message');
  socket.send('hi');
  fact('message', await arrives);
  fact.of('again', () => socket.connectSync(port));
  fact.of('connect again', () => socket.connect(port));
  socket.disconnect();
  fact.of('after disconnect()', () => socket.connectSync(port));
  for (const args of [
    [],
    ['x'],
    [0],
    [-1],
    [70000],
    [1.5],
    [null],
    [String(port)],
    [port, 'localhost'],
    [port, 5],
    [port, ''],
    [port, null],
    [port, '::1'],
    [port, '255.255.255.255'],
    [port, () => {}],
    [{ port }],
  ]) {
    const one = made(t);
    one.on('error', (error) => fact('an error', told(error)));
    const name = `connectSync ${JSON.stringify(args).replaceAll(String(port), 'port')}`;
    try {
      fact(name, one.connectSync(...args), stable(one.remoteAddress()));
    } catch (error) {
      fact(name, told(error), error.message.replace(String(port), 'port'));
    }
    fact.of(`${name} then`, () => stable(one.address()));
    await turns(1);
  }
  const busy = made(t);
  busy.bind(0, '127.0.0.1');
  fact.of('while bind() is under way', () => busy.connectSync(port));
  await event(busy, 'listening');
  busy.connect(port, '127.0.0.1');
  fact.of('while connect() is under way', () => busy.connectSync(port));
  await event(busy, 'connect');
  const closed = made(t);
  closed.close();
  fact.of('after close()', () => closed.connectSync(port));
  const list = new BlockList();
  list.addAddress('127.0.0.1');
  const blocked = made(t, { type: 'udp4', sendBlockList: list });
  fact.of('to a blocked address', () => blocked.connectSync(port, '127.0.0.1'));
});

program('connect() fails', async (fact, t) => {
  for (const address of ['nothing.invalid', '::1', '255.255.255.255']) {
    const socket = made(t);
    await new Promise((done) =>
      socket.connect(9, address, (error) => done(fact(`callback ${address}`, told(error)))),
    );
    fact('connect listeners', socket.listenerCount('connect'));
    const loud = made(t);
    loud.connect(9, address);
    fact(`event ${address}`, told(await event(loud, 'error')));
    fact.of('remoteAddress', () => loud.remoteAddress());
  }
  const socket = made(t);
  socket.connect(9);
  fact.of('connect twice', () => socket.connect(9));
  fact.of('disconnect while it connects', () => socket.disconnect());
  fact.of('remoteAddress while it connects', () => socket.remoteAddress());
  await event(socket, 'connect');
  fact('default address', socket.remoteAddress());
  const six = made(t, 'udp6');
  six.connect(9);
  await event(six, 'connect');
  fact('default address', six.remoteAddress(), stable(six.address()));
  six.disconnect();
  six.connect(9, () => fact('connect(port, callback)'));
  await event(six, 'connect');
  const closed = made(t);
  closed.connect(9, () => fact('never'));
  closed.close(() => fact('closed while it connected'));
  await event(closed, 'close');
  fact.of('connect', () => closed.connect(9));
  fact.of('disconnect', () => closed.disconnect());
  fact.of('remoteAddress', () => closed.remoteAddress());
});
