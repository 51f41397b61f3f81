'use strict';
// The engine's stack traces as programs written for Node expect them. The engine writes lines
// `function@file:line:column` without a header; this makes `Name: message\n    at function (...)`.

const { columnsOf, typedColumnsOf } = require('internal/errors/columns');

/**
 * One call of a stack.
 * @typedef {{ name: string, file: string, line: number, column: number, native: boolean,
 *   waits?: boolean, body?: string }} Frame  waits: it waited for what was called; body: the name in
 *   the frame of its body, if the engine had another one
 */

/** How many characters the loader puts before the first line of a file. */
function headLength(file) {
  // [eval], [stdin], and built-in modules: nothing of theirs is on the first line.
  if (!file.startsWith('/')) return 0;
  return require('internal/modules/source').HEAD.length;
}

/** The column in the file as the user sees it. */
function fileColumn(file, line, column) {
  const columns = columnsOf(file);
  if (columns !== undefined) return columns(line, column) || column;
  if (line !== 1) return column;
  const head = headLength(file);
  return column > head ? column - head : column;
}

/**
 * Where a function waited.
 * @param {string} file
 * @param {string} at  `line:column` of the text without types
 */
function placeAwaited(file, at) {
  const [line, column] = at.split(':').map(Number);
  return { line, column: typedColumnsOf(file)?.(line, column) ?? column, waits: true };
}

/**
 * The lines of files with the head of an async function.
 * @type {Map<string, Set<number>>}
 */
const asyncLines = new Map();

function hasAsync(file, line) {
  let lines = asyncLines.get(file);
  if (lines === undefined) {
    let text = '';
    try {
      text = binding('module').readFile(file);
    } catch {
      // gone since it was loaded
    }
    lines = new Set();
    for (const [index, one] of text.split(/\r\n|[\n\r\u2028\u2029]/).entries())
      if (/\basync\b/.test(one)) lines.add(index + 1);
    asyncLines.set(file, lines);
  }
  return lines.has(line);
}

/**
 * Until an async function waits first, the engine has two frames of it, that of its body above that
 * at its head, where an arrow function has its name. This makes one of them.
 * @param {Frame[]} frames
 */
function mergeHeads(frames) {
  const merged = [];
  for (let i = 0; i < frames.length; i++) {
    const [body, head] = [frames[i], frames[i + 1]];
    const isHead =
      head !== undefined &&
      body.file[0] === '/' &&
      body.file === head.file &&
      (body.name === head.name || body.name === '') &&
      body.line >= head.line &&
      hasAsync(head.file, head.line);
    merged.push(isHead ? { ...body, name: head.name, body: body.name } : body);
    if (isHead) i++;
  }
  return merged;
}

/** What the engine calls code that is no function. */
const NOT_FUNCTIONS = /^(?:global|module) code$/;

/**
 * Parses the engine's text; lines in another form are left out.
 * @param {string} raw
 * @returns {Frame[]}
 */
function parse(raw) {
  const frames = [];
  if (raw === '') return frames;
  for (const text of raw.split('\n')) {
    const at = text.indexOf('@');
    let name = at < 0 ? text : text.slice(0, at);
    const place = at < 0 ? '' : text.slice(at + 1);
    if (name.startsWith('async ')) continue; // newer engines': ours name the await
    if (NOT_FUNCTIONS.test(name)) name = '';
    else if (name === 'eval code') name = 'eval';
    const found = /^(.*):(\d+):(\d+)$/.exec(place);
    if (found === null) {
      frames.push({ name, file: '', line: 0, column: 0, native: place === '[native code]' });
      continue;
    }
    const line = Number(found[2]);
    const column = fileColumn(found[1], line, Number(found[3]));
    frames.push({ name, file: found[1], line, column, native: false });
  }
  return mergeHeads(frames);
}

const isInternal = (frame) => frame.file.startsWith('node:internal/');

/**
 * Removes the frames of the start and of the loop at the bottom, with the native functions that they
 * call, unless nothing else would be left.
 * @param {Frame[]} frames
 * @param {boolean} [all]  whether more frames follow
 */
function trim(frames, all = false) {
  let end = frames.length;
  const belongs = (frame) => isInternal(frame) || (frame.file === '' && end < frames.length);
  while (end > 0 && belongs(frames[end - 1])) end--;
  return end === 0 && !all ? frames : frames.slice(0, end);
}

/** One frame without `at`. @param {Frame} frame */
function formatFrame({ name, file, line, column, waits }) {
  const place = file === '' ? '<anonymous>' : `${file}:${line}:${column}`;
  return (waits ? 'async ' : '') + (name === '' ? place : `${name} (${place})`);
}

/** @param {Frame[]} frames */
function formatFrames(frames) {
  let text = '';
  for (const frame of frames) text += `\n    at ${formatFrame(frame)}`;
  return text;
}

/** Classes whose stack shows the code, `TypeError [ERR_X]: ...`, have this on their prototype. */
const kCodeInHeader = Symbol('code in header');

function showsCode(error) {
  return typeof error.code === 'string' && error[kCodeInHeader] === true;
}

/**
 * `Name: message`, the first line of a stack. Never throws.
 * @param {object} error
 */
function header(error) {
  try {
    let name = error.name;
    name = name === undefined ? 'Error' : String(name);
    if (showsCode(error)) name += ` [${error.code}]`;
    const message = error.message === undefined ? '' : String(error.message);
    if (name === '') return message;
    return message === '' ? name : `${name}: ${message}`;
  } catch {
    return 'Error: <its name or message cannot be read>';
  }
}

/** Whether text is a stack as the engine writes it. */
function isRaw(text) {
  const end = text.indexOf('\n');
  const first = end < 0 ? text : text.slice(0, end);
  return /^[^@]*@(?:\[native code\]|.+:\d+:\d+)?$/.test(first) && !text.includes('\n    at ');
}

/**
 * The stack of an error in Node's form, wherever the error comes from; '' if it has none.
 * @param {object} error
 * @returns {string}
 */
function stackOf(error) {
  const { stack } = error;
  if (typeof stack !== 'string') return '';
  if (stack !== '' && !isRaw(stack)) return stack;
  if (stack === '' && !Object.hasOwn(error, 'line')) return '';
  return header(error) + formatFrames(trim(parse(stack)));
}

/**
 * Gives an error that the engine made, with the engine's form of stack, Node's form.
 * @param {unknown} error
 */
function fixStack(error) {
  if (!Error.isError(error)) return;
  const own = Object.getOwnPropertyDescriptor(error, 'stack');
  if (own === undefined || typeof own.value !== 'string' || !own.configurable) return;
  const value = stackOf(error);
  if (value === own.value || value === '') return;
  Object.defineProperty(error, 'stack', { ...own, value });
}

module.exports = {
  placeAwaited,
  fileColumn,
  parse,
  trim,
  formatFrame,
  formatFrames,
  header,
  isRaw,
  stackOf,
  fixStack,
  kCodeInHeader,
};
