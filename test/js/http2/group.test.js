'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const path = require('path');
const { spawnSync } = require('child_process');

test('the tasks of a group serve HTTP/2, each the connections that it gets', () => {
  const program = path.join(__dirname, 'fixtures/group.js');
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  assert.strictEqual(stderr, '');
  assert.deepStrictEqual(new Set(JSON.parse(stdout)), new Set(['./group h2', './group:1 h2']));
});
