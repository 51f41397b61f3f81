'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { once } = require('events');
const { test } = require('../../helpers/test');

/** Runs use(open, text) with a file of its own. */
async function withFile(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'utf8-'));
  const dest = path.join(folder, 'file');
  try {
    await use(
      (options) => new fs.Utf8Stream({ dest, ...options }),
      () => fs.readFileSync(dest, 'utf8'),
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
const flushed = (stream) =>
  new Promise((resolve, reject) => {
    stream.flush((error) => (error ? reject(error) : resolve()));
  });

test('flush() before the file is open writes what waits', () =>
  withFile(async (open, text) => {
    const stream = open({ minLength: 10 });
    stream.write('a');
    await flushed(stream);
    assert.strictEqual(text(), 'a');
    stream.destroy();
  }));

test('flush() during a write writes what waits behind it', () =>
  withFile(async (open, text) => {
    const stream = open({ minLength: 10 });
    await once(stream, 'ready');
    stream.write('x'.repeat(12));
    stream.write('abc');
    await flushed(stream);
    assert.strictEqual(text(), `${'x'.repeat(12)}abc`);
    stream.destroy();
  }));
