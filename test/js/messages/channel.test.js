'use strict';
const assert = require('assert');
const { once } = require('events');
const { test } = require('../../helpers/test');

const channel = (t) => {
  const made = new MessageChannel();
  t.after(() => made.port1.close());
  return made;
};

test('what one port posts arrives at the other as a copy, in order', async (t) => {
  const { port1, port2 } = channel(t);
  const value = { map: new Map([[1, { deep: true }]]), date: new Date(5) };
  port1.postMessage(value);
  port1.postMessage('second');
  const heard = [];
  await new Promise((resolve) => {
    port2.on('message', (one) => heard.push(one) === 2 && resolve());
  });
  assert.deepStrictEqual(heard, [value, 'second']);
  assert.notStrictEqual(heard[0].map.get(1), value.map.get(1));
});

test('onmessage starts a port, addEventListener() alone does not', async (t) => {
  const { port1, port2 } = channel(t);
  const heard = [];
  port2.addEventListener('message', ({ data }) => heard.push(data));
  port1.postMessage(1);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  assert.deepStrictEqual(heard, []);
  port2.start();
  await new Promise(setImmediate);
  assert.deepStrictEqual(heard, [1]);
  port1.onmessage = ({ data, target }) => heard.push(data, target === port1);
  port2.postMessage(2);
  await new Promise(setImmediate);
  assert.deepStrictEqual(heard, [1, 2, true]);
});

test('a port that is transferred takes what waits for it along', async (t) => {
  const { port1, port2 } = channel(t);
  const other = channel(t);
  other.port1.postMessage('early');
  port1.postMessage({ port: other.port2 }, [other.port2]);
  const [{ port }] = await once(port2, 'message');
  other.port1.postMessage('late');
  const heard = [];
  await new Promise((resolve) => {
    port.on('message', (one) => heard.push(one) === 2 && resolve());
  });
  assert.deepStrictEqual(heard, ['early', 'late']);
  assert.throws(() => port1.postMessage(1, [other.port2]), { name: 'DataCloneError' });
});

test('a buffer that is transferred moves, and what cannot be cloned is refused', (t) => {
  const { port1 } = channel(t);
  const buffer = new ArrayBuffer(8);
  port1.postMessage(buffer, [buffer]);
  assert.strictEqual(buffer.byteLength, 0);
  assert.throws(() => port1.postMessage(() => {}), { name: 'DataCloneError' });
  assert.throws(() => port1.postMessage(1, [port1]), { name: 'DataCloneError' });
});

test('close() is told on both sides, after what was sent before', async (t) => {
  const { port1, port2 } = channel(t);
  const heard = [];
  port2.on('message', (one) => heard.push(one));
  port2.on('close', () => heard.push('closed'));
  port1.postMessage('last');
  port1.close();
  await once(port1, 'close');
  await new Promise(setImmediate);
  assert.deepStrictEqual(heard, ['last', 'closed']);
});

test('a port keeps the process only while somebody listens', () => {
  const { spawnSync } = require('child_process');
  const run = (code) =>
    spawnSync(process.execPath, ['-e', `const { port1, port2 } = new MessageChannel();${code}`], {
      timeout: 50000,
    });
  assert.strictEqual(run('port1.postMessage(1)').status, 0);
  assert.strictEqual(run("port2.on('message', () => {}); port2.unref();").status, 0);
  assert.strictEqual(run('port1.postMessage(1); port1.close();').status, 0);
  const { stdout } = run(
    "port2.on('message', (m) => { console.log(m); port2.close(); }); setTimeout(() => port1.postMessage('x'), 1);",
  );
  assert.strictEqual(String(stdout), 'x\n');
});

test('receiveMessageOnPort() takes the oldest message without an event', (t) => {
  const { receiveMessageOnPort } = require('worker_threads');
  const { port1, port2 } = channel(t);
  port1.postMessage({ a: 1 });
  assert.deepStrictEqual(receiveMessageOnPort(port2), { message: { a: 1 } });
  assert.strictEqual(receiveMessageOnPort(port2), undefined);
});

test('channels of one name hear each other, and not themselves', async () => {
  const [one, other, stranger] = ['a', 'a', 'b'].map((name) => new BroadcastChannel(name));
  const heard = [];
  for (const each of [one, stranger]) each.onmessage = () => heard.push('never');
  const got = new Promise((resolve) => {
    other.onmessage = ({ data }) => resolve(data);
  });
  one.postMessage({ a: 1 });
  assert.deepStrictEqual(await got, { a: 1 });
  assert.deepStrictEqual(heard, []);
  for (const each of [one, other, stranger]) each.close();
  assert.throws(() => one.postMessage(1), { name: 'InvalidStateError' });
});
