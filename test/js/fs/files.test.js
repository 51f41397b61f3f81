'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { directory } = require('./helpers');

test('what was written is read back, as text and as bytes', async (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, 'h\u00e9llo');
  fs.appendFileSync(file, Buffer.from(' w'));
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'h\u00e9llo w');
  assert.strictEqual(fs.readFileSync(file, { encoding: 'hex' }), '68c3a96c6c6f2077');
  assert.strictEqual((await fs.promises.readFile(file)).length, 8);
  await fs.promises.writeFile(file, ['a', 'b', Buffer.from('c')]);
  await fs.promises.appendFile(file, 'd');
  assert.strictEqual(await fs.promises.readFile(file, 'latin1'), 'abcd');
});

test('files that do not tell their size are read to the end', () => {
  assert.match(fs.readFileSync('/proc/self/status', 'utf8'), /VmRSS/);
});

test('a callback gets null and the result, never within the call', (t) => {
  const file = path.join(directory(t), 'file');
  return new Promise((resolve, reject) => {
    let returned = false;
    fs.writeFile(file, 'x', (error) => {
      if (error !== null || !returned)
        reject(new Error('called within the call, or with an error'));
      fs.readFile(file, 'utf8', (failed, text) => {
        if (failed === null && text === 'x') resolve();
        else reject(failed ?? new Error(text));
      });
    });
    returned = true;
  });
});

test('a descriptor is read and written at positions', async (t) => {
  const file = path.join(directory(t), 'file');
  const fd = fs.openSync(file, 'w+');
  assert.strictEqual(fs.writeSync(fd, 'abcdef'), 6);
  assert.strictEqual(fs.writeSync(fd, Buffer.from('XYZ'), 1, 1, 0), 1);
  const buffer = Buffer.alloc(4, '.');
  assert.strictEqual(fs.readSync(fd, buffer, 1, 3, 0), 3);
  assert.strictEqual(String(buffer), '.Ybc');
  const [count, same] = await new Promise((resolve, reject) => {
    fs.read(fd, buffer, 0, 4, 2, (error, ...rest) => (error ? reject(error) : resolve(rest)));
  });
  assert.strictEqual(count, 4);
  assert.strictEqual(same, buffer);
  assert.strictEqual(String(buffer), 'cdef');
  assert.strictEqual(fs.writevSync(fd, [Buffer.from('12'), Buffer.from('3')], 0), 3);
  fs.ftruncateSync(fd, 4);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), '123d');
  fs.closeSync(fd);
  assert.throws(() => fs.readSync(fd, buffer), { code: 'EBADF', syscall: 'read' });
});

test('a read that is under way survives the collection of its buffer', async (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, Buffer.alloc(1 << 20, 'z'));
  const handle = await fs.promises.open(file);
  const reads = [];
  for (let i = 0; i < 20; i++) reads.push(handle.read(Buffer.alloc(50000), 0, 50000, i * 50000));
  for (const { bytesRead, buffer } of await Promise.all(reads)) {
    assert.strictEqual(bytesRead, 50000);
    assert.ok(buffer.every((byte) => byte === 0x7a));
  }
  await handle.close();
  await assert.rejects(handle.stat(), { code: 'EBADF' });
});

test('a signal ends a read with AbortError', async () => {
  await assert.rejects(fs.promises.readFile(__filename, { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
});

test('stat tells what a path is, and bigint tells it exactly', async (t) => {
  const folder = directory(t);
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, 'abc', { mode: 0o640 });
  const stats = fs.statSync(file);
  assert.ok(stats.isFile() && !stats.isDirectory() && stats instanceof fs.Stats);
  assert.strictEqual(stats.size, 3);
  assert.strictEqual(stats.mode & 0o777, 0o640);
  fs.utimesSync(file, 1000.5, new Date(2000250));
  const exact = await fs.promises.stat(file, { bigint: true });
  assert.strictEqual(exact.atimeNs, 1000500000000n);
  assert.strictEqual(exact.mtimeMs, 2000250n);
  assert.strictEqual(exact.mtime.getTime(), 2000250);
  assert.strictEqual(fs.statSync(path.join(folder, 'none'), { throwIfNoEntry: false }), undefined);
});

test('links are followed by stat and not by lstat', (t) => {
  const folder = directory(t);
  const link = path.join(folder, 'link');
  fs.symlinkSync(folder, link);
  assert.ok(fs.statSync(link).isDirectory());
  assert.ok(fs.lstatSync(link).isSymbolicLink());
  assert.strictEqual(fs.readlinkSync(link), folder);
  assert.strictEqual(fs.realpathSync(link), fs.realpathSync.native(folder));
});

test('streams copy a file, a part of it, and report a missing one', async (t) => {
  const folder = directory(t);
  const [from, to] = [path.join(folder, 'from'), path.join(folder, 'to')];
  fs.writeFileSync(from, Buffer.alloc(300000, 'abc'));
  await new Promise((resolve, reject) => {
    fs.createReadStream(from)
      .on('error', reject)
      .pipe(fs.createWriteStream(to))
      .on('error', reject)
      .on('close', resolve);
  });
  assert.ok(fs.readFileSync(to).equals(fs.readFileSync(from)));
  let text = '';
  for await (const part of fs.createReadStream(from, { start: 1, end: 4, encoding: 'utf8' }))
    text += part;
  assert.strictEqual(text, 'bcab');
  await assert.rejects(
    new Promise((resolve, reject) =>
      fs.createReadStream(path.join(folder, 'none')).on('error', reject),
    ),
    { code: 'ENOENT', syscall: 'open' },
  );
});

test('a copy that fails leaves no file', (t) => {
  const folder = directory(t);
  const to = path.join(folder, 'to');
  assert.throws(() => fs.copyFileSync(folder, to), { code: 'EISDIR' });
  assert.strictEqual(fs.existsSync(to), false);
});

test('a file is read by lines and as a Web Stream', async (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, 'one\ntwo');
  const handle = await fs.promises.open(file);
  const lines = [];
  for await (const line of handle.readLines()) lines.push(line);
  assert.deepStrictEqual(lines, ['one', 'two']);
  const other = await fs.promises.open(file);
  const stream = other.readableWebStream({ autoClose: true });
  assert.throws(() => other.readableWebStream(), { code: 'ERR_INVALID_STATE' });
  assert.strictEqual(await new Response(stream).text(), 'one\ntwo');
  assert.strictEqual(other.fd, -1);
});

test('a DataView is written', (t) => {
  const file = path.join(directory(t), 'file');
  fs.writeFileSync(file, new DataView(Uint8Array.of(97, 98, 99).buffer, 1, 1));
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'b');
});
