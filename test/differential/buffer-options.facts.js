'use strict';
const buffer = require('buffer');
const { inspect } = require('util');
const { program } = require('./harness');

program('numbers at odd places', (fact) => {
  const bytes = Buffer.from([0xff, 1, 2, 3, 4, 5, 6, 7, 8, 0x80]);
  for (const name of [
    'readUInt8',
    'readInt16LE',
    'readUint32BE',
    'readFloatLE',
    'readDoubleBE',
    'readBigInt64LE',
    'readBigUint64BE',
  ])
    for (const offset of [undefined, 0, 2, 9, 10, -1, 1.5, NaN, '1', null, Infinity, {}])
      fact.of(`${name} ${inspect(offset)}`, () => bytes[name](offset));
  for (const name of ['readUIntLE', 'readIntBE'])
    for (const args of [
      [0, 6],
      [0, 1],
      [0, 7],
      [0, 0],
      [0],
      [],
      [4, 6],
      [5, 6],
      ['0', 1],
      [0, '1'],
      [0, 1.5],
      [-1, 2],
    ])
      fact.of(`${name} ${inspect(args)}`, () => bytes[name](...args));
  for (const [name, ...values] of [
    ['writeUInt8', 0, 255, 256, -1, 1.5, 'x', NaN],
    ['writeInt8', -128, 127, 128, -129],
    ['writeInt16BE', -32768, 32768],
    ['writeUint32LE', 2 ** 32 - 1, 2 ** 32, -1],
    ['writeFloatBE', 1.1, NaN, Infinity, 'x'],
    ['writeDoubleLE', Math.PI, -0],
    ['writeBigInt64BE', 5n, -5n, 2n ** 63n, 5],
    ['writeBigUint64LE', 2n ** 64n - 1n, -1n, 'x'],
  ])
    for (const value of values)
      fact.of(`${name} ${inspect(value)}`, () => {
        const out = Buffer.alloc(9);
        return [out[name](value, 1), out.toString('hex')];
      });
  for (const [name, args] of [
    ['writeUIntBE', [0x123456, 0, 3]],
    ['writeIntLE', [-5, 1, 6]],
    ['writeUIntLE', [2 ** 48, 0, 6]],
    ['writeIntBE', [2 ** 47, 0, 6]],
    ['writeUIntBE', [1, 0, 7]],
    ['writeUIntBE', [1, 0, 0]],
    ['writeUIntBE', [1, 9, 1]],
  ])
    fact.of(`${name} ${args}`, () => {
      const out = Buffer.alloc(8);
      return [out[name](...args), out.toString('hex')];
    });
  for (const args of [[5, 0], [5, 10], [5, -1], [300], [5, 1.5]])
    fact.of(`writeUInt8 ${args}`, () => Buffer.alloc(10).writeUInt8(...args));
});

program('encodings', (fact) => {
  for (const encoding of [
    'utf8',
    'UTF-8',
    'ucs2',
    'utf-16le',
    'latin1',
    'binary',
    'ascii',
    'base64',
    'base64url',
    'hex',
    'HEX',
    'nope',
    '',
    null,
    undefined,
    5,
  ]) {
    fact.of(`from ${encoding}`, () => Buffer.from('aé€😀+/-_==\u0100', encoding).toString('hex'));
    fact.of(`to ${encoding}`, () =>
      Buffer.from([0x61, 0xc3, 0xa9, 0xff, 0xfb, 0x00, 0xd8]).toString(encoding),
    );
    fact.of(`isEncoding ${encoding}`, () => Buffer.isEncoding(encoding));
    fact.of(`byteLength ${encoding}`, () => Buffer.byteLength('aé€==', encoding));
  }
  for (const text of ['abc', 'abcg', 'zz', 'a', 'A B', ''])
    fact(`hex ${text}`, Buffer.from(text, 'hex'));
  for (const text of [
    'YQ==',
    'YQ',
    'YQ=',
    'Y',
    'Y Q = =',
    'YW_-',
    'YW+/',
    '====',
    'YQ==YQ==',
    '\n',
  ])
    fact(`base64 ${text}`, Buffer.from(text, 'base64'), Buffer.from(text, 'base64url'));
  for (const args of [
    ['utf8', 1],
    ['utf8', 1, 3],
    ['utf8', -1],
    ['utf8', 3, 1],
    ['utf8', '1', '3'],
    ['utf8', NaN, 2],
    ['utf8', 0, 99],
    ['hex', 1.9, 2.9],
  ])
    fact.of(`toString ${args}`, () => Buffer.from('hello').toString(...args));
  for (const args of [
    ['x'],
    ['xyz', 1],
    ['xyz', 3],
    ['xyz', 0, 2],
    ['6162', 'hex'],
    ['6162', 1, 'hex'],
    ['xyz', 0, 2, 'latin1'],
    ['xyz', 5],
    ['xyz', -1],
    ['xyz', 0, -1],
    ['xyz', 0, 99],
    [5],
    ['x', 'nope'],
    ['é', 3],
  ])
    fact.of(`write ${inspect(args)}`, () => {
      const out = Buffer.alloc(4);
      return [out.write(...args), out.toString('latin1')];
    });
  for (const [bytes, from, to] of [
    ['€', 'utf8', 'latin1'],
    ['é', 'utf8', 'ucs2'],
    ['é', 'latin1', 'utf8'],
    ['x', 'utf8', 'hex'],
    ['x', 'nope', 'utf8'],
    ['aé', 'utf8', 'ascii'],
  ])
    fact.of(`transcode ${from} ${to}`, () => buffer.transcode(Buffer.from(bytes), from, to));
  for (const bad of [5, null, {}, [], true, new ArrayBuffer(2)])
    fact.of(`byteLength ${inspect(bad)}`.split(' {')[0], () => Buffer.byteLength(bad));
});

program('Buffer.from(), concat() and of()', (fact) => {
  for (const value of [
    5,
    null,
    undefined,
    true,
    Symbol('s'),
    () => {},
    {},
    { length: 2, 0: 1 },
    { length: 'x' },
    { valueOf: () => 'text' },
    { [Symbol.toPrimitive]: () => 'prim' },
    { type: 'Buffer', data: [1, 2] },
    { type: 'Buffer', data: 'x' },
    [1, 300, -1, 1.9, 'x'],
    new Uint16Array([1, 256]),
    new Float32Array([1.5]),
    new String('boxed'),
    new Set([1]),
    new DataView(new ArrayBuffer(2)),
  ])
    fact.of(`from ${inspect(value).split('\n')[0]}`, () => Buffer.from(value).toString('hex'));
  for (const args of [
    [new ArrayBuffer(4), 1],
    [new ArrayBuffer(4), 1, 2],
    [new ArrayBuffer(4), 5],
    [new ArrayBuffer(4), 1, 5],
    [new ArrayBuffer(4), -1],
    [new ArrayBuffer(4), 'x'],
    [new SharedArrayBuffer(3), 1],
  ])
    fact.of(`from memory ${args.slice(1)}`, () => Buffer.from(...args).length);
  for (const args of [
    [[]],
    [[Buffer.from('a'), new Uint8Array([98])]],
    [[Buffer.from('abc')], 2],
    [[Buffer.from('a')], 3],
    [[Buffer.from('a')], -1],
    [[Buffer.from('a')], 1.5],
    [['a']],
    [5],
    [[Buffer.from('a')], undefined],
  ])
    fact.of(`concat ${inspect(args)}`, () => Buffer.concat(...args));
  for (const args of [
    [new Uint16Array([1, 2, 3]), 1],
    [new Uint8Array([1, 2, 3]), 1, 1],
    [new Uint8Array(3), 4],
    [new Uint8Array(3), -1],
    [new Uint8Array(3), 0, -1],
    [[1]],
    [new Uint8Array(3), 'x'],
  ])
    fact.of(`copyBytesFrom ${inspect(args)}`, () => Buffer.copyBytesFrom(...args));
  fact(
    'of',
    Buffer.of(1, 2, 300),
    Buffer.poolSize,
    buffer.kMaxLength === buffer.constants.MAX_LENGTH,
    typeof buffer.constants.MAX_STRING_LENGTH,
    buffer.INSPECT_MAX_BYTES,
  );
  for (const args of [
    [3],
    [3, 1],
    [3, 'ab'],
    [3, ''],
    [3, Buffer.alloc(0)],
    [3, 'é', 'latin1'],
    [3, 'zz', 'hex'],
    [3, 1, 'nope'],
    [3, 'x', 5],
    ['3'],
    [null],
    [-1],
    [1.5],
  ])
    fact.of(`alloc ${inspect(args)}`, () => Buffer.alloc(...args));
});

program('views, comparisons and search', (fact) => {
  const text = Buffer.from('hello world');
  for (const args of [[], [2], [2, 4], [-3], [-3, -1], [4, 2], ['2', '4'], [NaN], [99], [1.9, 3.9]])
    fact.of(`subarray ${args}`, () => String(text.subarray(...args)));
  fact(
    'shares',
    text.slice(0, 1).buffer === text.buffer,
    text.subarray(1).byteOffset - text.byteOffset,
  );
  for (const args of [
    [text],
    [Buffer.from('hello')],
    [Buffer.from('world'), 0, 5, 6, 11],
    [Buffer.from('x'), 0, 9],
    [Buffer.from('x'), -1],
    ['x'],
    [],
    [Buffer.from('x'), 0, 1, 0, 99],
    [Buffer.from('x'), 5, 1],
  ])
    fact.of(`compare ${inspect(args)}`, () => text.compare(...args));
  for (const args of [
    ['o'],
    ['o', 5],
    ['o', -5],
    ['o', 99],
    ['', 3],
    ['', 99],
    [Buffer.from('wor')],
    [111],
    [111.9],
    [367],
    ['6f', 'hex'],
    ['6f', 0, 'hex'],
    [null],
    [{}],
    ['o', undefined],
    ['o', null],
    ['o', '5'],
    ['o', NaN],
    ['o', {}],
    [new Uint16Array([0x6f6c])],
  ]) {
    fact.of(`indexOf ${inspect(args)}`, () => text.indexOf(...args));
    fact.of(`lastIndexOf ${inspect(args)}`, () => text.lastIndexOf(...args));
    fact.of(`includes ${inspect(args)}`, () => text.includes(...args));
  }
  for (const name of ['swap16', 'swap32', 'swap64'])
    for (const size of [8, 7, 0])
      fact.of(`${name} ${size}`, () => Buffer.from('abcdefgh').subarray(0, size)[name]());
  for (const args of [
    [0],
    ['x'],
    ['xy', 1],
    ['xy', 1, 4],
    ['', 0],
    ['x', -1],
    ['x', 0, 99],
    ['x', 5, 2],
    [Buffer.from('ab')],
    ['61', 'hex'],
    ['x', 'nope'],
    [256],
    [-1],
    [1.5],
    [null],
    [{}],
    ['x', '1'],
  ])
    fact.of(`fill ${inspect(args)}`, () => Buffer.alloc(5).fill(...args));
  const target = Buffer.alloc(4, '.');
  for (const args of [
    [target],
    [target, 1],
    [target, 0, 9],
    [target, 0, 2, 4],
    [target, 5],
    [target, -1],
    [target, 0, -1],
    [target, 0, 20],
    [target, 0, 3, 2],
    [new Uint16Array(2)],
    ['x'],
    [target, '1'],
    [target, 0, 0, 99],
    [target, NaN],
  ])
    fact.of(`copy ${args.slice(1)}`, () => [text.copy(...args), String(target.fill('.', 0, 0))]);
  fact('equals', text.equals(Buffer.from('hello world')), text.equals(new Uint8Array(text)));
  for (const bad of ['x', 5, null, {}]) fact.of(`equals ${inspect(bad)}`, () => text.equals(bad));
  fact(
    'json',
    JSON.stringify(Buffer.from('a')),
    text.parent === text.buffer,
    text.offset === text.byteOffset,
  );
  fact(
    'iterators',
    [...Buffer.from('ab').entries()],
    [...Buffer.from('ab').keys()],
    [...Buffer.from('ab').values()],
  );
  fact(
    'at',
    text.at(-1),
    String(text.toReversed()),
    text.with(0, 72).constructor.name,
    String(text.map((x) => x + 1)),
    text.filter((x) => x > 110).constructor.name,
  );
});

program('isUtf8(), isAscii(), atob() and btoa()', (fact) => {
  for (const bytes of [
    Buffer.from('a'),
    Buffer.from('é'),
    Buffer.from([0xff]),
    Buffer.alloc(0),
    new Uint16Array([0xffff]),
    new ArrayBuffer(1),
    'x',
    5,
  ]) {
    fact.of(`isUtf8 ${inspect(bytes).slice(0, 16)}`, () => buffer.isUtf8(bytes));
    fact.of(`isAscii ${inspect(bytes).slice(0, 16)}`, () => buffer.isAscii(bytes));
  }
  for (const text of ['SGk=', 'SGk', ' S G k = ', 'x', '*', '', 'YQ==', 5, null, undefined])
    fact.of(`atob ${inspect(text)}`, () => buffer.atob(text));
  for (const text of ['hi', '\xff', '\u0100', 5, null, undefined, {}])
    fact.of(`btoa ${inspect(text)}`, () => buffer.btoa(text));
  fact.of('atob()', () => buffer.atob());
  fact.of('btoa()', () => buffer.btoa());
});
