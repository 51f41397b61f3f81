'use strict';
// Messages to threads by their number, and ports in contexts.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const vm = require('vm');
const {
  MessageChannel,
  Worker,
  moveMessagePortToContext,
  postMessageToThread,
  threadId,
} = require('worker_threads');

/** A thread that runs `text` and has said that it does. */
async function thread(t, text) {
  const worker = new Worker(
    `const { parentPort } = require('worker_threads');${text};parentPort.postMessage('ready');`,
    { eval: true },
  );
  t.after(() => worker.terminate());
  await once(worker, 'message');
  return worker;
}

const KEEP = 'setInterval(() => {}, 1e6)';

test('a message to a thread is heard there, with the number of the sender', async (t) => {
  const worker = await thread(
    t,
    `${KEEP};process.on('workerMessage', (value, source) => parentPort.postMessage([value, source]))`,
  );
  const heard = once(worker, 'message');
  await postMessageToThread(worker.threadId, { text: 'hello' });
  assert.deepStrictEqual(await heard, [[{ text: 'hello' }, threadId]]);
});

test('what is in its transfer list moves there', async (t) => {
  const worker = await thread(
    t,
    `${KEEP};process.on('workerMessage', ({ port, buffer }) => port.postMessage(buffer.byteLength))`,
  );
  const { port1, port2 } = new MessageChannel();
  const buffer = new ArrayBuffer(8);
  await postMessageToThread(worker.threadId, { port: port2, buffer }, [port2, buffer]);
  assert.strictEqual(buffer.byteLength, 0);
  assert.deepStrictEqual(await once(port1, 'message'), [8]);
  port1.close();
});

test('threads reach the main thread, and one another', async (t) => {
  const heard = [];
  const listener = (value, source) => heard.push([value, source]);
  process.on('workerMessage', listener);
  t.after(() => process.off('workerMessage', listener));
  const text = `${KEEP};const { postMessageToThread } = require('worker_threads');
    process.on('workerMessage', (to) => postMessageToThread(0, to).then(() => parentPort.postMessage('sent')))`;
  const worker = await thread(t, text);
  const sent = once(worker, 'message');
  await postMessageToThread(worker.threadId, 'back');
  await sent;
  assert.deepStrictEqual(heard, [['back', worker.threadId]]);
});

test('what a listener throws rejects the call', async (t) => {
  const worker = await thread(
    t,
    `${KEEP};process.on('workerMessage', () => { throw new RangeError('bad') })`,
  );
  const error = await postMessageToThread(worker.threadId, 1).catch((one) => one);
  assert.strictEqual(error.code, 'ERR_WORKER_MESSAGING_ERRORED');
  assert.ok(error.cause instanceof RangeError && error.cause.message === 'bad');
});

test('a thread that is not there, does not listen, listens no more or ends is an error', async (t) => {
  const failed = { code: 'ERR_WORKER_MESSAGING_FAILED' };
  await assert.rejects(postMessageToThread(9999, 1), failed);
  const deaf = await thread(t, KEEP);
  await assert.rejects(postMessageToThread(deaf.threadId, 1), failed);
  const once_ = await thread(t, `${KEEP};process.once('workerMessage', () => {})`);
  await postMessageToThread(once_.threadId, 1);
  await assert.rejects(postMessageToThread(once_.threadId, 1), failed);
  const ending = await thread(t, `${KEEP};process.on('workerMessage', () => process.exit())`);
  await assert.rejects(postMessageToThread(ending.threadId, 1), failed);
  await assert.rejects(postMessageToThread(threadId, 1), {
    code: 'ERR_WORKER_MESSAGING_SAME_THREAD',
  });
});

test('a thread that does not answer in time is an error', async (t) => {
  const worker = await thread(t, `${KEEP};process.on('workerMessage', () => { for (;;); })`);
  await assert.rejects(postMessageToThread(worker.threadId, 1, 20), {
    code: 'ERR_WORKER_MESSAGING_TIMEOUT',
  });
  await assert.rejects(postMessageToThread(worker.threadId, 1, [], -1), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('a listener of workerMessage does not keep a thread', async (t) => {
  const worker = await thread(t, "process.on('workerMessage', () => {})");
  await once(worker, 'exit');
});

test('a port that moves to a context has its classes, and so have its messages', async () => {
  const { port1, port2 } = new MessageChannel();
  const context = vm.createContext({ heard: [] });
  context.port = moveMessagePortToContext(port2, context);
  assert.strictEqual(context.port instanceof Object, false);
  vm.runInContext(
    'port.onmessage = ({ data }) => heard.push(data instanceof Object, data.list instanceof Array,' +
      ' data.map instanceof Map, [...data.map.values()][0] instanceof Date);port.start();',
    context,
  );
  port1.postMessage({ list: [1], map: new Map([[1, new Date(0)]]) });
  port1.postMessage({ list: [], map: new Map([[1, new Date(0)]]) });
  vm.runInContext('port.postMessage("answer")', context);
  assert.deepStrictEqual(await once(port1, 'message'), ['answer']);
  while (context.heard.length < 8) await new Promise((resolve) => setImmediate(resolve));
  assert.deepStrictEqual([...context.heard], Array(8).fill(true));
  port1.close();
});

test('what is no port, and no context, is refused', () => {
  const { port1 } = new MessageChannel();
  const refused = { code: 'ERR_INVALID_ARG_TYPE' };
  assert.throws(() => moveMessagePortToContext({}, vm.createContext()), refused);
  assert.throws(() => moveMessagePortToContext(port1, {}), refused);
  assert.throws(() => moveMessagePortToContext(port1, null), refused);
});
