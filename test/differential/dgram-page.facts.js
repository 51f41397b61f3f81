'use strict';
// What the page of dgram says and dgram.facts.js does not ask, from top to bottom.
const dgram = require('dgram');
const { BlockList } = require('net');
const { program, event } = require('./harness');

/** Closes the socket when the program has ended, if nobody did. */
function closing(t, socket) {
  t.after(async () => {
    try {
      await new Promise((done) => socket.close(done));
    } catch {
      // It is closed.
    }
  });
  return socket;
}
const made = (t, options = 'udp4', listener) => closing(t, dgram.createSocket(options, listener));
async function bound(t, options = 'udp4', address = '127.0.0.1') {
  const socket = made(t, options);
  socket.bind(0, address);
  await event(socket, 'listening');
  return socket;
}
const turns = async (count = 5) => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};
const told = (error) => error && [error.name, error.code, error.syscall, error.address];
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

program('a port where nobody is', async (fact, t) => {
  const gone = await bound(t);
  const { port } = gone.address();
  gone.close();
  await event(gone, 'close');
  const socket = made(t);
  fact.events('socket', socket, ['message', 'close']);
  socket.connect(port, '127.0.0.1');
  await event(socket, 'connect');
  const refused = event(socket, 'error');
  socket.send('x', (error, bytes) => fact('sent', told(error), bytes));
  fact('error', told(await refused));
  await new Promise((done) => socket.send('y', (error) => done(fact('sent', told(error)))));
});

program('send() of a connected socket', async (fact, t) => {
  const server = await bound(t);
  const socket = made(t);
  socket.on('error', (error) => fact('error', told(error)));
  socket.connectSync?.(server.address().port, '127.0.0.1');
  const text = Buffer.from('abcdef');
  for (const args of [
    ['text'],
    [text],
    [text, 1, 2],
    [[text, 'x']],
    [text, 2],
    [text, 2, 4],
    ['text', 1, 2],
    [new Uint8Array([65, 66]), 1, 1],
    [new DataView(new ArrayBuffer(3)), 0, 1],
    [''],
    [[]],
    [new Uint16Array([0x4141, 0x4242]), 2, 2],
    [new Uint16Array([0x4141, 0x4242])],
  ]) {
    const arrives = event(server, 'message');
    const sent = fact.of(JSON.stringify(args), () =>
      socket.send(...args, (error, bytes) => fact('sent', told(error), bytes)),
    );
    if (sent === undefined) fact('arrives', await Promise.race([arrives, turns(20)]));
  }
  for (const args of [
    [],
    [5],
    [null],
    [text, 7, 1],
    [text, 1, 7],
    [text, -1, 1],
    [text, 0, 1, 9],
    [text, 9, 'x'],
    [text, undefined],
    [text, undefined, undefined],
    [text, 'x', 1],
    [[text], 0, 1],
    [[5]],
    [text, 0, 1, undefined, '127.0.0.1'],
  ])
    fact.of(
      JSON.stringify(args),
      () => socket.send(...args),
      (result) => typeof result,
    );
  await turns();
});

program('the order of what send() tells', async (fact, t) => {
  const socket = await bound(t);
  const { port } = socket.address();
  const order = [];
  socket.on('message', (message) => order.push(`message ${message}`));
  const sender = made(t);
  sender.on('listening', () => order.push('listening'));
  const sent = new Promise((done) => {
    sender.send('1', port, '127.0.0.1', () => order.push('sent 1'));
    sender.send('2', port, '127.0.0.1', () => done(order.push('sent 2')));
  });
  order.push('returned');
  await sent;
  await turns(10);
  fact('order', order);
  const callbacks = [];
  for (const callback of [5, null, {}, 'x'])
    fact.of(`callback ${callback}`, () => sender.send('x', port, '127.0.0.1', callback));
  sender.send('x', port, () => callbacks.push('send(message, port, callback)'));
  sender.send('x', port, undefined, () => callbacks.push('no address'));
  sender.send('x', port, '', () => callbacks.push('an empty address'));
  sender.send('x', port, null, () => callbacks.push('null as the address'));
  await turns(20);
  fact('callbacks', callbacks.sort());
  for (const address of [5, true, {}, [], false, 0, Symbol('s')])
    fact.of(`address ${String(address)}`, () => sender.send('x', port, address));
  const silent = made(t);
  silent.on('error', (error) => fact('without a callback', told(error)));
  silent.send('x', port, 'nothing.invalid');
  await event(silent, 'error');
  silent.send('x', port, '::1', (error) => fact('another family', told(error)));
  await turns(20);
  const closing_ = made(t);
  closing_.send('x', port, '127.0.0.1', () => fact('sent after close()?'));
  closing_.close(() => fact('closed'));
  await event(closing_, 'close');
  await turns();
});

program('lists of addresses', async (fact, t) => {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8);
  const open = await bound(t);
  const { port } = open.address();
  const receiver = await bound(t, { type: 'udp4', receiveBlockList: list });
  receiver.on('message', () => fact('never'));
  await new Promise((done) => open.send('x', receiver.address().port, '127.0.0.1', done));
  await turns(10);
  const sender = made(t, { type: 'udp4', sendBlockList: list });
  await new Promise((done) =>
    sender.send('x', port, '127.0.0.1', (error) => done(fact('send', error))),
  );
  sender.send('x', port, 'localhost');
  fact('event', told(await Promise.race([event(sender, 'error'), turns(20)])));
  await new Promise((done) =>
    sender.connect(port, '127.0.0.1', (error) => done(fact('connect', error))),
  );
  sender.connect(port, '127.0.0.1');
  fact('event', told(await Promise.race([event(sender, 'error'), turns(20)])));
});

program('a lookup of the program', async (fact, t) => {
  const lookup = (name, options, done) => {
    fact('lookup', name, options, done.length);
    process.nextTick(done, null, '127.0.0.1', 4);
  };
  const server = await bound(t);
  const socket = made(t, { type: 'udp4', lookup });
  const arrives = event(server, 'message');
  socket.send('x', server.address().port, 'some.name');
  fact('arrives', await arrives);
  const named = made(t, { type: 'udp4', lookup });
  named.bind(0, 'another.name');
  await event(named, 'listening');
  fact('bound', stable(named.address()));
  const failing = made(t, {
    type: 'udp4',
    lookup: (name, options, done) =>
      name.startsWith('some') ? process.nextTick(done, new Error('no')) : done(null, name, 4),
  });
  failing.send('x', 9, 'some.name', (error) => fact('send', error));
  await turns(10);
  const bad = made(t, {
    type: 'udp4',
    lookup: (name, options, done) =>
      name.startsWith('some') ? process.nextTick(done, new Error('no')) : done(null, name, 4),
  });
  bad.bind(0, 'some.name');
  fact('bind', await event(bad, 'error'));
  bad.connect(9, 'some.name', (error) => fact('connect', error));
  await turns(10);
});
