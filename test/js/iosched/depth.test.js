'use strict';
// Turns within turns, down to the bottom of the stack.
const { test } = require('../../helpers/test');
const assert = require('assert');
const path = require('path');
const iosched = require('iosched');
const { spawnSync } = require('child_process');

test('poll() in a callback of poll() goes so deep and no deeper', () => {
  let depth = 0;
  let refused;
  const deeper = () => {
    if (refused !== undefined) return;
    depth++;
    setImmediate(deeper);
    try {
      iosched.poll(0);
    } catch (error) {
      refused ??= error;
    }
  };
  setImmediate(deeper);
  while (refused === undefined) iosched.poll(0);
  assert.strictEqual(refused.code, 'ERR_POLL_NESTED');
  assert.ok(refused instanceof RangeError);
  assert.strictEqual(depth, 200);
});

/** What a program leaves behind that is given by its text. */
function ends(text) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', text], {
    encoding: 'utf8',
  });
  return { code: status ?? signal, stdout, stderr };
}

test('an error at the bottom of the stack reaches the listeners', () => {
  const { code, stdout, stderr } = ends(`
    const iosched = require('iosched');
    process.on('uncaughtException', (error) => console.log('heard', error.message));
    const fall = () => {
      setImmediate(() => { throw new Error('below'); });
      try { fall(); } catch { iosched.poll(0); throw new Error('above'); }
    };
    setImmediate(() => { try { fall(); } catch (error) { console.log('up', error.message); } });
    setTimeout(() => console.log('on'), 1);
  `);
  assert.strictEqual(code, 0, stderr);
  assert.match(stdout, /on\n/);
});

for (const place of ['listener', 'turn'])
  test(`a task that runs out of stack in its ${place} ends alone`, async () => {
    const task = new Task(path.join(__dirname, 'fixtures/bottom.js'), place);
    const code = await new Promise((resolve) => task.cancel((id, number) => resolve(number)));
    assert.strictEqual(code, 7);
  });
