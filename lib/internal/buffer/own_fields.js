'use strict';

/** What inspect() shows of a Buffer's own properties that are no bytes. */
module.exports = function ownFields(buffer, context) {
  const fields = {};
  for (const key of Reflect.ownKeys(buffer).slice(buffer.length))
    if (Object.prototype.propertyIsEnumerable.call(buffer, key)) fields[key] = buffer[key];
  if (Reflect.ownKeys(fields).length === 0) return '';
  const { inspect } = require('internal/inspect/inspect');
  const text = inspect(fields, { ...context, breakLength: Infinity, compact: true });
  return `${buffer.length > 0 ? ', ' : ''}${text.slice(2, -2)}`;
};
