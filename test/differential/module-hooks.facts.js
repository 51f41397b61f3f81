'use strict';
// Hooks of the loader: what they are asked, in which order, and what becomes of their answers.
const fs = require('fs');
const module_ = require('module');
const { spawnSync } = require('child_process');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

/** Files of a program, which is run with its options; what it prints is a fact. */
function files(fact, t) {
  const { at, say } = folder(fact, t);
  const write = (parts) => {
    for (const [name, text] of Object.entries(parts)) {
      fs.mkdirSync(at(name, '..'), { recursive: true });
      fs.writeFileSync(at(name), text);
    }
  };
  const run = (label, ...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: at(),
      encoding: 'utf8',
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
    });
    const failed = /^\S*(?:Error|ERR_)[^\n]*/m.exec(stderr)?.[0];
    say(label, status, ...stdout.replaceAll(`file://${at()}`, 'file:DIR').split('\n'), failed);
  };
  return { at, say, run, write };
}

// Prints what hooks are asked.
const TOLD = `
const short = (text) => text === undefined ? text : text.replace(/.*\\//, '');
const told = (name, tag = '') => (given, context, next) => {
  console.log(tag + name, short(given), JSON.stringify({ ...context, parentURL: short(context.parentURL) }));
  const result = next(given, context);
  const { source, ...rest } = result;
  console.log(tag + name, 'gives', JSON.stringify({ ...rest, url: short(rest.url) }),
    source === null ? null : typeof source === 'object' ? source.constructor.name : typeof source);
  return result;
};
module.exports = told;
`;

program('what hooks are asked by require()', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'told.js': TOLD,
    'main.js': `
const told = require('./told');
require('module').registerHooks({ resolve: told('resolve'), load: told('load') });
console.log(require('./one.js'));
console.log(require('./one.js') === require('./one.js'));
console.log(require('./data.json'));
console.log(require('./two.cjs'));
console.log(require('./three.mjs').default);
console.log(typeof require('fs').readFile, typeof require('node:path').join);
console.log(require('part'));
console.log(require('./typed.ts'));
try { require('./none') } catch (e) { console.log(e.code) }
console.log(require.resolve('./one.js').replace(/.*\\//, ''), require.resolve('fs'));
`,
    'one.js': 'module.exports = 1',
    'two.cjs': 'module.exports = 2',
    'three.mjs': 'export default 3',
    'typed.ts': 'const a: number = 4; module.exports = a',
    'data.json': '{"a":1}',
    'node_modules/part/package.json': '{"exports":{"require":"./r.js","import":"./i.js"}}',
    'node_modules/part/r.js': 'module.exports = "required"',
    'node_modules/part/i.js': 'export default "imported"',
  });
  run('require', 'main.js');
});

program('what hooks are asked by import', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'told.js': TOLD,
    'main.mjs': `
import told from './told.js';
import { registerHooks } from 'node:module';
registerHooks({ resolve: told('resolve'), load: told('load') });
const { default: value, name } = await import('./one.mjs');
console.log(value, name);
console.log((await import('./data.json', { with: { type: 'json' } })).default);
console.log((await import('./two.js')).default, Object.keys(await import('./two.js')));
console.log(typeof (await import('node:fs')).readFile);
console.log((await import('data:text/javascript,export default 5')).default);
await import('./none.mjs').catch((e) => console.log(e.code));
await import('./odd.xyz').catch((e) => console.log(e.code));
`,
    'one.mjs': `import { two } from './two.js'; export default two; export const name = import.meta.url.replace(/.*\\//, '');`,
    'two.js': 'exports.two = 2; exports.inner = require("./inner.js")',
    'inner.js': 'module.exports = "inner"',
    'odd.xyz': 'odd',
    'data.json': '{"a":1}',
  });
  run('import', 'main.mjs');
});

program('hooks are asked in turn', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'main.js': `
const { registerHooks } = require('module');
const hook = (name) => ({
  resolve(specifier, context, next) { console.log(name, 'resolve'); return next(specifier); },
  load(url, context, next) {
    console.log(name, 'load');
    const result = next(url, context);
    return { ...result, source: String(result.source) + ';module.exports.push("' + name + '")' };
  },
});
const a = registerHooks(hook('a'));
const b = registerHooks(hook('b'));
console.log(Object.keys(a).sort(), typeof a.deregister);
console.log(require('./one'));
b.deregister();
console.log(require('./two'));
console.log(b.deregister(), a.deregister());
console.log(require('./three'));
`,
    'one.js': 'module.exports = ["one"]',
    'two.js': 'module.exports = ["two"]',
    'three.js': 'module.exports = ["three"]',
  });
  run('chain', 'main.js');
});

program('hooks give texts and names of their own', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'hooks.js': `
require('module').registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('virtual:')) return { url: specifier, shortCircuit: true };
    if (specifier === 'renamed') return next('./one.js', context);
    return next(specifier, context);
  },
  load(url, context, next) {
    if (url === 'virtual:esm')
      return { format: 'module', source: 'import fs from "node:fs"; export default typeof fs; export const url = import.meta.url', shortCircuit: true };
    if (url === 'virtual:cjs')
      return { format: 'commonjs', source: 'exports.file = __filename; exports.id = module.id', shortCircuit: true };
    if (url === 'virtual:json') return { format: 'json', source: '{"v":1}', shortCircuit: true };
    if (url === 'virtual:bytes') return { format: 'commonjs', source: new TextEncoder().encode('module.exports = "bytes"'), shortCircuit: true };
    if (url.endsWith('.odd')) {
      const { source } = next(url, { ...context, format: 'odd' });
      return { format: 'commonjs', source: 'module.exports = ' + JSON.stringify(String(source)), shortCircuit: true };
    }
    return next(url, context);
  },
});`,
    'main.js': `
require('./hooks');
console.log(require('virtual:esm').default, require('virtual:cjs'), require('virtual:bytes'));
console.log(require('renamed'));
import('./main.mjs');
`,
    'main.mjs': `
import esm, { url } from 'virtual:esm';
import cjs, { file } from 'virtual:cjs';
import json from 'virtual:json' with { type: 'json' };
import one from 'renamed';
import odd from './other.odd';
console.log(esm, url, cjs.id, file, json, one, odd);
`,
    'one.js': 'module.exports = "one"',
    'other.odd': 'other text',
  });
  run('texts', 'main.js');
});

program('hooks replace built-in modules, and parts of packages', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'main.mjs': `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (found.url === 'node:fs' && !context.parentURL?.includes('wrapped'))
      return { url: 'node:fs?wrapped=true', shortCircuit: true, format: 'builtin' };
    if (found.url.endsWith('one.mjs') && !context.parentURL?.includes('?wrapped'))
      return { ...found, url: found.url + '?wrapped=1' };
    return found;
  },
  load(url, context, next) {
    if (url === 'node:fs?wrapped=true')
      return { format: 'module', source: 'import * as fs from "node:fs"; export const readFile = "wrapped " + typeof fs.readFile; export default 0', shortCircuit: true };
    if (url.endsWith('one.mjs?wrapped=1'))
      return { format: 'module', source: 'import * as ns from ' + JSON.stringify(url.replace('?wrapped=1', '')) + '; export const value = ns.value + 1; export { inner } from "./inner.mjs"', shortCircuit: true };
    return next(url, context);
  },
});
const { readFile } = await import('fs');
console.log(readFile);
console.log({ ...(await import('./one.mjs')) });
`,
    'one.mjs': 'export const value = 1',
    'inner.mjs': 'export const inner = "inner"',
  });
  run('wrapped', 'main.mjs');
});

program('what hooks return is checked', (fact) => {
  for (const bad of [
    undefined,
    null,
    5,
    {},
    { resolve: 5 },
    { load: 'x' },
    { resolve: null },
    { other: 5 },
  ])
    fact.of(
      `registerHooks ${inspect(bad)}`,
      () => module_.registerHooks(bad),
      (hooks) => hooks.deregister(),
    );
  const resolves = {
    nothing: () => undefined,
    'a number': () => 5,
    'no url': () => ({ shortCircuit: true }),
    'a url that is a number': () => ({ url: 5, shortCircuit: true }),
    'no shortCircuit': () => ({ url: 'node:fs' }),
    'shortCircuit 1': () => ({ url: 'node:fs', shortCircuit: 1 }),
    'a format that is a number': () => ({ url: 'node:fs', format: 5, shortCircuit: true }),
    throws: () => {
      throw new RangeError('of a hook');
    },
    'an unknown url': () => ({ url: 'x:y', shortCircuit: true }),
    'a promise': async () => ({ url: 'node:fs', shortCircuit: true }),
  };
  for (const [name, resolve] of Object.entries(resolves)) {
    const hooks = module_.registerHooks({ resolve });
    fact.of(
      `resolve gives ${name}`,
      () => require('./something'),
      (value) => typeof value.readFile,
    );
    hooks.deregister();
  }
  const loads = {
    nothing: () => undefined,
    'no source': () => ({ format: 'commonjs', shortCircuit: true }),
    'a source that is a number': () => ({ format: 'commonjs', source: 5, shortCircuit: true }),
    'no shortCircuit': () => ({ format: 'commonjs', source: '' }),
    'an unknown format': () => ({ format: 'odd', source: '', shortCircuit: true }),
    'a format that is a number': () => ({ format: 5, source: '', shortCircuit: true }),
    'no format': () => ({ source: 'module.exports = 7', shortCircuit: true }),
  };
  const resolve = (specifier, context, next) =>
    specifier.startsWith('own:') ? { url: specifier, shortCircuit: true } : next(specifier);
  for (const [name, load] of Object.entries(loads)) {
    const hooks = module_.registerHooks({ resolve, load });
    fact.of(`load gives ${name}`, () => require(`own:${name.replaceAll(' ', '-')}`));
    hooks.deregister();
  }
});

program('the program itself goes through hooks', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'hooks.mjs': `
import { registerHooks } from 'node:module';
const short = (text) => text?.replace(/.*\\//, '');
registerHooks({
  resolve(specifier, context, next) { console.log('resolve', short(specifier), short(context.parentURL)); return next(specifier, context); },
  load(url, context, next) { console.log('load', short(url), context.format); return next(url, context); },
});`,
    'late.mjs': 'await null; globalThis.late = true; console.log("late")',
    'main.js': 'console.log("main", require.main === module, globalThis.late, module.id)',
    'main.mjs': 'console.log("main", import.meta.main, globalThis.late)',
    'one.cjs': 'console.log("one")',
  });
  run('--import', '--import', './hooks.mjs', 'main.js');
  run('--import a module', '--import=./hooks.mjs', 'main.mjs');
  run('--import that awaits', '--import', './late.mjs', 'main.js');
  run('--import of two', '--import', './late.mjs', '--import', './one.cjs', 'main.mjs');
  run('--import data', '--import', 'data:text/javascript,console.log("data")', 'main.js');
  run('-r before --import', '--import', './late.mjs', '-r', './one.cjs', 'main.js');
  run('--import of nothing', '--import', './none.mjs', 'main.js');
  run('-e', '--import', './late.mjs', '-p', 'globalThis.late');
});

program('hooks in a thread of their own', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'hooks.mjs': `
let data;
export async function initialize(given) { data = given; }
export async function resolve(specifier, context, next) {
  if (specifier === 'given') return { url: 'given:' + data.name, shortCircuit: true };
  const found = await next(specifier, context);
  if (found.url.endsWith('one.mjs')) found.url += '?hooked';
  return found;
}
export async function load(url, context, next) {
  if (url.startsWith('given:'))
    return { format: 'module', source: 'export default ' + JSON.stringify(url), shortCircuit: true };
  if (url.endsWith('?hooked'))
    return { format: 'module', source: String((await next(url, context)).source) + '; export const added = 1', shortCircuit: true };
  return next(url, context);
}`,
    'bad.mjs': 'export async function resolve(specifier) { return { url: specifier }; }',
    'main.mjs': `
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';
console.log(register('./hooks.mjs', import.meta.url, { data: { name: 'x' } }));
console.log((await import('given')).default);
console.log({ ...(await import('./one.mjs')) });
console.log({ ...(await import('./two.cjs')) });
console.log(typeof (await import('fs')).readFile);
await import('./none.mjs').catch((e) => console.log(e.code));
try { register('./none.mjs', import.meta.url) } catch (e) { console.log(e.code) }
try { register('./bad.mjs', { parentURL: import.meta.url }) } catch (e) { console.log(e.code) }
await import('./three.mjs').catch((e) => console.log(e.code));
`,
    'one.mjs': 'export const one = 1',
    'three.mjs': 'export const three = 3',
    'two.cjs': 'exports.two = 2; exports.more = require("./more.cjs")',
    'more.cjs': 'module.exports = "more"',
  });
  run('register', 'main.mjs');
});

program('the thread of the hooks ends', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'main.mjs': `
import { register } from 'node:module';
process.on('exit', (code) => console.log('exit', code));
register('./' + process.argv[2], import.meta.url);
setTimeout(() => {}, 2 ** 30);
if (process.argv[3]) await import('./one.mjs');
`,
    'one.mjs': 'console.log(1)',
    'at once.mjs': 'process.exit(3)',
    'soon.mjs': 'setImmediate(() => process.exit(4))',
    'asked.mjs': `export function resolve(specifier, context, next) {
  if (specifier === './one.mjs') process.exit(5);
  return next(specifier, context);
}`,
  });
  run('at once', 'main.mjs', 'at once.mjs');
  run('soon', 'main.mjs', 'soon.mjs');
  run('asked', 'main.mjs', 'asked.mjs', 'import');
});

program('conditions of the command', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'main.js': `console.log(require('part'), require('part/sync')); import('part').then((ns) => console.log(ns.default))`,
    'node_modules/part/package.json': JSON.stringify({
      exports: {
        '.': { special: './special.js', import: './i.mjs', default: './d.js' },
        './sync': { 'module-sync': './sync.mjs', default: './d.js' },
      },
    }),
    'node_modules/part/special.js': 'module.exports = "special"',
    'node_modules/part/i.mjs': 'export default "import"',
    'node_modules/part/d.js': 'module.exports = "default"',
    'node_modules/part/sync.mjs': 'export { s as "module.exports" }; const s = "sync";',
  });
  run('none', 'main.js');
  run('-C', '-C', 'special', 'main.js');
  run('--conditions', '--conditions=special', 'main.js');
});

program('texts that hooks give for files of TypeScript', (fact, t) => {
  const { run, write } = files(fact, t);
  write({
    'main.js': `
const module_ = require('module');
module_.registerHooks({ load(url, context, next) {
  const given = {
    'js.ts': ['commonjs', 'const number = 1; exports.q = (0 < number > 1)'],
    'esm.ts': ['module', 'const number = 1; export const q = f<number>(1); function f() { return 1 }'],
    'typed.js': ['commonjs-typescript', 'exports.q = 1 as number'],
    'untold.js': [undefined, 'export const q = 5'],
  }[url.replace(/.*\\//, '')];
  if (given === undefined) return next(url, context);
  return { shortCircuit: true, format: given[0], source: given[1] };
} });
const { _compile } = module_.prototype;
module_.prototype._compile = function (text, name, ...rest) {
  if (name.endsWith('own.ts')) console.log('compiled', text.includes('const own: number'));
  return Reflect.apply(_compile, this, [text, name, ...rest]);
};
console.log(require('./own.ts').own);
for (const name of ['js.ts', 'esm.ts', 'typed.js', 'untold.js'])
  console.log(name, require('./' + name).q);
import('./own.ts').then(({ own }) => console.log(own));
import('./typed.mts').then(({ typed }) => console.log(typed));
`,
    'own.ts': 'const own: number = 1; exports.own = own;',
    'typed.mts': 'export const typed: number = 2;',
    'js.ts': '',
    'esm.ts': '',
    'typed.js': '',
    'untold.js': 'exports.file = true',
  });
  run('given', 'main.js');
});
