'use strict';
// Sockets and servers that move: what is refused, and what becomes of those that nobody takes.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { once } = require('events');
const { MessageChannel, Worker, receiveMessageOnPort } = require('worker_threads');
const { folder, sluice } = require('../../helpers/permission');

const REFUSED = 'ERR_WORKER_HANDLE_NOT_TRANSFERABLE';

async function listening(t, options, settings = {}) {
  const server = Object.assign(net.createServer(options), settings);
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
/** A connection that a server accepted, and its peer. */
async function accepted(t, server, bytes) {
  const peer = net.connect(server.address().port, '127.0.0.1');
  t.after(() => peer.destroy());
  if (bytes !== undefined) peer.write(bytes);
  const [socket] = await once(server, 'connection');
  t.after(() => socket.destroy());
  return { peer, socket };
}
function channel(t) {
  const made = new MessageChannel();
  t.after(() => made.port1.close());
  return made;
}
/** Whether somebody listens at a port. */
async function answers(port) {
  const peer = net.connect(port, '127.0.0.1');
  const connected = await new Promise((resolve) => {
    peer.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  peer.destroy();
  return connected;
}
/** How many descriptors this process has. */
const open = () => fs.readdirSync('/proc/self/fd').length;

test('a server with what would not go along is refused, by its name', async (t) => {
  const { port1 } = channel(t);
  const blockList = new net.BlockList();
  for (const [name, options, settings] of [
    ['blockList', { blockList }],
    ['proxy', { proxy: { trust: ['127.0.0.1'] } }],
    ['admission', {}, { admission: { total: 5 } }],
    ['timeouts', {}, { timeouts: { idle: 1000 } }],
    ['writeLimit', {}, { writeLimit: { hard: 1 << 20 } }],
  ]) {
    const server = await listening(t, options, settings);
    assert.throws(() => port1.postMessage(server, [server]), {
      code: REFUSED,
      message: new RegExp(name),
    });
    assert.ok(server.listening);
  }
});

test('maxConnections goes along', async (t) => {
  const server = await listening(t, {}, { maxConnections: 3 });
  const moved = structuredClone(server, { transfer: [server] });
  t.after(() => moved.close());
  assert.strictEqual(moved.maxConnections, 3);
  assert.strictEqual(moved.port() > 0, true);
});

test('a connection that limits of its server or a PROXY header hold is refused', async (t) => {
  const { port1 } = channel(t);
  for (const [named, options, settings, bytes] of [
    [/admission/, {}, { admission: { perAddress: { concurrent: 5 } } }],
    [/timeouts/, {}, { timeouts: { idle: 60000 } }],
    [/writeLimit/, {}, { writeLimit: { hard: 1 << 20 } }],
    [
      /PROXY/,
      { proxy: { trust: ['127.0.0.1'] } },
      {},
      'PROXY TCP4 203.0.113.9 198.51.100.1 1234 80\r\n',
    ],
  ]) {
    const server = await listening(t, { ...options, pauseOnConnect: true }, settings);
    const { socket } = await accepted(t, server, bytes);
    assert.throws(() => port1.postMessage(socket, [socket]), { code: REFUSED, message: named });
    assert.strictEqual(socket.destroyed, false);
  }
});

test('a connection moves once its server has no timeouts any more', async (t) => {
  const { port1 } = channel(t);
  const server = await listening(t, { pauseOnConnect: true }, { timeouts: { idle: 60000 } });
  server.timeouts = undefined;
  const { socket } = await accepted(t, server);
  port1.postMessage(socket, [socket]);
  assert.ok(socket.destroyed);
});

test('a port moves with a server that waits there, and with what came before it', async (t) => {
  const worker = new Worker(
    `const { parentPort } = require('worker_threads');
    parentPort.once('message', (port) => port.on('message', (one) => {
      parentPort.postMessage(typeof one === 'string' ? one : one.listening);
      if (typeof one !== 'string') { one.close(); port.close(); }
    }));`,
    { eval: true },
  );
  t.after(() => worker.terminate());
  const { port1, port2 } = channel(t);
  const server = await listening(t);
  port1.postMessage('first');
  port1.postMessage(server, [server]);
  worker.postMessage(port2, [port2]);
  const heard = [];
  await new Promise((resolve) => {
    worker.on('message', (one) => heard.push(one) === 2 && resolve());
  });
  assert.deepStrictEqual(heard, ['first', true]);
});

test('messages within a thread keep their order around a server', async (t) => {
  const { port1, port2 } = channel(t);
  const server = await listening(t);
  port1.postMessage(1);
  port2.postMessage('back');
  port1.postMessage(server, [server]);
  port1.postMessage(3);
  const take = (port) => receiveMessageOnPort(port).message;
  assert.strictEqual(take(port2), 1);
  const moved = take(port2);
  t.after(() => moved.close());
  assert.ok(moved.listening && moved !== server);
  assert.strictEqual(take(port2), 3);
  assert.strictEqual(take(port1), 'back');
});

test('a server that waits at a port ends when the port closes', async (t) => {
  const { port1, port2 } = channel(t);
  const server = await listening(t);
  const { port } = server.address();
  port1.postMessage(server, [server]);
  port2.close();
  assert.strictEqual(await answers(port), false);
});

test('a server that is sent to nobody ends', async (t) => {
  const { port1, port2 } = channel(t);
  port2.close();
  const server = await listening(t);
  const { port } = server.address();
  port1.postMessage({ server }, [server]);
  assert.strictEqual(server.listening, false);
  assert.strictEqual(await answers(port), false);
});

test('a message that fails leaves its server and its descriptors as they are', async (t) => {
  const { port1 } = channel(t);
  const server = await listening(t);
  const { port } = server.address();
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  const other = new ArrayBuffer(8);
  const failing = {
    get x() {
      throw new RangeError('of the program');
    },
  };
  const before = open();
  for (const post of [
    (value, transfer) => port1.postMessage(value, transfer),
    (value, transfer) => structuredClone(value, { transfer }),
  ]) {
    assert.throws(() => post(server, [server, other, buffer]), { name: 'DataCloneError' });
    assert.throws(() => post([server, failing], [server, other]), { message: 'of the program' });
    assert.throws(() => post([server, () => {}], [server, other]), { name: 'DataCloneError' });
  }
  assert.strictEqual(open(), before);
  assert.strictEqual(other.byteLength, 8);
  assert.ok(server.listening);
  assert.ok(await answers(port));
});

test('a buffer of WebAssembly in a list leaves the others alone', (t) => {
  const { port1 } = channel(t);
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  const other = new ArrayBuffer(8);
  assert.throws(() => structuredClone(1, { transfer: [other, buffer] }), {
    name: 'DataCloneError',
  });
  assert.throws(() => port1.postMessage(1, [other, buffer]), { name: 'DataCloneError' });
  assert.strictEqual(other.byteLength, 8);
});

/** What `task` and `worker` print that have these quotas, each in a thread. */
async function restricted(t, quota, task, worker) {
  const app = path.join(folder(t), 'app');
  const permission = { listen: true, connect: true, task: true, 'fs.read': [app], quota };
  fs.writeFileSync(
    path.join(app, 'main.js'),
    `Task.on('message', ({ value }) => { console.log(value); process.exit(); });
    new Task('./task', undefined, { permission: ${JSON.stringify(permission)} });`,
  );
  fs.writeFileSync(
    path.join(app, 'task.js'),
    `const net = require('net'); const { Worker } = require('worker_threads');
    const tell = (value) => Task.send(Task.parent(), { value });
    Task.on('message', () => {});
    async function listening() {
      const server = net.createServer();
      await new Promise((resolve, reject) => server.on('error', reject).listen(0, '127.0.0.1', resolve));
      return server;
    }
    ${task}`,
  );
  fs.writeFileSync(path.join(app, 'worker.js'), worker);
  const { stdout, stderr } = await sluice([path.join(app, 'main.js')]);
  assert.strictEqual(stderr, '');
  return stdout.trim();
}

const SENDS = `const worker = new Worker(__dirname + '/worker.js');`;

for (const quota of [{ connections: 5 }, { fds: 8 }])
  test(`what nobody took counts for ${Object.keys(quota)} of who sent it`, async (t) => {
    const told = await restricted(
      t,
      quota,
      `${SENDS} worker.once('online', async () => {
        let sent = 0;
        try { for (; sent < 50; sent++) { const server = await listening(); worker.postMessage(server, [server]); } }
        catch (error) { tell(error.code + ' ' + (sent > 0 && sent <= 8)); return; }
        tell(sent);
      });`,
      'setInterval(() => {}, 1e6);', // it takes nothing
    );
    assert.strictEqual(told, 'EMFILE true');
  });

test('what was taken and closed counts no more', async (t) => {
  const told = await restricted(
    t,
    { connections: 3 },
    `${SENDS} let sent = 0;
    worker.on('message', async () => {
      try {
        if (sent++ === 20) return tell('all');
        const server = await listening(); worker.postMessage(server, [server]);
      } catch (error) { tell(error.code); }
    });`,
    `const { parentPort } = require('worker_threads');
    parentPort.on('message', (server) => { server.close(); parentPort.postMessage('next'); });
    parentPort.postMessage('ready');`,
  );
  assert.strictEqual(told, 'all');
});

test('a server that cannot listen where it arrives is a messageerror and nothing else', async (t) => {
  const told = await restricted(
    t,
    { connections: 2 },
    `${SENDS} const heard = [];
    worker.on('error', (error) => tell('error ' + error.message));
    worker.on('message', async (one) => {
      heard.push(one);
      if (heard.length === 4) return tell(heard.join());
      const server = await listening(); worker.postMessage(server, [server]);
    });`,
    `const { parentPort } = require('worker_threads'); const kept = [];
    parentPort.on('message', (server) => { kept.push(server); parentPort.postMessage('taken'); });
    parentPort.on('messageerror', (error) => setImmediate(() => parentPort.postMessage(error.code)));
    parentPort.postMessage('ready');`,
  );
  assert.strictEqual(told, `ready,taken,taken,${REFUSED}`);
});

test('a server is cloned in a task whose quota it fills, as often as it likes', async (t) => {
  const told = await restricted(
    t,
    { connections: 1 },
    `listening().then((server) => {
      for (let i = 0; i < 20; i++) server = structuredClone(server, { transfer: [server] });
      tell(server.listening);
    });`,
    '',
  );
  assert.strictEqual(told, 'true');
});
