'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const vm = require('vm');

// Whether the engine ends scripts and tells promises by more than its public interface.
const whole = process.versions.fast_paths.includes('termination');

test('a script runs in the global scope as often as wanted', () => {
  globalThis.counted = 0;
  const script = new vm.Script('globalThis.counted += 1; typeof require', {
    filename: 'counted.js',
  });
  assert.strictEqual(script.runInThisContext(), 'undefined');
  script.runInThisContext();
  assert.strictEqual(globalThis.counted, 2);
  assert.strictEqual(vm.runInThisContext('6 * 7'), 42);
});

test('a script that does not parse is an error when it is made', () => {
  assert.throws(() => new vm.Script('let = ;', 'bad.js'), SyntaxError);
});

test('functions are made with their parameters, and cannot be left', () => {
  assert.strictEqual(vm.compileFunction('return a + b', ['a', 'b'])(1, 2), 3);
  assert.throws(() => vm.compileFunction('}); throw 1; (function () {'), SyntaxError);
});

test('names of a context are the properties of its object, both ways', () => {
  const object = vm.createContext({ given: 1 });
  assert.strictEqual(vm.runInContext('given + 1', object), 2);
  vm.runInContext('implicit = 6; given = 5', object);
  assert.deepStrictEqual(object, { given: 5, implicit: 6 });
  object.given = 7;
  assert.strictEqual(vm.runInContext('given', object), 7);
});

test('variables and functions of scripts are properties of the object once they are set', () => {
  const object = vm.createContext({ before: 3 });
  vm.runInContext('var a = 1, before, unset; function f() { return ++a; }', object);
  assert.deepStrictEqual(Object.keys(object), ['before', 'f', 'a']);
  assert.strictEqual(object.before, 3);
  assert.strictEqual(object.f(), 2);
  assert.strictEqual(object.a, 2);
  object.a = 10;
  assert.strictEqual(vm.runInContext('f(); a', object), 11);
  assert.strictEqual(require('util').inspect(object.a), '11');
  assert.match(require('util').inspect(object), /before: 3,.*a: 11/s);
});

test('let and const of a script are for later scripts of the context, and no properties', () => {
  const object = vm.createContext({});
  vm.runInContext('let x = 1; const y = 2;', object);
  assert.strictEqual(vm.runInContext('x + y', object), 3);
  assert.deepStrictEqual(Object.keys(object), []);
  assert.throws(() => vm.runInContext('y = 3', object), { name: 'TypeError' });
});

test('errors of a context are of its own classes, with stacks that name the script', () => {
  assert.throws(
    () => vm.runInNewContext('function f() { throw new TypeError("t"); }\nf()', {}, 'named.js'),
    (error) =>
      !(error instanceof TypeError) &&
      /TypeError: t\n +at f \(named\.js:1:\d+\)\n +at named\.js:2/.test(error.stack),
  );
});

test('values of a context are what they are for those who look at their kind', () => {
  const of = (code) => vm.runInNewContext(code);
  const { types } = require('util');
  assert.strictEqual(types.isPromise(of('Promise.resolve()')), true);
  assert.deepStrictEqual([...Buffer.from(of('new Uint8Array([1, 2]).buffer'))], [1, 2]);
  assert.deepStrictEqual([...Buffer.concat([of('new Uint8Array([3])')])], [3]);
  assert.strictEqual(Buffer.byteLength(of('new DataView(new ArrayBuffer(4))')), 4);
});

test('a script that takes too long ends, whatever it catches', () => {
  if (!whole) {
    assert.throws(() => vm.runInThisContext('1', { timeout: 5 }), {
      code: 'ERR_FEATURE_UNAVAILABLE',
    });
    return;
  }
  const code = 'while (true) { try { while (true); } catch {} finally {} }';
  for (let i = 0; i < 3; i++)
    assert.throws(() => vm.runInNewContext(code, {}, { timeout: 5 }), {
      code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
    });
  const inner = () => vm.runInNewContext('while (true);', {});
  assert.throws(() => vm.runInNewContext('try { inner() } catch {}', { inner }, { timeout: 5 }), {
    code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
  });
});

test('SIGINT ends a script that was told so, and nothing else', () => {
  if (!whole) return undefined;
  const child = require('child_process').spawn(process.execPath, [
    '-e',
    `const vm = require('vm');
    globalThis.say = (text) => require('fs').writeSync(1, text); // leaves nothing half done
    try {
      vm.runInThisContext('say("running"); while (true);', { breakOnSigint: true });
    } catch (error) {
      console.log(error.code);
    }`,
  ]);
  let text = '';
  child.stdout.on('data', (data) => {
    if (text === '') child.kill('SIGINT');
    text += data;
  });
  child.stderr.on('data', (data) => (text += data));
  return new Promise((resolve) => child.on('close', (...how) => resolve(how))).then((how) =>
    assert.deepStrictEqual([text, ...how], ['runningERR_SCRIPT_EXECUTION_INTERRUPTED\n', 0, null]),
  );
});

test('code from strings can be forbidden', () => {
  const none = { contextCodeGeneration: { strings: false } };
  assert.throws(() => vm.runInNewContext('eval("1")', {}, none), { name: 'EvalError' });
  assert.strictEqual(vm.runInNewContext('var x = 1; x', {}, none), 1);
});

test('functions are made in the context that is named, with extensions of their scope', () => {
  const parsingContext = vm.createContext({ given: 3 });
  const contextExtensions = [{ x: 1 }];
  const made = vm.compileFunction('return given + x', [], { parsingContext, contextExtensions });
  assert.strictEqual(made(), 4);
});

test('promises of a context that nothing handles are told as those of the program', async () => {
  const told = new Promise((resolve) => process.once('unhandledRejection', resolve));
  vm.runInNewContext('Promise.reject(5); 0');
  assert.strictEqual(await told, 5);
});

// With ThreadSanitizer the collector is off.
const collected =
  process.env.JSC_useGC === '0' ? (name) => test.skip(name, 'the collector is off') : test;
collected('contexts go when nothing refers to them', async () => {
  let left = 0;
  const registry = new FinalizationRegistry(() => left++);
  for (let i = 0; i < 50; i++) {
    const object = vm.createContext({ cycle: null, data: new Array(1000).fill(i) });
    object.cycle = vm.runInContext('(function () { return globalThis; })', object);
    registry.register(object, i);
  }
  for (let i = 0; i < 200 && left < 25; i++) {
    globalThis.garbage = new Array(1e5).fill(i);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(left >= 25, `${left} of 50 went`);
});

test('import() of a script needs a way to load modules', async () => {
  await assert.rejects(vm.runInNewContext('import("fs")'), {
    code: 'ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING',
  });
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const fs = await vm.runInNewContext('import("fs")', {}, { importModuleDynamically });
  assert.strictEqual(fs.readFile, require('fs').readFile);
});

test('a limit for which there are no descriptors is an error, and possible later', () => {
  if (!whole) return;
  const program = `
    const fs = require('fs');
    const vm = require('vm');
    const held = [];
    try { for (;;) held.push(fs.openSync('/dev/null')); } catch {}
    const run = () => {
      try { return vm.runInThisContext('1', { timeout: 1000 }); } catch (error) { return error.code; }
    };
    const first = run();
    for (const fd of held) fs.closeSync(fd);
    console.log(first, run());`;
  const words = ['-c', 'ulimit -n 60; exec "$@"', 'sh', process.execPath, '-e', program];
  const said = require('child_process').execFileSync('sh', words);
  assert.strictEqual(String(said), 'EMFILE 1\n');
});

test('a script of a name of a file leaves the columns of the file as they are', async () => {
  async function fail() {
    await null;
    return new Error('here').stack.split('\n')[1];
  }
  const before = await fail();
  const code = 'async function a() { await 1; await 2; await 3; } async function b() { await 1; }';
  vm.runInNewContext(code, {}, { filename: __filename });
  assert.strictEqual(await fail(), before);
});

const limited = test.needs('termination', 'microtasks');
const JOBS = { microtaskMode: 'afterEvaluate' };

limited('promise jobs that run after a script are within its timeout', () => {
  const context = vm.createContext({}, JOBS);
  for (const code of [
    '(async () => { for (;;) await null; })()',
    '(function again() { Promise.resolve().then(again); })()',
    'for (let i = 0; i < 5; i++) (async () => { for (;;) await null; })()',
  ])
    assert.throws(() => vm.runInContext(code, context, { timeout: 20 }), {
      code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
    });
  assert.strictEqual(vm.runInContext('6 * 7', context, { timeout: 1000 }), 42);
});

limited('the end of promise jobs after a script loses none that waited before', async () => {
  const own = (async () => {
    for (let i = 0; i < 100; i++) await null;
    return 'whole';
  })();
  const code = '(async () => { for (;;) await null; })()';
  assert.throws(() => vm.runInNewContext(code, {}, { timeout: 20, ...JOBS }), {
    code: 'ERR_SCRIPT_EXECUTION_TIMEOUT',
  });
  assert.strictEqual(await own, 'whole');
});

test.needs('microtasks')(
  'promise jobs run after a script that ended, and not after one that threw',
  () => {
    const said = [];
    const context = vm.createContext({ said }, JOBS);
    vm.runInContext("Promise.resolve().then(() => said.push('job'))", context);
    said.push('after');
    const code = "Promise.resolve().then(() => said.push('late')); throw new TypeError('thrown')";
    assert.throws(() => vm.runInContext(code, context), { message: 'thrown' });
    said.push('after');
    vm.runInContext('1', context);
    assert.deepStrictEqual(said, ['job', 'after', 'after', 'late']);
  },
);
