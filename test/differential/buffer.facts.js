'use strict';
const buffer = require('buffer');
const util = require('util');
const { program } = require('./harness');

const ENCODINGS = [
  'utf8',
  'utf-8',
  'UTF8',
  'ucs2',
  'ucs-2',
  'utf16le',
  'utf-16le',
  'latin1',
  'binary',
  'ascii',
  'hex',
  'base64',
  'base64url',
];

program('what the module exports', (fact) => {
  for (const name of [
    'Blob',
    'Buffer',
    'File',
    'atob',
    'btoa',
    'constants',
    'isAscii',
    'isUtf8',
    'kMaxLength',
    'kStringMaxLength',
    'resolveObjectURL',
    'transcode',
  ])
    fact(name, typeof buffer[name]);
  for (const name of [
    'alloc',
    'allocUnsafe',
    'allocUnsafeSlow',
    'byteLength',
    'compare',
    'concat',
    'copyBytesFrom',
    'from',
    'isBuffer',
    'isEncoding',
    'of',
  ])
    fact(name, typeof Buffer[name], Buffer[name].length);
  fact('INSPECT_MAX_BYTES', buffer.INSPECT_MAX_BYTES);
});

program('making Buffers', (fact) => {
  for (const [name, args] of Object.entries({
    text: ['h\u00e9'],
    'text in hex': ['abcg', 'hex'],
    'odd hex': ['abc', 'hex'],
    base64: ['aGk=\n!aGk', 'base64'],
    base64url: ['-_8', 'base64url'],
    latin1: ['\u00e9\u20ac', 'latin1'],
    ucs2: ['\u00e9', 'ucs2'],
    'unknown encoding': ['a', 'x'],
    'encoding number': ['a', 5],
    array: [[1, 257, -1, 1.5, 'x', '7', null, NaN]],
    like: [{ length: 2, 0: 5, 1: 6 }],
    'like text': [{ length: '2', 0: 5 }],
    'like without': [{ a: 1 }],
    json: [{ type: 'Buffer', data: [1, 2] }],
    ab: [new ArrayBuffer(4), 1, 2],
    'ab bad offset': [new ArrayBuffer(4), 5],
    'ab bad length': [new ArrayBuffer(4), 1, 9],
    'ab text offset': [new ArrayBuffer(4), '1'],
    u16: [new Uint16Array([1, 258])],
    valueOf: [new String('boxed')],
    toPrimitive: [{ [Symbol.toPrimitive]: () => 'prim' }],
    number: [5],
    null: [null],
    undefined: [undefined],
    boolean: [true],
    function: [() => {}],
    symbol: [Symbol('s')],
    bigint: [5n],
    map: [new Map()],
  }))
    fact.of(name, () => Buffer.from(...args));
  for (const size of [3, 0, -1, NaN, 1.5, '3', null, undefined, 2 ** 53, {}, 1n])
    for (const name of ['alloc', 'allocUnsafe', 'allocUnsafeSlow'])
      fact.of(
        `${name} ${String(size)}`,
        () => Buffer[name](size),
        (one) => one.length,
      );
  for (const [fill, encoding] of [
    ['ab'],
    ['6162', 'hex'],
    [''],
    [0x161],
    [Buffer.from('xy')],
    [Buffer.alloc(0)],
    ['a', 'x'],
    ['zz', 'hex'],
    [null],
    [undefined],
    [true],
    [{}],
    ['\u00e9', 'latin1'],
  ])
    fact.of(`alloc fill ${util.inspect(fill)} ${encoding}`, () => Buffer.alloc(5, fill, encoding));
  fact.of('copyBytesFrom', () => Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1));
  fact.of('copyBytesFrom bad', () => Buffer.copyBytesFrom([1]));
  fact.of('copyBytesFrom offset', () => Buffer.copyBytesFrom(new Uint8Array(2), -1));
  fact.of('of', () => Buffer.of(1, 2, 300));
});

program('static functions', (fact) => {
  for (const one of [...ENCODINGS, 'x', '', null, undefined, 5])
    fact(`isEncoding ${one}`, Buffer.isEncoding(one));
  for (const [text, encoding] of [
    ['\u00e9\ud83d\ude00'],
    ['abc', 'hex'],
    ['aGk=', 'base64'],
    ['aGk', 'base64url'],
    ['ab', 'ucs2'],
    ['ab', 'x'],
    [new ArrayBuffer(3)],
    [new Uint16Array(2)],
  ])
    fact(`byteLength ${encoding}`, Buffer.byteLength(text, encoding));
  for (const bad of [5, null, {}, undefined])
    fact.of(`byteLength ${bad}`, () => Buffer.byteLength(bad));
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  fact('compare', Buffer.compare(a, b), Buffer.compare(b, a), Buffer.compare(a, Buffer.from('a')));
  for (const bad of ['a', null, [1]]) fact.of(`compare ${bad}`, () => Buffer.compare(a, bad));
  fact(
    'concat',
    Buffer.concat([a, b]),
    Buffer.concat([a, b], 1),
    Buffer.concat([a], 4),
    Buffer.concat([]),
  );
  for (const bad of [5, null, [5], ['a'], [a, null]])
    fact.of(`concat ${util.inspect(bad)}`, () => Buffer.concat(bad));
  for (const bad of [-1, 1.5, 'x', null])
    fact.of(`concat length ${bad}`, () => Buffer.concat([a], bad));
  fact('isBuffer', Buffer.isBuffer(a), Buffer.isBuffer(new Uint8Array(1)), Buffer.isBuffer(null));
});

program('text both ways', (fact) => {
  const bytes = Buffer.from([0, 0x7f, 0x80, 0xc3, 0xa9, 0xe2, 0x82, 0xf0, 0x9f, 0x98, 0x80, 0xff]);
  for (const encoding of ENCODINGS) {
    fact(encoding, bytes.toString(encoding), Buffer.from('h\u00e9\ud83d\ude00\ud800!', encoding));
    fact(
      `${encoding} of a part`,
      bytes.toString(encoding, 3, 5),
      bytes.toString(encoding, -5, 2),
      bytes.toString(encoding, 5, 3),
      bytes.toString(encoding, '1', 2.9),
    );
  }
  fact.of('unknown', () => bytes.toString('x'));
  fact.of('null', () => bytes.toString(null).length);
  const target = Buffer.alloc(8, '.');
  for (const args of [
    ['abc'],
    ['abc', 6],
    ['abc', 1, 2],
    ['abc', 1, 'latin1'],
    ['abc', 'hex'],
    ['\u20ac\u20ac', 3],
    ['abc', 9],
    ['abc', -1],
    ['abc', 1, -1],
    ['abc', 1, 100],
    ['abc', NaN],
    ['a', 0, 1, 'x'],
    [5],
    [null],
    ['abc', '1'],
  ])
    fact.of(
      `write ${args}`,
      () => target.fill('.').write(...args),
      (count) => [count, target],
    );
});

program('numbers', (fact) => {
  const names = Object.keys(Buffer.prototype)
    .filter((name) => /^(read|write)(U?Int|Float|Double|Big)/.test(name) && !/Uint/.test(name))
    .sort();
  const bytes = Buffer.from([1, 2, 3, 4, 0xfd, 0xfe, 0xff, 0x80, 9]);
  for (const name of names.filter((one) => one.startsWith('read'))) {
    const args = /U?Int(LE|BE)$/.test(name) && !/\d/.test(name) ? [6] : [];
    fact.of(name, () => bytes[name](1, ...args));
    for (const offset of [undefined, -1, 100, 1.5, 'x', NaN, null, 8, Infinity])
      fact.of(`${name} ${offset}`, () => bytes[name](offset, ...args));
  }
  fact.of('no length', () => bytes.readUIntBE(0));
  for (const length of [0, 7, 'x', 1.5]) {
    fact.of(`readIntLE length ${length}`, () => bytes.readIntLE(0, length));
    fact.of(`writeUIntBE length ${length}`, () => bytes.writeUIntBE(0, 0, length));
  }
  for (const name of names.filter((one) => one.startsWith('write'))) {
    const args = /U?Int(LE|BE)$/.test(name) && !/\d/.test(name) ? [6] : [];
    const big = name.includes('Big');
    for (const value of big
      ? [1n, -1n, 2n ** 64n, -(2n ** 63n) - 1n, 5, '5']
      : [1, -1, 2 ** 48, -(2 ** 48), NaN, 'x', '12', 1.5, null, undefined, Infinity]) {
      const target = Buffer.alloc(8);
      fact.of(
        `${name} ${value}`,
        () => target[name](value, 0, ...args),
        (end) => [end, target],
      );
    }
    fact.of(`${name} outside`, () => Buffer.alloc(8)[name](big ? 1n : 1, 8, ...args));
  }
  fact(
    'aliases',
    Buffer.prototype.readUint8 === Buffer.prototype.readUInt8,
    Buffer.prototype.writeBigUint64LE === Buffer.prototype.writeBigUInt64LE,
  );
});

program('searching and comparing', (fact) => {
  const text = Buffer.from('abcabc\u00e9abc');
  for (const args of [
    ['b'],
    ['b', 2],
    ['b', -3],
    ['c', undefined],
    ['', 3],
    ['', 100],
    ['z'],
    [97],
    [99.9],
    [256 + 97],
    [Buffer.from('bc')],
    [new Uint8Array([98, 99])],
    ['6263', 0, 'hex'],
    ['6263', 'hex'],
    ['b', 'x'],
    ['b', NaN],
    ['b', '3'],
    ['b', null],
    ['b', {}],
    ['b', []],
  ]) {
    fact.of(`indexOf ${util.inspect(args)}`, () => text.indexOf(...args));
    fact.of(`lastIndexOf ${util.inspect(args)}`, () => text.lastIndexOf(...args));
    fact.of(`includes ${util.inspect(args)}`, () => text.includes(...args));
  }
  for (const bad of [null, undefined, {}, [], true])
    fact.of(`indexOf ${util.inspect(bad)}`, () => text.indexOf(bad));
  const other = Buffer.from('bc');
  for (const args of [
    [other],
    [other, 0, 2, 1, 3],
    [other, 3],
    [other, 0, 9],
    [other, -1],
    [other, 0, 2, 5, 3],
    [other, 0, 1, 1, 2],
    ['bc'],
    [null],
  ])
    fact.of(`compare ${util.inspect(args)}`, () => text.compare(...args));
  fact('equals', text.equals(text), text.equals(new Uint8Array(text)));
  fact.of('equals text', () => text.equals('a'));
});

program('copying, filling and slices', (fact) => {
  const source = Buffer.from('abcdef');
  for (const args of [
    [0],
    [2],
    [0, 2],
    [0, 2, 4],
    [8],
    [-1],
    [0, -1],
    [0, 7],
    [0, 3, 1],
    ['1'],
    [0.9, 1.9],
    [NaN],
  ]) {
    const target = Buffer.alloc(5, '.');
    fact.of(
      `copy ${args}`,
      () => source.copy(target, ...args),
      (count) => [count, target],
    );
  }
  for (const bad of [null, [], 'x', {}])
    fact.of(`copy to ${util.inspect(bad)}`, () => source.copy(bad));
  for (const args of [
    ['x'],
    ['xy', 2],
    ['xy', 1, 4],
    ['', 1],
    [0],
    [300],
    [Buffer.from('12')],
    ['6162', 'hex'],
    ['zz', 'hex'],
    ['x', 9],
    ['x', -1],
    ['x', 1, 9],
    ['x', 'bad'],
    ['x', 3, 1],
    [null],
    [true],
    ['\u00e9', 0, 6, 'latin1'],
    ['x', 1.5],
  ])
    fact.of(`fill ${util.inspect(args)}`, () => Buffer.from('......').fill(...args));
  for (const args of [[], [2], [-2], [1, 3], [3, 1], ['1', '3'], [NaN], [0, 99], [undefined, 2]])
    fact(`slice ${args}`, source.slice(...args), source.subarray(...args));
  fact('shares', (source.slice(0, 1)[0] = 122), source.toString());
  for (const [name, length] of [
    ['swap16', 4],
    ['swap32', 8],
    ['swap64', 8],
    ['swap16', 3],
    ['swap32', 6],
    ['swap64', 12],
  ])
    fact.of(`${name} ${length}`, () => Buffer.from([...Array(length).keys()])[name]());
  fact(
    'json',
    JSON.stringify(Buffer.from('hi')),
    [...Buffer.from('ab').entries()],
    [...Buffer.from('ab').keys()],
  );
  fact(
    'inspect',
    util.inspect(Buffer.from('abc')),
    util.inspect(Buffer.alloc(60)),
    util.inspect(Object.assign(Buffer.from('a'), { own: 1 })),
  );
  fact('toLocaleString', Buffer.from('a').toLocaleString === Buffer.from('a').toString);
});

program('other functions', (fact) => {
  fact('atob', buffer.atob(' aGk= '), buffer.atob('aGk'), buffer.btoa('hi\xff'));
  for (const bad of ['a', 'a===', '*', '\u20ac', null, undefined, 5]) {
    fact.of(`atob ${bad}`, () => buffer.atob(bad));
    fact.of(`btoa ${bad}`, () => buffer.btoa(bad));
  }
  fact.of('atob()', () => buffer.atob());
  fact.of('btoa()', () => buffer.btoa());
  for (const value of [
    Buffer.from('\u00e9'),
    Buffer.from([0xff]),
    Buffer.alloc(0),
    new Uint16Array([0x80]),
    new ArrayBuffer(2),
  ])
    fact(`isUtf8 ${value.constructor.name}`, buffer.isUtf8(value), buffer.isAscii(value));
  for (const bad of ['a', null, 5]) fact.of(`isUtf8 ${bad}`, () => buffer.isUtf8(bad));
  fact(
    'transcode',
    buffer.transcode(Buffer.from('\u20ac\u00e9'), 'utf8', 'latin1'),
    buffer.transcode(Buffer.from('h\u00e9'), 'utf8', 'ucs2'),
    buffer.transcode(Buffer.from('\u20ac'), 'utf8', 'ascii'),
  );
  fact.of('transcode bad', () => buffer.transcode(Buffer.from('a'), 'utf8', 'hex'));
  fact.of('transcode text', () => buffer.transcode('a', 'utf8', 'latin1'));
  fact.of('resolveObjectURL', () => buffer.resolveObjectURL('blob:nodedata:none'));
});

program('Blob and File', async (fact) => {
  const blob = new Blob(
    ['a\u00e9', new Uint8Array([98]), new Blob(['c']), new ArrayBuffer(1), 5, null],
    { type: 'Text/Plain' },
  );
  fact(
    'is',
    blob.size,
    blob.type,
    String(blob),
    await blob.text(),
    Buffer.from(await blob.arrayBuffer()),
    Buffer.from(await blob.bytes()),
  );
  for (const args of [[1, 3], [-2], [3, 1], [0, 99, 'x/y'], ['1']]) {
    const part = blob.slice(...args);
    fact(`slice ${args}`, part.size, part.type, await part.text());
  }
  const chunks = [];
  for await (const chunk of blob.stream()) chunks.push(...chunk);
  fact('stream', Buffer.from(chunks));
  for (const args of [
    [5],
    ['text'],
    [null],
    [{}],
    [[], 5],
    [[], { endings: 'x' }],
    [[], { type: '\u20ac' }],
    [[Symbol('s')]],
  ])
    fact.of(
      `new Blob(${util.inspect(args)})`,
      () => new Blob(...args),
      (one) => [one.size, one.type],
    );
  fact('endings', await new Blob(['a\r\nb\rc\n'], { endings: 'native' }).text());
  const file = new File(['x'], 'n/a me', { type: 'a/b', lastModified: 5 });
  fact('file', file.name, file.size, file.type, file.lastModified, String(file));
  for (const args of [[], [[]], [[], Symbol('s')], [5, 'a']])
    fact.of(`new File(${args.length})`, () => new File(...args));
  fact.of(
    'text of another',
    () => Blob.prototype.text.call({}).catch((error) => fact('rejects', error)),
    () => 'a promise',
  );
  fact.of('size of another', () => Reflect.get(Blob.prototype, 'size', {}));
});
