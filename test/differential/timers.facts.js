'use strict';
const timers = require('timers');
const promises = require('timers/promises');
const { program } = require('./harness');

program('what the module exports', (fact) => {
  for (const name of [
    'setTimeout',
    'setInterval',
    'setImmediate',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
  ])
    fact(name, typeof timers[name], timers[name] === globalThis[name]);
  fact('promises', Object.keys(promises).sort(), timers.promises === promises);
  for (const name of Object.keys(promises)) fact(name, promises[name].length);
  fact('scheduler', Object.getOwnPropertyNames(Object.getPrototypeOf(promises.scheduler)).sort());
});

program('order of what is due', async (fact) => {
  const log = [];
  setTimeout(() => log.push('timeout 0'), 0);
  setImmediate(() => log.push('immediate'));
  process.nextTick(() => log.push('tick'));
  Promise.resolve().then(() => log.push('job'));
  queueMicrotask(() => log.push('microtask'));
  process.nextTick(() => Promise.resolve().then(() => log.push('job of tick')));
  Promise.resolve().then(() => process.nextTick(() => log.push('tick of job')));
  log.push('sync');
  await new Promise((done) => setTimeout(done, 5));
  fact(
    'order',
    log.filter((one) => !/timeout|immediate/.test(one)),
    log.includes('timeout 0'),
  );
});

program('timers of one delay run in order', async (fact) => {
  const log = [];
  for (let i = 0; i < 4; i++) setTimeout(() => log.push(i), i % 2 ? 1 : 0);
  setTimeout((...args) => log.push(args), 1, 'a', 2, null);
  await promises.setTimeout(5);
  fact('log', log);
});

program('a Timeout', (fact) => {
  const timer = setTimeout(() => {}, 1000);
  fact(
    'is',
    timer.constructor.name,
    timer.hasRef(),
    timer.unref() === timer,
    timer.hasRef(),
    timer.ref() === timer,
    timer.refresh() === timer,
  );
  fact('primitive', typeof timer[Symbol.toPrimitive](), +timer > 0, `${timer}` === String(+timer));
  fact('close', timer.close() === timer, timer._destroyed);
  fact('dispose', typeof timer[Symbol.dispose]);
  const immediate = setImmediate(() => {});
  fact(
    'immediate',
    immediate.constructor.name,
    immediate.hasRef(),
    immediate.unref() === immediate,
    immediate.hasRef(),
    typeof immediate[Symbol.dispose],
  );
  clearImmediate(immediate);
  const interval = setInterval(() => {}, 10);
  fact('interval', interval.constructor.name, interval._repeat);
  clearInterval(String(interval[Symbol.toPrimitive]()));
  fact('cleared by text', interval._destroyed);
});

program('bad arguments', (fact) => {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'])
    for (const bad of [undefined, null, 'code', 5, {}])
      fact.of(`${name} ${bad}`, () => timers[name](bad, 1));
  for (const value of [undefined, null, 5, 'x', {}, Symbol('s'), NaN, true]) {
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'])
      fact.of(`${name} ${String(value)}`, () => timers[name](value));
  }
  for (const delay of [-1, NaN, 'x', '5', 2 ** 31, Infinity, null, undefined, {}, 1.7]) {
    fact.of(
      `delay ${String(delay)}`,
      () => setTimeout(() => {}, delay),
      (timer) => {
        clearTimeout(timer);
        return timer._onTimeout;
      },
    );
  }
  for (const bad of [undefined, null, 5]) {
    fact.of(`queueMicrotask ${bad}`, () => queueMicrotask(bad));
    fact.of(`nextTick ${bad}`, () => process.nextTick(bad));
  }
});

program('timers/promises', async (fact) => {
  fact(
    'setTimeout',
    await promises.setTimeout(1, 'v'),
    await promises.setTimeout(),
    await promises.setTimeout(undefined, 5),
  );
  fact('setImmediate', await promises.setImmediate('w'), await promises.setImmediate());
  const controller = new AbortController();
  const { signal } = controller;
  const waits = [
    promises.setTimeout(1000, 0, { signal }),
    promises.setImmediate(0, { signal }),
    promises.scheduler.wait(1000, { signal }),
  ];
  controller.abort(new Error('reason'));
  for (const one of await Promise.allSettled(waits)) fact('aborted', one.reason, one.reason?.cause);
  for (const [name, args] of [
    ['setTimeout', ['x']],
    ['setTimeout', [null]],
    ['setTimeout', [1, 0, 5]],
    ['setTimeout', [1, 0, { signal: 5 }]],
    ['setTimeout', [1, 0, { ref: 5 }]],
    ['setImmediate', [0, 5]],
    ['setImmediate', [0, { signal: 5 }]],
    ['setImmediate', [0, { ref: 'x' }]],
    ['setTimeout', [1, 0, { signal }]],
  ])
    await promises[name](...args).then(
      (value) => fact(name, 'resolves', value),
      (error) => fact(name, error),
    );
  await promises.scheduler.yield().then((value) => fact('yield', value));
  await promises.scheduler.wait('x').catch((error) => fact('wait', error));
  fact.of('new Scheduler', () => new promises.scheduler.constructor());
});

program('setInterval() of timers/promises', async (fact) => {
  let count = 0;
  for await (const value of promises.setInterval(1, 'v')) {
    fact('value', value);
    if (++count === 2) break;
  }
  const controller = new AbortController();
  const iterator = promises.setInterval(1000, 0, { signal: controller.signal });
  const next = iterator.next();
  controller.abort();
  await next.catch((error) => fact('aborted', error));
  const { done, value } = await iterator.next();
  fact('after', done, value);
  for (const args of [['x'], [1, 0, 5], [1, 0, { signal: 5 }], [1, 0, { ref: 5 }]])
    await promises
      .setInterval(...args)
      .next()
      .catch((error) => fact('bad', error));
});

program('errors in callbacks', async (fact) => {
  const errors = [];
  const listener = (error) => errors.push(error.message);
  process.prependListener('uncaughtException', listener);
  process.setUncaughtExceptionCaptureCallback((error) => errors.push(error.message));
  const log = [];
  setTimeout(() => {
    throw new Error('one');
  }, 1);
  setTimeout(() => log.push('next timer'), 1);
  setImmediate(() => {
    throw new Error('two');
  });
  setImmediate(() => log.push('next immediate'));
  await promises.setTimeout(5);
  process.setUncaughtExceptionCaptureCallback(null);
  process.off('uncaughtException', listener);
  fact('errors', errors.sort(), log.sort());
});

program('clearing from within', async (fact) => {
  const log = [];
  const interval = setInterval(() => {
    log.push('interval');
    clearInterval(interval);
  }, 1);
  const a = setTimeout(() => {
    log.push('a');
    clearTimeout(b);
  }, 1);
  const b = setTimeout(() => log.push('b'), 1);
  const c = setImmediate(() => {
    log.push('c');
    clearImmediate(d);
  });
  const d = setImmediate(() => log.push('d'));
  await promises.setTimeout(5);
  fact('log', log.sort(), a._destroyed, b._destroyed, c._destroyed);
});
