// Every line that is logged has the id of the request that it belongs to, through timers, promises
// and await, without handing the id from function to function.
//
//   sluice examples/request-ids.js          then: curl http://127.0.0.1:3000/
//   sluice examples/request-ids.js --demo   asks itself three times at once and ends
'use strict';
const { AsyncLocalStorage } = require('async_hooks');
const http = require('http');
const { setTimeout: sleep } = require('timers/promises');

const demo = process.argv.includes('--demo');
const requests = new AsyncLocalStorage();
const log = (text) => console.log(`[${requests.getStore() ?? '-'}] ${text}`);

async function readCustomer() {
  await sleep(5);
  log('customer read');
}

async function answer(req, res) {
  log(`begins ${req.url}`);
  await readCustomer();
  await Promise.all([1, 2].map(async (part) => (await sleep(part), log(`part ${part}`))));
  res.end(`${requests.getStore()}\n`);
  log('ends');
}

let last = 0;
const server = http.createServer((req, res) => requests.run(++last, answer, req, res));
server.listen(demo ? 0 : 3000, '127.0.0.1', async () => {
  log('listening');
  if (!demo) return;
  const base = `http://127.0.0.1:${/** @type {import('net').AddressInfo} */ (server.address()).port}`;
  const answers = await Promise.all(['/a', '/b', '/c'].map((path) => fetch(base + path)));
  log(`answers: ${(await Promise.all(answers.map((one) => one.text()))).join('').split('\n')}`);
  server.close();
  server.closeAllConnections();
});
