'use strict';
const timers = require('timers');
const { inspect, promisify } = require('util');
const { program } = require('./harness');

const soon = () => new Promise((done) => setTimeout(done, 5));

program('a Timeout and an Immediate', async (fact) => {
  const timeout = setTimeout(() => {}, 1000);
  fact(
    'names',
    timeout.constructor.name,
    ['ref', 'unref', 'hasRef', 'refresh', 'close'].map((name) => typeof timeout[name]),
  );
  fact(
    'ref',
    timeout.hasRef(),
    timeout.unref() === timeout,
    timeout.hasRef(),
    timeout.ref() === timeout,
    timeout.hasRef(),
  );
  fact('refresh', timeout.refresh() === timeout, timeout.close() === timeout, timeout.hasRef());
  fact(
    'number',
    typeof timeout[Symbol.toPrimitive](),
    typeof +timeout,
    typeof timeout[Symbol.dispose],
  );
  const one = setTimeout(() => fact('never'), 1);
  clearTimeout(+one);
  const text = setTimeout(() => fact('never'), 1);
  clearTimeout(`${+text}`);
  const disposed = setTimeout(() => fact('never'), 1);
  disposed[Symbol.dispose]();
  const interval = setInterval(() => fact('never'), 1);
  clearTimeout(interval);
  const crossed = setTimeout(() => fact('never'), 1);
  clearInterval(crossed);
  const immediate = setImmediate(() => fact('never'));
  fact(
    'immediate',
    immediate.constructor.name,
    immediate.hasRef(),
    immediate.unref() === immediate,
    immediate.hasRef(),
    immediate.ref() === immediate,
    typeof immediate[Symbol.dispose],
  );
  immediate[Symbol.dispose]();
  fact('immediate', immediate.hasRef());
  await soon();
  for (const odd of [undefined, null, 5, -1, 'x', {}, [], NaN, Symbol('s')])
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'])
      fact.of(`${name} ${inspect(odd)}`, () => globalThis[name](odd));
});

program('refresh() and callbacks that change timers', async (fact) => {
  let count = 0;
  await new Promise((done) => {
    const again = setTimeout(() => (++count < 3 ? again.refresh() : done()), 1);
  });
  fact('refreshed from within', count);
  const stopped = setInterval(() => {
    fact('interval');
    clearInterval(stopped);
    stopped.refresh();
  }, 1);
  await soon();
  const done = setTimeout(() => {}, 1);
  await soon();
  fact('after it ran', done.hasRef(), done.refresh() === done);
  await soon();
  const args = await new Promise((resolve) =>
    setTimeout((...all) => resolve(all), 1, 1, undefined, 'x'),
  );
  fact(
    'arguments',
    args,
    await new Promise((resolve) => setImmediate((...all) => resolve(all), 1, 2)),
  );
  fact(
    'this',
    await new Promise((resolve) =>
      setTimeout(function () {
        resolve(this.constructor.name);
      }, 1),
    ),
  );
  const order = [];
  setTimeout(() => order.push('a1'), 1);
  setTimeout(() => {
    order.push('b1');
    process.nextTick(() => order.push('tick'));
    Promise.resolve().then(() => order.push('micro'));
    setImmediate(() => order.push('immediate'));
  }, 1);
  setTimeout(() => order.push('c1'), 1);
  await soon();
  fact('order', order);
});

program('timers/promises', async (fact) => {
  const promises = require('timers/promises');
  fact(
    'names',
    Object.keys(promises).sort(),
    promises === timers.promises,
    Object.keys(promises.scheduler),
    promises.scheduler.constructor.name,
  );
  fact(
    'value',
    await promises.setTimeout(1, 'v'),
    await promises.setImmediate('w'),
    await promises.setTimeout(),
    await promises.scheduler.wait(1),
    await promises.scheduler.yield(),
  );
  fact('promisified', await promisify(setTimeout)(1, 'v'), await promisify(setImmediate)('w'));
  const failed = (label) => (error) =>
    fact(label, error.name, error.code, error.message, error.cause);
  const controller = new AbortController();
  const waiting = promises.setTimeout(1000, 'v', { signal: controller.signal });
  controller.abort('why');
  await waiting.catch(failed('aborted'));
  await promises.setTimeout(1, 'v', { signal: AbortSignal.abort() }).catch(failed('already'));
  await promises.setImmediate('v', { signal: AbortSignal.abort() }).catch(failed('already'));
  await promises.scheduler.wait(1, { signal: AbortSignal.abort() }).catch(failed('already'));
  for (const delay of ['x', -1, NaN, Infinity, null, {}, 1.5, '1'])
    await promises
      .setTimeout(delay, 'v')
      .then((value) => fact(`delay ${inspect(delay)}`, value), failed(`delay ${inspect(delay)}`));
  for (const options of [5, null, 'x', { ref: 'x' }, { signal: 5 }, { ref: false }, []]) {
    await Promise.race([promises.setTimeout(1, 'v', options), soon()]).then(
      (value) => fact(`options ${inspect(options)}`, value),
      failed(`options ${inspect(options)}`),
    );
    await Promise.race([promises.setImmediate('v', options), soon()]).then(
      (value) => fact(`immediate ${inspect(options)}`, value),
      failed(`immediate ${inspect(options)}`),
    );
    fact.of(`interval ${inspect(options)}`, () => typeof promises.setInterval(1, 'v', options));
  }
  let count = 0;
  for await (const value of promises.setInterval(1, 'tick')) {
    if (++count === 3) {
      fact('interval', value, count);
      break;
    }
  }
  const stop = new AbortController();
  try {
    await Array.fromAsync(promises.setInterval(1, undefined, { signal: stop.signal }), () =>
      stop.abort(),
    );
  } catch (error) {
    failed('interval aborted')(error);
  }
  await promises.scheduler.wait('x').catch(failed('wait x'));
  fact.of('new scheduler', () => new promises.scheduler.constructor());
});

program('what a process waits for', (fact) => {
  const { spawnSync } = require('child_process');
  for (const code of [
    `setTimeout(() => console.log('a'), 5).unref()`,
    `setTimeout(() => console.log('a'), 5).unref().ref()`,
    `setImmediate(() => console.log('a')).unref()`,
    `const i = setInterval(() => { console.log('a'); i.unref() }, 1)`,
    `setTimeout(() => console.log('a'), 5).unref(); setTimeout(() => console.log('b'), 20)`,
    `require('timers/promises').setTimeout(5, 'v', { ref: false }).then(console.log)`,
    `setTimeout(() => { throw new Error('x') }, 1); process.on('uncaughtException', (e) => console.log(e.message)); setTimeout(() => console.log('b'), 2)`,
    `setTimeout(() => console.log(1), 1); setImmediate(() => console.log(2)); process.nextTick(() => console.log(3)); queueMicrotask(() => console.log(4))`,
  ]) {
    const { status, stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
    fact(
      code.slice(0, 50),
      status,
      code.includes('setImmediate(() => console.log(2))') ? stdout.split('\n').length : stdout,
    );
  }
});
