'use strict';
const vm = require('vm');
const util = require('util');
const { program } = require('./harness');

program('what the module exports', (fact) => {
  fact('names', Object.keys(vm));
  fact('constants', Object.keys(vm.constants), Object.isFrozen(vm.constants));
  fact('of a script', Object.keys(new vm.Script('1', { produceCachedData: true })).sort());
});

program('names of a context are those of its object', (fact) => {
  const object = { given: 1, list: [] };
  const context = vm.createContext(object);
  const run = (label, code) => fact.of(label, () => vm.runInContext(code, context));
  fact('context', context === object, vm.isContext(object), vm.isContext({}));
  run('read', 'given + 1');
  run('write', 'given = 5; implicit = 6; given');
  fact('written', object.given, object.implicit);
  run('var', 'var variable = 7; variable');
  fact('of var', object.variable, Object.keys(object));
  run('var again', 'var variable; variable += 1');
  fact('of var', object.variable);
  object.variable = 10;
  run('set from outside', 'variable');
  run('function', 'function made() { return made.name; } made()');
  fact('of function', typeof object.made, object.made(), object.made.name);
  run('replaced', 'made = 1; made');
  fact('of replaced', object.made);
  run('called before its place', 'var early = later(); function later() { return 3; } early');
  run('hoisted', 'if (false) { var inner = 1; } typeof inner');
  fact('of hoisted', 'inner' in object, object.inner);
  run(
    'loops',
    'for (var i = 0; i < 3; i++); for (var key in { a: 1 }); for (var of of [9]); [i, key, of].join()',
  );
  fact('of loops', object.i, object.key, object.of);
  run('patterns', 'var { a, b: [c], ...rest } = { a: 1, b: [2], d: 3 }; [a, c, rest.d].join()');
  fact('of patterns', object.a, object.c, object.rest.d);
  run('block function', '{ function block() { return 1; } } block()');
  run('lexical', 'let lexical = 1; const fixed = 2; class Kind {}; lexical + fixed');
  fact('of lexical', 'lexical' in object, object.fixed);
  run('lexical later', 'lexical++; lexical + fixed + Kind.name');
  run('lexical twice', 'let lexical = 1');
  run('constant', 'fixed = 3');
  run('both', 'var both = 1; let other = 2; var strictly = both + other; strictly');
  run(
    'strict',
    '"use strict"; var strictVar = 4; function strictFunction() { return this; } [strictVar, strictFunction()].join()',
  );
  fact('of strict', object.strictVar, typeof object.strictFunction);
  run('strict undeclared', '"use strict"; neverDeclared = 1');
  run('typeof', 'typeof nothing');
  run('this', 'this === globalThis');
  run('through this', 'this.viaThis = 1; viaThis');
  fact('of this', object.viaThis);
  run('delete', 'delete globalThis.implicit; typeof implicit');
  fact('deleted', 'implicit' in object);
  run('in', '"given" in globalThis && !("missing" in globalThis)');
  run('own', 'Object.prototype.hasOwnProperty.call(globalThis, "given")');
  run('descriptor', 'JSON.stringify(Object.getOwnPropertyDescriptor(globalThis, "given"))');
  run(
    'define',
    'Object.defineProperty(globalThis, "hidden", { value: 8, configurable: true }); hidden',
  );
  fact('defined', Object.getOwnPropertyDescriptor(object, 'hidden'));
  run('closures', 'var counter = 0; (function () { return ++counter; })');
  fact('counter', object.counter, vm.runInContext('counter', context));
  run('completion', '1; if (true) { 2 } else { 3 }');
  run('comment', '4 // nothing');
  run('eval', 'eval("var evaluated = 1; evaluated") + (0, eval)("var globally = 2; globally")');
  fact('of eval', object.globally);
  run('new Function', 'new Function("return given")()');
  run('many', 'var total = 0; for (var n = 0; n < 100000; n++) total += n; total');
  fact('of many', object.total, object.n);
});

program('inspect() of an object that is a context', (fact) => {
  const object = { animal: 'cat', count: 2 };
  vm.createContext(object);
  vm.runInContext('var y = 17; count += 1; name = "kitty"; function f() {}', object);
  fact('inspect', util.inspect(object));
  fact('json', JSON.stringify(object));
  fact('copy', { ...object });
});

program('getters, prototypes and other kinds of objects', (fact) => {
  let log = [];
  const object = Object.create(
    { inherited: 1 },
    {
      computed: {
        get: () => log.push('get'),
        set(value) {
          log.push(value);
        },
        enumerable: true,
      },
      fixed: { value: 1, enumerable: true },
    },
  );
  vm.createContext(object);
  const run = (label, code) => fact.of(label, () => vm.runInContext(code, object));
  run('inherited', 'inherited');
  run('computed', 'computed');
  run('set', 'computed = "x"; 0');
  fact('log', log);
  log = [];
  run('read-only', 'fixed = 2; fixed');
  run('overridden', 'inherited = 5; inherited');
  fact('own', Object.hasOwn(object, 'inherited'));
  const seen = [];
  const proxy = new Proxy({ p: 1 }, { get: (target, key) => (seen.push(key), target[key]) });
  fact.of('proxy', () => vm.runInNewContext('p', proxy));
  fact.of('function', () => vm.isContext(vm.createContext(() => {})));
  fact.of('array', () => vm.runInNewContext('length', [1, 2]));
  fact.of('itself', () => {
    const self = vm.createContext({});
    self.self = self;
    return vm.runInContext('self === globalThis', self);
  });
  fact.of('without prototype', () => vm.runInNewContext('typeof toString', { __proto__: null }));
});

program('each context has classes of its own', (fact) => {
  const context = vm.createContext({ outer: [] });
  fact(
    'array',
    vm.runInContext('[]', context) instanceof Array,
    Array.isArray(vm.runInContext('[]', context)),
  );
  fact('outer', vm.runInContext('outer instanceof Array', context));
  fact('same', vm.runInContext('Array', context) === vm.runInContext('Array', context));
  fact(
    'types',
    util.types.isPromise(vm.runInContext('Promise.resolve()', context)),
    util.types.isNativeError(vm.runInContext('new Error()', context)),
  );
  fact(
    'inspect',
    util.inspect(vm.runInContext('({ a: [1], m: new Map([[1, 2]]), s: new Set() })', context)),
  );
  fact('buffer', Buffer.from(vm.runInContext('new Uint8Array([1, 2]).buffer', context)));
  fact('bytes', Buffer.concat([vm.runInContext('new Uint8Array([1, 2])', context)]));
  fact('deep', util.isDeepStrictEqual(vm.runInContext('[1]', context), [1]));
  fact('clone', structuredClone(vm.runInContext('({ a: [1] })', context)));
  for (const name of ['require', 'process', 'Buffer', 'setTimeout', 'URL', 'fetch', 'global'])
    fact(name, vm.runInContext(`typeof ${name}`, context));
  for (const name of [
    'Map',
    'Promise',
    'WebAssembly',
    'SharedArrayBuffer',
    'Intl',
    'WeakRef',
    'Iterator',
  ])
    fact(name, vm.runInContext(`typeof ${name}`, context));
});

program('promises of a context', async (fact) => {
  const log = [];
  const context = vm.createContext({ log });
  vm.runInContext('Promise.resolve().then(() => log.push("job")); log.push("script")', context);
  log.push('after');
  await null;
  await null;
  fact('order', log);
  const value = await vm.runInContext('(async () => { await null; return 5; })()', context);
  fact('value', value);
  const after = vm.createContext({ log: [] }, { microtaskMode: 'afterEvaluate' });
  vm.runInContext('Promise.resolve().then(() => log.push("job")); log.push("script")', after);
  fact('afterEvaluate', [...after.log]);
});

program('errors of scripts', (fact) => {
  const first = (text) =>
    text
      .split('\n    at ')
      .slice(0, 2)
      .map(
        (line) =>
          line
            .split('\n')
            .at(-1)
            .replace(/:\d+(\)?)$/, '$1'), // engines count columns differently
      );
  const stack = (code, options, object = {}) => {
    try {
      vm.runInNewContext(code, object, options);
      return 'none';
    } catch (error) {
      return [error.name, error.message, error instanceof Error, ...first(error.stack)];
    }
  };
  fact('thrown', stack('throw new Error("x")'));
  fact('named', stack('\nfunction f() {\n  throw new RangeError("y");\n}\nf()', 'named.js'));
  fact('offset', stack('\nthrow new Error("x")', { filename: 'a.js', lineOffset: 10 }));
  fact('column', stack('throw new Error("x")', { filename: 'a.js', columnOffset: 7 }));
  fact.of('value', () => vm.runInNewContext('throw 5'));
  fact(
    'syntax',
    (() => {
      try {
        new vm.Script('let = ;', 'bad.js');
      } catch (error) {
        return [error.name, error instanceof SyntaxError];
      }
    })(),
  );
  fact(
    'own class',
    (() => {
      try {
        vm.runInNewContext('throw new TypeError("t")');
      } catch (error) {
        return [error instanceof TypeError, error.name];
      }
    })(),
  );
});

program('arguments are checked', (fact) => {
  const c = vm.createContext({});
  const calls = {
    'createContext(1)': () => vm.createContext(1),
    'createContext(null)': () => vm.createContext(null),
    name: () => vm.createContext({}, { name: 1 }),
    origin: () => vm.createContext({}, { origin: 1 }),
    codeGeneration: () => vm.createContext({}, { codeGeneration: 1 }),
    strings: () => vm.createContext({}, { codeGeneration: { strings: 1 } }),
    wasm: () => vm.createContext({}, { codeGeneration: { wasm: 'x' } }),
    microtaskMode: () => vm.createContext({}, { microtaskMode: 'x' }),
    options: () => vm.createContext({}, 1),
    isContext: () => vm.isContext(1),
    'no context': () => vm.runInContext('1', {}),
    'number as code': () => vm.runInContext(1, c),
    'no object': () => new vm.Script('1').runInContext(1),
    'new 1': () => new vm.Script('1').runInNewContext(1),
    timeout: () => vm.runInThisContext('1', { timeout: 0 }),
    'timeout text': () => vm.runInThisContext('1', { timeout: '5' }),
    breakOnSigint: () => vm.runInThisContext('1', { breakOnSigint: 1 }),
    displayErrors: () => vm.runInThisContext('1', { displayErrors: 1 }),
    cachedData: () => new vm.Script('1', { cachedData: 1 }),
    lineOffset: () => new vm.Script('1', { lineOffset: 'x' }),
    columnOffset: () => new vm.Script('1', { columnOffset: 1.5 }),
    produceCachedData: () => new vm.Script('1', { produceCachedData: 1 }),
    importModuleDynamically: () => new vm.Script('1', { importModuleDynamically: 1 }),
    filename: () => new vm.Script('1', { filename: 1 }),
    'script options': () => new vm.Script('1', 1),
    params: () => vm.compileFunction('1', 1),
    'params[0]': () => vm.compileFunction('1', [1]),
    parsingContext: () => vm.compileFunction('1', [], { parsingContext: {} }),
    contextExtensions: () => vm.compileFunction('1', [], { contextExtensions: 1 }),
    'contextExtensions[0]': () => vm.compileFunction('1', [], { contextExtensions: [1] }),
    code: () => vm.compileFunction(1),
    mode: () => vm.measureMemory({ mode: 1 }),
    execution: () => vm.measureMemory({ execution: 1 }),
    contextName: () => vm.runInNewContext('1', {}, { contextName: 1 }),
    contextOrigin: () => vm.runInNewContext('1', {}, { contextOrigin: 1 }),
    contextCodeGeneration: () => vm.runInNewContext('1', {}, { contextCodeGeneration: 1 }),
  };
  for (const [label, call] of Object.entries(calls)) fact.of(label, call);
});

program('code from strings can be forbidden', (fact) => {
  const none = { contextCodeGeneration: { strings: false, wasm: false } };
  fact.of('eval', () =>
    vm.runInNewContext('try { eval("1") } catch (e) { e.name + ": " + e.message }', {}, none),
  );
  fact.of('Function', () =>
    vm.runInNewContext(
      'try { new Function("1") } catch (e) { e.name + ": " + e.message }',
      {},
      none,
    ),
  );
  fact.of('wasm', () =>
    vm.runInNewContext(
      'try { new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])) } catch (e) { e.name }',
      {},
      none,
    ),
  );
  fact.of('allowed', () => vm.runInNewContext('eval("1 + 1")', {}));
  fact.of('variables', () =>
    vm.runInNewContext('var x = 1; function f() { return x; } f()', {}, none),
  );
});

program('a script that takes too long ends', (fact) => {
  const end = (run) => {
    try {
      return run();
    } catch (error) {
      return [error.code, error.message];
    }
  };
  fact(
    'loop',
    end(() => vm.runInNewContext('while (true);', {}, { timeout: 20 })),
  );
  fact(
    'caught',
    end(() =>
      vm.runInNewContext(
        'while (true) { try { while (true); } catch {} finally { } }',
        {},
        { timeout: 20 },
      ),
    ),
  );
  fact(
    'this context',
    end(() => vm.runInThisContext('for (;;) {}', { timeout: 20 })),
  );
  fact(
    'in time',
    end(() => vm.runInNewContext('1 + 1', {}, { timeout: 1000 })),
  );
  fact(
    'nested',
    end(() => {
      const inner = () => vm.runInNewContext('while (true);', {});
      return vm.runInNewContext('inner()', { inner }, { timeout: 20 });
    }),
  );
  fact(
    'inner first',
    end(() => {
      const inner = () => vm.runInNewContext('while (true);', {}, { timeout: 20 });
      return vm.runInNewContext(
        'try { inner() } catch (e) { e.code }',
        { inner },
        { timeout: 5000 },
      );
    }),
  );
  fact(
    'afterwards',
    end(() => vm.runInNewContext('var s = 0; for (var i = 0; i < 10; i++) s += i; s')),
  );
});

program('functions of texts', (fact) => {
  fact.of('plain', () => vm.compileFunction('return a + b', ['a', 'b'])(1, 2));
  fact.of('name', () => [vm.compileFunction('', []).name, vm.compileFunction('', ['a']).length]);
  fact.of('in a context', () =>
    vm.compileFunction('return [given, this === undefined]', [], {
      parsingContext: vm.createContext({ given: 3 }),
    })(),
  );
  fact.of('extensions', () =>
    vm.compileFunction('return x + y', [], { contextExtensions: [{ x: 1 }, { y: 2 }] })(),
  );
  fact.of('writes', () => {
    const object = vm.createContext({});
    vm.compileFunction('made = 5', [], { parsingContext: object })();
    return object.made;
  });
  fact(
    'ends early',
    (() => {
      try {
        return vm.compileFunction('}); throw 1; (function () {');
      } catch (error) {
        return error.name;
      }
    })(),
  );
  fact.of('cached', () =>
    Object.keys(vm.compileFunction('', [], { produceCachedData: true })).sort(),
  );
});

program('a script is run in many contexts', (fact) => {
  const script = new vm.Script('count += 1; name = "x"; var last = count; last');
  const objects = [1, 2, 3].map((count) => vm.createContext({ count }));
  for (const object of objects)
    fact('run', script.runInContext(object), script.runInContext(object), { ...object });
  fact('new', script.runInNewContext({ count: 7 }));
  fact(
    'cache',
    new vm.Script('1', { cachedData: new vm.Script('1').createCachedData() }).cachedDataRejected,
  );
  fact('map', new vm.Script('1\n//# sourceMappingURL=x.map').sourceMapURL);
  const plain = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  fact(
    'plain',
    vm.runInContext('var a = 1; globalThis', plain) === plain,
    plain.a,
    vm.isContext(plain),
    Object.keys(plain),
  );
});

program('import() of scripts', async (fact) => {
  const message = (error) => `${error.code}: ${error.message}`;
  fact('missing', await vm.runInNewContext('import("fs")').catch(message));
  fact(
    'function',
    await vm
      .runInNewContext('import("fs")', {}, { importModuleDynamically: () => {} })
      .catch(message),
  );
  process.removeAllListeners('warning');
  const main = { importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER };
  fact('main', typeof (await vm.runInNewContext('import("fs")', {}, main)).readFile);
  fact('compiled', typeof (await vm.compileFunction('return import("fs")', [], main)()).readFile);
  fact(
    'variables',
    await vm.runInNewContext('var p = import("fs"); p', {}, main).then((ns) => typeof ns.readFile),
  );
});
