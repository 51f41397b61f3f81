'use strict';
const assert = require('assert');
const path = require('path');
const { suite } = require('./harness');
const { file, run, write } = require('./programs');

const { test } = suite('vitest', [], [], ['rollup']);

const FILES = {
  'package.json': '{ "type": "module" }',
  'dep.js': 'export const value = 1;',
  'a.test.js': `import { expect, test, vi } from 'vitest';
import { value } from './dep.js';
vi.mock('./dep.js', () => ({ value: 42 }));
test('a module is mocked', () => expect(value).toBe(42));
test('functions are', async () => {
  const mocked = vi.fn(async (a) => a + 1);
  expect(await mocked(1)).toBe(2);
  expect(mocked).toHaveBeenCalledWith(1);
});
test('fails', () => expect({ a: 1 }).toEqual({ a: 2 }));`,
  'b.test.ts': `import { expect, test } from 'vitest';
const typed: number = 1;
test('types go', () => expect(typed).toBe(1));`,
};

// Vite asks for the program of esbuild, which the project itself is built with.
process.env.ESBUILD_BINARY_PATH = path.join(__dirname, '../../node_modules/esbuild/bin/esbuild');

for (const pool of ['forks', 'threads'])
  test(`files run in ${pool}`, (t) => {
    const where = write(t, FILES);
    const { code, output } = run(where, file('vitest/vitest.mjs'), 'run', `--pool=${pool}`);
    assert.ok(output.includes('1 failed | 3 passed (4)'), output);
    assert.strictEqual(code, 1);
  });
