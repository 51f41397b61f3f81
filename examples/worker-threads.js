// Sums of hashes on all cores by worker_threads: the threads take numbers from one counter in shared
// memory, and the main thread stays free to answer.
//
//   sluice examples/worker-threads.js [rounds [threads]]
//   sluice examples/worker-threads.js --demo
'use strict';
const { createHash } = require('crypto');
const { once } = require('events');
const os = require('os');
const { Worker, isMainThread, parentPort, workerData } = require('worker_threads');

function work() {
  const { counter, rounds } = workerData;
  let sum = 0;
  let done = 0;
  for (let i; (i = Atomics.add(counter, 0, 1)) < rounds; done++)
    sum += createHash('sha256').update(`${i}`).digest().readUInt32LE(0);
  parentPort?.postMessage({ sum, done });
}

/** @param {number} rounds @param {number} threads */
async function main(rounds, threads) {
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const results = Array.from({ length: threads }, async () => {
    const worker = new Worker(__filename, { workerData: { counter, rounds } });
    const [result] = await once(worker, 'message'); // rejects with what the worker threw
    return result;
  });
  const ticks = setInterval(() => console.log(`${Atomics.load(counter, 0)} of ${rounds}`), 200);
  const all = await Promise.all(results);
  clearInterval(ticks);
  const total = (name) => all.reduce((before, one) => before + one[name], 0);
  console.log(`${total('done')} hashes by ${threads} threads, their sum is ${total('sum')}`);
  if (total('done') !== rounds) throw new Error('a number was taken twice, or by nobody');
}

if (!isMainThread) work();
else if (process.argv.includes('--demo')) main(20_000, 2);
else
  main(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? os.availableParallelism()));
