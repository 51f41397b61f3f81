'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { spawnSync } = require('child_process');

test('what was given to write() is written before the process ends, however it ends', () => {
  for (const end of ['process.exit(3)', "throw new Error('x')", '']) {
    const code = `require('fs').write(1, 'line\\n', () => {}); ${end}`;
    for (let i = 0; i < 10; i++)
      assert.strictEqual(
        spawnSync(process.execPath, ['-e', code]).stdout.toString(),
        'line\n',
        end,
      );
  }
});
