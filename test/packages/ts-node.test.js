'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { file, run, write } = require('./programs');

const { test } = suite('ts-node');
const command = file('ts-node/dist/bin.js');

const FILES = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      ...{ module: 'commonjs', target: 'es2022', strict: true, types: [] },
      ...{ experimentalDecorators: true, skipLibCheck: true },
    },
  }),
  'part.ts': `function named(name: string) { return (target: any) => { target.shown = name; }; }
@named('decorated') export class Part { constructor(readonly size: number) {} }`,
  'main.ts': `import { Part } from './part';
declare const console: { log(...all: unknown[]): void };
console.log((Part as any).shown, new Part(2).size);`,
  'wrong.ts': "export const size: number = 'two';",
};

test('files run as its compiler makes them, decorators too', (t) => {
  const folder = write(t, FILES);
  const { code, output } = run(folder, command, 'main.ts');
  assert.deepStrictEqual([code, output], [0, 'decorated 2\n']);
});

test('types are checked before a file runs', (t) => {
  const { code, output } = run(write(t, FILES), command, 'wrong.ts');
  assert.strictEqual(code, 1);
  assert.match(output, /wrong\.ts\(1,14\): error TS2322/);
});
