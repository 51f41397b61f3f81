'use strict';
// Tasks that come and go leave nothing behind.
const { test } = require('../../helpers/test');
const { run, ended } = require('./run');
const assert = require('assert');
const fs = require('fs');

const rssKb = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
const threads = () =>
  Number(/Threads:\s+(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
const threadsOfTasks = () =>
  fs.readdirSync('/proc/self/task').filter((id) => {
    try {
      return fs.readFileSync(`/proc/self/task/${id}/comm`, 'utf8').startsWith('task ');
    } catch {
      return false; // has ended meanwhile
    }
  }).length;
const descriptors = () => fs.readdirSync('/proc/self/fd').length;

async function many(count) {
  for (let i = 0; i < count; i += 4) {
    const tasks = [];
    for (let j = 0; j < 4; j++)
      tasks.push(
        run(`Task.send(1, Task.me() + ''); setTimeout(() => { if (${j} === 3) Task.exit(1); }, 1)`),
      );
    await Promise.all(tasks.map(ended));
    Task.flush();
  }
}

test('1,000 tasks leave no descriptor, no thread and no memory', async () => {
  await many(100);
  const before = { descriptors: descriptors(), threads: threads(), rss: rssKb() };
  await many(1000);
  const { until } = require('../../helpers/net');
  await until(() => threadsOfTasks() === 0 && descriptors() <= before.descriptors);
  assert.deepStrictEqual(Task.list(), [1]);
  // The engine's own, a few that all tasks share, come and go as there is work for them.
  const more = threads() - before.threads;
  assert.ok(more < 10, `${more} threads more after 1,000 tasks`);
  // ThreadSanitizer keeps four bytes for each that was ever mapped.
  if (process.env.TSAN_OPTIONS !== undefined) return;
  const grown = rssKb() - before.rss;
  // The allocator's own unrest is a few MB. AddressSanitizer keeps up to 256 of what was freed.
  const most = process.env.ASAN_OPTIONS === undefined ? 60 : 300;
  assert.ok(grown < most * 1024, `${grown} KiB more after 1,000 tasks`);
});
