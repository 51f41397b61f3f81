'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const readline = require('readline');
const { PassThrough, Readable } = require('stream');

const ESC = '\x1b';
function terminal(t, options) {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { columns: 20, rows: 10, isTTY: true });
  const interface_ = readline.createInterface({ input, output, ...options });
  t.after(() => interface_.close());
  return { input, output, interface_ };
}

test('keys of a terminal are events with their names and modifiers', () => {
  const stream = new PassThrough();
  const keys = [];
  readline.emitKeypressEvents(stream);
  stream.on('keypress', (text, key) => keys.push([text, key.name, key.ctrl, key.meta, key.shift]));
  for (const text of ['f', 'F', '\x01', '\r', `${ESC}[A`, `${ESC}[1;5C`, `${ESC}b`])
    stream.write(text);
  assert.deepStrictEqual(keys, [
    ['f', 'f', false, false, false],
    ['F', 'f', false, false, true],
    ['\x01', 'a', true, false, false],
    ['\r', 'return', false, false, false],
    [undefined, 'up', false, false, false],
    [undefined, 'right', true, false, false],
    [undefined, 'b', false, true, false],
  ]);
});

test('the line of a terminal is edited and shown', (t) => {
  const { input, output, interface_ } = terminal(t);
  interface_.prompt();
  input.write('hello world');
  for (const key of [`${ESC}[D`, `${ESC}[D`, 'X', '\x01', 'Y', '\x05', '\b']) input.write(key);
  assert.strictEqual(interface_.line, 'Yhello worXl');
  assert.strictEqual(interface_.cursor, 12);
  assert.match(
    output.read(output.readableLength).toString(),
    /^\x1b\[1G\x1b\[0J> \x1b\[3Ghello world\x1b\[1D\x1b\[1D/,
  );
});

test('words are killed and yanked, changes undone and redone', (t) => {
  const { input, interface_ } = terminal(t);
  input.write('foo bar');
  const after = (key) => {
    input.write(key);
    return interface_.line;
  };
  assert.strictEqual(after('\x17'), 'foo ');
  assert.strictEqual(after('\x15'), '');
  assert.strictEqual(after('\x19'), 'foo ');
  assert.strictEqual(after('\x1f'), '');
  assert.strictEqual(after('\x1f'), 'foo ');
  assert.strictEqual(after('\x1e'), '');
});

test('earlier lines are found by what was entered of them', (t) => {
  const { input, interface_ } = terminal(t);
  for (const line of ['one\r', 'two\r', 'once\r', 'on']) input.write(line);
  const seen = ['[A', '[A', '[A', '[B', '[B', '[B'].map((key) => {
    input.write(ESC + key);
    return interface_.line;
  });
  assert.deepStrictEqual(seen, ['once', 'one', 'on', 'one', 'once', 'on']);
  assert.deepStrictEqual(interface_.history, ['once', 'two', 'one']);
});

test('the tab key completes what the completer offers', (t) => {
  const completer = (line) => [['hello', 'help'].filter((word) => word.startsWith(line)), line];
  const { input, interface_ } = terminal(t, { completer });
  input.write('h\t');
  assert.strictEqual(interface_.line, 'hel');
});

test('the lines of a chunk that follow a close() are told too', async () => {
  const interface_ = readline.createInterface({ input: Readable.from(['a\nb\nc\n']) });
  const lines = [];
  interface_.on('line', (line) => {
    lines.push(line);
    interface_.close();
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepStrictEqual(lines, ['a', 'b', 'c']);
});

test('a line of megabytes in many pieces takes linear time', async () => {
  const input = new PassThrough();
  const interface_ = readline.createInterface({ input });
  let length = 0;
  interface_.on('line', (line) => (length = line.length));
  for (let i = 0; i < 4096; i++) input.write('x'.repeat(1024));
  input.end('\n');
  await new Promise((resolve) => interface_.on('close', resolve));
  assert.strictEqual(length, 4 << 20);
});

test('a loop over lines pauses the input while many wait', async () => {
  let given = 0;
  const input = new Readable({
    read() {
      this.push(given++ < 100 ? 'line\n'.repeat(500) : null);
    },
  });
  let count = 0;
  let most = 0;
  for await (const line of readline.createInterface({ input })) {
    assert.strictEqual(line, 'line');
    if (count++ % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, given * 500 - count);
  }
  assert.strictEqual(count, 50000);
  assert.ok(most < 25000, `${most} lines were waiting`);
});
