'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { once } = require('events');
const readline = require('readline');
const { createInterface } = require('readline/promises');
const { PassThrough, Readable } = require('stream');

test('lines are events whatever their ends and the parts they come in', async () => {
  const input = new PassThrough();
  const lines = [];
  const lineReader = readline.createInterface({ input });
  lineReader.on('line', (line) => lines.push(line));
  const closed = new Promise((resolve) => lineReader.on('close', resolve));
  const text = Buffer.from('one\ntwo\r\nthrée\rfour\n\nlast');
  for (const byte of text) input.write(Buffer.from([byte]));
  input.end();
  await closed;
  assert.deepStrictEqual(lines, ['one', 'two', 'thrée', 'four', '', 'last']);
});

test('an interface is iterated by line', async () => {
  const lines = [];
  for await (const line of readline.createInterface({ input: Readable.from(['a\nb', 'c\nd']) }))
    lines.push(line);
  assert.deepStrictEqual(lines, ['a', 'bc', 'd']);
});

test('question() writes a query and takes one line', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const asked = readline.createInterface(input, output);
  const answer = new Promise((resolve) => asked.question('name? ', resolve));
  input.write('sluice\nnext\n');
  assert.strictEqual(await answer, 'sluice');
  assert.strictEqual(output.read(output.readableLength).toString(), 'name? ');
  asked.close();
  assert.throws(() => asked.question('again? ', () => {}), { code: 'ERR_USE_AFTER_CLOSE' });
});

test('question() of readline/promises can be aborted', async () => {
  const asked = createInterface({ input: new PassThrough() });
  await assert.rejects(asked.question('? ', { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  });
  const answer = asked.question('? ');
  asked.write('yes\n');
  assert.strictEqual(await answer, 'yes');
  asked.close();
});

test('cursors are moved by the codes of terminals', () => {
  const output = new PassThrough();
  readline.cursorTo(output, 0);
  readline.cursorTo(output, 1, 2);
  readline.moveCursor(output, -1, 2);
  readline.clearLine(output, 0);
  assert.strictEqual(
    output.read(output.readableLength).toString(),
    '\x1b[1G\x1b[3;2H\x1b[1D\x1b[2B\x1b[2K',
  );
});

test('a line without end stops at maxLineLength, and its input ends with an error', async () => {
  const input = new PassThrough();
  const lines = readline.createInterface({ input, maxLineLength: 1000 });
  const told = [];
  lines.on('line', (line) => told.push(line.length));
  input.write(`${'a'.repeat(1000)}\n`);
  input.write('b'.repeat(1000));
  input.write('c');
  const [error] = await once(lines, 'error');
  assert.strictEqual(error.code, 'ERR_READLINE_LINE_TOO_LONG');
  assert.deepStrictEqual(told, [1000]);
  assert.strictEqual(input.destroyed, true);
});
