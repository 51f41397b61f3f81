'use strict';
// The options of the command that change how the process behaves (process.execArgv), and what they
// set. src/cli/options.cc tells which of them there are.
const runtime = binding('module');

let values;

/** Every option by its name without dashes in front: its value, '' without one. */
function all() {
  if (values !== undefined) return values;
  values = new Map();
  const words = runtime.execArguments;
  for (const [i, word] of words.entries()) {
    const [, name, attached] = /^--?([^=]+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[i + 1] ?? '';
    const value = attached ?? (next.startsWith('-') ? '' : next);
    const key = name.replaceAll('_', '-');
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return values;
}

/** @returns {string[]|undefined} the values of an option, undefined if it was not given */
const flag = (name) => all().get(name);

/** Sets what the options say; called at the start if there are any. */
function applyFlags() {
  const names = all();
  if (names.has('no-deprecation')) process.noDeprecation = true;
  if (names.has('throw-deprecation')) process.throwDeprecation = true;
  if (names.has('trace-deprecation')) process.traceDeprecation = true;
  if (names.has('trace-warnings')) process.traceProcessWarnings = true;
  if (names.has('title')) process.title = names.get('title').at(-1);
  const limit = Number(names.get('stack-trace-limit')?.at(-1));
  if (Number.isInteger(limit)) Error.stackTraceLimit = limit;
}

/** The last value of an option as a number above 0, else undefined. */
function numberFlag(name) {
  const value = Number(flag(name)?.at(-1));
  return value > 0 ? value : undefined;
}

module.exports = { applyFlags, flag, numberFlag };
