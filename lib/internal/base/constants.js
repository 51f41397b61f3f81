'use strict';
// Numbers of the operating system, from its headers (binding 'os').
const table = binding('os');

/** errno value → name. */
const errnoNames = new Map();
for (const [name, value] of Object.entries(table.errno))
  if (!errnoNames.has(value)) errnoNames.set(value, name);

// Of libuv alone: what getaddrinfo(3) and Node's streams tell.
const OF_LIBUV = {
  EAI_ADDRFAMILY: 3000,
  EAI_AGAIN: 3001,
  EAI_BADFLAGS: 3002,
  EAI_CANCELED: 3003,
  EAI_FAIL: 3004,
  EAI_FAMILY: 3005,
  EAI_MEMORY: 3006,
  EAI_NODATA: 3007,
  EAI_NONAME: 3008,
  EAI_OVERFLOW: 3009,
  EAI_SERVICE: 3010,
  EAI_SOCKTYPE: 3011,
  EAI_BADHINTS: 3013,
  EAI_PROTOCOL: 3014,
  EFTYPE: 4028,
  ECHARSET: 4080,
  UNKNOWN: 4094,
  EOF: 4095,
};
for (const [name, value] of Object.entries(OF_LIBUV)) errnoNames.set(value, name);

module.exports = { errno: table.errno, signals: table.signals, errnoNames };
