// As many tasks as the argument says, each with the module that the next one names, if any. Prints the
// processor time and the resident bytes that one takes, all of them there at the same time.
const { join } = require('path');
const count = Number(process.argv[2]);
const needs = process.argv[3] ?? '';
let waiting = 0;
let then;

Task.on('message', () => {
  if (--waiting === 0) then();
});

function start(many, next) {
  waiting = many;
  then = next;
  for (let i = 0; i < many; i++) new Task(join(__dirname, 'task'), { needs });
}

// The first one pays for what all share.
start(1, () => {
  const before = process.cpuUsage();
  const size = process.memoryUsage().rss;
  start(count, () => {
    const { user, system } = process.cpuUsage(before);
    const bytes = (process.memoryUsage().rss - size) / count;
    console.log(JSON.stringify({ ms: (user + system) / 1000 / count, bytes }));
    process.exit();
  });
});
