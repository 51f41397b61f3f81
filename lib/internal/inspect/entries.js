'use strict';
// inspect(): the entries of arrays, typed arrays, buffers, sets and maps.
const { numberText, bigintText } = require('internal/inspect/text');
const { more } = require('internal/inspect/primitive');
const { formatValue, formatProperty } = require('internal/inspect/value');
const { hasOwn } = Object;

function formatArray(context, value, depth) {
  const { length } = value;
  const limit = Math.min(Math.max(0, context.maxArrayLength), length);
  const output = [];
  let index = 0;
  while (index < length && output.length < limit) {
    if (hasOwn(value, index)) {
      output.push(formatProperty(context, value, depth, index, true));
      index++;
      continue;
    }
    const start = index;
    while (index < length && !hasOwn(value, index)) index = nextIndex(value, index);
    const count = index - start;
    output.push(context.stylize(`<${count} empty item${count > 1 ? 's' : ''}>`, 'undefined'));
  }
  if (index < length) output.push(more(length - index, 'item'));
  return output;
}

/** The next index that may be there: sparse arrays can be very long. */
function nextIndex(array, index) {
  if (array.length - index < 1000) return index + 1;
  for (const key of Object.keys(array)) {
    const number = Number(key);
    if (!Number.isInteger(number)) break;
    if (number > index) return number;
  }
  return array.length;
}

function formatTypedArray(context, value, depth) {
  const limit = Math.min(Math.max(0, context.maxArrayLength), value.length);
  const output = [];
  const isBig = typeof value[0] === 'bigint';
  for (let i = 0; i < limit; i++)
    output.push(
      isBig
        ? context.stylize(bigintText(value[i], context.numericSeparator), 'bigint')
        : context.stylize(numberText(value[i], context.numericSeparator), 'number'),
    );
  if (value.length > limit) output.push(more(value.length - limit, 'item'));
  if (context.showHidden) {
    context.indentation += 2;
    for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer'])
      output.push(`[${key}]: ${formatValue(context, value[key], depth, true)}`);
    context.indentation -= 2;
  }
  return output;
}

const REJECTED = 2;

function formatPromise(context, value, depth) {
  const [status, result] = binding('types').promiseState(value);
  if (status === 0) return [context.stylize('<pending>', 'special')];
  context.indentation += 2;
  const text = formatValue(context, result, depth);
  context.indentation -= 2;
  return [status === REJECTED ? `${context.stylize('<rejected>', 'special')} ${text}` : text];
}

function formatArrayBuffer(context, value) {
  if (value.detached) return [context.stylize('(detached)', 'special')];
  const shown = new Uint8Array(
    value,
    0,
    Math.min(Math.max(0, context.maxArrayLength), value.byteLength),
  );
  let text = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rest = value.byteLength - shown.length;
  if (rest > 0) text += ` ${more(rest, 'byte')}`;
  return [`${context.stylize('[Uint8Contents]', 'special')}: <${text}>`];
}

function formatSet(context, value, depth) {
  const output = [];
  const size = sizeOf(Set, value);
  const limit = Math.min(Math.max(0, context.maxArrayLength), size);
  context.indentation += 2;
  for (const item of Set.prototype.values.call(value)) {
    if (output.length >= limit) break;
    output.push(formatValue(context, item, depth));
  }
  if (size > limit) output.push(more(size - limit, 'item'));
  context.indentation -= 2;
  return output;
}

function formatMap(context, value, depth) {
  const output = [];
  const size = sizeOf(Map, value);
  const limit = Math.min(Math.max(0, context.maxArrayLength), size);
  context.indentation += 2;
  for (const [key, item] of Map.prototype.entries.call(value)) {
    if (output.length >= limit) break;
    output.push(`${formatValue(context, key, depth)} => ${formatValue(context, item, depth)}`);
  }
  if (size > limit) output.push(more(size - limit, 'item'));
  context.indentation -= 2;
  return output;
}

const sizeOf = (Class, value) => Reflect.get(Class.prototype, 'size', value);

module.exports = {
  formatArray,
  formatTypedArray,
  formatArrayBuffer,
  formatPromise,
  formatSet,
  formatMap,
  sizeOf,
};
