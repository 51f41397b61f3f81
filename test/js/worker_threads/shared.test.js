'use strict';
const assert = require('assert');
const { once } = require('events');
const {
  BroadcastChannel,
  Worker,
  isMarkedAsUntransferable,
  markAsUncloneable,
  markAsUntransferable,
} = require('worker_threads');
const { test } = require('../../helpers/test');

const run = (text, options) => new Worker(text, { eval: true, ...options });

test.needs('sharing')('memory of a SharedArrayBuffer is the same in all workers', async () => {
  const shared = new SharedArrayBuffer(16);
  const numbers = new Int32Array(shared);
  const text = `const { numbers } = require('worker_threads').workerData;
    for (let i = 0; i < 1000; i++) Atomics.add(numbers, 0, 1);`;
  const workers = [1, 2, 3].map(() => run(text, { workerData: { numbers, shared } }));
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  assert.strictEqual(numbers[0], 3000);
});

test.needs('sharing')('Atomics.wait() in a worker ends by Atomics.notify() here', async () => {
  const numbers = new Int32Array(new SharedArrayBuffer(8));
  const text = `const { parentPort, workerData } = require('worker_threads');
    Atomics.store(workerData, 1, 1);
    parentPort.postMessage(Atomics.wait(workerData, 0, 0));`;
  const worker = run(text, { workerData: numbers });
  const heard = once(worker, 'message');
  while (Atomics.notify(numbers, 0) === 0) await new Promise(setImmediate);
  assert.deepStrictEqual(await heard, ['ok']);
});

test.needs('sharing')(
  'Atomics.waitAsync() is told what another thread notifies, differs and times out',
  async () => {
    const numbers = new Int32Array(new SharedArrayBuffer(8));
    const { async, value } = Atomics.waitAsync(numbers, 1, 0);
    assert.strictEqual(async, true);
    const worker = run(
      `const { parentPort, workerData } = require('worker_threads');
     parentPort.postMessage(Atomics.notify(workerData, 1));`,
      { workerData: numbers },
    );
    assert.deepStrictEqual(await once(worker, 'message'), [1]);
    assert.strictEqual(await value, 'ok');
    assert.deepStrictEqual(Atomics.waitAsync(numbers, 1, 5), { async: false, value: 'not-equal' });
    assert.deepStrictEqual(Atomics.waitAsync(numbers, 1, 0, 0), {
      async: false,
      value: 'timed-out',
    });
    assert.strictEqual(await Atomics.waitAsync(numbers, 1, 0, 1).value, 'timed-out');
    assert.throws(() => Atomics.waitAsync(new Int32Array(4), 0, 0), TypeError);
  },
);

test('a Buffer may lie in shared memory', () => {
  const shared = new SharedArrayBuffer(4);
  const buffer = Buffer.from(shared);
  buffer.write('abcd');
  assert.strictEqual(Buffer.from(shared, 1, 2).toString(), 'bc');
  assert.strictEqual(Buffer.byteLength(shared), 4);
});

test.needs('sharing')('shared memory outlives who made it', async () => {
  const worker = run(
    `const { parentPort } = require('worker_threads');
     parentPort.postMessage(new Uint8Array(new SharedArrayBuffer(1 << 16)).fill(9));`,
  );
  const [bytes] = await once(worker, 'message');
  await once(worker, 'exit');
  assert.ok(bytes.buffer instanceof SharedArrayBuffer);
  assert.ok(bytes.every((one) => one === 9));
});

test.needs('sharing')('terminate() ends a worker that waits in Atomics.wait()', async () => {
  const worker = run(
    `const { parentPort } = require('worker_threads');
     parentPort.postMessage('waiting');
     Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
  );
  await once(worker, 'message');
  assert.strictEqual(await worker.terminate(), 1);
});

test('channels of one name hear each other across threads', async (t) => {
  const channel = new BroadcastChannel('news');
  t.after(() => channel.close());
  const text = `const { BroadcastChannel } = require('worker_threads');
    const channel = new BroadcastChannel('news');
    channel.onmessage = ({ data }) => {
      if (data !== 'question') return;
      channel.postMessage({ answer: 42 });
      channel.close();
    };
    channel.postMessage('ready');`;
  const heard = [];
  channel.onmessage = ({ data }) => {
    heard.push(data);
    if (data === 'ready' && heard.length === 2) channel.postMessage('question');
  };
  const workers = [run(text), run(text)];
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  while (heard.length < 4) await new Promise(setImmediate);
  assert.deepStrictEqual(heard, ['ready', 'ready', { answer: 42 }, { answer: 42 }]);
});

test('what is marked as untransferable is refused in transfer lists', () => {
  const buffer = new ArrayBuffer(4);
  markAsUntransferable(buffer);
  assert.ok(isMarkedAsUntransferable(buffer));
  const { port1 } = new MessageChannel();
  assert.throws(() => port1.postMessage(buffer, [buffer]), { name: 'DataCloneError' });
  assert.strictEqual(buffer.byteLength, 4);
});

test('objects whose state a copy would lack are refused', () => {
  const { BlockList } = require('net');
  for (const value of [new BlockList()]) {
    assert.throws(() => structuredClone({ value }), { name: 'DataCloneError' });
    const options = { eval: true, workerData: value };
    assert.throws(() => new Worker('', options), { name: 'DataCloneError' });
  }
});

test('what is marked as uncloneable, and what WebAssembly made, is refused', () => {
  const object = { a: 1 };
  markAsUncloneable(object);
  const { port1 } = new MessageChannel();
  const channel = new BroadcastChannel('refused');
  const memory = new WebAssembly.Memory({ initial: 1 });
  for (const value of [object, { memory }]) {
    assert.throws(() => structuredClone([value]), { name: 'DataCloneError' });
    assert.throws(() => port1.postMessage(value), { name: 'DataCloneError' });
    assert.throws(() => channel.postMessage(value), { name: 'DataCloneError' });
  }
  channel.close();
});
