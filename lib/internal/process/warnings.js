'use strict';
// process.emitWarning(), and how warnings are printed.
// docs: https://nodejs.org/api/process.html#processemitwarningwarning-options
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');
const { flag } = require('internal/process/flags');

function isSilenced(warning) {
  if (require('internal/base/environment').own('NODE_NO_WARNINGS') === '1' || flag('no-warnings'))
    return true;
  const disabled = flag('disable-warning') ?? [];
  return disabled.includes(warning.name) || (warning.code && disabled.includes(warning.code));
}

/** Appends a warning to the file that --redirect-warnings or NODE_REDIRECT_WARNINGS names. */
function redirected(text) {
  const file =
    flag('redirect-warnings')?.at(-1) ||
    require('internal/base/environment').own('NODE_REDIRECT_WARNINGS');
  if (!file) return false;
  try {
    require('fs').appendFileSync(file, `${text}\n`);
    return true;
  } catch {
    return false; // it is shown then
  }
}

/** The line of the program's first call in a warning's stack; '' if there is none. */
function placeOf({ stack }) {
  if (typeof stack !== 'string') return '';
  const isOfProgram = (line) =>
    line.startsWith('    at ') && /[(\s]\/[^()]+:\d+:\d+\)?$/.test(line);
  const line = stack.split('\n').find((one) => isOfProgram(one) && !one.includes('/node_modules/'));
  return line === undefined ? '' : `\n${line}`;
}

function print(warning) {
  const deprecation = warning.name === 'DeprecationWarning';
  if (deprecation && process.noDeprecation) return;
  if (isSilenced(warning)) return;
  const head = `(${process.release.name}:${process.pid}) ${warning.code ? `[${warning.code}] ` : ''}`;
  const trace = process.traceProcessWarnings || (deprecation && process.traceDeprecation);
  let text = `${head}${warning.name}: ${warning.message}`;
  if (trace && warning.stack) text = `${head}${warning.stack}`;
  else text += placeOf(warning);
  if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
  if (!redirected(text)) require('internal/process/stdio').writeSync(2, `${text}\n`);
}

/** The forms (warning[, options]) and (warning[, type[, code]][, ctor]), sorted. */
function sort(type, code, ctor) {
  let detail;
  if (type !== null && typeof type === 'object' && !Array.isArray(type)) {
    ({ ctor, code, detail } = type);
    if (typeof detail !== 'string') detail = undefined;
    type = type.type || 'Warning';
  } else if (typeof type === 'function') [ctor, code, type] = [type, '', 'Warning'];
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') [ctor, code] = [code, ''];
  else if (code !== undefined) validateString(code, 'code');
  return { type, code, ctor, detail };
}

/**
 * @param {string|Error} warning
 * @param {string|{type?: string, code?: string, detail?: string, ctor?: Function}} [type]
 * @param {string} [code]
 * @param {Function} [ctor] above which the stack begins
 */
function emitWarning(warning, ...how) {
  if (how[0] === 'DeprecationWarning' && process.noDeprecation) return;
  const { type, code, ctor, detail } = sort(...how);
  if (typeof warning === 'string') {
    const made = new Error(warning);
    made.name = String(type || 'Warning');
    if (code) made.code = code;
    if (detail) made.detail = detail;
    Error.captureStackTrace?.(made, ctor || emitWarning);
    warning = made;
  } else if (!(warning instanceof Error))
    throw new codes.ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) return;
    if (process.throwDeprecation) {
      process.nextTick(() => {
        throw warning;
      });
      return;
    }
  }
  process.nextTick(() => {
    print(warning);
    process.emit('warning', warning);
  });
}

const warned = new Set();

/** Warns of a deprecated use, once for each code. */
function deprecated(code, message) {
  if (warned.has(code) || process.noDeprecation) return;
  warned.add(code);
  process.emitWarning(message, 'DeprecationWarning', code);
}

module.exports = { deprecated, emitWarning };
