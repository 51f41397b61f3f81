'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { once } = require('events');
const { text } = require('stream/consumers');
const { directory } = require('./helpers');

function fileOf(t, content) {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, content);
  return file;
}

test('options of file streams may come from a prototype', async (t) => {
  const file = fileOf(t, 'wxyz');
  const stream = fs.createReadStream(file, { __proto__: { start: 1, end: 2, encoding: 'utf8' } });
  assert.deepStrictEqual([stream.start, stream.end], [1, 2]);
  assert.strictEqual(await text(stream), 'xy');
  assert.strictEqual(fs.readFileSync(file, { __proto__: { encoding: 'latin1' } }), 'wxyz');
});

test('file streams work by the functions of options.fs', async (t) => {
  const file = fileOf(t, 'abc');
  const calls = [];
  const given = {};
  for (const name of ['open', 'read', 'write', 'close'])
    given[name] = (...args) => {
      calls.push(name);
      fs[name](...args);
    };
  assert.strictEqual(await text(fs.createReadStream(file, { fs: given })), 'abc');
  assert.deepStrictEqual(calls, ['open', 'read', 'read', 'close']);
  calls.length = 0;
  await once(fs.createWriteStream(file, { fs: given }).end('de'), 'close');
  assert.deepStrictEqual(calls, ['open', 'write', 'close']);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'de');
  assert.throws(() => fs.createReadStream(file, { fs: { open() {} } }), {
    code: 'ERR_INVALID_ARG_TYPE',
    message: 'The "options.fs.read" property must be of type function. Received undefined',
  });
});

test('several chunks go to writev() of options.fs', async (t) => {
  const file = fileOf(t, '');
  const calls = [];
  const stream = fs.createWriteStream(file, {
    fs: {
      open: fs.open,
      close: fs.close,
      writev(fd, buffers, position, callback) {
        calls.push(buffers.length);
        fs.writev(fd, buffers, position, callback);
      },
    },
  });
  stream.cork();
  stream.write('a');
  stream.write('b');
  stream.uncork();
  await once(stream.end(), 'close');
  assert.deepStrictEqual(calls, [2]);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'ab');
});

test('a class that inherits as older programs do has its own open()', async (t) => {
  const file = fileOf(t, 'old');
  let opened = 0;
  for (const [Base, use] of [
    [fs.ReadStream, async (stream) => assert.strictEqual(await text(stream), 'old')],
    [fs.WriteStream, (stream) => once(stream.end('old'), 'close')],
  ]) {
    function Old(...args) {
      Base.apply(this, args);
    }
    Object.setPrototypeOf(Old.prototype, Base.prototype);
    Old.prototype.open = function () {
      opened++;
      fs.open(this.path, this.flags, this.mode, (error, fd) => {
        this.fd = fd;
        this.emit('open', fd);
        this.emit('ready');
      });
    };
    await use(new Old(file));
  }
  assert.strictEqual(opened, 2);
});

test('an error with autoClose false destroys nothing', async () => {
  const stream = fs.createReadStream(null, { fd: 2 ** 20, autoClose: false });
  stream.resume();
  const [error] = await once(stream, 'error');
  assert.strictEqual(error.code, 'EBADF');
  assert.strictEqual(stream.destroyed, false);
});

test('close() of a ReadStream tells what ended it', async (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, 'x');
  const closed = (stream) => new Promise((done) => stream.close((error) => done(error?.code)));
  assert.strictEqual(await closed(fs.createReadStream(file)), 'ERR_STREAM_PREMATURE_CLOSE');
  const none = fs.createReadStream(`${file}.none`).on('error', () => {});
  assert.strictEqual(await closed(none), 'ENOENT');
  const ended = fs.createReadStream(file);
  await ended.toArray();
  assert.strictEqual(await closed(ended), undefined);
});
