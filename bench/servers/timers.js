// Sets and clears a timer, as a program does that waits for an answer with a limit: nanoseconds.
const COUNT = 3e6;

function run(count) {
  for (let i = 0; i < count; i++) clearTimeout(setTimeout(() => {}, 30000));
}

run(COUNT / 10);
const begin = process.hrtime.bigint();
run(COUNT);
console.log(Number(process.hrtime.bigint() - begin) / COUNT);
