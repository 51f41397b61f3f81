'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

test('times that no file can have are set to what the file system keeps', () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-times-')), 'x');
  fs.writeFileSync(file, '');
  fs.utimesSync(file, 1e300, 1e300);
  assert.ok(fs.statSync(file).mtimeMs > 0);
  fs.utimesSync(file, -1e300, -1e300);
  assert.ok(fs.statSync(file).mtimeMs < 0);
  fs.rmSync(path.dirname(file), { recursive: true });
});
