'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('yargs');
const yargs = load('yargs');

test('commands and options are parsed, and the help is written', async () => {
  const made = (args) => yargs(args).scriptName('serve').exitProcess(false);
  let seen;
  await made(['run', '--port', '5', '-v', 'x'])
    .command(
      'run [file]',
      'runs',
      (builder) => builder.option('port', { type: 'number' }).option('v', { type: 'boolean' }),
      ({ file, port, v }) => {
        seen = { file, port, v };
      },
    )
    .parse();
  assert.deepStrictEqual(seen, { file: 'x', port: 5, v: true });
  assert.match(
    await made([]).option('all', { describe: 'everything' }).getHelp(),
    /--all +everything/,
  );
});
