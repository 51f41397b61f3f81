'use strict';
const assert = require('assert');
const fs = require('fs');
const { test } = require('../../helpers/test');
const { folder, sluice } = require('../../helpers/permission');

test('to remove a tree removes nothing that its links lead to', async (t) => {
  const dir = folder(t);
  fs.mkdirSync(`${dir}/in/tree`);
  fs.symlinkSync(`${dir}/out`, `${dir}/in/tree/link`);
  const flags = ['--permission', `--allow-fs.read=${dir}/in`, `--allow-fs.write=${dir}/in`];
  const code = `require('fs').rmSync(${JSON.stringify(`${dir}/in/tree`)}, { recursive: true })`;
  const { stderr } = await sluice([...flags, '-e', code]);
  assert.equal(stderr, '');
  assert.equal(fs.existsSync(`${dir}/in/tree`), false);
  assert.equal(fs.readFileSync(`${dir}/out/secret`, 'utf8'), 'SECRET-TEXT');
});
