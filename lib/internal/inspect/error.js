'use strict';
// inspect() of errors: the stack in Node's form with the class and code in its header.
const { stackOf, header } = require('internal/errors/stack');
const { colors } = require('internal/inspect/text');

function textOf(error) {
  try {
    const { stack } = error;
    if (typeof stack === 'string' && stack !== '') return stackOf(error) || stack;
    if (stack !== undefined && stack !== null && stack !== '') return String(stack);
  } catch {
    // A getter that throws: the header has to do.
  }
  return header(error);
}

/** Shows the class where the stack's header has another name: `Sub [Name]: message`. */
function improve(stack, className, name, tag, prefixOf) {
  let { length } = name;
  const startsSo = stack.startsWith(name) && /^(?::|\n|$)/.test(stack.slice(length, length + 1));
  if (className !== null && !(name.endsWith('Error') && startsSo)) return stack;
  let fallback = 'Error';
  if (className === null) {
    const start =
      /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n\s+at)/.exec(stack) ??
      /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = start?.[1] ?? '';
    length = fallback.length;
    fallback ||= 'Error';
  }
  const prefix = prefixOf(className, tag, fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (prefix.includes(name))
    return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
  return `${prefix} [${name}]${stack.slice(length)}`;
}

/** Where the last lines of frames are those of the cause's stack: [count, index]. */
function commonEnd(frames, causeFrames) {
  for (let i = 0; i < frames.length - 3; i++) {
    const at = causeFrames.indexOf(frames[i]);
    if (at < 0) continue;
    const rest = causeFrames.length - at;
    if (rest <= 3) continue;
    let length = 1;
    const end = Math.min(frames.length - i, rest);
    while (length < end && frames[i + length] === causeFrames[at + length]) length++;
    if (length > 3) return [length, i];
  }
  return [0, 0];
}

function shortened(context, error, lines) {
  let cause;
  try {
    ({ cause } = error);
  } catch {
    return lines;
  }
  if (!Error.isError(cause)) return lines;
  const text = textOf(cause);
  const start = text.indexOf('\n    at');
  if (start < 0) return lines;
  const [count, index] = commonEnd(lines, text.slice(start + 1).split('\n'));
  if (count <= 3) return lines;
  const note = `    ... ${count - 2} lines matching cause stack trace ...`;
  lines.splice(index + 1, count - 2, context.stylize(note, 'undefined'));
  return lines;
}

/** Frames of packages are underlined and built-in ones grey. */
function paint(context, line) {
  if (/\(node:|at node:/.test(line)) return context.stylize(line, 'undefined');
  const [on, off] = colors.underline;
  return line.replace(
    /([/\\]node_modules[/\\])((?:@[^/\\]+[/\\])?[^/\\]+)/g,
    (_, folder, name) => `${folder}\x1b[${on}m${name}\x1b[${off}m`,
  );
}

function removeShownKeys(context, error, keys, stack) {
  if (context.showHidden || keys.length === 0) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index >= 0 && (typeof error[name] !== 'string' || stack.includes(error[name])))
      keys.splice(index, 1);
  }
  // The engine makes these of a text that does not parse enumerable; the report shows them.
  if (!(error instanceof SyntaxError) || typeof error.line !== 'number') return;
  for (const name of ['line', 'sourceURL'])
    if (keys.includes(name)) keys.splice(keys.indexOf(name), 1);
}

/**
 * The text of an error without its properties; adds `cause` and `errors` to keys.
 * @param {object} context
 * @param {object} error
 * @param {(string | symbol)[]} keys
 * @param {string | null} className
 */
function formatError(context, error, keys, className, prefixOf, tag) {
  let name = 'Error';
  let message = '';
  try {
    name = error.name == null ? 'Error' : String(error.name);
    message = error.message;
  } catch {
    // shown without
  }
  let stack = textOf(error);
  removeShownKeys(context, error, keys, stack);
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  const errors = Object.getOwnPropertyDescriptor(error, 'errors')?.value;
  if (Array.isArray(errors) && !keys.includes('errors')) keys.push('errors');
  stack = improve(stack, className, name, tag, prefixOf);
  let from = typeof message === 'string' && message !== '' ? stack.indexOf(message) : -1;
  if (from >= 0) from += message.length;
  const start = stack.indexOf('\n    at', Math.max(from, 0));
  if (start < 0) stack = `[${stack}]`;
  else {
    let lines = shortened(context, error, stack.slice(start + 1).split('\n'));
    if (context.colors) lines = lines.map((line) => paint(context, line));
    stack = `${stack.slice(0, start)}\n${lines.join('\n')}`;
  }
  return context.indentation === 0
    ? stack
    : stack.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
}

module.exports = { formatError };
