'use strict';
// inspect() of primitives.
const { quote, numberText, bigintText } = require('internal/inspect/text');

function formatPrimitive(context, value) {
  const { stylize } = context;
  switch (typeof value) {
    case 'string':
      return formatString(context, value);
    case 'number':
      return stylize(numberText(value, context.numericSeparator), 'number');
    case 'bigint':
      return stylize(bigintText(value, context.numericSeparator), 'bigint');
    case 'boolean':
      return stylize(`${value}`, 'boolean');
    case 'undefined':
      return stylize('undefined', 'undefined');
    default:
      return stylize(symbolText(value), 'symbol');
  }
}

const symbolText = (symbol) => Symbol.prototype.toString.call(symbol);

function more(count, what) {
  return `... ${count} more ${what}${count > 1 ? 's' : ''}`;
}

function formatString(context, value) {
  let trailer = '';
  if (value.length > context.maxStringLength) {
    trailer = more(value.length - context.maxStringLength, 'character');
    value = value.slice(0, context.maxStringLength);
  }
  const { stylize } = context;
  if (
    context.compact !== true &&
    value.length > 16 &&
    value.length > context.breakLength - context.indentation - 4
  ) {
    const lines = value.split(/(?<=\n)/).map((line) => stylize(quote(line), 'string'));
    return lines.join(` +\n${' '.repeat(context.indentation + 2)}`) + trailer;
  }
  return stylize(quote(value), 'string') + trailer;
}

module.exports = { formatPrimitive, symbolText, more };
