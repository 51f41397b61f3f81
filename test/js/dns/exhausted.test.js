'use strict';
// Names while no descriptor is left: who asks learns of that, and not that there is no such name.
const assert = require('assert');
const fs = require('fs');
const { execFileSync } = require('child_process');
const { test } = require('../../helpers/test');

if (process.argv[2] === 'starved') {
  const dns = require('dns');
  dns.lookup('127.0.0.1', async () => {
    const held = [];
    try {
      for (;;) held.push(fs.openSync('/dev/null'));
    } catch {
      // there is none left
    }
    const codes = [];
    const ask = () => dns.promises.lookup('localhost').catch((error) => codes.push(error.code));
    await ask();
    for (const fd of held) fs.closeSync(fd);
    const found = await ask();
    fs.writeSync(1, JSON.stringify([codes, typeof found.address]));
  });
} else {
  test('a lookup without descriptors fails by EMFILE, and the next one succeeds', () => {
    const command = 'ulimit -n 60; exec "$0" "$1" starved';
    const out = execFileSync('/bin/sh', ['-c', command, process.execPath, process.argv[1]]);
    assert.deepStrictEqual(JSON.parse(`${out}`), [['EMFILE'], 'string']);
  });
}
