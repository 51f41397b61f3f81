'use strict';
// How long bytes are as text, which texts are Latin-1, and searches that end before the end.
const buffer = require('buffer');
const { inspect } = require('util');
const { program } = require('./harness');

const { Buffer } = buffer;
const shown = (value) => inspect(value).replace(/\s+/g, ' ').slice(0, 60);

program('isLatin1()', (fact) => {
  for (const input of ['a', 'é', 'ÿ', 'Ā', '€', '', 5, undefined, Buffer.from('a')])
    fact.of(shown(input), () => buffer.isLatin1(input));
});

program('Buffer.stringLength()', (fact) => {
  const text = Buffer.from('aé€😀');
  for (const encoding of [
    ...['utf8', 'UTF-8', 'hex', 'base64', 'base64url', 'latin1', 'binary', 'ascii', 'utf16le'],
    ...['ucs2', 'nope', '', 'buffer', 5, null, undefined],
  ])
    fact.of(`encoding ${encoding}`, () => Buffer.stringLength(text, encoding));
  for (const bytes of [[0xff, 0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc3], [0x80, 0x80], []])
    fact(`bytes ${bytes}`, Buffer.stringLength(Buffer.from(bytes)));
  for (const input of ['str', 5, undefined, {}])
    fact.of(`input ${shown(input)}`, () => Buffer.stringLength(input));
  fact('memory', Buffer.stringLength(new ArrayBuffer(3), 'hex'));
  fact('typed array', Buffer.stringLength(new Uint16Array(2), 'base64'));
  const long = Buffer.from('€'.repeat(50000));
  fact('long', Buffer.stringLength(long), long.toString().length);
});

program('indexOf() before an end', (fact) => {
  const bytes = Buffer.from('abcabcabc');
  for (const args of [
    ['c', 0, 'utf8', 3],
    ['c', 0, 3],
    ['c', 0, 2],
    ['abc', 3, 6],
    ['abc', 4, 6],
    ['a', 0, 100],
    ['a', 0, -1],
    ['a', 0, NaN],
    ['a', 0, 'x', 5],
    ['a', -3, 9],
    ['a', -3, 5],
    ['a', -9, 5],
    ['a', 5, 3],
    [Buffer.from('bc'), 0, 3],
    [97, 1, 3],
    [97, 1, 4],
    [97, 8, 4],
    ['c', 0, 2.9],
    ['', 0, 3],
    ['', 5, 3],
  ])
    for (const name of ['indexOf', 'lastIndexOf', 'includes'])
      fact.of(`${name} ${shown(args)}`, () => bytes[name](...args));
  fact('UTF-16', Buffer.from('aXbX', 'utf16le').indexOf('X', 0, 'utf16le', 4));
});

program('memory that went elsewhere', (fact) => {
  const gone = (view) => {
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return view;
  };
  const cut = (Class) => {
    const memory = new ArrayBuffer(16, { maxByteLength: 16 });
    const view = new Class(memory, 8, 8);
    memory.resize(4);
    return view;
  };
  const views = () => [
    gone(new Uint8Array(4)),
    gone(new DataView(new ArrayBuffer(4))),
    cut(Uint8Array),
    cut(DataView),
  ];
  for (const view of views()) {
    fact('inspect', inspect({ view }, { depth: 0 }));
    fact('decode', new TextDecoder().decode(view));
    fact('byteOffset', /byteOffset\]: undefined/.test(inspect(view)));
  }
  fact('decode memory', new TextDecoder().decode(gone(new Uint8Array(4)).buffer));
  for (const view of [
    new Uint8Array(new SharedArrayBuffer(4)),
    new Uint8Array(new ArrayBuffer(4, { maxByteLength: 8 })),
  ]) {
    let code = 'none';
    try {
      globalThis.crypto.getRandomValues(view);
    } catch (error) {
      code = error.code;
    }
    fact('getRandomValues', code);
  }
});
