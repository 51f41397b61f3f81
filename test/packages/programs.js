'use strict';
// Programs of packages that the tests run, by the same sluice.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');

const folder = process.env.PACKAGES ?? path.join(__dirname, '../../build/packages');

/** A folder of files, which the test removes. @param {Record<string, string>} files */
function write(t, files) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-program-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  fs.symlinkSync(path.join(folder, 'node_modules'), path.join(made, 'node_modules'));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(made, name), text);
  return made;
}

/** The environment of programs: what makes them print in colour, though to a pipe, is not passed on. */
function environment() {
  const { CI, FORCE_COLOR, CLICOLOR_FORCE, ...env } = process.env;
  return { ...env, NO_COLOR: '1' };
}

/** Runs sluice in a folder. @returns {{ code: number, output: string }} */
function run(where, ...args) {
  const options = { cwd: where, encoding: 'utf8', env: environment() };
  const done = spawnSync(process.execPath, args, options);
  return { code: done.status, output: `${done.stdout}${done.stderr}` };
}

/** The path of a package's file. */
const file = (name) => path.join(folder, 'node_modules', name);

module.exports = { file, run, write };
