'use strict';
// HTTP/2 that is first asked for while no descriptor is left.
const assert = require('assert');
const fs = require('fs');
const { execFileSync } = require('child_process');
const { test } = require('../../helpers/test');

if (process.argv[2] === 'starved') {
  const held = [];
  try {
    for (;;) held.push(fs.openSync('/dev/null'));
  } catch {
    // there is none left
  }
  let code;
  try {
    require('http2');
  } catch (error) {
    ({ code } = error);
  }
  for (const fd of held) fs.closeSync(fd);
  fs.writeSync(1, JSON.stringify([code, typeof require('http2').connect]));
} else {
  test('a library that could not be opened is tried again', () => {
    const command = 'ulimit -n 60; exec "$0" "$1" starved';
    const out = execFileSync('/bin/sh', ['-c', command, process.execPath, process.argv[1]]);
    assert.deepStrictEqual(JSON.parse(`${out}`), ['ERR_FEATURE_UNAVAILABLE', 'function']);
  });
}
