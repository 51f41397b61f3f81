'use strict';
// What keeps the process: process.getActiveResourcesInfo() and what packages ask for instead.
const runtime = binding('runtime');
const { shared } = runtime;

// Indices of struct Shared in src/engine/engine.h.
const IMMEDIATES_ALIVE = 2;
const TIMERS_ALIVE = 4;

/** The sockets and servers that are open and keep the process. */
function activeHandles() {
  return require('internal/net/handles')
    .all()
    .filter((one) => !isUnref(one));
}

function isUnref(one) {
  const { kUnref } = require('internal/net/socket_fields');
  return Boolean(one[kUnref]);
}

function nameOf(handle) {
  const net = require('net');
  const isPipe = handle instanceof net.Server ? handle._pipeName : !handle.remoteFamily;
  const kind = handle instanceof net.Server ? 'Server' : 'Socket';
  if (isPipe) return kind === 'Server' ? 'PipeServerWrap' : 'PipeWrap';
  return `TCP${kind}Wrap`;
}

/** A request of the workers each: files, lookups, compression, cryptography. */
function activeRequests() {
  return Array.from({ length: runtime.awaited() }, () => ({}));
}

/** @returns {string[]} the kind of each thing that keeps the process, by Node's names */
function getActiveResourcesInfo() {
  return [
    ...activeRequests().map(() => 'FSReqCallback'),
    ...activeHandles().map(nameOf),
    ...Array(shared[TIMERS_ALIVE]).fill('Timeout'),
    ...Array(shared[IMMEDIATES_ALIVE]).fill('Immediate'),
  ];
}

module.exports = { activeHandles, activeRequests, getActiveResourcesInfo };
