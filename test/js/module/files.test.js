'use strict';
const { test } = require('../../helpers/test');
const { equal, throws } = require('./check');
const files = `${__dirname}/fixtures/files`;

test('a name without extension finds .js, then .json, but an exact name comes first', () => {
  equal(require('./fixtures/files/plain').file, `${files}/plain.js`);
  equal(require('./fixtures/files/data').answer, 42);
  equal(require('./fixtures/files/both'), 'exact');
  equal(require('./fixtures/files/both.js'), 'extension');
  equal(require(`${files}/common.cjs`), 'cjs');
});

test('a directory is its package.json main, index.js or index.json', () => {
  equal(require('./fixtures/files/dir-main'), 'main');
  equal(require('./fixtures/files/dir-index'), 'index');
  equal(require('./fixtures/files/dir-index/'), 'index');
  equal(require('./fixtures/files/dir-json').index, 'json');
});

test('a main that is not there is an error that names it', () => {
  const error = throws(() => require('./fixtures/files/dir-bad-main'), 'MODULE_NOT_FOUND');
  equal(
    error.message,
    `Cannot find module '${files}/dir-bad-main/absent.js'. Please verify that the package.json has a valid "main" entry`,
  );
});

test('a trailing slash means a directory', () => {
  throws(() => require('./fixtures/files/plain/'), 'MODULE_NOT_FOUND');
});

test('__filename, __dirname and this are those of the module', () => {
  const plain = require('./fixtures/files/plain');
  equal(plain.directory, files);
  equal(plain.sameThis, true);
});

test('a symbolic link is the file it leads to, loaded once', () => {
  equal(require('./fixtures/files/link'), require('./fixtures/files/plain'));
  equal(require.resolve('./fixtures/files/link-dir'), `${files}/dir-index/index.js`);
});

test('a byte-order mark is no part of JSON or JavaScript', () => {
  equal(require('./fixtures/files/bom.json').bom, true);
  equal(require('./fixtures/files/bom.js'), 'bom');
});

test('sources are UTF-8, with any bytes', () => {
  equal(require('./fixtures/files/utf8'), 'gr\u00fc\u00dfe \u{1f600} \u20ac');
  equal(require('./fixtures/files/nul'), '3:3');
  equal(require('./fixtures/files/not-utf8'), '\ufffd'.repeat(4));
});

test('a first line that names an interpreter is skipped and counted', () => {
  equal(require('./fixtures/files/hashbang').line, 2);
});

test('a comment on the last line needs no newline', () => {
  equal(require('./fixtures/files/comment-end'), 'ok');
});

test('JSON that does not parse is an error that names the file', () => {
  const error = throws(() => require('./fixtures/broken/bad.json'));
  equal(error.name, 'SyntaxError');
  equal(error.message.startsWith(`${__dirname}/fixtures/broken/bad.json: `), true);
});

test('a syntax error carries file and line', () => {
  const error = throws(() => require('./fixtures/broken/syntax'));
  equal(error.name, 'SyntaxError');
  equal(error.sourceURL, `${__dirname}/fixtures/broken/syntax.js`);
  equal(error.line, 3);
});

test('text that closes the function around it is a syntax error and does not run', () => {
  const error = throws(() => require('./fixtures/broken/early-close'));
  equal(error.name, 'SyntaxError');
  equal(error.line, 2);
  equal(throws(() => require('./fixtures/broken/early-close-call')).name, 'SyntaxError');
  equal(globalThis.escaped, undefined);
});

test('braces in strings, templates and regular expressions are no reason for an error', () => {
  equal(require('./fixtures/broken/brace-in-regex')[2], 'fine');
});
