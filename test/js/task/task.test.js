'use strict';
const { test } = require('../../helpers/test');
const { run, ended, message } = require('./run');
const assert = require('assert');
const path = require('path');

test('the main task knows that it is alone', () => {
  assert.strictEqual(Task.me(), 1);
  assert.strictEqual(Task.isMain(), true);
  assert.strictEqual(Task.parent(), 0);
  assert.deepStrictEqual(Task.list(), [1]);
  assert.strictEqual(Task.count(), 1);
  assert.strictEqual(Task.testCancel(), false);
  assert.strictEqual(ARGUMENT, undefined);
});

test('nextTick passes arguments and runs before promise jobs', async () => {
  const order = [];
  await new Promise((resolve) => {
    setImmediate(() => {
      Promise.resolve().then(() => order.push('job'));
      Task.nextTick((a, b) => order.push(a + b), 1, 2);
      setImmediate(resolve);
    });
  });
  assert.deepStrictEqual(order, [3, 'job']);
});

test('a task has an id, an argument and a parent, and answers messages in order', async () => {
  const task = new Task('fixtures/echo', { a: [1, 'x'] });
  const { message: hello, from } = await message();
  assert.deepStrictEqual(hello, {
    ready: task.id(),
    argument: { a: [1, 'x'] },
    parent: 1,
    main: false,
  });
  assert.strictEqual(from, task.id());
  assert.ok(task.isAlive());
  assert.deepStrictEqual(Task.list(), [1, task.id()]);
  assert.deepStrictEqual(Task.list(true), [task.id()]);
  const heard = [];
  const all = new Promise((resolve) => {
    Task.on('message', function hear(one) {
      heard.push(one);
      if (heard.length < 102) return;
      Task.off('message', hear);
      resolve();
    });
  });
  const sent = ['', 'a\0\ud800\u00e9\u{1f600}'];
  for (let i = 0; i < 100; i++) sent.push({ i });
  for (const one of sent) assert.ok(task.send(one));
  await all;
  assert.deepStrictEqual(heard, sent);
  const code = new Promise((resolve) => task.cancel((id, value) => resolve(value)));
  task.send('end');
  assert.strictEqual(await code, 7);
  assert.strictEqual(task.isAlive(), false);
  assert.deepStrictEqual(Task.list(), [1]);
  assert.strictEqual(task.send('x'), false);
});

test('a Buffer travels as a Buffer, in part and with an addition', async () => {
  const task = new Task('fixtures/echo', Buffer.from('arg'));
  const { message: hello } = await message();
  assert.strictEqual(hello.argument, 'Buffer arg');
  task.send(Buffer.from('abcdef'));
  const first = await message();
  assert.ok(Buffer.isBuffer(first.message));
  assert.strictEqual(String(first.message), 'abcdef');
  Task.send(Task.me(), Buffer.from('abcdef'), 2, 3, { n: 1 });
  const second = await message();
  assert.strictEqual(String(second.message), 'cde');
  assert.deepStrictEqual(second.addition, { n: 1 });
  task.send(Buffer.alloc(0));
  assert.strictEqual((await message()).message.length, 0);
  assert.throws(() => task.send(Buffer.alloc(3), 4), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => task.send(Buffer.alloc(3), 1, 3), { code: 'ERR_OUT_OF_RANGE' });
  task.send('end');
  await ended(task);
});

test('recv waits, tells the sender, and gives up after its time', async () => {
  assert.strictEqual(Task.recv(undefined, 0), undefined);
  const task = run("Task.send(1, 'late')");
  const from = {};
  assert.strictEqual(Task.recv(from), 'late');
  assert.strictEqual(from.id, task.id());
  await ended(task);
});

test('a full queue refuses, keeps what it has, and takes more once there is room', () => {
  const me = Task.me();
  const size = Task.getBufferSize(me);
  Task.setBufferSize(me, 10);
  assert.ok(Task.send(me, 'abc'));
  assert.strictEqual(Task.getCurrentSize(me), 6);
  assert.strictEqual(Task.send(me, 'abc'), false);
  assert.ok(Task.send(me, 'de'));
  assert.strictEqual(Task.send(me, Buffer.alloc(1)), false);
  assert.strictEqual(Task.recv(), 'abc');
  assert.ok(Task.send(me, Buffer.alloc(6)));
  assert.strictEqual(Task.recv(), 'de');
  Task.flush();
  assert.strictEqual(Task.getCurrentSize(me), 0);
  Task.setBufferSize(me, size);
  let count = 0;
  while (Task.send(me, '')) count++;
  assert.strictEqual(count, 16384);
  Task.flush();
  assert.strictEqual(Task.send(999999, 'x'), false);
});

test('what JSON would lose is refused; functions are left out', () => {
  const me = Task.me();
  const cycle = {};
  cycle.cycle = cycle;
  for (const bad of [
    new Map(),
    { a: new Set() },
    { b: 1n },
    cycle,
    { c: Buffer.alloc(1) },
    { d: Symbol('x') },
    new ArrayBuffer(4),
  ])
    assert.throws(() => Task.send(me, bad), { code: 'ERR_TASK_MESSAGE' });
  for (const bad of [1, undefined, null, true, () => {}])
    assert.throws(() => Task.send(me, bad), { code: 'ERR_INVALID_ARG_TYPE' });
  for (const bad of ['1', -1, 1.5, NaN]) assert.throws(() => Task.send(bad, 'x'));
  Task.send(me, { f() {}, x: 1, when: new Date(0) });
  assert.deepStrictEqual(Task.recv(), { x: 1, when: '1970-01-01T00:00:00.000Z' });
});

test('Task.fd() is readable while messages wait', () => {
  const iosched = require('iosched');
  const fd = Task.fd();
  const ready = () => iosched.select([[fd], [], []], 0)[0].includes(fd);
  assert.strictEqual(ready(), false);
  Task.send(Task.me(), 'x');
  assert.strictEqual(ready(), true);
  Task.recv();
  assert.strictEqual(ready(), false);
});

test('cancel is a request: testCancel tells it, recv returns, and the task ends as it likes', async () => {
  const task = run(`
    const got = Task.recv();
    Task.send(1, { cancelled: Task.testCancel(), got: String(got) });
    require('process').exit(3);
  `);
  const code = ended(task);
  assert.deepStrictEqual(Task.recv(), { cancelled: true, got: 'undefined' });
  assert.strictEqual(await code, 3);
  assert.strictEqual(task.cancel(), false);
});

test('a poll of a cancelled task returns', async () => {
  const task = run(`
    const iosched = require('iosched');
    Task.send(1, 'polling');
    while (!Task.testCancel()) iosched.poll();
  `);
  assert.strictEqual(Task.recv(), 'polling');
  assert.strictEqual(await ended(task), 0);
});

test('exit ends the task alone, in nested turns too, past catch and finally; cleanup and exit run', async () => {
  const task = run(`
    const iosched = require('iosched');
    Task.cleanup((x) => Task.send(1, x), 'first');
    Task.cleanup((x) => Task.send(1, x), 'last');
    setImmediate(() => {
      setImmediate(() => { try { Task.exit(5); } catch { Task.send(1, 'caught'); } finally { Task.send(1, 'finally'); } });
      try { for (;;) iosched.poll(); } catch { Task.send(1, 'caught outside'); }
    });
    for (;;) { try { iosched.poll(); } catch { Task.send(1, 'caught at the top'); } }
  `);
  const code = ended(task);
  assert.strictEqual(await code, 5);
  assert.strictEqual(Task.recv(), 'last');
  assert.strictEqual(Task.recv(), 'first');
  assert.strictEqual(Task.recv(undefined, 0), undefined);
});

test('a task whose program is over ends, after its timers', async () => {
  const task = run("setTimeout(() => Task.send(1, 'timer'), 1); process.exitCode = 4;");
  assert.strictEqual(Task.recv(), 'timer');
  assert.strictEqual(await ended(task), 4);
});

test('an error that nothing caught ends the task with code 1; a listener prevents that', async () => {
  const task = run(
    "Task.on('uncaughtException', (e) => Task.send(1, e.message)); setTimeout(() => { throw new Error('heard') }, 1); ",
  );
  assert.strictEqual(Task.recv(), 'heard');
  assert.strictEqual(await ended(task), 0);
  const rejected = run(
    "Task.on('unhandledRejection', (e) => Task.send(1, e.message)); Promise.reject(new Error('no'));",
  );
  assert.strictEqual(Task.recv(), 'no');
  assert.strictEqual(await ended(rejected), 0);
});

test('tasks start tasks', async () => {
  const task = run(`
    const inner = new Task(${JSON.stringify(path.join(__dirname, 'fixtures/program.js'))}, "Task.send(1, { id: Task.me(), parent: Task.parent() })");
    inner.cancel((id) => Task.send(1, { ended: id }));
  `);
  const hello = Task.recv();
  assert.strictEqual(hello.parent, task.id());
  assert.deepStrictEqual(Task.recv(), { ended: hello.id });
  assert.strictEqual(await ended(task), 0);
});

test('a detached task goes on; its object is of no use', async () => {
  const task = run('const m = Task.recv(); Task.send(1, m);');
  const id = task.id();
  task.detach();
  assert.strictEqual(task.id(), 0);
  assert.strictEqual(task.isAlive(), false);
  assert.ok(Task.list().includes(id));
  Task.send(id, 'still');
  assert.strictEqual(Task.recv(), 'still');
  const { until } = require('../../helpers/net');
  await until(() => Task.count() === 1);
});

test('priority takes names and nice values', () => {
  Task.priority('normal');
  const task = run('Task.priority("low"); Task.recv()');
  task.priority(15);
  task.send('x');
  assert.throws(() => Task.priority('urgent'), { code: 'ERR_INVALID_ARG_VALUE' });
  assert.throws(() => Task.priority(20), { code: 'ERR_OUT_OF_RANGE' });
  return ended(task);
});

test('a task needs a program that is there', () => {
  assert.throws(() => new Task('./absent'), { code: 'MODULE_NOT_FOUND' });
  assert.throws(() => new Task(5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new Task('fixtures/echo', 5), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => new Task('fixtures/echo', undefined, null), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.deepStrictEqual(Task.list(), [1]);
  const task = new Task('program', 'Task.exit(9)', { directory: 'fixtures' });
  return ended(task).then((code) => assert.strictEqual(code, 9));
});

test('a task that ends in a tick hears of no other bytes that arrived in the same turn', async () => {
  const task = run(`
    const net = require('net');
    let heard = 0;
    const sockets = [];
    const server = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        if (++heard > 1) for (;;); // would never end
        process.nextTick(() => process.exit(7));
      });
      if (sockets.push(socket) === 3) clients.forEach((client) => client.write('1'));
    });
    let clients;
    server.listen(0, '127.0.0.1', () => {
      clients = [0, 1, 2].map(() => net.connect(server.address().port, '127.0.0.1'));
    });
  `);
  assert.strictEqual(await ended(task), 7);
});
