'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const { MIMEParams, MIMEType } = require('util');

test('MIMEType reads a type and its parameters, and writes them in their least form', () => {
  const type = new MIMEType(' Text/HTML ; Charset="utf-8"; a="x \\" y"; charset=no');
  assert.strictEqual(type.essence, 'text/html');
  assert.deepStrictEqual(
    [...type.params],
    [
      ['charset', 'utf-8'],
      ['a', 'x " y'],
    ],
  );
  assert.strictEqual(`${type}`, 'text/html;charset=utf-8;a="x \\" y"');
  assert.strictEqual(
    JSON.stringify({ type }),
    '{"type":"text/html;charset=utf-8;a=\\"x \\\\\\" y\\""}',
  );
});

test('a MIME type that is none is an error with the place, and null of MIMEType.parse', () => {
  assert.throws(() => new MIMEType('te xt/plain'), {
    name: 'TypeError',
    code: 'ERR_INVALID_MIME_SYNTAX',
    message: 'The MIME syntax for a type in "te xt/plain" is invalid at 2',
  });
  assert.throws(() => new MIMEType('text'), { code: 'ERR_INVALID_MIME_SYNTAX' });
  assert.strictEqual(MIMEType.parse('text'), null);
  assert.strictEqual(MIMEType.parse('a/b').subtype, 'b');
});

test('parameters can be changed', () => {
  const params = new MIMEParams();
  params.set('Name', 'a b');
  assert.strictEqual(`${params}`, 'name="a b"');
  assert.throws(() => params.set('a b', 'x'), { code: 'ERR_INVALID_MIME_SYNTAX' });
  assert.throws(() => params.set('a', '\u0100'), { code: 'ERR_INVALID_MIME_SYNTAX' });
  params.delete('name');
  assert.deepStrictEqual([...params.keys()], []);
});

test('a header of half a megabyte is read at once', () => {
  const type = new MIMEType(`a/b;${';x="'.repeat(100_000)}`);
  assert.strictEqual(type.params.has('x'), true);
});
