'use strict';
const { test } = require('../../helpers/test');
const { pair, collect } = require('../../helpers/net');
const assert = require('assert');

// What the engine keeps in one byte a character, in two, and what it has not put together yet.
const kinds = {
  ASCII: 'GET key\r\n',
  'characters up to U+00FF': 'caf\u00e9 \u00ff\u0080',
  'other characters': 'a\u20acb\u4e2d',
  'pairs of surrogates': '\u{1f600}x\u{10ffff}',
  'lone surrogates': 'a\ud800b\udc00',
  'a text of parts': ['one', '\u00e9', 'three', '\u20ac'].reduce((all, part) => all + part),
  'a NUL': 'a\0b',
};

for (const [kind, text] of Object.entries(kinds)) {
  for (const encoding of [undefined, 'utf8', 'latin1', 'ascii', 'utf16le', 'UTF-8', 'Latin1']) {
    for (const times of [1, 3000]) {
      const name = `${kind}${times > 1 ? ', long,' : ''} is sent as Buffer.from() has it: ${encoding}`;
      test(name, async (t) => {
        const { client, accepted } = await pair(t);
        const long = text.repeat(times);
        const sent = Buffer.from(long, encoding);
        client.write(long, encoding);
        client.end();
        assert.ok((await collect(accepted)).equals(sent));
        assert.strictEqual(client.bytesWritten, sent.length);
      });
    }
  }
}

for (const [kind, unit] of [
  ['ASCII', 'abc'],
  ['UTF-8', 'a\u20ac\u00e9'],
]) {
  test(`more ${kind} than the kernel takes arrives whole, and what is written behind it`, async (t) => {
    const { client, accepted } = await pair(t);
    accepted.pause();
    const long = unit.repeat(3 << 20);
    assert.strictEqual(client.write(long), false);
    assert.strictEqual(client.write('end'), false);
    assert.strictEqual(client.writableLength > 0, true);
    client.end();
    const all = collect(accepted);
    accepted.resume();
    assert.ok((await all).equals(Buffer.from(`${long}end`)));
  });
}

test('setDefaultEncoding() is what strings without an encoding are read by', async (t) => {
  const { client, accepted } = await pair(t);
  client.setDefaultEncoding('hex');
  client.write('6869');
  client.setDefaultEncoding('latin1');
  client.write('\u00e9');
  client.end('\u00e9', 'utf8');
  assert.strictEqual((await collect(accepted)).toString('hex'), '6869e9c3a9');
});

test('an unknown encoding is refused, and nothing is sent', async (t) => {
  const { client, accepted } = await pair(t);
  assert.throws(() => client.write('text', 'none'), {
    code: 'ERR_UNKNOWN_ENCODING',
    message: 'Unknown encoding: none',
  });
  client.end('after');
  assert.strictEqual((await collect(accepted)).toString(), 'after');
});

test('the callback of a text comes later than write() returns, in order', async (t) => {
  const { client } = await pair(t);
  const order = [];
  await new Promise((resolve) => {
    client.write('a', () => order.push('a'));
    client.write('b', 'latin1', () => order.push('b'));
    client.write(Buffer.from('c'), () => {
      order.push('c');
      resolve();
    });
    order.push('returned');
  });
  assert.deepStrictEqual(order, ['returned', 'a', 'b', 'c']);
});
