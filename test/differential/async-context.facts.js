'use strict';
// async_hooks: AsyncLocalStorage, AsyncResource and hooks, with their arguments and errors.
const hooks = require('async_hooks');
const { inspect } = require('util');
const { program } = require('./harness');
const { AsyncLocalStorage, AsyncResource, executionAsyncId } = hooks;

program('what the module exports', (fact) => {
  fact('names', Object.keys(hooks).sort());
  fact('kinds', typeof hooks.executionAsyncResource(), typeof hooks.triggerAsyncId());
});

program('AsyncLocalStorage', async (fact) => {
  const storage = new AsyncLocalStorage({ defaultValue: 5, name: 'n' });
  fact('default', storage.getStore(), storage.name, new AsyncLocalStorage().name);
  for (const options of [5, null, { defaultValue: undefined }, { name: 5 }])
    fact.of(`options ${inspect(options)}`, () => new AsyncLocalStorage(options).name);
  fact(
    'run',
    storage.run(1, (a, b) => [storage.getStore(), a, b], 2, 3),
    storage.getStore(),
  );
  fact(
    'exit',
    storage.run(1, () => storage.exit((a) => [storage.getStore(), a], 4)),
  );
  fact('bind', storage.run(7, () => AsyncLocalStorage.bind(() => storage.getStore()))());
  fact(
    'snapshot',
    storage.run(8, () => AsyncLocalStorage.snapshot())((x) => [storage.getStore(), x], 1),
  );
  for (const bad of [undefined, 5, null])
    fact.of(`bind ${bad}`, () => typeof AsyncLocalStorage.bind(bad));
  fact.of('withScope', () => {
    const scope = storage.withScope(3);
    const inside = storage.getStore();
    scope[Symbol.dispose]();
    return [inside, storage.getStore()];
  });
  storage.enterWith(9);
  fact('entered', storage.getStore(), await Promise.resolve().then(() => storage.getStore()));
  storage.disable();
  fact('disabled', storage.getStore());
  fact.of('throws', () =>
    storage.run(1, () => {
      throw new Error('inside');
    }),
  );
  fact('after', storage.getStore());
  const seen = await storage.run(2, async () => {
    await null;
    const later = new Promise((done) => setTimeout(() => done(storage.getStore()), 1));
    return [
      storage.getStore(),
      await later,
      await new Promise((done) => process.nextTick(() => done(storage.getStore()))),
    ];
  });
  fact('followed', seen);
});

program('AsyncResource', (fact) => {
  for (const args of [
    [],
    [5],
    [''],
    ['x', 5],
    ['x', { triggerAsyncId: -2 }],
    ['x', { triggerAsyncId: 'y' }],
    ['x', { requireManualDestroy: 5 }],
  ])
    fact.of(`new AsyncResource ${inspect(args)}`, () => {
      const made = new AsyncResource(...args);
      return [typeof made.asyncId(), typeof made.triggerAsyncId(), made.type];
    });
  const resource = new AsyncResource('X');
  fact(
    'scope',
    resource.runInAsyncScope(
      function (a) {
        return [this.t, a, executionAsyncId() === resource.asyncId()];
      },
      { t: 1 },
      2,
    ),
    resource.emitDestroy() === resource,
  );
  fact('bind', resource.bind((a, b) => [a, b])(1, 2), resource.bind((a, b) => [a, b]).length);
  fact('static', AsyncResource.bind((x) => x + 1)(1), AsyncResource.bind(() => {}, 'T').length);
  for (const bad of [undefined, 5]) fact.of(`bind ${bad}`, () => typeof AsyncResource.bind(bad));
});

program('createHook()', (fact) => {
  for (const callbacks of [
    {},
    { init: 5 },
    { before: 'x' },
    { init() {}, promiseResolve: 5 },
    { trackPromises: 5 },
  ])
    fact.of(`createHook ${inspect(callbacks)}`, () => typeof hooks.createHook(callbacks).enable);
  const hook = hooks.createHook({ init() {} });
  fact('chains', hook.enable() === hook, hook.disable() === hook);
});
