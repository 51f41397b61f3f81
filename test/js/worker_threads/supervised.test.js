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
     while (process.cpuUsage(begun).user < 400000)
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
