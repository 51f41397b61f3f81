'use strict';
// Numbers of the operating system, from its headers (binding 'os').
const table = binding('os');

/** errno value → name. */
const errnoNames = new Map();
for (const [name, value] of Object.entries(table.errno))
  if (!errnoNames.has(value)) errnoNames.set(value, name);

module.exports = { errno: table.errno, signals: table.signals, errnoNames };
