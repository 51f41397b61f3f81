'use strict';
const { test } = require('../../helpers/test');
const assert = require('assert');
const url = require('url');

test('methods of URLSearchParams refuse another this before their arguments', () => {
  for (const name of [
    'append',
    'delete',
    'get',
    'getAll',
    'has',
    'set',
    'sort',
    'forEach',
    'entries',
    'keys',
    'values',
    'toString',
  ])
    for (const other of [undefined, null, 1, {}])
      assert.throws(() => URLSearchParams.prototype[name].call(other), {
        code: 'ERR_INVALID_THIS',
      });
  const { next } = Object.getPrototypeOf(new URLSearchParams().entries());
  assert.throws(() => next.call({}), { code: 'ERR_INVALID_THIS' });
});

test('URL.prototype.toString() refuses another this', () => {
  assert.throws(() => URL.prototype.toString.call([]), TypeError);
});

test('paths of Windows become URLs and paths again', () => {
  for (const [path, href] of [
    ['C:\\a b\\c#d', 'file:///C:/a%20b/c%23d'],
    ['\\\\server\\share\\x', 'file://server/share/x'],
  ]) {
    assert.strictEqual(url.pathToFileURL(path, { windows: true }).href, href);
    assert.strictEqual(url.fileURLToPath(href, { windows: true }), path);
  }
});

test('a URL of a Blob gives the Blob until it is revoked', async () => {
  const { resolveObjectURL } = require('buffer');
  const id = URL.createObjectURL(new Blob(['text']));
  assert.strictEqual(await resolveObjectURL(id).text(), 'text');
  URL.revokeObjectURL(id);
  assert.strictEqual(resolveObjectURL(id), undefined);
});

test('url.parse() refuses ports that are none', () => {
  assert.throws(() => url.parse('https://evil.com:.example.com'), {
    code: 'ERR_INVALID_ARG_VALUE',
  });
});

test('accessors of URL check their receiver before the value', () => {
  const unprintable = {
    toString() {
      throw new Error('was read');
    },
  };
  for (const name of ['href', 'protocol', 'host', 'port', 'pathname', 'search', 'hash'])
    assert.throws(() => Reflect.set(URL.prototype, name, unprintable, {}), {
      name: 'TypeError',
      message: /^Cannot read private member #\w+ from an object whose class did not declare it$/,
    });
});

test('a symbol is no text of URLSearchParams', () => {
  for (const name of ['append', 'set', 'get', 'has', 'delete'])
    assert.throws(() => new URLSearchParams()[name](Symbol('a'), 'b'), {
      message: 'Cannot convert a Symbol value to a string',
    });
});

test('pathToFileURL() encodes what a path may have and a URL may not', () => {
  assert.strictEqual(
    url.pathToFileURL('/a[^|`{}~\\"<>b').href,
    'file:///a%5B%5E%7C%60%7B%7D%7E%5C%22%3C%3Eb',
  );
  assert.strictEqual(
    url.pathToFileURL('C:\\a[^|b', { windows: true }).href,
    'file:///C:/a%5B%5E%7Cb',
  );
});
