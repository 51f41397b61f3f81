'use strict';
const assert = require('assert');
const { once } = require('events');
const { Worker } = require('worker_threads');
const { test } = require('../../helpers/test');

test('what is thrown is caught in a thread that is looked at meanwhile', async () => {
  const worker = new Worker(
    `const { get } = Object.getOwnPropertyDescriptor(Map.prototype, 'size');
     const begun = process.cpuUsage();
     let lost = 0;
     while (process.cpuUsage(begun).user < 800000)
       for (let i = 0; i < 2000; i++) {
         try {
           get.call({});
           lost++;
         } catch {}
       }
     require('worker_threads').parentPort.postMessage(lost);`,
    { eval: true },
  );
  assert.deepStrictEqual(await once(worker, 'message'), [0]);
});

const jobs = test.needs('microtasks');
for (const [name, program] of [
  ['of an async function', '(async () => { for (;;) await null; })();'],
  ['of queueMicrotask()', '(function again() { queueMicrotask(again); })();'],
  ['of import()', "import('fs').then(async () => { for (;;) await import('path'); });"],
]) {
  jobs(`terminate() ends promise jobs without end, ${name}`, async () => {
    const worker = new Worker(program, { eval: true });
    await once(worker, 'online');
    assert.strictEqual(await worker.terminate(), 1);
  });

  jobs(`process.exit() ends promise jobs without end, ${name}`, async () => {
    const worker = new Worker(`${program} process.exit(3);`, { eval: true });
    assert.deepStrictEqual(await once(worker, 'exit'), [3]);
  });

  jobs(`an error that nothing catches ends promise jobs without end, ${name}`, async () => {
    const worker = new Worker(`${program} throw new Error('caught by nobody');`, { eval: true });
    const [error] = await once(worker, 'error');
    assert.strictEqual(error.message, 'caught by nobody');
  });
}

// With ThreadSanitizer the collector is off, which measures the heap.
const measures =
  process.env.JSC_useGC !== '0' && process.versions.fast_paths.includes('statistics');
const measured = measures ? jobs : (name) => test.skip(name, 'the heap is not measured');
measured('promise jobs without end have no more memory than others', async () => {
  const worker = new Worker(
    'const all = []; (async () => { for (;;) { await null; all.push(new Array(1000).fill(0)); } })();',
    { eval: true, resourceLimits: { maxOldGenerationSizeMb: 50 } },
  );
  const [error] = await once(worker, 'error');
  assert.strictEqual(error.code, 'ERR_WORKER_OUT_OF_MEMORY');
});

// Each script with a limit has the engine measure the time anew.
test.needs('termination', 'sharing')(
  'terminate() ends a thread that runs one script with a timeout after the other',
  async () => {
    const count = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(
      `const vm = require('vm');
     const { parentPort, workerData: count } = require('worker_threads');
     const context = vm.createContext({});
     const begun = process.cpuUsage();
     for (let told = false; ; Atomics.add(count, 0, 1)) {
       vm.runInContext('1', context, { timeout: 1000 });
       if (told || process.cpuUsage(begun).user < 800000) continue;
       told = true;
       parentPort.postMessage('');
     }`,
      { eval: true, workerData: count },
    );
    await once(worker, 'message');
    const before = Atomics.load(count, 0);
    await worker.terminate();
    // A look each 250 ms of processor time at the latest.
    const after = Atomics.load(count, 0) - before;
    assert.ok(after < before, `${before} scripts before, ${after} after`);
  },
);
