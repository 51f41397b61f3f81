'use strict';
// The entries that stay until they are cleared: marks, measures, and what fetch() took.
const { PerformanceResourceTiming, token } = require('internal/perf_hooks/entries');
const { filter, publish } = require('internal/perf_hooks/observer');

const LIMIT = 250; // of resources, until setResourceTimingBufferSize()

let entries = [];
let limit = LIMIT;
let resources = 0; // how many there are
let later = []; // resources that came when there were as many as there may be
let telling = false;

/** Adds an entry that is none of a resource. */
function keep(entry) {
  entries.push(entry);
  publish(entry);
  return entry;
}

/** Removes the entries of a type, or those of them that have a name. */
function clear(type, name) {
  const before = entries.length;
  entries = entries.filter(
    (one) => one.entryType !== type || (name !== undefined && one.name !== `${name}`),
  );
  if (type === 'resource') resources -= before - entries.length;
}

/** The time of the last mark of a name; undefined if there is none. */
function timeOfMark(name) {
  return entries.findLast((one) => one.entryType === 'mark' && one.name === name)?.startTime;
}

// ---- Resources

function keepResource(entry) {
  entries.push(entry);
  resources++;
}

/** Adds what fetch() took. @param {() => void} tellFull  emits the event of a full buffer */
function addResource(tellFull, timing, url, about) {
  const entry = new PerformanceResourceTiming(token, url, timing, about);
  publish(entry);
  if (resources < limit && !telling) keepResource(entry);
  else {
    later.push(entry);
    if (!telling) setImmediate(tellLater, tellFull);
    telling = true;
  }
  return entry;
}

// Listeners of the event may make room; what has none after it is dropped.
function tellLater(tellFull) {
  while (later.length > 0) {
    const before = later.length;
    if (resources >= limit) tellFull();
    while (later.length > 0 && resources < limit) keepResource(later.shift());
    if (later.length >= before) later = [];
  }
  telling = false;
}

function setLimit(size) {
  limit = size;
}

module.exports = {
  addResource,
  clear,
  entriesOf: (type) => filter(entries, undefined, type),
  find: (name, type) => filter(entries, name, type),
  keep,
  setLimit,
  timeOfMark,
};
