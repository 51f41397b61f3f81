'use strict';
// util.styleText().
const { inspect } = require('internal/inspect/inspect');
const { codes } = require('internal/errors/codes');
const {
  validateBoolean,
  validateObject,
  validateOneOf,
  validateString,
} = require('internal/errors/validators');

const HEX = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;
const DEFAULT_COLOR = 39;
// Both end by one sequence: bold inside dim is not the end of dim.
const BOLD_AND_DIM_END = 22;

const sequence = (code) => `\x1b[${code}m`;

/** What begins and ends a style. */
function codesOf(name) {
  if (typeof name === 'string' && name.startsWith('#')) {
    if (!HEX.test(name))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'format',
        name,
        'must be a valid hex color (#RGB or #RRGGBB)',
      );
    const digits = name.length === 4 ? name.slice(1).replace(/./g, '$&$&') : name.slice(1);
    const parts = digits.match(/../g).map((one) => parseInt(one, 16));
    return [`38;2;${parts.join(';')}`, DEFAULT_COLOR];
  }
  const known = Object.getOwnPropertyNames(inspect.colors);
  validateOneOf(name, 'format', known);
  return inspect.colors[name];
}

const isStream = (value) =>
  ['on', 'getReader', 'getWriter'].some((name) => typeof value?.[name] === 'function');

/** Whether colours are for a stream: what FORCE_COLOR says, else what a terminal can. */
function hasColors(stream) {
  const { own } = require('internal/base/environment');
  if (own('FORCE_COLOR') !== undefined)
    return require('tty').WriteStream.prototype.getColorDepth() > 2;
  if (stream?.isTTY !== true) return false;
  return typeof stream.getColorDepth === 'function' ? stream.getColorDepth() > 2 : true;
}

/**
 * Text in colours and styles of inspect.colors, `#RGB` and `#RRGGBB`.
 * @param {string | string[]} format
 * @param {string} text
 * @param {{ validateStream?: boolean, stream?: object }} [options]  unless validateStream is false,
 *   the text stays plain where stream (by default standard output) has no colours
 */
function styleText(format, text, options) {
  validateString(text, 'text');
  if (options !== undefined) validateObject(options, 'options');
  const { validateStream = true, stream = process.stdout } = options ?? {};
  validateBoolean(validateStream, 'options.validateStream');
  if (validateStream && !isStream(stream))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'stream',
      ['ReadableStream', 'WritableStream', 'Stream'],
      stream,
    );
  let open = '';
  let close = '';
  let body = text;
  for (const name of [format].flat()) {
    if (name === 'none') continue;
    const [begin, end] = codesOf(name);
    open += sequence(begin);
    close = sequence(end) + close;
    // What ends this style within the text begins it again.
    const again = end === BOLD_AND_DIM_END ? sequence(end) + sequence(begin) : sequence(begin);
    body = body.replaceAll(sequence(end), (found, at) =>
      at + found.length === body.length ? found : again,
    );
  }
  return validateStream && !hasColors(stream) ? text : `${open}${body}${close}`;
}

module.exports = { styleText };
