'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('commander');
const { Command } = load('commander');

test('options, arguments and sub-commands are parsed, wrong ones refused', () => {
  const seen = [];
  const program = new Command('serve');
  program.exitOverride().configureOutput({ writeErr: () => {} });
  program.option('-p, --port <number>', 'port', Number).argument('<file>');
  program.action((file, options) => seen.push([file, options]));
  program.command('stop').action(() => seen.push('stop'));
  program.parse(['x', '--port', '7'], { from: 'user' });
  program.parse(['stop'], { from: 'user' });
  assert.deepStrictEqual(seen, [['x', { port: 7 }], 'stop']);
  assert.throws(() => program.parse(['--bad'], { from: 'user' }), {
    code: 'commander.unknownOption',
  });
  assert.match(program.helpInformation(), /-p, --port <number>/);
});
