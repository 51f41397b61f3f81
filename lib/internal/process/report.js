'use strict';
// What an uncaught error leaves on standard error. Never throws, whatever the value is.

/** A value's property, or undefined where reading it throws. */
function read(object, name) {
  try {
    return object[name];
  } catch {
    return undefined;
  }
}

function isError(value) {
  try {
    return Error.isError(value) || value instanceof Error;
  } catch {
    return false;
  }
}

/** The file, line and column where an error was made: what the user wrote, if it was in there. */
function placeOf(error) {
  const stack = require('internal/errors/stack');
  const own = Object.getOwnPropertyDescriptor(error, 'line');
  if (typeof own?.value === 'number' && own.enumerable && read(error, 'name') === 'SyntaxError') {
    // Text that does not parse: the stack is the loader's, and the engine tells the line only.
    const file = read(error, 'sourceURL');
    if (typeof file === 'string' && !file.startsWith('node:')) {
      const column = read(error, 'column') ?? 0;
      // Who parses by other means tells the column; the engine's is of what came after.
      const found = /\n {4}at [^\n]*node:/.test(stack.stackOf(error)) && parsedPlace(file);
      return found || { file, line: own.value, column };
    }
  }
  const text = stack.stackOf(error);
  let early; // the module of a binding that was read too early, which is the innermost call
  for (const line of text.split('\n')) {
    const found = /^ {4}at (?:async )?(?:(.*) \()?((?!node:)[^()]+):(\d+):(\d+)\)?$/.exec(line);
    if (found === null) continue;
    const [, name, file, number, column] = found;
    const place = { file, line: Number(number), column: Number(column) };
    if (early === undefined && isBinding(error, name, place)) early = { from: file, name };
    else return { ...place, ...early };
  }
  return undefined;
}

/** Whether a call is the engine's reading of another module's binding. */
const isBinding = (error, name, { line, column }) =>
  name !== undefined &&
  line === 1 &&
  column === 1 &&
  // The second form is that of engines from 2.54 on.
  /^Cannot access (?:uninitialized variable|'.*' before initialization)/.test(
    read(error, 'message'),
  );

/** Where a file does not parse, and why: the engine tells the line only. */
function parsedPlace(file) {
  try {
    const text = sources.get(file) ?? binding('module').readFile(file);
    return require('internal/modules/syntax_error').findPlace(text, file);
  } catch {
    return undefined;
  }
}

const LONGEST_LINE = 500;

/** The text of programs that are no files, by the name that stacks have for them. */
const sources = new Map();

/** The text of a place's line; undefined if its file cannot be read. */
function lineAt(place) {
  try {
    const text = sources.get(place.file) ?? binding('module').readFile(place.file);
    return text.split('\n')[place.line - 1];
  } catch {
    return undefined;
  }
}

/** `file:line`, the line, and a caret under the column; '' if the file cannot be read. */
function excerpt(place, source) {
  if (place === undefined) return '';
  const head = `${place.file}:${place.line}\n`;
  if (source === undefined || source.length > LONGEST_LINE) return head;
  if (place.column < 1 || place.column > source.length + 1) return `${head}${source}\n`;
  // Tabs stay, so that the caret is under its column on every terminal.
  const space = source.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  return `${head}${source}\n${space}^\n`;
}

function attempt(make, fallback) {
  try {
    const text = make();
    return typeof text === 'string' ? text : fallback;
  } catch {
    return fallback;
  }
}

function describe(value) {
  const { inspect } = require('internal/inspect/inspect');
  const colors =
    process.stderr?.isTTY === true &&
    require('internal/base/environment').own('NO_COLOR') === undefined;
  try {
    return inspect(value, { colors });
  } catch {
    // A getter or a custom function of the value threw: without them.
    return attempt(
      () => inspect(value, { customInspect: false, depth: 0 }),
      '<a value that cannot be shown>',
    );
  }
}

/** The excerpt of where a value was thrown that is no error. */
function placeOfThrown(value) {
  const calls = binding('traces').thrown(value).split('\n');
  const found = calls.map((one) => /\) at ((?!node:).+):(\d+)$/.exec(one)).find(Boolean);
  if (!found) return '';
  const place = { file: found[1], line: Number(found[2]), column: 0 };
  return `${excerpt(place, lineAt(place))}\n`;
}

/** The names of methods with their classes, where the files of the calls can be parsed. */
function withMethods(text) {
  if (!/^ {4}at (?:async )?\S+ \(\//m.test(text)) return text;
  const readFile = (file) => sources.get(file) ?? binding('module').readFile(file);
  return require('internal/modules/methods').nameMethods(text, readFile);
}

/** The text that an uncaught error leaves on standard error. */
function textOf(error) {
  if (!isError(error))
    return `${attempt(() => placeOfThrown(error), '')}Uncaught ${attempt(() => describe(error), '<a value that cannot be shown>')}\n`;
  let place;
  let line;
  attempt(() => {
    place = placeOf(error);
    line = place && lineAt(place);
    return '';
  }, '');
  const head = attempt(() => excerpt(place, line), '');
  const plain = attempt(() => describe(error), '<an error that cannot be shown>');
  const body = attempt(() => withMethods(plain), plain);
  const hints = attempt(() => require('internal/errors/hints').hintsFor(error, place, line), '');
  return `${head === '' ? '' : `${head}\n`}${body}\n${hints}`;
}

/** Notes what ends a task that is not the main one, for who started it. */
function note(task, error) {
  let text = 'Error';
  let stack = '';
  try {
    text = String(error);
    if (typeof error?.stack === 'string') ({ stack } = error);
  } catch {
    // whatever it is, it has no text
  }
  task.failed(text, stack);
}

/** Writes a report of the process, if the program wants one of uncaught errors. */
function noteReport(error) {
  const wanted = Object.getOwnPropertyDescriptor(process, 'report')?.value;
  const byOption = require('internal/process/flags').flag('report-uncaught-exception');
  if (wanted === undefined && byOption === undefined) return;
  attempt(() => require('internal/process/diagnostic_report').reportUncaught(error), '');
}

let reporter;

/** Has errors go to report(error) instead: a worker's are told to its parent. */
function setReporter(report) {
  reporter = report;
}

/** Prints an error that ends this task, and notes it. @param {unknown} error */
function reportUncaught(error) {
  if (reporter !== undefined) {
    reporter(error);
    return;
  }
  const runtime = binding('runtime');
  noteReport(error);
  const text = textOf(error);
  if (runtime.isMain) {
    runtime.writeSync(2, text);
    runtime.failed();
    return;
  }
  const task = binding('task');
  note(task, error);
  runtime.writeSync(2, `Task ${task.id} (${task.name}) ends with an uncaught error:\n${text}`);
}

module.exports = { reportUncaught, setReporter, sources };
