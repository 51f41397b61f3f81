'use strict';
// What an AssertionError says: the two values, and where they differ.
const { inspect } = require('internal/inspect/inspect');

/** An error without its stack, which is never the same for two. */
function withoutStack(error) {
  const copy = Object.create(Object.getPrototypeOf(error));
  for (const key of Reflect.ownKeys(error)) {
    if (key === 'stack' || key === 'line' || key === 'column' || key === 'sourceURL') continue;
    Object.defineProperty(copy, key, Object.getOwnPropertyDescriptor(error, key));
  }
  return copy;
}

function show(value) {
  if (Error.isError(value)) value = withoutStack(value);
  return inspect(value, {
    compact: false,
    customInspect: false,
    depth: 1000,
    maxArrayLength: Infinity,
    breakLength: 80,
    sorted: true,
    getters: true,
  });
}

const headings = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notDeepEqualValues: 'Expected values not to be loosely deep-equal:',
  notIdentical: 'Values have same structure but are not reference-equal:',
};

const SHORT = 12; // characters of both values that fit into `1 !== 2`
const LINE = 80;
const MOST_LINES = 50;
const MOST_CHARACTERS = 512; // of a value in the message of a loose comparison
const MOST_CELLS = 4e6; // of the table that aligns two texts
const EQUAL_LINES = 5; // that are shown of many, after what differs

const isObject = (value) => typeof value === 'object' && value !== null;
const isPrimitive = (value) =>
  (typeof value !== 'object' && typeof value !== 'function') || value === null;
// The comma after an entry depends on what follows, which is no difference.
const same = (a, b) => a === b || a === `${b},` || b === `${a},`;

/** Aligns two lists of lines: [mark, line] with ' ', '+' (actual only) or '-' (expected only). */
function align(actual, expected) {
  const rows = actual.length;
  const columns = expected.length;
  if ((rows + 1) * (columns + 1) > MOST_CELLS)
    return [...actual.map((line) => ['+', line]), ...expected.map((line) => ['-', line])];
  // lengths[i][j]: the longest common part of what follows actual[i] and expected[j].
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      lengths[i * width + j] = same(actual[i], expected[j])
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  const result = [];
  let i = 0;
  let j = 0;
  while (i < rows || j < columns) {
    if (i < rows && j < columns && same(actual[i], expected[j])) {
      const line = actual[i].length >= expected[j].length ? actual[i] : expected[j];
      result.push([' ', line]);
      i++;
      j++;
    } else if (
      j === columns ||
      (i < rows && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])
    )
      result.push(['+', actual[i++]]);
    else result.push(['-', expected[j++]]);
  }
  return result;
}

/**
 * The aligned lines, without the middle of long equal parts unless all are wanted: [text, whether some were
 * left out]. Of what is equal at the end only the first lines are shown.
 */
function brief(lines, all) {
  const text = [];
  let skipped = false;
  for (let i = 0; i < lines.length;) {
    let end = i;
    while (end < lines.length && lines[end][0] === ' ') end++;
    const equal = lines.slice(i, end);
    const isLast = end === lines.length;
    if (all || equal.length <= (isLast ? EQUAL_LINES : EQUAL_LINES + 2)) text.push(...equal);
    else {
      text.push(...equal.slice(0, EQUAL_LINES));
      if (!isLast) text.push(['...'], equal.at(-1));
      skipped ||= !isLast;
    }
    for (i = end; i < lines.length && lines[i][0] !== ' '; i++) text.push(lines[i]);
  }
  return [text.map((line) => line.join(' ')).join('\n'), skipped];
}

function indicator(actual, expected) {
  if (actual.length + expected.length >= LINE) return '';
  let i = 0;
  while (i < actual.length && actual[i] === expected[i]) i++;
  if (i === actual.length && i === expected.length) return '';
  return i > 2 ? `\n  ${' '.repeat(i)}^` : '';
}

function difference(actual, expected, operator, diff) {
  let kind = operator;
  if (
    operator === 'strictEqual' &&
    ((typeof actual === 'object' &&
      actual !== null &&
      typeof expected === 'object' &&
      expected !== null) ||
      (typeof actual === 'function' && typeof expected === 'function'))
  )
    kind = 'strictEqualObject';
  const one = show(actual);
  const two = show(expected);
  const oneLine = !one.includes('\n') && !two.includes('\n');
  // Of what is no object there is one line of each, also where both are the same.
  const isSimple = oneLine && !(isObject(actual) && isObject(expected));
  if (
    isSimple &&
    one !== two &&
    one.length + two.length <= SHORT &&
    (actual !== 0 || expected !== 0)
  )
    return `${headings[kind]}\n\n${one} !== ${two}\n`;
  if (one === two && !isSimple) return `${headings.notIdentical}\n\n${limit(one.split('\n'))}\n`;
  const lines = isSimple
    ? [
        ['+', one],
        ['-', two],
      ]
    : align(one.split('\n'), two.split('\n'));
  const [text, skipped] = brief(lines, diff === 'full');
  const mark = isSimple ? indicator(one, two) : '';
  return `${headings[kind]}\n+ actual - expected${skipped ? '\n... Skipped lines' : ''}\n\n${text}${mark}\n`;
}

function limit(lines) {
  if (lines.length <= MOST_LINES) return lines.join('\n');
  return [...lines.slice(0, MOST_LINES - 3), '...'].join('\n');
}

const shorten = (text) =>
  text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 3)}...` : text;

function unequal(actual, operator) {
  let heading = headings[operator];
  if (operator === 'notStrictEqual' && !isPrimitive(actual))
    heading = headings.notStrictEqualObject;
  const lines = show(actual).split('\n');
  const most = MOST_LINES - 4;
  const text =
    lines.length > MOST_LINES ? [...lines.slice(0, most), '...'].join('\n') : lines.join('\n');
  if (!text.includes('\n')) return `${heading}${text.length > 5 ? '\n\n' : ' '}${text}`;
  return `${heading}\n\n${text}\n`;
}

/**
 * The message of a comparison that failed.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} operator
 * @param {'simple' | 'full'} diff  whether it has all of long values
 */
function comparisonMessage(actual, expected, operator, diff) {
  if (/^(?:partialDeepStrict|deepStrict|strict)Equal$/.test(operator))
    return difference(actual, expected, operator, diff);
  if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual')
    return unequal(actual, operator);
  const one = shorten(show(actual));
  const two = shorten(show(expected));
  if (operator === 'deepEqual')
    return `${headings.deepEqual}\n\n${one}\n\nshould loosely deep-equal\n\n${two}`;
  if (operator === 'notDeepEqual')
    return one === two
      ? `${headings.notDeepEqual}\n\n${show(actual)}`
      : `${headings.notDeepEqualValues}\n\n${one}\n\nshould not loosely deep-equal\n\n${two}`;
  return `${one} ${operator} ${two}`;
}

// ---- The text of assert(...)

/** The end of the call whose '(' is at start; -1 if it is not found. */
function endOfCall(source, start) {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    const c = source[i];
    if (c === '"' || c === "'" || c === '`') {
      for (i++; i < source.length && source[i] !== c; i++) if (source[i] === '\\') i++;
    } else if (c === '/' && source[i + 1] === '/') {
      while (i < source.length && source[i] !== '\n') i++;
    } else if (c === '/' && source[i + 1] === '*') {
      i = source.indexOf('*/', i + 2) + 1;
      if (i === 0) return -1;
    } else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * The source text of the call that called above; '' if it cannot be had.
 * @param {Function} above
 */
function callText(above) {
  try {
    const holder = {};
    Error.captureStackTrace(holder, above);
    const frame = /^ {4}at (?:.* \()?(\/[^()]*):(\d+):(\d+)\)?$/.exec(holder.stack.split('\n')[1]);
    if (frame === null) return '';
    const lines = binding('module').readFile(frame[1]).split('\n');
    const line = Number(frame[2]) - 1;
    // The engine's column is that of the parenthesis.
    const column = Number(frame[3]) - 1;
    if (lines[line][column] !== '(') return '';
    // A call in tail position leaves no frame, and the one below it is another call.
    const callee = /(?:[\w$.]+\.)?(?:assert|ok|strict)$/.exec(lines[line].slice(0, column));
    if (callee === null) return '';
    const source = lines.slice(line, line + 20).join('\n');
    const end = endOfCall(source, column);
    if (end < 0) return '';
    const indent = ' '.repeat(callee.index);
    return source.slice(callee.index, end).replaceAll(`\n${indent}`, '\n').replaceAll('\n', '\n  ');
  } catch {
    return '';
  }
}

module.exports = { comparisonMessage, callText };
