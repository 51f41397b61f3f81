'use strict';
// Programs that print facts, to be the same in Node and in sluice (run.py compares them):
//
//   program('a name', async (fact, t) => { fact('address', server.address().family); });
//
// They run one after another. What is not the same in two runs (ports, times, paths) is no fact.
// fact(label, ...values) prints one line; t.after(fn) runs fn when the program has ended, last one
// first; an uncaught error is a fact. A program that runs longer than ten seconds is ended.
const LIMIT_MS = 10000;

const queue = [];
let current = null;

function describeObject(value, depth) {
  if (value instanceof Error) {
    const code = value.code === undefined ? '' : ` [${value.code}]`;
    return `${value.name}${code}: ${value.message}`;
  }
  if (Buffer.isBuffer(value)) return `Buffer ${JSON.stringify(value.toString('latin1'))}`;
  if (depth > 4) return '…';
  if (Array.isArray(value)) return `[${value.map((one) => describe(one, depth + 1)).join(', ')}]`;
  const name = value.constructor?.name ?? 'null';
  const pairs = Object.keys(value).map((key) => `${key}: ${describe(value[key], depth + 1)}`);
  return `${name === 'Object' ? '' : `${name} `}{${pairs.join(', ')}}`;
}

/** One line of text for a value, in the same words whatever the runtime's util.inspect() says. */
function describe(value, depth = 0) {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  return describeObject(value, depth);
}

// The working directory is another one in every place.
const print = (line) =>
  process.stdout.write(`${line.replaceAll(process.cwd(), '.').replace(/\n/g, '\\n')}\n`);
const fact = (label, ...values) => print([label, ...values.map((one) => describe(one))].join(' '));

/**
 * The outcome of a call as a fact: what it returns, or its error.
 * @param {string} label
 * @param {() => unknown} run
 * @param {(result: any) => unknown} [pick]  what of the result is a fact; by default all
 */
fact.of = (label, run, pick = (result) => result) => {
  let result;
  try {
    result = run();
  } catch (error) {
    fact(label, 'throws', error);
    return undefined;
  }
  fact(label, pick(result));
  return result;
};

/**
 * Prints each of these events of an emitter when it comes.
 * @param {string} label
 * @param {import('events')} emitter
 * @param {string[]} names
 * @param {(name: string, args: any[]) => any[]} [pick]  what of the arguments are facts; by default
 *   all errors, booleans, numbers and strings
 */
fact.events = (label, emitter, names, pick = (_name, args) => args.filter(isPlain)) => {
  for (const name of names)
    emitter.on(name, (...args) => fact(`${label}: ${name}`, ...pick(name, args)));
};
const isPlain = (one) =>
  one instanceof Error || one === null || (typeof one !== 'object' && typeof one !== 'function');

async function runOne({ name, run }) {
  const after = [];
  const { promise, resolve } = Promise.withResolvers();
  current = { fail: (error) => resolve(fact('uncaught', error)) };
  const watchdog = setTimeout(() => resolve(fact('never ended')), LIMIT_MS);
  print(`# ${name}`);
  const ended = new Promise((done) => done(run(fact, { after: (fn) => after.push(fn) })));
  ended.then(resolve, current.fail);
  await promise;
  clearTimeout(watchdog);
  current.fail = () => {};
  for (const fn of after.reverse()) await fn();
}

async function runAll() {
  for (const one of queue) if (one.name.includes(process.argv[2] ?? '')) await runOne(one);
  process.stdout.write('', () => process.exit(0));
}

/**
 * Adds a program to the file's.
 * @param {string} name
 * @param {(fact: Function, t: {after(fn: () => unknown): void}) => unknown} run
 */
function program(name, run) {
  if (queue.push({ name, run }) > 1) return;
  setImmediate(runAll);
  process.on('uncaughtException', (error) => current.fail(error));
}

/** @returns {Promise<any>} the first argument of the emitter's next event of this name */
const event = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));

/** Resolves after some time, where nothing tells that no more comes. */
const soon = (ms = 40) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves after some turns of the loop. */
const turns = async (count = 5) => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

/**
 * A function (label, run) that prints what run() resolves with, or its error; of a stream only that it
 * is one.
 */
const trying = (fact) => async (label, run) => {
  try {
    const value = await run();
    fact(label, value instanceof require('stream').Stream ? 'a stream' : value);
  } catch (error) {
    fact(label, 'throws', error);
  }
};

module.exports = { program, event, describe, soon, trying, turns };
