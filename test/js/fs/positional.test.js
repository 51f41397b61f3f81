'use strict';
// The forms of fs calls with optional arguments in the middle, as programs have them.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');

/** A file that is open for reading and writing, and removed after the test. */
function scratch(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'positional-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'file');
  return { file, fd: fs.openSync(file, 'w+') };
}

test('writeSync(fd, string, encoding) writes at the present position, as in Node', (t) => {
  const { file, fd } = scratch(t);
  assert.strictEqual(fs.writeSync(fd, 'one ', 'utf8'), 4);
  assert.strictEqual(fs.writeSync(fd, 'two ', null, 'latin1'), 4);
  assert.strictEqual(fs.writeSync(fd, 'ONE', 0), 3);
  assert.strictEqual(fs.writeSync(fd, '21', undefined, 'hex'), 1);
  fs.closeSync(fd);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'ONE two !');
});

test('write() takes its callback after any of its arguments', async (t) => {
  const { file, fd } = scratch(t);
  const written = (...args) =>
    new Promise((resolve, reject) =>
      fs.write(fd, ...args, (error, count) => (error ? reject(error) : resolve(count))),
    );
  assert.strictEqual(await written('a'), 1);
  assert.strictEqual(await written('b', 'utf8'), 1);
  assert.strictEqual(await written('c', null), 1);
  assert.strictEqual(await written('d', null, 'utf8'), 1);
  assert.strictEqual(await written(Buffer.from('xef'), 1), 2);
  assert.strictEqual(await written(Buffer.from('xgx'), 1, 1), 1);
  assert.strictEqual(await written(Buffer.from('h'), { offset: 0 }), 1);
  fs.closeSync(fd);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'abcdefgh');
});

test('read() takes its callback after any of its arguments', async (t) => {
  const { fd } = scratch(t);
  fs.writeSync(fd, 'abcdef', 0);
  const read = (...args) =>
    new Promise((resolve, reject) =>
      fs.read(fd, ...args, (error, count, buffer) =>
        error ? reject(error) : resolve(buffer.toString('latin1', 0, count)),
      ),
    );
  const buffer = Buffer.alloc(2);
  assert.strictEqual(await read({ buffer, position: 0 }), 'ab');
  assert.strictEqual(await read(buffer, { position: 2 }), 'cd');
  assert.strictEqual(await read(buffer, 0, 2, 4), 'ef');
  assert.strictEqual(fs.readSync(fd, buffer, { position: 1 }), 2);
  assert.strictEqual(buffer.toString(), 'bc');
});

test('a position of write() that is no number is the present one', (t) => {
  const { file, fd } = scratch(t);
  fs.writeSync(fd, Buffer.from('ab'), 0, 2, 'x');
  fs.writeSync(fd, Buffer.from('cd'), 0, 2, {});
  fs.closeSync(fd);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'abcd');
});

test('vectors of more parts than a call of the kernel takes go as a whole, and come back', async (t) => {
  const { fd } = scratch(t);
  const parts = Array.from({ length: 2500 }, (_, i) => Buffer.from(`${i},`));
  const whole = Buffer.concat(parts);
  assert.strictEqual(fs.writevSync(fd, parts), whole.length);
  const writev = promisify(fs.writev);
  assert.strictEqual((await writev(fd, parts, whole.length)).bytesWritten, whole.length);
  const into = parts.map(({ length }) => Buffer.alloc(length));
  assert.strictEqual(fs.readvSync(fd, into, 0), whole.length);
  assert.ok(Buffer.concat(into).equals(whole));
  const readv = promisify(fs.readv);
  for (const one of into) one.fill(0);
  assert.strictEqual((await readv(fd, into, whole.length)).bytesRead, whole.length);
  assert.ok(Buffer.concat(into).equals(whole));
  const [short, rest] = [Buffer.alloc(3), Buffer.alloc(9)];
  assert.strictEqual(fs.readvSync(fd, [short, Buffer.alloc(0), rest], 2 * whole.length - 5), 5);
  assert.strictEqual(`${short}${rest.subarray(0, 2)}`, whole.toString().slice(-5));
  assert.strictEqual(rest[2], 0);
});
