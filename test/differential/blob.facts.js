'use strict';
const buffer = require('buffer');
const { inspect } = require('util');
const { program } = require('./harness');

program('Blob and File', async (fact) => {
  for (const args of [
    [],
    [[]],
    [['a', 'b']],
    [['a', new Uint8Array([98]), new Blob(['c'])]],
    [['a\r\nb\nc'], { endings: 'native' }],
    [['a'], { type: 'Text/PLAIN' }],
    [['a'], { type: 'é' }],
    [['a'], { endings: 'x' }],
    ['text'],
    [5],
    [null],
    [['a'], 5],
    [['a'], null],
    [new Set(['x'])],
    [[5, null, {}]],
    [[Symbol('s')]],
  ]) {
    const one = fact.of(
      `Blob ${inspect(args)}`.split('\n')[0],
      () => new Blob(...args),
      (blob) => [blob.size, blob.type],
    );
    if (one) fact('text', await one.text());
  }
  const blob = new Blob(['hello world'], { type: 'text/plain' });
  for (const args of [
    [],
    [2],
    [2, 5],
    [-5],
    [-5, -1],
    [5, 2],
    [0, 99],
    ['2', '5'],
    [NaN],
    [1, 3, 'a/b'],
  ])
    fact(`slice ${args}`, await blob.slice(...args).text(), blob.slice(...args).type);
  fact(
    'forms',
    (await blob.arrayBuffer()).byteLength,
    (await blob.bytes()).constructor.name,
    blob.stream().constructor.name,
    Object.prototype.toString.call(blob),
  );
  const pieces = [];
  for await (const piece of blob.stream()) pieces.push(Buffer.from(piece).toString());
  fact('stream', pieces, inspect(blob));
  for (const args of [
    [],
    [['a']],
    [['a'], 'n'],
    [['a'], 'n', { type: 'x/y', lastModified: 5 }],
    [['a'], 5],
    [['a'], 'n', { lastModified: 'x' }],
    [['a'], 'n', { lastModified: new Date(7) }],
    ['a', 'n'],
    [['a'], 'n', { endings: 'x' }],
  ])
    fact.of(`File ${inspect(args)}`, () => {
      const file = new File(...args);
      return [
        file.name,
        file.size,
        file.type,
        args[2]?.lastModified === undefined ? '' : file.lastModified,
      ];
    });
  fact(
    'object URL',
    URL.createObjectURL(blob).startsWith('blob:nodedata:'),
    await buffer.resolveObjectURL(URL.createObjectURL(blob)).text(),
    buffer.resolveObjectURL('blob:nodedata:nope'),
    buffer.resolveObjectURL('x'),
  );
  for (const bad of [5, {}, 'x'])
    fact.of(`createObjectURL ${inspect(bad)}`, () => URL.createObjectURL(bad));
  fact.of(
    'this',
    () => Blob.prototype.text.call({}).catch((error) => fact('this', error.code)) && 0,
  );
  fact('clone', await structuredClone(blob).text(), structuredClone(new File(['x'], 'n')).name);
});
