'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-'));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

/** The first event that wanted() takes; afterwards the watcher is closed. */
async function told(watcher, wanted) {
  try {
    return await new Promise((resolve) =>
      watcher.on('change', (type, name) => wanted(type, name) && resolve([type, name])),
    );
  } finally {
    watcher.close();
  }
}

test('a file that is made in a folder is told of, in the encoding asked for', async (t) => {
  const root = folder(t);
  const event = told(fs.watch(root, 'hex'), () => true);
  fs.writeFileSync(path.join(root, 'é'), 'x');
  assert.deepStrictEqual(await event, ['rename', 'c3a9']);
});

test('a change of a file is told of with its name', async (t) => {
  const file = path.join(folder(t), 'file');
  fs.writeFileSync(file, 'x');
  const event = told(fs.watch(file), () => true);
  fs.appendFileSync(file, 'y');
  assert.deepStrictEqual(await event, ['change', 'file']);
});

test('folders below, new ones too, are watched if that is asked for', async (t) => {
  const root = folder(t);
  fs.mkdirSync(path.join(root, 'a'));
  const watcher = fs.watch(root, { recursive: true });
  const event = told(watcher, (type, name) => name === path.join('a', 'b', 'file'));
  fs.mkdirSync(path.join(root, 'a', 'b'));
  fs.writeFileSync(path.join(root, 'a', 'b', 'file'), 'x');
  assert.strictEqual((await event)[0], 'rename');
});

test('what `ignore` says is not told of, and folders of that kind are not watched', async (t) => {
  const root = folder(t);
  for (const name of ['left', 'kept']) fs.mkdirSync(path.join(root, name));
  const names = [];
  const ignore = ['*.log', /tmp$/, (name) => name === 'left'];
  const watcher = fs.watch(root, { recursive: true, ignore }, (_, name) => names.push(name));
  const last = told(watcher, (type, name) => name === 'last');
  for (const name of ['a.log', 'kept/b.log', 'x.tmp', 'left/c', 'kept/d', 'last'])
    fs.writeFileSync(path.join(root, name), '');
  await last;
  assert.deepStrictEqual([...new Set(names)], ['kept/d', 'last']);
});

test('an `ignore` that cannot be is an error that names it', () => {
  for (const [ignore, code] of [
    [5, 'ERR_INVALID_ARG_TYPE'],
    [['x', {}], 'ERR_INVALID_ARG_TYPE'],
    ['', 'ERR_INVALID_ARG_VALUE'],
  ])
    assert.throws(() => fs.watch(os.tmpdir(), { ignore }), { code, message: /options\.ignore/ });
});

test('fs.promises.watch() is iterated until it is aborted', async (t) => {
  const root = folder(t);
  const controller = new AbortController();
  const events = fs.promises.watch(root, { signal: controller.signal });
  const first = events.next();
  fs.writeFileSync(path.join(root, 'file'), 'x');
  assert.strictEqual((await first).value.filename, 'file');
  const rest = (async () => {
    for await (const event of events) assert.strictEqual(event.filename, 'file');
  })();
  controller.abort();
  await assert.rejects(rest, { name: 'AbortError' });
});

test('watchFile() gives the attributes after a change and before it', async (t) => {
  const file = path.join(folder(t), 'file');
  fs.writeFileSync(file, 'x');
  const [now, before] = await new Promise((resolve) => {
    fs.watchFile(file, { interval: 10 }, (...both) => resolve(both));
    setTimeout(() => fs.appendFileSync(file, 'more'), 50);
  });
  fs.unwatchFile(file);
  assert.deepStrictEqual([now.size, before.size], [5, 1]);
});

test('what cannot be watched is an error with its path', () => {
  assert.throws(() => fs.watch('/no/such/file'), { code: 'ENOENT', syscall: 'watch' });
  assert.throws(() => fs.watch('/', { recursive: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => fs.watchFile('/'), { code: 'ERR_INVALID_ARG_TYPE' });
});
