'use strict';
const { test } = require('../../helpers/test');
const { equal, throws } = require('./check');
const fs = require('fs');
const Module = require('module');
const os = require('os');
const path = require('path');
const files = `${__dirname}/fixtures/files`;

test('modules in a cycle see what the other has exported so far', () => {
  const a = require('./fixtures/cycle/a');
  equal(a.b.sawEarly, 'a early');
  equal(a.b.sawLate, undefined);
  equal(a.late, 'a late');
});

test('a missing module is an error with the files that asked', () => {
  const error = throws(() => require('./absent'), 'MODULE_NOT_FOUND');
  equal(error.message, `Cannot find module './absent'\nRequire stack:\n- ${__filename}`);
  equal(error.requireStack.join(), __filename);
});

test('module knows its place', () => {
  equal(require.main, module);
  equal(process.mainModule, module);
  equal(module.id, '.');
  equal(module.filename, __filename);
  equal(module.path, __dirname);
  equal(module.paths[0], `${__dirname}/node_modules`);
  equal(module.paths.at(-1), '/node_modules');
  equal(module.isPreloading, false);
  const child = require('./fixtures/this/children');
  equal(child.parent, module);
  equal(child.loaded, true);
  equal(child.id, child.filename);
  equal(child.children[0].filename, `${files}/plain.js`);
  equal(module.children.includes(child), true);
  equal(child instanceof Module, true);
});

test('require.cache has modules by file; deleting one loads it anew, putting one replaces it', () => {
  const file = `${files}/counted.js`;
  const first = require(file);
  equal(require('./fixtures/files/counted'), first);
  equal(require.cache[file].exports, first);
  delete require.cache[file];
  equal(require(file) === first, false);
  equal(globalThis.counted, 2);
  require.cache[file] = { exports: 'other' };
  equal(require(file), 'other');
  equal(require.cache, Module._cache);
});

test('a module that throws is not kept', () => {
  const before = module.children.length;
  for (let i = 1; i <= 2; i++) {
    equal(throws(() => require('./fixtures/broken/throws')).message, 'from inside');
    equal(globalThis.thrown, i);
  }
  equal(module.children.length, before);
});

test('built-in modules have names with and without a prefix', () => {
  equal(require('node:events'), require('events'));
  equal(require('edgeros:events'), require('events'));
  equal(
    throws(() => require('node:nope'), 'ERR_UNKNOWN_BUILTIN_MODULE').message,
    'No such built-in module: node:nope',
  );
  equal(Module.isBuiltin('node:events'), true);
  equal(Module.isBuiltin('events'), true);
  equal(Module.isBuiltin('./events'), false);
  equal(Module.builtinModules.includes('module'), true);
  equal(require.resolve('node:events'), 'node:events');
});

test('inner modules of sluice are out of reach', () => {
  throws(() => require('internal/errors/codes'), 'MODULE_NOT_FOUND');
  throws(() => require('node:internal/errors/codes'), 'ERR_UNKNOWN_BUILTIN_MODULE');
  throws(() => require('vendor/anything'), 'MODULE_NOT_FOUND');
  equal(
    Module.builtinModules.some((name) => /^(internal|vendor)\//.test(name)),
    false,
  );
});

test('a bad argument of require is an error that names it', () => {
  throws(() => require(), 'ERR_INVALID_ARG_TYPE');
  throws(() => require(''), 'ERR_INVALID_ARG_VALUE');
  throws(() => require('./a\0b'), 'MODULE_NOT_FOUND');
});

test('createRequire resolves as from the file given', () => {
  equal(Module.createRequire(`${files}/any.js`)('./plain').directory, files);
  equal(Module.createRequire(`${files}/`)('./plain').directory, files);
  throws(() => Module.createRequire('relative.js'), 'ERR_INVALID_ARG_VALUE');
});

test('packages can hook loading and extensions', () => {
  const load = Module._load;
  Module._load = (request, ...rest) => (request === 'virtual' ? 'hooked' : load(request, ...rest));
  equal(require('virtual'), 'hooked');
  Module._load = load;

  const resolve = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) =>
    resolve(request === 'alias' ? `${files}/data.json` : request, ...rest);
  equal(require('alias').answer, 42);
  Module._resolveFilename = resolve;

  require.extensions['.ts'] = (target) =>
    target._compile('module.exports = __filename', target.filename);
  equal(require('./fixtures/files/typed'), `${files}/typed.ts`);
  delete require.extensions['.ts'];
});

test('a module can be compiled from text', () => {
  const made = new Module('/virtual/made.js');
  made._compile('exports.name = __filename; exports.where = __dirname', '/virtual/made.js');
  equal(made.exports.name, '/virtual/made.js');
  equal(made.exports.where, '/virtual');
  equal(Module.wrap('x'), '(function (exports, require, module, __filename, __dirname) {x\n})');
});

test('packages are looked for in the folders of the home and of the installation last', () => {
  const { dirname } = require('path');
  const { HOME } = process.env;
  const last = Module.globalPaths.slice(-3);
  equal(last[0], `${HOME}/.node_modules`);
  equal(last[1], `${HOME}/.node_libraries`);
  equal(last[2], require('path').join(dirname(dirname(process.execPath)), 'lib/node'));
});

test('what is wished of source maps is checked and kept', () => {
  throws(() => Module.setSourceMapsSupport(1), 'ERR_INVALID_ARG_TYPE');
  throws(() => Module.setSourceMapsSupport(true, { nodeModules: 1 }), 'ERR_INVALID_ARG_TYPE');
  Module.setSourceMapsSupport(true, { nodeModules: true });
  const { enabled, nodeModules, generatedCode } = Module.getSourceMapsSupport();
  equal([enabled, nodeModules, generatedCode].join(), 'true,true,false');
});

test('who compiles files of TypeScript gets their text with its types', (t) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-compile-')), 'typed.ts');
  t.after(() => fs.rmSync(path.dirname(file), { recursive: true }));
  fs.writeFileSync(file, '@decorated class Typed {}\nmodule.exports = (1 as number);\n');
  const { '.js': load } = Module._extensions;
  Module._extensions['.ts'] = (module, filename) => {
    const { _compile: compile } = module;
    module._compile = (text, name) =>
      compile.call(module, text.replace(/^@.*$/m, '').replace(' as number', ' + 1'), name);
    load(module, filename);
  };
  t.after(() => delete Module._extensions['.ts']);
  equal(require(file), 2);
});

test.needs('sharing')('import() fails once the thread of the hooks was terminated', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-hooks-'));
  const main = path.join(folder, 'main.mjs');
  fs.writeFileSync(
    path.join(folder, 'hooks.mjs'),
    'export const resolve = () => new Promise(() => {});',
  );
  fs.writeFileSync(
    main,
    `import { register } from 'node:module';
const started = new Promise((resolve) => process.on('worker', resolve));
register('./hooks.mjs', import.meta.url);
(await started).terminate();
import('./x.mjs').catch(({ code }) => console.log(code));`,
  );
  const { stdout } = require('child_process').spawnSync(process.execPath, [main]);
  fs.rmSync(folder, { recursive: true });
  equal(String(stdout), 'ERR_INVALID_STATE\n');
});

/** What a program prints that registers hooks, a file beside it. */
function withHooks(t, hooks, program, env = process.env) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-hooks-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, 'hooks.mjs'), hooks);
  fs.writeFileSync(
    path.join(folder, 'main.mjs'),
    `import { register } from 'node:module';
const told = ({ code }) => console.log(code);
${program}`,
  );
  const { stdout, stderr } = require('child_process').spawnSync(
    process.execPath,
    [path.join(folder, 'main.mjs')],
    { env, encoding: 'utf8' },
  );
  equal(stderr, '');
  return stdout;
}

test.needs('sharing')(
  'an import whose hook never settles fails, and the next one is asked',
  (t) => {
    const hooks = `let settle;
    export const resolve = (name, context, next) => {
      if (name === './never.mjs') return new Promise((resolve) => { settle = resolve; });
      settle?.({ url: 'data:text/javascript,export default "late"', shortCircuit: true });
      return next(name, context);
    };`;
    const program = `register('./hooks.mjs', import.meta.url);
    await import('./never.mjs').catch(told);
    console.log((await import('data:text/javascript,export default "next"')).default);
    await import('./never.mjs').catch(told);`;
    const never = 'ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED\n';
    equal(withHooks(t, hooks, program), `${never}next\n${never}`);
  },
);

test.needs('sharing')('an answer of a hook may come after timers', (t) => {
  const hooks = `export const resolve = async (name, context, next) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return next(name, context);
    };`;
  const program = `register('./hooks.mjs', import.meta.url);
    console.log((await import('data:text/javascript,export default 1')).default);`;
  equal(withHooks(t, hooks, program), '1\n');
});

for (const [name, hooks] of [
  ['an initialize() that never settles', 'export const initialize = () => new Promise(() => {});'],
  ['a top-level await that never settles', 'await new Promise(() => {});'],
])
  test.needs('sharing')(`register() fails by ${name}`, (t) => {
    const program = `try { register('./hooks.mjs', import.meta.url); } catch (error) { told(error); }`;
    equal(withHooks(t, hooks, program), 'ERR_ASYNC_LOADER_REQUEST_NEVER_SETTLED\n');
  });

test('where threads share no memory register() says so, and imports go on', (t) => {
  const program = `for (let i = 0; i < 2; i++)
      try { register('./hooks.mjs', import.meta.url); }
      catch ({ code, message }) { console.log(code, /threads share.*'sharing'/.test(message)); }
    console.log(typeof (await import('node:fs')).stat);`;
  const env = { ...process.env, SLUICE_FAST: '-sharing' };
  const line = 'ERR_FEATURE_UNAVAILABLE true\n';
  equal(withHooks(t, '', program, env), `${line}${line}function\n`);
});

test('a text for a module that is an ECMAScript module is run, not the file of its name', (t) => {
  const made = new Module('/virtual/made.mjs.js');
  made._compile('export const a = 1', '/virtual/made.mjs.js');
  equal(made.exports.a, 1);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-compile-')), 'own.js');
  t.after(() => fs.rmSync(path.dirname(file), { recursive: true }));
  fs.writeFileSync(file, 'export const a = 2');
  const other = new Module(file);
  other._compile('export const a = 3', file);
  equal(other.exports.a, 3);
});

test('what stands before the first range of a map is of none', () => {
  const map = new Module.SourceMap({ version: 3, sources: ['a'], names: [], mappings: ';;KAAA' });
  equal(Object.keys(map.findEntry(0, 0)).length + Object.keys(map.findOrigin(1, 1)).length, 0);
  equal(map.findEntry(2, 5).originalSource, 'a');
});
