'use strict';
const fs = require('fs');
const module_ = require('module');
const { pathToFileURL } = require('url');
const { inspect } = require('util');
const { folder } = require('./folder');
const { program } = require('./harness');

program('what the module exports', (fact) => {
  for (const name of [
    'constants',
    'createRequire',
    'enableCompileCache',
    'findPackageJSON',
    'findSourceMap',
    'flushCompileCache',
    'getCompileCacheDir',
    'isBuiltin',
    'stripTypeScriptTypes',
    'syncBuiltinESMExports',
    'wrap',
    '_extensions',
    '_cache',
    '_load',
    '_resolveFilename',
    '_nodeModulePaths',
  ])
    fact(name, typeof module_[name], module_[name].length);
  fact('constants', { ...module_.constants.compileCacheStatus });
  for (const id of [
    'fs',
    'node:fs',
    'test',
    'node:test',
    'nope',
    'node:nope',
    'fs/promises',
    '',
    5,
    undefined,
    'sys',
    './fs',
  ])
    fact.of(`isBuiltin ${id}`, () => module_.isBuiltin(id));
  fact(
    'builtinModules',
    ['fs', 'fs/promises', 'test', 'node:test', '_http_agent', 'sys'].map((name) =>
      module_.builtinModules.includes(name),
    ),
    Object.isFrozen(module_.builtinModules),
  );
  fact('wrap', module_.wrap('x'), module_.wrapper);
});

program('findPackageJSON()', (fact, t) => {
  const { at, of } = folder(fact, t);
  fs.mkdirSync(at('src'), { recursive: true });
  fs.mkdirSync(at('node_modules/part/lib'), { recursive: true });
  fs.mkdirSync(at('node_modules/@scope/one'), { recursive: true });
  fs.writeFileSync(at('package.json'), '{"name":"whole"}');
  fs.writeFileSync(at('src/a.js'), '');
  fs.writeFileSync(at('node_modules/part/package.json'), '{"main":"lib/i.js"}');
  fs.writeFileSync(at('node_modules/part/lib/i.js'), '');
  fs.writeFileSync(at('node_modules/@scope/one/package.json'), '{}');
  const base = at('src/a.js');
  for (const args of [
    ['..', base],
    ['.', pathToFileURL(base)],
    ['part', base],
    ['part/lib/i.js', base],
    ['part/none', base],
    ['@scope/one', base],
    ['@scope/one/x', pathToFileURL(base).href],
    [pathToFileURL(base)],
    [pathToFileURL(base).href],
    ['./a.js', base],
    ['nope', base],
    ['./b', base],
    ['../none/x', base],
    ['fs', base],
    ['part'],
    [],
    [5],
    ['part', 5],
    ['node:fs', base],
  ])
    of(`find ${args.map((one) => (typeof one === 'object' ? 'URL' : one))}`, () =>
      module_.findPackageJSON(...args),
    );
});

program('stripTypeScriptTypes()', (fact) => {
  const strip = module_.stripTypeScriptTypes;
  const shape = (text) =>
    text
      .replace(/ +/g, ' ')
      .split('\n')
      .map((line) => line.trim());
  for (const text of [
    'const a: number = 1; let z = a as any;',
    'type X = 5;\ninterface Y {}\nlet z = 1',
    'const f = <T,>(x: T): x is string => x!;',
    'import type { A } from "b"; export type { A };',
    'class A { private x?: number; declare y: string }',
    'let a: string',
    '',
    'function f(this: A, a?: number, ...b: any[]): void {}',
    'let x = y satisfies Z',
  ])
    fact.of(JSON.stringify(text), () => shape(strip(text)));
  for (const args of [
    [5],
    ['let a', 5],
    ['let a', { mode: 'x' }],
    ['let a', { sourceMap: true }],
    ['let a: b', { sourceUrl: 'x.ts' }],
    ['let a', { sourceMap: false }],
  ])
    fact.of(inspect(args), () => shape(strip(...args)));
  try {
    strip('let a: = 5');
  } catch (error) {
    fact('bad', error.name, error.code);
  }
});

program('createRequire()', (fact, t) => {
  const { at, of } = folder(fact, t);
  fs.writeFileSync(
    at('one.js'),
    'module.exports = { file: __filename, id: module.id, parent: module.parent }',
  );
  fs.writeFileSync(at('data.json'), '{"a":1}');
  fs.writeFileSync(at('bad.json'), '{');
  for (const from of [
    at('x.js'),
    `${at()}/`,
    pathToFileURL(at('x.js')),
    pathToFileURL(at('x.js')).href,
  ])
    of('from', () => typeof module_.createRequire(from)('./one').file);
  for (const bad of ['x.js', './x.js', 5, null, undefined, new URL('http://a/b'), 'http://a'])
    of(`from ${bad}`, () => typeof module_.createRequire(bad));
  const load = module_.createRequire(at('x.js'));
  of('json', () => load('./data'));
  of('resolve', () => [load.resolve('./one'), load.resolve('fs'), load.resolve('node:fs')]);
  of('paths', () => [
    load.resolve.paths('./x'),
    load.resolve.paths('fs'),
    Array.isArray(load.resolve.paths('x')),
  ]);
  of('options', () => load.resolve('./one', { paths: [at()] }));
  for (const bad of ['', 5, undefined, null, 'node:nope', './none', 'none', './bad.json']) {
    of(`require ${bad}`, () => {
      try {
        return load(bad);
      } catch (error) {
        return [error.name, error.code, error.message.split('\n')[0].replace(/: .*JSON.*/, '')];
      }
    });
  }
  of('cache', () => [
    Object.keys(load.cache).includes(at('one.js')),
    load.main === require.main,
    Object.keys(load.extensions),
  ]);
});

program('SourceMap', (fact) => {
  const payload = {
    version: 3,
    sources: ['a.ts', 'b.ts'],
    names: ['first'],
    sourceRoot: '',
    mappings: 'AAAAA,SAAS;;AACT,GCAA',
  };
  const map = new module_.SourceMap(payload, { lineLengths: [1, 2] });
  fact('payload', map.payload, map.payload === payload, map.lineLengths);
  for (const place of [
    [0, 0],
    [0, 5],
    [0, 100],
    [1, 0],
    [2, 0],
    [2, 4],
    [9, 9],
  ])
    fact(`entry ${place}`, map.findEntry(...place));
  for (const place of [
    [1, 1],
    [1, 6],
    [3, 2],
    [3, 5],
  ])
    fact(`origin ${place}`, map.findOrigin(...place));
  for (const bad of [undefined, 5, 'x', null])
    fact.of(`of ${bad}`, () => typeof new module_.SourceMap(bad));
  fact.of('findSourceMap', () => module_.findSourceMap(__filename));
});
