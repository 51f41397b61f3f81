'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test, servers } = suite('bullmq', ['redis']);
const { Queue, QueueEvents, Worker } = load('bullmq');

test('jobs are done by a worker, and one that throws fails with its message', async () => {
  const connection = { host: '127.0.0.1', port: servers[0].port, password: 'secret' };
  const queue = new Queue('jobs', { connection });
  const events = new QueueEvents('jobs', { connection });
  await events.waitUntilReady();
  const work = async ({ name, data }) => {
    if (name === 'bad') throw new Error('bad job');
    return data.number * 2;
  };
  const worker = new Worker('jobs', work, { connection, concurrency: 4 });
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const jobs = await queue.addBulk(numbers.map((number) => ({ name: 'good', data: { number } })));
  const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events)));
  assert.deepStrictEqual(
    results,
    numbers.map((number) => number * 2),
  );
  const bad = await queue.add('bad', {});
  await assert.rejects(bad.waitUntilFinished(events), /bad job/);
  assert.deepStrictEqual(await queue.getJobCounts('completed', 'failed'), {
    completed: 100,
    failed: 1,
  });
  for (const one of [worker, events, queue]) await one.close();
});
