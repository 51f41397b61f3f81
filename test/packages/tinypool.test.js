'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { suite } = require('./harness');

const { load, test } = suite('tinypool');

for (const runtime of ['worker_threads', 'child_process']) {
  test(`tasks of a module run in workers, by ${runtime}`, async (t) => {
    const { default: Tinypool } = await import(pathToFileURL(load.resolve('tinypool')));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tinypool-'));
    t.after(() => fs.rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'program.mjs');
    fs.writeFileSync(
      file,
      "export default ({ a, b }) => a * b; export const bad = () => { throw new Error('bad'); };",
    );
    const pool = new Tinypool({ filename: pathToFileURL(file).href, runtime, maxThreads: 2 });
    t.after(() => pool.destroy());
    const results = await Promise.all([1, 2, 3].map((a) => pool.run({ a, b: 7 })));
    assert.deepStrictEqual(results, [7, 14, 21]);
    await assert.rejects(pool.run(undefined, { name: 'bad' }), { message: 'bad' });
  });
}
