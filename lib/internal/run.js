'use strict';
const runtime = binding('runtime');
globalThis.print = (...a) => runtime.writeSync(1, a.map(String).join(' ') + '\n');
globalThis.requireBuiltin = require;
const { readFile } = binding('module');
module.exports = function run() {
  const fn = runtime.compile(`(function (exports, require, module, process, binding) {${readFile(runtime.entry)}\n})`, runtime.entry);
  fn({}, require, {}, process, binding);
};
