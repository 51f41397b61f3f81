'use strict';
// The stores of AsyncLocalStorage over promises and `await`.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { Module } = require('module');
const { AsyncLocalStorage } = require('async_hooks');

const storage = new AsyncLocalStorage();
const soon = () => new Promise((resolve) => setImmediate(resolve));
const note = () => storage.getStore();

/** Runs several of fn at once, each with a store of its own, and checks what each of them saw. */
async function together(fn, count) {
  const stores = [1, 2, 3];
  const seen = await Promise.all(stores.map((store) => storage.run(store, fn)));
  assert.deepStrictEqual(
    seen,
    stores.map((store) => Array(count).fill(store)),
  );
  assert.strictEqual(note(), undefined);
}

test('the store is there after an await of a value, a promise and a thenable', () =>
  together(async () => {
    const seen = [];
    await null;
    seen.push(note());
    await soon();
    seen.push(note());
    await {
      then(resolve) {
        seen.push(note());
        setImmediate(resolve);
      },
    };
    seen.push(note());
    await (0, soon());
    seen.push(note());
    return seen;
  }, 5));

test('the store is there in catch and finally after an await that throws', () =>
  together(async () => {
    const seen = [];
    try {
      await soon().then(() => {
        throw new Error('late');
      });
    } catch {
      seen.push(note());
    } finally {
      seen.push(note());
    }
    const broken = {
      get then() {
        throw new Error('getter');
      },
    };
    await Promise.resolve()
      .then(() => broken)
      .catch(() => seen.push(note()));
    try {
      await broken;
    } catch ({ message }) {
      assert.strictEqual(message, 'getter');
      seen.push(note());
    }
    return seen;
  }, 4));

test('the store is there in for await, over values and over promises, and after it', () =>
  together(async () => {
    const seen = [];
    async function* numbers() {
      yield 1;
      await soon();
      seen.push(note());
      yield 2;
    }
    for await (const one of [1, soon()]) seen.push(one === null ? 'never' : note());
    for await (const one of numbers()) seen.push(one === 0 ? 'never' : note());
    seen.push(note());
    for await (const one of numbers()) {
      if (one === 1) break;
    }
    seen.push(note());
    return seen;
  }, 7));

test('the store is there in what then, catch, finally and Promise.all call', () =>
  together(async () => {
    const seen = [];
    const push = () => seen.push(note());
    await soon().then(push).then(push).finally(push);
    await Promise.reject(new Error('refused')).catch(push);
    await Promise.all([1, 2].map(() => soon().then(push)));
    return seen;
  }, 6));

test('a thenable that an async function returns runs with the store of the function', () =>
  together(async () => {
    const seen = [];
    const query = {
      then(resolve) {
        seen.push(note());
        resolve();
      },
    };
    await (async () => query)();
    await (async function returns() {
      return query;
    })();
    seen.push(note());
    return seen;
  }, 3));

test('a run() within an await ends with it', () =>
  together(async () => {
    const seen = [];
    await storage.run('inner', async () => {
      await soon();
      assert.strictEqual(note(), 'inner');
    });
    seen.push(note());
    storage.enterWith('entered');
    await soon();
    assert.strictEqual(note(), 'entered');
    return seen;
  }, 1));

test('what follows an await outside of run() has no store', async () => {
  storage.run(1, async () => {
    for (let i = 0; i < 5; i++) await null;
  });
  for (let i = 0; i < 3; i++) {
    await null;
    assert.strictEqual(note(), undefined);
  }
});

test('a timer after promise jobs that had stores has none', async () => {
  storage.run(1, async () => {
    await null;
    await null;
  });
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.strictEqual(note(), undefined);
});

for (const kind of ['module.mjs', 'types.mts', 'script.cts'])
  test(`stores follow await in ${kind}`, async () => {
    const { run, atTop } = await import(`./fixtures/${kind}`);
    await together(() => run(note, soon), 2);
    if (atTop !== undefined) assert.strictEqual(atTop, 'top');
  });

const ORDER = `
  const order = [];
  const job = async (name, value) => {
    order.push(name + 1);
    try { await value; } catch {}
    order.push(name + 2);
    for await (const one of [1, Promise.resolve(2)]) order.push(name + 'v' + one);
    await (async () => ({ then(f) { order.push(name + 'then'); f(); } }))();
    order.push(name + 3);
  };
  class Mine extends Promise {}
  job('a', null); job('b', Promise.resolve()); job('c', { then: (f) => f() });
  job('d', Promise.reject(1)); job('e', Mine.resolve());
  Promise.resolve().then(() => order.push('t1')).then(() => order.push('t2')).then(() => order.push('t3'));
  setImmediate(() => console.log(order.join()));
`;

test('promise jobs run in the same order with a storage as without one', () => {
  const { execFileSync } = require('child_process');
  const run = (head) => String(execFileSync(process.execPath, ['-e', head + ORDER]));
  const without = run('');
  assert.match(without, /^a1,.*e3/);
  assert.strictEqual(run("new (require('async_hooks').AsyncLocalStorage)();"), without);
});

test('a rejection that an await did not see is still told', () => {
  const { spawnSync } = require('child_process');
  const code = `
    const storage = new (require('async_hooks').AsyncLocalStorage)();
    storage.run(1, async () => { await null; Promise.reject(new Error('nobody')); await null; });`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', code]);
  assert.strictEqual(status, 1);
  assert.match(String(stderr), /Error: nobody/);
});

test('a parenthesis may follow await, of and return at once', async () => {
  const text =
    'module.exports = async (list) => { const all = []; for await(const one of(list).slice()) all.push(one);' +
    ' all.push(await(await list[0]).trim()); return(all).concat([]); };';
  const module = new Module('packed');
  module._compile(text, '/packed.js');
  assert.deepStrictEqual(await module.exports([Promise.resolve(' a ')]), [' a ', 'a']);
});

test('stores follow await in text that is compiled while the program runs', async () => {
  const vm = require('vm');
  const text = '(async (storage) => { await null; return storage.getStore(); })';
  const made = {
    script: vm.runInThisContext(text),
    context: vm.runInNewContext(text),
    compiled: vm.compileFunction(`return ${text}`)(),
    function: new Function(`return ${text}`)(),
  };
  for (const [name, run] of Object.entries(made))
    assert.strictEqual(await storage.run(name, run, storage), name);
});
