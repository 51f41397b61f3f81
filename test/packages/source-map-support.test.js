'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { run, write } = require('./programs');

const { test } = suite('source-map-support');

test('stacks name the places of the source', (t) => {
  const map = {
    version: 3,
    sources: ['orig.ts'],
    names: [],
    mappings: 'AAAA;AACA;AACA',
    file: 'a.js',
  };
  const comment = `//# sourceMappingURL=data:application/json;base64,${btoa(JSON.stringify(map))}`;
  const where = write(t, {
    'a.js': `function f() {\n throw new Error('mapped'); }\nmodule.exports = f;\n${comment}\n`,
    'b.js':
      "require('source-map-support').install(); try { require('./a')(); } catch (e) { console.log(e.stack); }",
  });
  assert.match(run(where, 'b.js').output, /Error: mapped\n +at .*orig\.ts:2:/);
});
