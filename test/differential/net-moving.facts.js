'use strict';
// Sockets and servers that move to another thread.
const net = require('net');
const { Worker, MessageChannel, receiveMessageOnPort } = require('worker_threads');
const { program, event, soon, turns } = require('./harness');
const { dial, listen } = require('./peers');
const { attempt } = require('./shared/http2');

const WORKER = `
const { parentPort } = require('worker_threads');
const net = require('net');
parentPort.on('messageerror', (error) => parentPort.postMessage(['messageerror', error?.name, error?.code]));
parentPort.on('message', ({ socket, server, list }) => {
  if (list) { parentPort.postMessage(list.map((one) => one.constructor.name)); for (const one of list) one.destroy(); return; }
  if (socket) {
    parentPort.postMessage(['socket', socket instanceof net.Socket, socket.remoteAddress, socket.remotePort > 0, socket.localAddress, socket.readyState, socket.server === null, socket.connecting, socket.pending, socket.allowHalfOpen, socket.isPaused(), socket.readableFlowing, socket.bytesRead]);
    socket.on('data', (data) => { parentPort.postMessage(['data', String(data)]); socket.end('from the worker'); });
    socket.on('error', (error) => parentPort.postMessage(['error', error.code]));
  }
  if (server) {
    parentPort.postMessage(['server', server instanceof net.Server, server.listening, server.address().port > 0, server.allowHalfOpen, server.noDelay]);
    server.on('connection', (one) => one.end('served'));
    server.on('listening', () => parentPort.postMessage(['listening']));
    setTimeout(() => server.close(), 150);
  }
});
parentPort.postMessage('ready');
`;

async function thread(fact, t) {
  const worker = new Worker(WORKER, { eval: true });
  t.after(() => worker.terminate());
  await event(worker, 'message');
  worker.on('message', (told) => fact('worker', ...told));
  return worker;
}
const told = (error) => [error.name, error.code];
const tried = (fn) => {
  try {
    fn();
    return ['fine'];
  } catch (error) {
    return told(error);
  }
};

program('a socket that a server accepted', async (fact, t) => {
  const worker = await thread(fact, t);
  const server = net.createServer((socket) => {
    socket.on('close', (failed) => fact('close', failed));
    socket.on('error', (error) => fact('error', ...told(error)));
    worker.postMessage({ socket }, [socket]);
    fact(
      'gone',
      socket.destroyed,
      socket.readable,
      socket.writable,
      socket.readyState,
      socket.remoteAddress,
    );
    fact(
      'write',
      socket.write('lost', (error) => fact('written', error?.code)),
    );
    fact(
      'again',
      tried(() => worker.postMessage({ socket }, [socket])),
    );
  });
  const port = await listen(t, server);
  const peer = await dial(t, port);
  await soon(50);
  server.getConnections((error, count) => fact('connections', error, count));
  peer.send('to the worker');
  await peer.until(/worker/);
  peer.socket.end();
  await soon(80);
});

program('a socket that was paused', async (fact, t) => {
  const worker = await thread(fact, t);
  const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) =>
    setTimeout(
      () =>
        fact(
          'move',
          tried(() => worker.postMessage({ socket }, [socket])),
        ),
      40,
    ),
  );
  const port = await listen(t, server);
  const peer = await dial(t, port);
  peer.send('early');
  await peer.until(/worker/);
  peer.socket.end();
  await soon(60);
});

program('a socket that connected', async (fact, t) => {
  const worker = await thread(fact, t);
  const server = net.createServer((socket) => socket.write('hello'));
  const port = await listen(t, server);
  const socket = net.connect(port, '127.0.0.1');
  fact(
    'connecting',
    tried(() => worker.postMessage({ socket }, [socket])),
  );
  await event(socket, 'connect');
  fact(
    'connected',
    tried(() => worker.postMessage({ socket }, [socket])),
  );
  await soon(80);
});

program('sockets that cannot move', async (fact, t) => {
  const { port1 } = new MessageChannel();
  t.after(() => port1.close());
  const server = net.createServer({ pauseOnConnect: false }, (socket) => socket.resume());
  const port = await listen(t, server);
  const make = async () => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    await event(socket, 'connect');
    return socket;
  };
  const move = (name, socket, list = [socket]) =>
    fact(
      name,
      tried(() => port1.postMessage({ socket }, list)),
      socket.destroyed,
      socket.readyState,
    );
  move('new', new net.Socket());
  const destroyed = await make();
  destroyed.destroy();
  move('destroyed', destroyed);
  const ended = await make();
  ended.end();
  move('ended', ended);
  const written = await make();
  written.write('x');
  move('written', written);
  const listening = await make();
  listening.on('data', () => {});
  move('with a listener of data', listening);
  const resumed = await make();
  resumed.resume();
  move('resumed', resumed);
  const readable = await make();
  readable.on('readable', () => {});
  move('with a listener of readable', readable);
  const encoded = await make();
  encoded.setEncoding('utf8');
  move('with an encoding', encoded);
  const timed = await make();
  timed.setTimeout(1000);
  move('with a time-out', timed);
  const large = await make();
  large.write(Buffer.alloc(8e6));
  move('with much to write', large);
  const twice = await make();
  move('twice', twice, [twice, twice]);
  move('not in the list', await make(), []);
  const cloned = await make();
  fact(
    'structuredClone',
    tried(() => structuredClone(cloned)),
  );
  fact(
    'structuredClone with transfer',
    tried(() => structuredClone(cloned, { transfer: [cloned] }).destroy()),
  );
  for (const type of ['Server', 'http.Server']) {
    const one = type === 'Server' ? net.createServer() : require('http').createServer();
    fact(
      `${type} that does not listen`,
      tried(() => port1.postMessage({ one }, [one])),
    );
    await new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));
    fact(
      `${type} that listens`,
      tried(() => port1.postMessage({ one }, [one])),
      one.listening,
      one.address() === null,
    );
    t.after(() => one.close());
  }
  const path = require('path').join(require('os').tmpdir(), `moving-${process.pid}`);
  const unix = net.createServer();
  await new Promise((resolve) => unix.listen(path, resolve));
  t.after(() => unix.close());
  fact(
    'a server at a path',
    tried(() => port1.postMessage({ unix }, [unix])),
    unix.listening,
  );
  const local = net.connect(path);
  t.after(() => local.destroy());
  await event(local, 'connect');
  move('a socket of a path', local);
});

program('a server', async (fact, t) => {
  const worker = await thread(fact, t);
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, () => fact('here'));
  server.on('close', () => fact('close'));
  const port = await listen(t, server);
  worker.postMessage({ server }, [server]);
  fact('gone', server.listening, server.address());
  await soon(60);
  const peer = await dial(t, port);
  fact('client', await peer.until(/served/));
  fact(
    'close()',
    attempt(() => server.close((error) => fact('closed', error?.code)) === server),
  );
  await soon(200);
  fact(
    'listen again',
    attempt(() => server.listen(0) === server),
  );
  await soon(20);
  server.close();
});

program('by a port of this thread', async (fact, t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const server = net.createServer((socket) => {
    port1.postMessage({ list: [socket], name: 'x' }, [socket]);
    const message = receiveMessageOnPort(port2).message;
    fact(
      'message',
      message.name,
      message.list[0] instanceof net.Socket,
      message.list[0] === socket,
      message.list[0].readyState,
    );
    message.list[0].end('hello');
  });
  const port = await listen(t, server);
  const peer = await dial(t, port);
  fact('client', await peer.until(/hello/));
});

program('what nobody takes', async (fact, t) => {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  await turns();
  const server = net.createServer((socket) =>
    fact(
      'move',
      tried(() => port1.postMessage(socket, [socket])),
      socket.destroyed,
    ),
  );
  const port = await listen(t, server);
  const peer = await dial(t, port);
  await Promise.race([peer.closed, soon(300)]);
  fact('client', peer.ended);
  port1.close();
});
