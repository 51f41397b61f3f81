'use strict';
// The `at async` lines of stacks: the async functions that waited for what failed.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

const tick = () => new Promise((resolve) => setImmediate(resolve));

// Earlier engines do not name an async function that waited.
const named = test.since('2.48');

/** The lines of a stack, without places. */
const callsOf = (error) =>
  error.stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replace(/\(.*:(\d+:\d+)\)$|\/.*:(\d+:\d+)$/, ''))
    .map((line) => line.trim());

async function inner() {
  await tick();
  throw new Error('broken');
}
async function middle() {
  await inner();
}

async function rejected(promise) {
  return promise.then(assert.fail, (error) => error);
}

named('an error has a line for each async function that waited when it was thrown', async () => {
  class Service {
    async start() {
      await tick();
      await middle();
    }
  }
  async function outer() {
    await new Service().start();
  }
  const error = await rejected(outer());
  assert.deepStrictEqual(callsOf(error), [
    'at inner',
    'at async middle',
    'at async start',
    'at async outer',
  ]);
});

named('the line names the place of the await', async () => {
  const error = await rejected(middle());
  const place = /at async middle \((.*):(\d+):(\d+)\)/.exec(error.stack);
  assert.strictEqual(place[1], __filename);
  const line = fs.readFileSync(__filename, 'utf8').split('\n')[place[2] - 1];
  assert.strictEqual(line.slice(place[3] - 1), 'await inner();');
});

named('an error of a built-in module names the functions that waited', async () => {
  async function readConfiguration() {
    return await fs.promises.readFile('/does/not/exist');
  }
  const error = await rejected(readConfiguration());
  assert.deepStrictEqual(callsOf(error).at(-1), 'at async readConfiguration');
});

named('what is called before the first await is there once', async () => {
  async function fails() {
    throw new Error('at once');
  }
  async function calls() {
    await fails();
  }
  async function waits() {
    await tick();
    await calls();
  }
  const calls1 = callsOf(await rejected(waits()));
  assert.deepStrictEqual(calls1.slice(0, 3), ['at fails', 'at calls', 'at waits']);
  assert.ok(!calls1.includes('at async calls') && !calls1.includes('at async waits'));
});

named('each call of a function that calls itself has its line', async () => {
  async function descend(depth) {
    await tick();
    if (depth === 0) throw new Error('bottom');
    await descend(depth - 1);
  }
  const calls = callsOf(await rejected(descend(2)));
  assert.deepStrictEqual(calls, ['at descend', 'at async descend', 'at async descend']);
});

named('a stack that was read has the lines of later on too', async () => {
  async function reads() {
    try {
      await inner();
    } catch (error) {
      assert.deepStrictEqual(callsOf(error), ['at inner']);
      throw error;
    }
  }
  assert.deepStrictEqual(callsOf(await rejected(reads())), ['at inner', 'at async reads']);
});

test('a stack that the program wrote stays as it is', async () => {
  async function fails() {
    await tick();
    throw Object.assign(new Error('mine'), { stack: 'written' });
  }
  async function waits() {
    await fails();
  }
  assert.strictEqual((await rejected(waits())).stack, 'written');
});

named('Error.prepareStackTrace gets them as async call sites', async (t) => {
  t.after(() => delete Error.prepareStackTrace);
  const error = await rejected(middle());
  Error.prepareStackTrace = (_error, sites) =>
    sites.map((site) => [site.getFunctionName(), site.isAsync()]);
  assert.deepStrictEqual(error.stack, [
    ['inner', false],
    ['middle', true],
  ]);
});

test('an error that many wait for has no more lines than others', async () => {
  const shared = rejected(middle()).then((error) => Promise.reject(error));
  async function waits() {
    await shared;
  }
  for (let i = 0; i < 100; i++) await rejected(waits());
  const error = await rejected(shared);
  assert.strictEqual(callsOf(error).length, Error.stackTraceLimit);
});

test('a value that is no error passes', async () => {
  async function fails() {
    await tick();
    throw 'text';
  }
  async function waits() {
    await fails();
  }
  assert.strictEqual(await rejected(waits()), 'text');
});

/** What a module of this text exports. */
function load(t, text, name = 'module.js') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-stack-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, name), text);
  return require(path.join(folder, name));
}

test('functions of every form run as they are written', async (t) => {
  const forms = load(
    t,
    `
exports.expression = async (x) => await x;
exports.object = async (x) => ({ x: await x });
exports.choice = async (x) => x ? await x : async (y) => await y
exports.comment = async (/* => */ x /* => */) => /* ( */ await x // done
exports.parameters = async ({ a = async (z) => await z }, b = () => 1) => [await a(1), await b()]
exports.directive = async function () { 'use strict'
  await 0; return this }
exports.again = async function (x) { var x; await 0; function f() { return 1 } function f() { return 2 }
  var f; return [x, f()] }
exports.hoisted = async function () { const value = g(); await 0; return value; function g() { return 3 } }
exports.each = async function* (list) { for await (const one of list) yield one }
exports.first = async (x) => { try { return await x } catch { return 'caught' } finally { await 0 } }
exports.sequence = async (x) => (await 0, await x)
exports.args = async function () { await 0; return arguments.length }
exports.evaluated = async function (x) { return eval('(async () => await x)()') }
`,
  );
  assert.strictEqual(await forms.expression(1), 1);
  assert.deepStrictEqual(await forms.object(1), { x: 1 });
  assert.strictEqual(await forms.choice(1), 1);
  assert.strictEqual(await (await forms.choice(0))(2), 2);
  assert.strictEqual(await forms.comment(1), 1);
  assert.deepStrictEqual(await forms.parameters({}), [1, 1]);
  assert.strictEqual(await forms.directive.call(undefined), undefined);
  assert.deepStrictEqual(await forms.again(5), [5, 2]);
  assert.strictEqual(await forms.hoisted(), 3);
  const got = [];
  for await (const one of forms.each([1, Promise.resolve(2)])) got.push(one);
  assert.deepStrictEqual(got, [1, 2]);
  assert.strictEqual(await forms.first(Promise.reject(new Error('x'))), 'caught');
  assert.strictEqual(await forms.sequence(4), 4);
  assert.strictEqual(await forms.args(1, 2), 2);
  assert.strictEqual(await forms.evaluated(6), 6);
});

named('lines of TypeScript have the columns of the file', async (t) => {
  const head =
    'export async function outer(x: number, y?: string): Promise<void> { await 0; const z: string = ""; ';
  const { outer } = load(
    t,
    'async function fails(x: number): Promise<void> { await x; throw new Error(String(x)); }\n' +
      `${head}await fails(x); }\n`,
    'module.ts',
  );
  const [, first, second] = (await rejected(outer(1))).stack.split('\n');
  assert.match(first, /at fails \(.*module\.ts:1:\d+\)/);
  assert.match(second, new RegExp(`at async outer \\(.*module\\.ts:2:${head.length + 1}\\)`));
});

test('an async function that waited for nothing yet is there once, an arrow function by its name', async () => {
  const arrow = async () => {
    throw new Error('x');
  };
  async function calls() {
    return arrow();
  }
  const names = callsOf(await rejected(calls())).slice(0, 3);
  assert.deepStrictEqual(names.slice(0, 2), ['at arrow', 'at calls']);
  assert.notStrictEqual(names[2], 'at calls');
});

test('the engine’s messages show the text of the program', async (t) => {
  if (!process.versions.fast_paths.includes('traces')) t.skip('what the engine throws is as it is');
  const none = Promise.resolve();
  const reads = async () => (await none).property;
  const error = await rejected(reads());
  assert.match(error.message, /evaluating '\(await none\)\.property'/);
  const loops = async () => {
    for await (const one of { list: [] }) assert.fail(one);
  };
  assert.strictEqual((await rejected(loops())).message, '#<Object> is not async iterable');
});

named('a module that waits at its top has its line', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'async-stack-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'module.mjs');
  fs.writeFileSync(
    file,
    'import { setImmediate } from "timers/promises";\n' +
      'async function fails() {\n  await setImmediate();\n  throw new Error("x");\n}\n\nawait fails();\n',
  );
  const error = await rejected(import(file));
  assert.deepStrictEqual(error.stack.split('\n').slice(1, 3), [
    `    at fails (${file}:4:18)`,
    `    at async ${file}:7:1`,
  ]);
});
