'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const path = require('path');

test('matchesGlob tells whether a pattern matches a whole path', () => {
  assert(path.matchesGlob('a/b/c.js', 'a/**/*.js'));
  assert(path.matchesGlob('ab', '{a,b}b'));
  assert(!path.matchesGlob('a/b', 'a'));
  assert(!path.matchesGlob('.hidden', '*'));
  assert(path.win32.matchesGlob('a\\b', 'a/*'));
  assert.throws(() => path.matchesGlob(5, '*'), { code: 'ERR_INVALID_ARG_TYPE' });
});
