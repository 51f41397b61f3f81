'use strict';
// node:test: what is told of tests, mocks, mocked timers, snapshots, and run().
const fs = require('fs');
const { spawnSync } = require('child_process');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

/** What a file of tests prints, in a process of its own; times are no facts. */
function runner(fact, t) {
  const { at, say } = folder(fact, t);
  return (label, files, ...args) => {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(at(name), text);
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: at(),
      encoding: 'utf8',
      timeout: 8000,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
    });
    const told = `${stdout}${stderr}`
      .split('\n')
      .filter(
        (line) =>
          !/^ +at |^test at |duration_ms|location:|:\d+:\d+\)?"?$|lines matching cause|^ +(?:Test|async|TestContext)\b/.test(
            line,
          ),
      )
      .map((line) => line.replace(/\d+\.?\d*ms\)/, 'TIME)'));
    say(label, status);
    for (const line of told) say('  |', line);
  };
}

const HEAD = `const { test, describe, it, suite, before, after, beforeEach, afterEach, mock, snapshot, assert: asserts } = require('node:test'); const assert = require('assert');\n`;

program('what the module exports', (fact) => {
  const test = require('node:test');
  for (const name of [
    'after',
    'afterEach',
    'assert',
    'before',
    'beforeEach',
    'describe',
    'it',
    'mock',
    'only',
    'run',
    'skip',
    'snapshot',
    'suite',
    'test',
    'todo',
  ])
    fact(name, typeof test[name]);
  fact('same', test === test.test, test.it === test, test.describe === test.suite);
  fact(
    'mock',
    ['fn', 'method', 'getter', 'setter', 'property', 'module', 'reset', 'restoreAll', 'timers'].map(
      (name) => typeof test.mock[name],
    ),
  );
  fact('snapshot', Object.keys(test.snapshot).sort(), Object.keys(test.assert));
  fact(
    'reporters',
    ['spec', 'tap', 'dot', 'junit'].map((name) => typeof require('node:test/reporters')[name]),
  );
});

program('tests and their report', (fact, t) => {
  const run = runner(fact, t);
  run(
    'tap',
    {
      'a.js': `${HEAD}
test('passes', () => {});
test('callback', (t, done) => setImmediate(done));
test('fails', () => { assert.strictEqual(1, 2); });
test('skipped', { skip: 'why' }, () => {});
test('skips itself', (t) => t.skip('now'));
test('todo', { todo: 'later' }, () => { throw new Error('x'); });
test.todo('without a function');
test('nested', async (t) => { await t.test('inner', () => {}); await t.test('bad', () => { throw new TypeError('inner'); }); });
describe('suite', () => { it('one', () => {}); it.skip('two'); describe('deep', () => { it('three', (t) => { t.plan(1); t.assert.ok(1); }); }); });
test('too slow', { timeout: 10 }, () => new Promise((r) => setTimeout(r, 100)));
test('both', async (t, done) => {});
test('plan', (t) => { t.plan(2); t.assert.ok(true); });
test('said', (t) => { t.diagnostic('something'); });
test('a text', () => { throw 'text'; });
test(function named() {});
test('# and \\\\', () => {});
`,
    },
    '--test-reporter=tap',
    'a.js',
  );
  for (const args of [['--test-only']])
    run(
      args[0],
      {
        'b.js': `${HEAD} test('one', () => {}); test('two', () => {}); test('three', { only: true }, () => {}); describe('group', () => { it('one', () => {}); it('four', () => {}); });`,
      },
      '--test-reporter=tap',
      ...args,
      'b.js',
    );
});

program('hooks and their order', (fact, t) => {
  const run = runner(fact, t);
  run(
    'order',
    {
      'a.js': `${HEAD} const log = [];
before(() => log.push('before')); process.on('exit', () => console.log('\\n' + log.join(' ')));
beforeEach(() => log.push('each')); afterEach(() => log.push('each-after'));
test('a', async (t) => { t.before(() => log.push('t.before')); t.after(() => log.push('t.after')); t.beforeEach(() => log.push('t.each')); t.afterEach(() => log.push('t.each-after')); log.push('a'); await t.test('b', () => log.push('b')); });
describe('s', () => { before(() => log.push('s.before')); after(() => log.push('s.after')); beforeEach(() => log.push('s.each')); afterEach(() => log.push('s.each-after')); it('c', () => log.push('c')); it('d', () => log.push('d')); });`,
    },
    '--test-reporter=dot',
    'a.js',
  );
});

program('mock.fn(), mock.method() and mock.property()', (fact) => {
  const { mock } = require('node:test');
  const fn = mock.fn((a, b) => a + b);
  fact(
    'call',
    fn(1, 2),
    fn.mock.callCount(),
    fn.mock.calls[0].arguments,
    fn.mock.calls[0].result,
    fn.mock.calls[0].error,
    fn.mock.calls[0].target,
    fn.mock.calls[0].this,
  );
  fact('keys', Object.keys(fn.mock.calls[0]).sort(), fn.mock.calls === fn.mock.calls);
  fn.mock.mockImplementation(() => 'other');
  fn.mock.mockImplementationOnce(() => 'once', 3);
  fact('others', fn(), fn(), fn(), fn());
  fn.mock.resetCalls();
  fact('reset', fn.mock.callCount());
  fn.mock.restore();
  fact('restored', fn(2, 3));
  const times = mock.fn(
    () => 'first',
    () => 'mocked',
    { times: 2 },
  );
  fact('times', times(), times(), times());
  const object = {
    method(x) {
      return x;
    },
    get value() {
      return 1;
    },
    set value(v) {},
    plain: 5,
  };
  const method = mock.method(object, 'method', (x) => x * 2);
  fact('method', object.method(4), method.mock.callCount());
  method.mock.restore();
  fact('restored', object.method(4));
  const getter = mock.getter(object, 'value', () => 7);
  fact('getter', object.value, getter.mock.callCount());
  const setter = mock.setter(object, 'value', () => {});
  object.value = 9;
  fact('setter', setter.mock.calls[0].arguments);
  const property = mock.property(object, 'plain', 6);
  fact(
    'property',
    object.plain,
    property.mock.accessCount(),
    property.mock.accesses[0].type,
    property.mock.accesses[0].value,
  );
  object.plain = 8;
  fact(
    'set',
    object.plain,
    property.mock.accesses.map((one) => one.type),
  );
  property.mock.restore();
  fact('restored', object.plain);
  mock.reset();
  fact('all', object.value);
  class One {
    constructor(x) {
      this.x = x;
    }
  }
  const Mocked = mock.fn(One);
  fact('class', new Mocked(3).x, Mocked.mock.calls[0].target === One, new Mocked(1) instanceof One);
  for (const [name, args] of [
    ['fn', [5]],
    ['fn', ['x']],
    ['fn', [() => {}, 5]],
    ['fn', [() => {}, { times: 0 }]],
    ['fn', [() => {}, { times: 'x' }]],
    ['method', []],
    ['method', [5, 'x']],
    ['method', [object, 5]],
    ['method', [object, 'none']],
    ['method', [object, 'plain']],
    ['method', [object, 'method', 5]],
    ['method', [object, 'method', { getter: true, setter: true }]],
    ['method', [object, 'method', { getter: 5 }]],
    ['getter', [object, 'value', { getter: false }]],
    ['property', [object, 'none', 1]],
    ['property', [5, 'x']],
  ])
    fact.of(`${name} ${inspect(args, { depth: 0 })}`, () => typeof mock[name](...args));
  mock.reset();
});

program('mock.timers', async (fact) => {
  const { mock } = require('node:test');
  const log = [];
  fact.of('not enabled', () => mock.timers.tick(1));
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: 1000 });
  fact.of('twice', () => mock.timers.enable());
  setTimeout(() => log.push(['late', Date.now()]), 100);
  setTimeout((...args) => log.push(['early', args, Date.now()]), 50, 1, 2);
  const interval = setInterval(() => log.push(['interval', Date.now()]), 30);
  setImmediate(() => log.push(['immediate']));
  const cleared = setTimeout(() => log.push('never'), 10);
  clearTimeout(cleared);
  require('timers').setTimeout(() => log.push(['of timers']), 60);
  const promise = require('timers/promises')
    .setTimeout(70, 'value')
    .then((value) => log.push([value]));
  mock.timers.tick(55);
  fact('55', log.splice(0), Date.now(), new Date().getTime(), new Date(5).getTime(), typeof Date());
  mock.timers.tick(45);
  await promise;
  fact('100', log.splice(0));
  clearInterval(interval);
  setTimeout(() => log.push('b'), 200);
  setTimeout(() => log.push('a'), 100);
  mock.timers.runAll();
  fact('all', log.splice(0), Date.now());
  mock.timers.setTime(5000);
  fact('set', Date.now());
  for (const bad of [-1, 'x', null]) {
    fact.of(`tick ${bad}`, () => mock.timers.tick(bad));
    fact.of(`setTime ${bad}`, () => mock.timers.setTime(bad));
  }
  const timer = setTimeout(() => {}, 10);
  fact('timer', typeof timer.ref, typeof timer.unref, typeof timer.hasRef, typeof timer.refresh);
  mock.timers.reset();
  fact('real', Date.now() > 1e12, Date.name, typeof mock.timers[Symbol.dispose]);
  for (const options of [
    null,
    5,
    { apis: 'x' },
    { apis: ['none'] },
    { apis: ['setTimeout', 5] },
    { now: -1 },
    { now: 'x' },
    { now: new Date(50) },
    { apis: [] },
  ])
    fact.of(`enable ${inspect(options)}`, () => {
      mock.timers.enable(options);
      const value = Date.now();
      mock.timers.reset();
      return value < 1e12 ? value : 'now';
    });
  mock.timers.enable({ apis: ['setInterval', 'scheduler.wait'] });
  const { setInterval: each, scheduler } = require('timers/promises');
  const iterator = each(10, 'tick');
  const first = iterator.next();
  const waited = scheduler.wait(10);
  await null;
  mock.timers.tick(10);
  fact('promises', await first, await waited, await iterator.return());
  mock.timers.reset();
});

program('contexts', (fact, t) => {
  const run = runner(fact, t);
  run(
    'context',
    {
      'a.js': `${HEAD}
const path = require('path');
test('outer', async (t) => {
  console.log(t.name, t.fullName, path.basename(t.filePath), t.passed, t.error, t.signal.aborted);
  await t.test('inner', (t) => console.log(t.fullName, typeof t.waitFor, typeof t.runOnly, typeof t.assert.snapshot));
  let n = 0;
  console.log(await t.waitFor(() => { if (n++ < 2) throw new Error('not yet'); return n; }, { interval: 1 }));
  await t.waitFor(() => { throw new Error('never'); }, { timeout: 10, interval: 2 }).catch((e) => console.log(e.message, e.cause.message));
  for (const args of [[], [5], [() => {}, 5], [() => {}, { interval: 'x' }], [() => {}, { timeout: -1 }]])
    try { await t.waitFor(...args); } catch (e) { console.log(e.code, e.message); }
  for (const args of [['x'], [1.5], [-1], [1, 5]]) try { t.plan(...args); } catch (e) { console.log(e.code, e.message); }
  t.afterEach((t) => console.log('after', t.name, t.passed));
  await t.test('last', () => {});
});
asserts.register('isFive', function (value) { assert.strictEqual(value, 5); console.log(this.name); });
test('own', (t) => { t.plan(1); t.assert.isFive(5); });
test('waits', (t) => { t.plan(1, { wait: true }); setTimeout(() => t.assert.ok(1), 5); });
test('waits too long', (t) => { t.plan(1, { wait: 5 }); });
describe('suite', (s) => { console.log(s.name, typeof s.signal); it('x', () => {}); });
for (const options of [{ timeout: -1 }, { timeout: 'x' }, { concurrency: 'x' }, { concurrency: 0 }, { signal: 5 }]) try { test('x', options, () => {}); } catch (e) { console.log(e.code, e.message); }
`,
    },
    '--test-reporter=tap',
    'a.js',
  );
});

program('snapshots', (fact, t) => {
  const run = runner(fact, t);
  const text = `${HEAD}
test('one', (t) => { t.assert.snapshot({ a: 1, b: ['x'] }); t.assert.snapshot('\`$\{text} \\\\'); });
test('own', (t) => { t.assert.snapshot(5, { serializers: [(v) => 'five ' + v] }); });
test('file', (t) => { t.assert.fileSnapshot({ f: 1 }, 'own.json'); });
for (const args of [[1, 5], [1, { serializers: 5 }], [1, { serializers: [5] }]])
  test('bad', (t) => { try { t.assert.snapshot(...args) } catch (e) { console.log(e.code, e.message) } });
test('no text', (t) => { try { t.assert.snapshot(1, { serializers: [(v) => v] }) } catch (e) { console.log(e.code, e.message) } });
`;
  run('missing', { 'a.js': text }, '--test-reporter=dot', 'a.js');
  run('made', { 'a.js': text }, '--test-reporter=dot', '--test-update-snapshots', 'a.js');
  run(
    'shown',
    {
      'show.js': `console.log(require('fs').readFileSync('a.js.snapshot', 'utf8'), require('fs').readFileSync('own.json', 'utf8'))`,
    },
    'show.js',
  );
  run('same', {}, '--test-reporter=dot', 'a.js');
});

program('run() and --test', (fact, t) => {
  const run = runner(fact, t);
  const files = {
    'a.test.js': `${HEAD} test('a1', () => {}); describe('a2', () => { it('a3', () => {}) });`,
    'b.test.js': `${HEAD} test('b1', () => { assert.strictEqual(1, 2) }); console.log('printed');`,
    'c.test.mjs': `import test from 'node:test'; test('c1', () => {});`,
    'd.js': `throw new Error('not run')`,
    'empty.test.js': '',
  };
  run('--test', files, '--test', '--test-reporter=tap', '--test-concurrency=1');
  run('--test of no file', files, '--test', 'nope.js');
  run('--test of files', files, '--test', '--test-reporter=tap', 'a.test.js');
  const code = (options) => `
const { run } = require('node:test');
const log = [];
const stream = run(${options});
for (const name of ['test:pass', 'test:fail', 'test:plan', 'test:start', 'test:summary', 'test:enqueue'])
  stream.on(name, (data) => log.push([name, data.name, data.nesting, data.testNumber, data.count, data.success]));
stream.on('end', () => { for (const one of log) console.log(JSON.stringify(one)); });
stream.resume();`;
  run(
    'run',
    {
      ...files,
      'main.js': code(`{ files: [__dirname + '/a.test.js', __dirname + '/b.test.js'] }`),
    },
    'main.js',
  );
  run(
    'run here',
    { ...files, 'main.js': code(`{ files: [__dirname + '/a.test.js'], isolation: 'none' }`) },
    'main.js',
  );
  for (const options of [
    '5',
    '{ files: 5 }',
    '{ files: ["a"], globPatterns: ["b"] }',
    '{ shard: 5 }',
    '{ shard: { index: 0, total: 2 } }',
    '{ isolation: "x" }',
    '{ setup: 5 }',
    '{ concurrency: "x" }',
    '{ testNamePatterns: 5 }',
    '{ timeout: "x" }',
    '{ forceExit: 5 }',
    '{ execArgv: 5 }',
  ])
    run(
      options,
      {
        'bad.js': `try { require('node:test').run(${options}); } catch (e) { console.log(e.code, e.message.split('\\n')[0]); process.exit() }`,
      },
      'bad.js',
    );
});

program('mock.module()', (fact, t) => {
  const run = runner(fact, t);
  run(
    'modules',
    {
      'real.js': 'module.exports = { real: true }',
      'real.mjs': 'export default "real"; export const name = "real"',
      'a.mjs': `import { mock, test } from 'node:test';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
test('mocks', async () => {
  const one = mock.module('./real.js', { defaultExport: { own: 1 }, namedExports: { more: 2 } });
  console.log(require('./real.js'), (await import('./real.js')).default, (await import('./real.js')).more);
  one.restore();
  console.log(require('./real.js'));
  const two = mock.module('./real.mjs', { defaultExport: 'mocked', namedExports: { name: 'mocked' }, cache: true }) ;
  const ns = await import('./real.mjs');
  console.log(ns.default, ns.name);
  two.restore();
  console.log((await import('./real.mjs')).default);
  const three = mock.module('node:fs', { namedExports: { readFile: 'mocked' } });
  console.log((await import('node:fs')).readFile, require('fs').readFile);
  three.restore();
  console.log(typeof require('fs').readFile);
  for (const options of [5, null, { cache: 5 }, { namedExports: 5 }]) try { mock.module('./real.js', options) } catch (e) { console.log(e.code) }
});`,
    },
    '--experimental-test-module-mocks',
    '--test-reporter=tap',
    'a.mjs',
  );
});
