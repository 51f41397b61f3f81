// Compares what types/ and @types/node declare with what a sluice binary exports.
//
//   node compare.mjs SLUICE [--print]     --print: only prints the differences as JSON
//
// A public name that is exported but not declared is a failure. One that is declared but absent
// is a failure unless docs/node-api-absent.md lists it; a listed one that is there is a failure
// too, so that the list stays true. Names that begin with _ and symbols are nobody's business.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const [sluice] = process.argv.slice(2);

const { interfaces, ...actual } = JSON.parse(
  execFileSync(sluice, [join(here, 'exports.js')], { encoding: 'utf8', maxBuffer: 1 << 26 }),
);
// Old names of parts of other modules have no declarations; constants are compared where they stand.
const modules = Object.keys(actual).filter(
  (name) => name !== 'globals' && name !== 'constants' && !name.startsWith('_'),
);

// ---- What is declared

const entry = join(here, 'entry.ts');
const source = `export {};\n${modules.map((name, i) => `import m${i} = require('${name}');`).join('\n')}`;
const options = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts', 'lib.esnext.d.ts'],
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: false,
  strict: true,
  noEmit: true,
  types: ['../../types'],
};
const host = ts.createCompilerHost(options);
const readSource = host.getSourceFile;
host.getSourceFile = (name, ...rest) =>
  name === entry ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2023) : readSource(name, ...rest);
host.getCurrentDirectory = () => here;
const program = ts.createProgram([entry], options, host);
const checker = program.getTypeChecker();
const file = program.getSourceFile(entry);

const failures = program
  .getSemanticDiagnostics()
  .concat(program.getOptionsDiagnostics())
  .map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n'));

const isName = (name) => /^[A-Za-z$]/.test(name);
const namesOf = (type) =>
  checker.getPropertiesOfType(type).filter((one) => (one.flags & ts.SymbolFlags.Value) !== 0).map((one) => one.name).filter(isName);

function instanceOf(type) {
  const [signature] = type.getConstructSignatures();
  return signature?.getReturnType();
}

// Without those of base classes, which are compared with the base class.
function ownStatics(symbol) {
  return [...(symbol.exports?.values() ?? [])]
    .filter((one) => (one.flags & ts.SymbolFlags.Value) !== 0)
    .map((one) => one.name)
    .filter(isName);
}

function declaredOf(symbols) {
  const found = new Map();
  for (let symbol of symbols) {
    const { name } = symbol;
    if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    if (!(symbol.flags & ts.SymbolFlags.Value) || !isName(name)) continue;
    const type = checker.getTypeOfSymbolAtLocation(symbol, file);
    const instance =
      symbol.flags & ts.SymbolFlags.Class ? checker.getDeclaredTypeOfSymbol(symbol) : instanceOf(type);
    found.set(name, {
      statics: new Set(symbol.flags & ts.SymbolFlags.Class ? ownStatics(symbol) : namesOf(type)),
      members: instance && new Set(namesOf(instance)),
      any: (type.flags & ts.TypeFlags.Any) !== 0,
    });
  }
  return found;
}

const declared = new Map();
const shapes = new Map(); // module.Interface → its members
modules.forEach((name, i) => {
  const statement = file.statements.find((one) => one.name?.text === `m${i}`);
  const symbol = checker.getAliasedSymbol(checker.getSymbolAtLocation(statement.name));
  const type = checker.getTypeOfSymbolAtLocation(symbol, file);
  const all = [...checker.getExportsOfModule(symbol), ...checker.getPropertiesOfType(type)];
  declared.set(name, declaredOf(all));
  for (const one of all)
    if (one.flags & ts.SymbolFlags.Interface)
      shapes.set(`${name}.${one.name}`, new Set(namesOf(checker.getDeclaredTypeOfSymbol(one))));
});

// Globals: what the language has is the engine's business.
const library = (symbol) =>
  symbol.declarations?.some((one) => /\/lib\.[a-z0-9.]*d\.ts$/.test(one.getSourceFile().fileName));
const globals = checker.getSymbolsInScope(file, ts.SymbolFlags.Value);
// Of the language in newer engines, and declared by TypeScript from 6 on.
const NEWER = ['Temporal'];
const language = new Set([...globals.filter(library).map((one) => one.name), ...NEWER]);
declared.set('globals', declaredOf(globals.filter((one) => !library(one) && !/^m\d+$/.test(one.name) && isName(one.name))));

// ---- The comparison

// Objects whose names depend on where the process runs.
const OPEN = new Set(['globals.globalThis', 'process.env', 'process.mainModule', 'process.stdin', 'process.stdout', 'process.stderr']);
// They are in the scope of a module, not on the global object.
for (const name of ['exports', 'module', 'require']) declared.get('globals').delete(name);

const undeclared = [];
const absent = [];

const OBJECT = new Set(['constructor', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'cause']);
const FUNCTION = new Set(['length', 'name', 'prototype', 'apply', 'call', 'bind', 'arguments', 'caller', 'toString', 'constructor']);

function compareNames(path, wanted, have, ignore) {
  for (const name of wanted) if (!have.has(name) && !ignore.has(name)) absent.push(`${path}.${name}`);
  for (const name of have)
    if (isName(name) && !wanted.has(name) && !ignore.has(name)) undeclared.push(`${path}.${name}`);
}

for (const [module, exported] of Object.entries(actual)) {
  const types = declared.get(module);
  if (types === undefined) continue;
  for (const [name, value] of Object.entries(exported)) {
    if (!isName(name) || (module === 'globals' && language.has(name))) continue;
    const type = types.get(name);
    const path = `${module}.${name}`;
    if (type === undefined) {
      if (!FUNCTION.has(name)) undeclared.push(path);
      continue;
    }
    if (type.any || OPEN.has(path)) continue;
    if (value.kind === 'class') {
      compareNames(path, type.statics, new Set(value.statics), FUNCTION);
      if (type.members) compareNames(`${path}.prototype`, type.members, new Set(value.members), OBJECT);
    } else if (value.kind === 'object') {
      compareNames(path, type.statics, new Set(value.names), OBJECT);
    }
  }
  for (const [name] of types) {
    if (name !== 'default' && !FUNCTION.has(name) && !(name in exported)) absent.push(`${module}.${name}`);
  }
}

for (const [path, members] of Object.entries(interfaces))
  compareNames(path, shapes.get(path), new Set(members), OBJECT);

// ---- The list

/**
 * The lines of one section of the list: `- names: reason`. `x.*` stands for every member of x.
 * @returns {Map<string, boolean>} name → whether the comparison met it
 */
function readList(heading) {
  const text = readFileSync(join(root, 'docs/node-api-absent.md'), 'utf8');
  const section = text.split(/^(?=## )/m).find((one) => one.startsWith(`## ${heading}\n`));
  const list = new Map();
  for (const [, names] of section.matchAll(/^- (.+?): \S/gm))
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) list.set(name, false);
  return list;
}

function check(names, list, complaint, stale) {
  for (const name of names) {
    const entry = [name, name.replace(/\.[^.]*$/, '.*')].find((one) => list.has(one));
    if (entry === undefined) failures.push(`${name} ${complaint}`);
    else list.set(entry, true);
  }
  for (const [name, used] of list) if (!used) failures.push(`${name} ${stale}`);
}

if (process.argv.includes('--print')) {
  console.log(JSON.stringify({ absent, undeclared }, null, 1));
  process.exit(0);
}
check(
  absent,
  readList('Absent'),
  'is declared but absent, and docs/node-api-absent.md does not list it',
  'is listed as absent in docs/node-api-absent.md, but it is there, or not declared',
);
check(
  undeclared,
  readList('Without a type'),
  'is exported but not declared',
  'is listed as without a type in docs/node-api-absent.md, but it has one, or is not there',
);

for (const failure of failures) console.log(`not ok - ${failure}`);
console.log(`${declared.size} modules compared, ${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
