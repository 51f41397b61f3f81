'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');

test('a failed call names its code, number, call and paths', async () => {
  const expected = {
    message: "ENOENT: no such file or directory, open '/none/x'",
    errno: -2,
    code: 'ENOENT',
    syscall: 'open',
    path: '/none/x',
  };
  assert.throws(() => fs.readFileSync('/none/x'), expected);
  await assert.rejects(fs.promises.readFile('/none/x'), expected);
  const error = await new Promise((resolve) => fs.open(Buffer.from('/none/x'), resolve));
  assert.strictEqual(error.message, expected.message);
  assert.throws(() => fs.renameSync('/none/a', '/none/b'), {
    message: "ENOENT: no such file or directory, rename '/none/a' -> '/none/b'",
    dest: '/none/b',
  });
  assert.throws(() => fs.readFileSync('/'), {
    message: 'EISDIR: illegal operation on a directory, read',
  });
});

test('bad arguments throw at once, also from the callback forms', async () => {
  const type = { code: 'ERR_INVALID_ARG_TYPE' };
  const value = { code: 'ERR_INVALID_ARG_VALUE' };
  const range = { code: 'ERR_OUT_OF_RANGE' };
  const none = () => {};
  assert.throws(() => fs.readFile('a\0b', none), value);
  assert.throws(() => fs.openSync(new Uint8Array([97, 0])), value);
  assert.throws(() => fs.open(5, none), type);
  assert.throws(() => fs.readFile('x'), {
    ...type,
    message: /"cb" argument must be of type function/,
  });
  assert.throws(() => fs.openSync('x', 'rw'), value);
  assert.throws(() => fs.openSync('x', 'r', '99'), value);
  assert.throws(() => fs.closeSync(-1), range);
  assert.throws(() => fs.fstatSync('1'), type);
  assert.throws(() => fs.readSync(0, Buffer.alloc(4), 5), type);
  assert.throws(() => fs.readSync(0, Buffer.alloc(4), 0, 5), range);
  assert.throws(() => fs.readSync(0, Buffer.alloc(4), 0, 4, -2), range);
  assert.throws(() => fs.readSync(0, 'text'), type);
  assert.throws(() => fs.writeFileSync('/tmp/x', 5), type);
  assert.throws(() => fs.readFileSync('/tmp', 'no-such-encoding'), value);
  assert.throws(() => fs.mkdirSync('/tmp/x', { recursive: 1 }), type);
  assert.throws(() => fs.accessSync('/', 8), range);
  await assert.rejects(fs.promises.open(5), type);
  assert.strictEqual(fs.existsSync(5), false);
});
