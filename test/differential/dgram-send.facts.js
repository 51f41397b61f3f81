'use strict';
// What the page of dgram says of send(), and of who is sent to.
const { BlockList } = require('net');
const { program, event, turns } = require('./harness');
const { bound, made, told } = require('./shared/dgram');

const wait = () => new Promise((done) => setTimeout(done, 300));
const stable = (address) => ({ ...address, port: address.port > 0 });

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
    if (sent === undefined) fact('arrives', await Promise.race([arrives, wait()]));
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
  fact('event', told(await Promise.race([event(sender, 'error'), wait()])));
  await new Promise((done) =>
    sender.connect(port, '127.0.0.1', (error) => done(fact('connect', error))),
  );
  sender.connect(port, '127.0.0.1');
  fact('event', told(await Promise.race([event(sender, 'error'), wait()])));
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
