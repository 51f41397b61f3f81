'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');

/** A fresh directory that is removed when the test ends. */
exports.directory = function directory(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-fs-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
};
