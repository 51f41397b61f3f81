'use strict';
// Options of UDP sockets: what the page of dgram says of groups, sizes, references and signals.
const dgram = require('dgram');
const { program, event, turns } = require('./harness');

async function bound(t, options = 'udp4', address) {
  const socket = dgram.createSocket(options);
  t.after(() => {
    try {
      socket.close();
    } catch {
      // It is closed.
    }
  });
  socket.bind(0, address);
  await event(socket, 'listening');
  return socket;
}

program('options of IPv6', async (fact, t) => {
  const socket = await bound(t, 'udp6');
  for (const [name, values] of Object.entries({
    setTTL: [1, 255, 0, 256],
    setMulticastTTL: [0, 255, 256, -1],
    setBroadcast: [true, false],
    setMulticastLoopback: [true, false],
    setMulticastInterface: ['::%lo', '::%nothing', '127.0.0.1', '::', '::1%lo', 'x'],
    addMembership: ['ff02::114', '224.0.0.1', 'x', '::1'],
    dropMembership: ['ff02::114', 'ff02::115'],
  }))
    for (const value of values) fact.of(`${name} ${value}`, () => socket[name](value));
  fact.of('on lo', () => socket.addMembership('ff02::116', '::%lo'));
  fact.of('dropped', () => socket.dropMembership('ff02::116', '::%lo'));
  fact.of('bad interface', () => socket.addMembership('ff02::116', 'x'));
});

program('groups', async (fact, t) => {
  const socket = await bound(t);
  for (const args of [
    ['224.0.0.114', '127.0.0.1'],
    ['224.0.0.114', '127.0.0.1'],
    ['224.0.0.114', 'x'],
    ['224.0.0.115', 5],
    ['224.0.0.115', null],
    ['224.0.0.115', {}],
    ['127.0.0.1', '127.0.0.1'],
    [''],
    [null],
    [{}],
  ])
    fact.of(`addMembership ${JSON.stringify(args)}`, () => socket.addMembership(...args));
  for (const args of [['224.0.0.114', '127.0.0.1'], ['224.0.0.114', '127.0.0.1'], ['x'], [''], [5]])
    fact.of(`dropMembership ${JSON.stringify(args)}`, () => socket.dropMembership(...args));
  for (const name of ['addSourceSpecificMembership', 'dropSourceSpecificMembership'])
    for (const args of [
      ['127.0.0.1', '232.1.1.1', '127.0.0.1'],
      ['127.0.0.1', '232.1.1.1', 'x'],
      ['x', '232.1.1.1', '127.0.0.1'],
      ['127.0.0.1', 'x', '127.0.0.1'],
      ['127.0.0.1', 5],
      [5, '232.1.1.1'],
      ['127.0.0.1'],
      ['::1', 'ff3e::1'],
    ])
      fact.of(`${name} ${JSON.stringify(args)}`, () => socket[name](...args));
});

program('methods that bind an unbound socket', async (fact, t) => {
  for (const [name, args] of [
    ['addMembership', ['224.0.0.114', '127.0.0.1']],
    ['addSourceSpecificMembership', ['127.0.0.1', '232.1.1.1', '127.0.0.1']],
    ['send', ['x', 9, '127.0.0.1']],
    ['connect', [9]],
  ]) {
    const socket = dgram.createSocket('udp4');
    t.after(() => socket.close());
    const listening = event(socket, 'listening');
    fact.of(name, () => socket[name](...args));
    fact.of('address at once', () => socket.address().address);
    fact(
      'listening',
      (await Promise.race([listening, turns(20).then(() => 'not told')])) ?? 'told',
    );
    fact('address', socket.address().address, socket.address().family);
  }
});

program('a group hears what is sent to it', async (fact, t) => {
  const socket = await bound(t);
  socket.addMembership('224.0.0.114', '127.0.0.1');
  socket.setMulticastInterface('127.0.0.1');
  socket.setMulticastLoopback(true);
  const arrives = event(socket, 'message');
  socket.send('hello', socket.address().port, '224.0.0.114');
  fact('arrives', await arrives);
  fact.of('broadcast', () =>
    socket.send('x', 9, '255.255.255.255', (error) => fact('not allowed', error?.code)),
  );
  await turns(10);
});

program('sizes', async (fact, t) => {
  const socket = await bound(t, { type: 'udp4', recvBufferSize: 20000, sendBufferSize: 30000 });
  fact('set', socket.getRecvBufferSize(), socket.getSendBufferSize());
  socket.setRecvBufferSize(5000);
  socket.setSendBufferSize(6000);
  fact('set', socket.getRecvBufferSize(), socket.getSendBufferSize());
  fact('queue', socket.getSendQueueSize(), socket.getSendQueueCount());
  for (const name of ['setRecvBufferSize', 'setSendBufferSize'])
    for (const size of [
      undefined,
      null,
      2 ** 31,
      2 ** 32,
      -5,
      'Infinity',
      Infinity,
      true,
      [1],
      '5',
    ])
      fact.of(`${name} ${String(size)}`, () => socket[name](size));
  const closed = dgram.createSocket('udp4');
  for (const name of ['getRecvBufferSize', 'setSendBufferSize']) {
    try {
      closed[name](5000);
    } catch (error) {
      fact(name, error, error.errno, error.syscall, Object.keys(error), error.info?.code);
    }
  }
  closed.close();
  for (const [name, args] of [
    ['getRecvBufferSize', []],
    ['setTTL', [5]],
    ['setBroadcast', [true]],
    ['addMembership', ['224.0.0.1']],
    ['setMulticastInterface', ['127.0.0.1']],
    ['getSendQueueSize', []],
    ['getSendQueueCount', []],
    ['address', []],
    ['remoteAddress', []],
    ['disconnect', []],
  ])
    fact.of(`${name} after close`, () => closed[name](...args));
  await closed[Symbol.asyncDispose]?.().then(
    () => fact('disposed again'),
    (error) => fact('disposed again', error),
  );
});

program('references', async (fact, t) => {
  const socket = await bound(t);
  const { spawnSync } = require('child_process');
  fact('chain', socket.unref() === socket, socket.ref().ref() === socket);
  for (const [name, text] of Object.entries({
    unref: "s.bind(0, () => console.log('bound')).unref()",
    'unref later': "s.bind(0, () => { console.log('bound'); s.unref(); })",
    'close in listening': "s.bind(0, () => s.close(() => console.log('closed')))",
    unbound: "console.log('unbound')",
    'ref and unref': "s.bind(0, () => console.log('bound')); s.unref(); s.ref(); s.unref()",
    'send and unref': "s.send('x', 9, '127.0.0.1', () => console.log('sent')); s.unref()",
  })) {
    const program_ = `const s = require('dgram').createSocket('udp4');${text}`;
    const ended = spawnSync(process.execPath, ['-e', program_], { timeout: 9000 });
    fact(name, ended.status, String(ended.stdout), ended.stderr.length);
  }
});

program('signals', async (fact) => {
  const controller = new AbortController();
  const socket = dgram.createSocket({ type: 'udp4', signal: controller.signal });
  socket.on('close', () => fact('close'));
  socket.bind(0, () => fact('never'));
  controller.abort();
  fact.of('send', () => socket.send('x', 9));
  await event(socket, 'close');
  const second = new AbortController();
  const other = dgram.createSocket({ type: 'udp4', signal: second.signal });
  other.close(() => fact('closed'));
  second.abort();
  await event(other, 'close');
  fact.of(
    'undefined',
    () => dgram.createSocket({ type: 'udp4', signal: undefined }).close(),
    () => 1,
  );
  fact.of(
    'null',
    () => dgram.createSocket({ type: 'udp4', signal: null }).close(),
    () => 1,
  );
});

program('close() while messages wait', async (fact, t) => {
  const socket = await bound(t, 'udp4', '127.0.0.1');
  const sender = await bound(t, 'udp4', '127.0.0.1');
  for (let i = 0; i < 5; i++) sender.send(`m${i}`, socket.address().port, '127.0.0.1');
  socket.on('message', (message) => {
    fact('message', message);
    socket.close(() => fact('close'));
  });
  await event(socket, 'close');
  await turns(10);
  const throwing = await bound(t, 'udp4', '127.0.0.1');
  throwing.on('message', (message) => {
    fact('message', message);
    if (String(message) === 'm1') setImmediate(() => throwing.close());
  });
  sender.send('m0', throwing.address().port, '127.0.0.1');
  sender.send('m1', throwing.address().port, '127.0.0.1');
  await event(throwing, 'close');
});
