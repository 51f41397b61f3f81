'use strict';
// What passes, what fails and with what properties; messages that show values are the engine's own.
const assert = require('assert');
const { inspect } = require('util');
const { program } = require('./harness');

/** The outcome of an assertion without its message. */
function outcome(run) {
  try {
    return run() === undefined ? 'passes' : 'returns something';
  } catch (error) {
    const { name, code, operator, generatedMessage } = error;
    const message = generatedMessage ? '' : error.message;
    return [name, code, operator, generatedMessage, message].map(String).join(' | ');
  }
}

const shown = (value) =>
  inspect(value)
    .replace(/\s+at .*/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 70);

program('comparisons', (fact) => {
  const pairs = [
    [1, 1],
    [1, '1'],
    [NaN, NaN],
    [0, -0],
    [null, undefined],
    [
      [1, [2]],
      [1, [2]],
    ],
    [
      [1, , 3],
      [1, undefined, 3],
    ],
    [{ a: 1 }, { a: '1' }],
    [{ a: 1, b: { c: 2 } }, { a: 1 }],
    [new Date(5), new Date(5)],
    [new Date(NaN), new Date(NaN)],
    [/a/g, /a/g],
    [/a/g, /a/i],
    [new Map([[{}, 1]]), new Map([[{}, 1]])],
    [new Set([1, 2, 3]), new Set([3, 1])],
    [new Set([[1], [2]]), new Set([[2], [1]])],
    [new Error('a'), new Error('a')],
    [new Error('a'), new Error('b')],
    [new Error('a', { cause: 1 }), new Error('a', { cause: 2 })],
    [new Uint8Array([1]), Buffer.from([1])],
    [new Uint8Array([1]), new Uint8Array([1])],
    [new Float32Array([0]), new Float32Array([-0])],
    [Object(1), Object(1)],
    [Object(1n), Object(2n)],
    [Symbol.iterator, Symbol.iterator],
    [Object.create(null), {}],
    [[], {}],
    [{ [Symbol.for('a')]: 1 }, { [Symbol.for('a')]: 2 }],
    [new WeakMap(), new WeakMap()],
    [new URL('http://a/b'), new URL('http://a/b')],
    ['abcdef', 'abc'],
    [
      [1, 2, 3, 4],
      [2, 4],
    ],
    [
      [1, 2],
      [2, 1],
    ],
  ];
  const circular = () => {
    const one = { a: 1 };
    one.self = one;
    return one;
  };
  pairs.push([circular(), circular()]);
  for (const name of [
    ...['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual'],
    ...['deepStrictEqual', 'notDeepStrictEqual', 'partialDeepStrictEqual'],
  ])
    for (const [a, b] of pairs)
      fact(
        `${name} ${shown(a)} ${shown(b)}`,
        outcome(() => assert[name](a, b)),
      );
});

program('messages', (fact) => {
  const own = new TypeError('own');
  for (const message of ['text', '', own, undefined, null, 5, {}, Symbol('s')])
    for (const name of ['equal', 'strictEqual', 'deepStrictEqual', 'notStrictEqual'])
      fact(
        `${name} ${shown(message)}`,
        outcome(() => assert[name](1, name.startsWith('not') ? 1 : 2, message)),
      );
  for (const message of ['text', own, undefined, null, 5])
    fact(
      `ok ${shown(message)}`,
      outcome(() => assert.ok(0, message)),
    );
  fact(
    'a function',
    outcome(() => assert.strictEqual(1, 2, (a, b) => `${a} and ${b}`)),
  );
  fact(
    'like printf',
    outcome(() => assert.strictEqual(1, 2, 'got %s of %d', 'x', 5)),
    outcome(() => assert.ok(false, '%s', 'x')),
    outcome(() => assert.strictEqual(1, 2, 'only %s')),
  );
  for (const name of ['equal', 'strictEqual', 'deepEqual', 'notEqual', 'partialDeepStrictEqual'])
    fact.of(`${name} of one`, () => assert[name](1));
  for (const args of [[], ['text'], [own], [undefined], [5]])
    fact(
      `fail ${shown(args)}`,
      outcome(() => assert.fail(...args)),
    );
  for (const value of [null, undefined, 0, '', 'text', own, false])
    fact(
      `ifError ${shown(value)}`,
      outcome(() => assert.ifError(value)),
    );
});

program('throws() and doesNotThrow()', async (fact) => {
  class Special extends Error {}
  const throwing = (error) => () => {
    throw error;
  };
  const error = Object.assign(new Special('a message'), { code: 'CODE', n: 5 });
  for (const [label, expected] of Object.entries({
    none: undefined,
    class: Special,
    parent: Error,
    other: TypeError,
    text: 'text',
    regexp: /message/,
    'other regexp': /nope/,
    object: { message: 'a message', code: 'CODE' },
    'object of regexps': { message: /^a/, n: 5 },
    'other object': { code: 'OTHER' },
    'empty object': {},
    error: new Special('a message'),
    validator: () => true,
    'false validator': () => false,
    number: 5,
    null: null,
  })) {
    fact(
      label,
      outcome(() => assert.throws(throwing(error), expected)),
    );
    fact(
      `${label} of nothing`,
      outcome(() => assert.throws(() => {}, expected, 'own words')),
    );
    fact(
      `${label} not`,
      outcome(() => assert.doesNotThrow(throwing(error), expected)),
    );
    const rejected = await assert.rejects(Promise.reject(error), expected).then(
      (value) => String(value),
      (problem) => [problem.name, problem.code, problem.operator].join(' | '),
    );
    fact(`${label} rejects`, rejected);
  }
  fact(
    'the same message',
    outcome(() => assert.throws(throwing(new Error('x')), 'x')),
  );
  for (const value of [undefined, null, 5, 'text'])
    fact(
      `thrown ${value}`,
      outcome(() => assert.throws(throwing(value))),
    );
  for (const bad of [undefined, 5, 'x', {}]) {
    fact.of(`throws ${shown(bad)}`, () => assert.throws(bad));
    await assert.rejects(bad).catch((problem) => fact(`rejects ${shown(bad)}`, problem.code));
  }
  await assert.rejects(() => 5).catch((problem) => fact('no promise', problem.code));
  await assert.rejects(async () => 5).catch((problem) => fact('no rejection', problem.message));
  await assert
    .doesNotReject(Promise.reject(error))
    .catch((problem) => fact('rejection', problem.operator, problem.code));
});

program('match() and the rest', (fact) => {
  for (const args of [
    ['abc', /b/],
    ['abc', /x/],
    ['abc', /x/, 'own words'],
    [5, /5/],
    ['abc', 'b'],
    [undefined, /x/],
  ]) {
    fact(
      `match ${shown(args)}`,
      outcome(() => assert.match(...args)),
    );
    fact(
      `doesNotMatch ${shown(args)}`,
      outcome(() => assert.doesNotMatch(...args)),
    );
  }
  const failed = new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' });
  fact('AssertionError', failed.name, failed.code, failed.generatedMessage, failed.operator);
  fact('with a message', new assert.AssertionError({ message: 'mine' }));
  for (const bad of [undefined, null, 5, 'x'])
    fact.of(`AssertionError ${bad}`, () => new assert.AssertionError(bad));
  fact(
    'strict',
    assert.strict.equal === assert.strictEqual,
    assert.strict.strict === assert.strict,
  );
  fact('modules', require('assert/strict') === assert.strict);
  fact(
    'called',
    outcome(() => assert(0, 'text')),
    outcome(() => assert(1)),
  );
});

program('messages of long values', (fact) => {
  const numbers = (count) => Array.from({ length: count }, (_, i) => i);
  const lines = (count) => numbers(count).join('\n');
  const pairs = {
    changed: [numbers(60), numbers(60).with(30, 'x')],
    'changed twice': [numbers(60), numbers(60).with(10, 'x').with(19, 'y')],
    'close changes': [numbers(60), numbers(60).with(10, 'x').with(18, 'y')],
    lines: [lines(40), `${lines(20)}\n${lines(20)}`],
    'two functions': [() => {}, () => {}],
    URLs: [new URL('http://a'), new URL('http://b')],
    dates: [new Date(0), new Date(1)],
    many: [numbers(300), numbers(299)],
    texts: ['a'.repeat(700), 'b'.repeat(700)],
  };
  const names = 'equal strictEqual deepEqual notDeepEqual deepStrictEqual partialDeepStrictEqual';
  for (const [label, [one, two]] of Object.entries(pairs))
    for (const name of names.split(' '))
      fact(
        `${name} ${label}`,
        outcome(() => assert[name](one, two)),
      );
  for (const name of ['notEqual', 'notStrictEqual', 'notDeepEqual', 'notDeepStrictEqual'])
    fact(
      `${name} of one`,
      outcome(() => assert[name](pairs.many[0], pairs.many[0])),
    );
});

program('Assert', (fact) => {
  class A {
    x = 1;
  }
  const list = Array.from({ length: 60 }, (_, i) => i);
  for (const options of [
    undefined,
    {},
    { diff: 'full' },
    { diff: 'none' },
    { strict: false },
    { skipPrototype: true },
  ]) {
    const label = JSON.stringify(options);
    const made = fact.of(
      `new ${label}`,
      () => new assert.Assert(options),
      (one) => Object.keys(one),
    );
    if (made === undefined) continue;
    fact(
      label,
      outcome(() => made.equal(1, '1')),
      outcome(() => made.deepEqual(new A(), { x: 1 })),
      outcome(() => made.deepStrictEqual(list, list.with(30, 'x'))),
    );
  }
  fact.of('without new', () => assert.Assert());
  const { strictEqual } = new assert.Assert({ diff: 'full' });
  fact(
    'taken out',
    outcome(() => strictEqual(1, 2)),
  );
  fact('shared', new assert.Assert().ok === assert.ok, assert.strict.Assert === assert.Assert);
});
