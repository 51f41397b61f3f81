'use strict';
const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { suite } = require('./harness');

const { load, test } = suite('pino');

/** Runs a program that logs, and returns what it printed and its exit code. */
async function run(t, text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pino-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const program = path.join(folder, 'program.js');
  const head = `const pino = require(${JSON.stringify(load.resolve('pino'))});\n`;
  fs.writeFileSync(program, head + text);
  const child = spawn(process.execPath, [program], { cwd: folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part) => (output += part));
  const [code] = await once(child, 'close');
  const lines = (name) =>
    fs
      .readFileSync(path.join(folder, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  return { code, output, lines };
}

test('a transport in a thread writes 5000 lines in order', async (t) => {
  const { code, lines } = await run(
    t,
    `const logger = pino(pino.transport({ target: 'pino/file', options: { destination: 'log' } }));
     for (let i = 0; i < 5000; i++) logger.info({ i }, 'line');`,
  );
  assert.strictEqual(code, 0);
  assert.deepStrictEqual(
    lines('log').map(({ i }) => i),
    Array.from({ length: 5000 }, (_, i) => i),
  );
});

test('several targets get what is of their level', async (t) => {
  const { lines } = await run(
    t,
    `const target = (level) => ({ target: 'pino/file', level, options: { destination: level } });
     const logger = pino({ transport: { targets: [target('info'), target('error')] } });
     logger.info('one'); logger.error(new TypeError('two'));`,
  );
  assert.deepStrictEqual(
    lines('info').map(({ msg }) => msg),
    ['one', 'two'],
  );
  assert.strictEqual(lines('error')[0].err.type, 'TypeError');
});

test('what was logged before process.exit() and before a crash is written', async (t) => {
  for (const [end, status] of [
    ['process.exit(3)', 3],
    ["throw new Error('crash')", 1],
  ]) {
    const { code, lines } = await run(
      t,
      `const logger = pino(pino.transport({ target: 'pino/file', options: { destination: 'log' } }));
       logger.info('before');
       setTimeout(() => { logger.fatal('last'); ${end}; }, 50);`,
    );
    assert.strictEqual(code, status);
    assert.deepStrictEqual(
      lines('log').map(({ msg }) => msg),
      ['before', 'last'],
    );
  }
});
