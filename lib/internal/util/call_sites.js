'use strict';
// util.getCallSites(): the calls that there are, as objects.
const { NativeError } = require('internal/errors/classes');
const { parse, trim } = require('internal/errors/stack');
const { validateBoolean, validateInteger, validateObject } = require('internal/errors/validators');

/**
 * @param {number | object} [frameCount]  how many at most; options stand in its place too
 * @param {{ sourceMap?: boolean }} [options]  lines are those of the files in any case
 */
function getCallSites(frameCount = 10, options = undefined) {
  if (options === undefined && typeof frameCount === 'object')
    [frameCount, options] = [10, frameCount];
  if (options !== undefined) validateObject(options, 'options');
  if (options?.sourceMap !== undefined) validateBoolean(options.sourceMap, 'options.sourceMap');
  validateInteger(frameCount, 'frameCount', 1, 200);
  const { stackTraceLimit } = NativeError;
  Reflect.set(NativeError, 'stackTraceLimit', frameCount + 1);
  const raw = new NativeError().stack ?? '';
  Reflect.set(NativeError, 'stackTraceLimit', stackTraceLimit);
  return trim(parse(raw).slice(1)).map(({ name, file, line, column }) => ({
    __proto__: null,
    functionName: name,
    scriptId: '0',
    scriptName: file,
    lineNumber: line,
    columnNumber: column,
    column,
  }));
}

module.exports = { getCallSites };
