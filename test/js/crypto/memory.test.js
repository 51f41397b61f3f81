'use strict';
// What takes memory by a number of the caller's.
const { test } = require('../../helpers/test');
const assert = require('assert');
const crypto = require('crypto');
const { once } = require('events');
const { promisify } = require('util');
const { Worker } = require('worker_threads');

const CODE = 'ERR_MEMORY_ALLOCATION_FAILED';
const MOST = Number.MAX_SAFE_INTEGER;

test('scrypt that wants more memory than the machine has is an error to its caller', async () => {
  const options = { N: 2 ** 30, r: 1024, p: 1, maxmem: MOST }; // 128 TiB
  assert.throws(() => crypto.scryptSync('a', 'b', 16, options), { code: CODE });
  await assert.rejects(promisify(crypto.scrypt)('a', 'b', 16, options), { code: CODE });
});

/** What a worker whose heap is limited posts. */
async function inWorker(program) {
  const worker = new Worker(
    `const { parentPort } = require('worker_threads');
     const crypto = require('crypto');
     const { promisify } = require('util');
     const scrypt = (mebibytes) => promisify(crypto.scrypt)('a', 'b', 4, {
       N: mebibytes * 1024, r: 8, p: 1, maxmem: 2 ** 31,
     });
     const codeOf = (promise) => promise.then(() => 'done', ({ code }) => code);
     (async () => { ${program} })();`,
    { eval: true, resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 0 } },
  );
  const [message] = await once(worker, 'message');
  await worker.terminate();
  return message;
}

test('what scrypt takes in a worker counts for its limit, and the worker goes on', async () => {
  const program = `const codes = [await codeOf(scrypt(256))];
     try { crypto.scryptSync('a', 'b', 4, { N: 2 ** 18, r: 8, maxmem: 2 ** 31 }); }
     catch ({ code }) { codes.push(code); }
     codes.push(await codeOf(scrypt(16)));
     parentPort.postMessage(codes);`;
  assert.deepStrictEqual(await inWorker(program), [CODE, CODE, 'done']);
});

test('what waits for a thread takes nothing yet', async () => {
  const program = `const all = Array.from({ length: 40 }, () => codeOf(scrypt(16)));
     parentPort.postMessage([...new Set(await Promise.all(all))]);`;
  assert.deepStrictEqual(await inWorker(program), ['done']);
});
