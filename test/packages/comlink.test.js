'use strict';
const assert = require('assert');
const { Worker, MessageChannel } = require('worker_threads');
const { suite } = require('./harness');

const { load, test } = suite('comlink');
const comlink = load('comlink');
const endpoint = load('comlink/dist/umd/node-adapter.js');

const PROGRAM = (packages) => `
const load = require('module').createRequire(${JSON.stringify(packages)});
const { parentPort } = require('worker_threads');
class Counter { count = 0; add(n) { return (this.count += n); } }
load('comlink').expose({
  Counter,
  sum: (...all) => all.reduce((a, b) => a + b),
  later: async (callback) => callback('called'),
  fail() { throw new RangeError('refused'); },
}, load('comlink/dist/umd/node-adapter.js')(parentPort));`;

function remote(t) {
  const worker = new Worker(PROGRAM(load.resolve('comlink')), { eval: true });
  t.after(() => worker.terminate());
  return comlink.wrap(endpoint(worker));
}

test('functions and classes of a thread are called', async (t) => {
  const api = remote(t);
  assert.strictEqual(await api.sum(1, 2, 3), 6);
  const counter = await new api.Counter();
  await counter.add(2);
  assert.strictEqual(await counter.add(3), 5);
  assert.strictEqual(await counter.count, 5);
});

test('a callback goes along by a port of its own', async (t) => {
  const api = remote(t);
  assert.strictEqual(await api.later(comlink.proxy((text) => `${text} back`)), 'called back');
});

test('an error has its name and message', async (t) => {
  await assert.rejects(Promise.resolve(remote(t).fail()), {
    name: 'RangeError',
    message: 'refused',
  });
});

test('an object is exposed on a port', async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  comlink.expose({ value: 42 }, endpoint(port1));
  assert.strictEqual(await comlink.wrap(endpoint(port2)).value, 42);
});
