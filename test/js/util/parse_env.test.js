'use strict';
const assert = require('assert');
const { parseEnv } = require('util');
const { test } = require('../../helpers/test');

test('parseEnv() reads names and values, quoted and not, and leaves comments out', () => {
  const text =
    'A=1\n# comment\nexport B = two words # end\nC="x\\ny"\nD=\'raw\\n # kept\'\nE=\nF="two\nlines"\n';
  assert.deepStrictEqual(
    { ...parseEnv(text) },
    { A: '1', B: 'two words', C: 'x\ny', D: 'raw\\n # kept', E: '', F: 'two\nlines' },
  );
});

test('parseEnv() takes strings only', () => {
  assert.throws(() => parseEnv(1), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('a line of blanks without a value costs its length', () => {
  assert.deepStrictEqual(
    { ...parseEnv(`A${' '.repeat(1e6)}\nB \t= 1\nC=x = y`) },
    {
      B: '1',
      C: 'x = y',
    },
  );
});
