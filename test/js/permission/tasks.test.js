'use strict';
// What tasks and subs may do: less than who starts them, or the same.
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('../../helpers/test');
const { folder, sluice } = require('../../helpers/permission');

// Runs main.js with other files beside it; resolves with the lines that it prints.
async function run(t, files, flags = []) {
  const dir = folder(t);
  for (const [name, text] of Object.entries(files))
    fs.writeFileSync(path.join(dir, 'app', name), text.replaceAll('{dir}', dir));
  const args = flags.map((flag) => flag.replaceAll('{dir}', dir));
  const { stdout, stderr } = await sluice([...args, path.join(dir, 'app/main.js')]);
  assert.equal(stderr, '');
  return stdout.replaceAll(dir, '{dir}').trim().split('\n');
}

const TELL = `const tell = (value) => Task.send(Task.parent(), { value });
const code = (action) => { try { return action() ?? 'done'; } catch (error) { return error.code; } };`;
const HEAR = `Task.on('message', ({ value }) => { console.log(value); });`;

test('a task of a program in Privilege Mode may be in User Mode', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { 'fs.read': ['{dir}/in'] } }); console.log(process.permission);`,
    'task.js': `${TELL} const fs = require('fs');
      tell([code(() => fs.readFileSync('{dir}/in/file', 'utf8')), code(() => fs.readFileSync('{dir}/out/secret')), code(() => process.env.HOME), process.permission.has('fs.read', '{dir}/in')].join());`,
  });
  assert.deepEqual(lines, ['undefined', 'given,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,true']);
});

test('a task has what its parent has, or a part of it', async (t) => {
  const lines = await run(
    t,
    {
      'main.js': `${HEAR}
        new Task('./task', 'same');
        new Task('./task', 'less', { permission: { 'fs.read': ['{dir}/in/file'] } });
        new Task('./task', 'none', { permission: {} });
        new Task('./task', 'denied', { permission: { 'fs.read': ['{dir}/in'], deny: { 'fs.read': ['{dir}/in/file'] } } });`,
      'task.js': `${TELL} const fs = require('fs');
        tell(ARGUMENT + ' ' + code(() => fs.readFileSync('{dir}/in/file', 'utf8')) + ' ' + code(() => fs.readdirSync('{dir}/in').join()));`,
    },
    ['--permission', '--allow-fs.read={dir}', '--allow-task'],
  );
  assert.deepEqual(lines.sort(), [
    'denied ERR_ACCESS_DENIED file',
    'less given ERR_ACCESS_DENIED',
    'none ERR_ACCESS_DENIED ERR_ACCESS_DENIED',
    'same given file',
  ]);
});

test('what is dropped is dropped for tasks that start later, and for none before', async (t) => {
  const lines = await run(
    t,
    {
      'main.js': `Task.on('message', ({ value }) => { console.log(value); if (value !== 'ready') return;
          process.permission.drop('fs.read');
          Task.send(first.id(), 'go'); new Task('./later'); });
        const first = new Task('./first');`,
      'first.js': `${TELL} Task.once('message', () => tell('first ' + code(() => require('fs').readFileSync('{dir}/in/file', 'utf8')))); tell('ready');`,
      'later.js': `${TELL} tell('later ' + code(() => require('fs').readFileSync('{dir}/in/file', 'utf8')));`,
    },
    ['--permission', '--allow-fs.read={dir}/in', '--allow-task'],
  );
  assert.deepEqual(lines.sort(), ['first given', 'later ERR_ACCESS_DENIED', 'ready']);
});

test('a denial of the parent holds in a task, whatever that is given', async (t) => {
  const lines = await run(
    t,
    {
      'main.js': `${HEAR} new Task('./task', undefined, { permission: { 'fs.read': ['{dir}'] } });`,
      'task.js': `${TELL} tell(code(() => require('fs').readFileSync('{dir}/out/secret', 'utf8')));`,
    },
    ['--permission', '--allow-fs.read={dir}', '--deny-fs.read={dir}/out', '--allow-task'],
  );
  assert.deepEqual(lines, ['ERR_ACCESS_DENIED']);
});

test('server.permission is what subs may do', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR.replace('console.log(value);', 'console.log(value); process.exit(0);')}
      const net = require('net'); const socket = require('socket');
      const server = net.createServer('./sub', 1, socket.sockaddr(socket.INADDR_LOOPBACK, 0));
      server.permission = { 'fs.read': ['{dir}/in'] };
      server.listen();`,
    'sub.js': `${TELL} const fs = require('fs');
      tell([code(() => fs.readFileSync('{dir}/in/file', 'utf8')), code(() => fs.readFileSync('{dir}/out/secret', 'utf8')), code(() => process.kill(1, 0))].join());`,
  });
  assert.deepEqual(lines, ['given,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED']);
});

test('a quota of descriptors and connections is an error to who asks for more', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { 'fs.read': ['{dir}'], listen: ['127.0.0.1'], quota: { fds: 3, connections: 2 } } });`,
    'task.js': `${TELL} const fs = require('fs'); const net = require('net');
      const open = []; let last;
      for (let i = 0; i < 5; i++) last = code(() => { open.push(fs.openSync('{dir}/in/file')); });
      const opened = open.length;
      for (const fd of open) fs.closeSync(fd);
      const server = () => new Promise((resolve) => { const one = net.createServer().listen(0, '127.0.0.1'); one.on('listening', () => resolve('listening')); one.on('error', (error) => resolve(error.code)); one.unref(); });
      Promise.all([server(), server(), server()]).then((list) => { tell([opened, last, ...list].join()); });`,
  });
  assert.deepEqual(lines, ['3,EMFILE,listening,listening,EMFILE']);
});

test('a quota of descriptors counts files, sockets and UDP sockets together', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { 'fs.read': ['{dir}'], listen: ['127.0.0.1'], quota: { fds: 3 } } });`,
    'task.js': `${TELL} const fs = require('fs'); const net = require('net'); const dgram = require('dgram');
      const open = () => code(() => { fs.openSync('{dir}/in/file'); });
      const told = (emitter, event) => new Promise((resolve) => { emitter.on(event, () => resolve(event)); emitter.on('error', (error) => resolve(error.code)); });
      (async () => {
        const list = [await told(net.createServer().listen(0, '127.0.0.1').unref(), 'listening')];
        const udp = () => { const socket = dgram.createSocket('udp4'); const heard = told(socket, 'listening'); socket.bind(0, '127.0.0.1'); socket.unref(); return heard; };
        list.push(await udp(), open(), open(), await udp());
        tell(list.join());
      })();`,
  });
  assert.deepEqual(lines, ['listening,listening,done,EMFILE,EMFILE']);
});

test('a quota holds for what the task starts: tasks, workers and subs', async (t) => {
  const files = `const fs = require('fs'); let opened = 0;
    try { for (; opened < 9; opened++) fs.openSync('{dir}/in/file'); } catch {}`;
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { 'fs.read': ['{dir}'], task: true, listen: true, quota: { fds: 3 } } });`,
    'task.js': `const { Worker } = require('worker_threads');
      const say = (text) => Task.send(1, { value: text });
      Task.on('message', ({ value }) => { say(value);
        new Worker('{dir}/app/worker.js', { workerData: 0 }).on('message', (n) => { say('worker ' + n); setImmediate(() => process.exit(0)); });
      });
      new Task('./inner', undefined, { permission: { 'fs.read': ['{dir}'], quota: { fds: 8 } } });`,
    'inner.js': `${TELL} ${files} tell('task ' + opened);`,
    'worker.js': `${files} require('worker_threads').parentPort.postMessage(opened);`,
  });
  assert.deepEqual(lines, ['task 3', 'worker 3']);
});

test('a quota of the write queue is a limit that the task cannot raise', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { listen: ['127.0.0.1'], connect: ['127.0.0.1'], quota: { writeQueue: 1000000 } } });`,
    'task.js': `${TELL} const net = require('net');
      const seen = [Task.writeLimit];
      Task.writeLimit = 0; seen.push(Task.writeLimit);
      Task.writeLimit = 5000000; seen.push(Task.writeLimit);
      Task.writeLimit = 5000; seen.push(Task.writeLimit);
      Task.writeLimit = 0;
      seen.push(code(() => { Task.processWriteLimit = 1; }));
      const server = net.createServer((socket) => {
        socket.on('error', (error) => { tell([...seen, error.code].join()); server.close(); });
        socket.write(Buffer.alloc(64 << 20));
      });
      server.listen(0, '127.0.0.1', () => net.connect(server.address().port, '127.0.0.1').on('error', () => {}));`,
  });
  assert.deepEqual(lines, ['1000000,1000000,1000000,5000,ERR_ACCESS_DENIED,ERR_WRITE_QUEUES_FULL']);
});

test('a share of the processor is kept', async (t) => {
  const lines = await run(t, {
    'main.js': `${HEAR} new Task('./task', undefined, { permission: { quota: { cpu: 0.2 } } });`,
    'task.js': `${TELL} const end = Date.now() + 1000; const before = process.cpuUsage(); let turns = 0;
      const turn = () => { const stop = performance.now() + 2; while (performance.now() < stop); turns++;
        if (Date.now() < end) setImmediate(turn); else tell(turns); };
      turn();`,
  });
  // Without it there are some 500.
  assert.ok(Number(lines[0]) < 300, lines[0]);
});

test('messages and events of tasks in User Mode are as of others', async (t) => {
  const lines = await run(
    t,
    {
      'main.js': `const task = new Task('./task'); Task.on('message', (m) => { console.log(m.value); task.cancel((id, code) => console.log('ended', code)); });`,
      'task.js': `${TELL} Task.on('message', () => {}); setInterval(() => Task.testCancel() && process.exit(3), 10); tell(Task.me() > 1);`,
    },
    ['--permission', '--allow-task'],
  );
  assert.deepEqual(lines, ['true', 'ended 3']);
});
