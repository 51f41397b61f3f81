'use strict';
// What a run of tests tells: a stream of events in the order in which the tests are written, which
// reporters read (https://nodejs.org/api/test.html#class-testsstream).
const { Readable } = require('stream');

/** The events of a run, as objects of type and data, and by their names. */
class TestsStream extends Readable {
  constructor() {
    super({ objectMode: true, highWaterMark: Number.MAX_SAFE_INTEGER, read() {} });
  }
  _tell(type, data) {
    this.emit(type, data);
    this.push({ __proto__: null, type, data });
  }
  _end() {
    this.push(null);
  }
}
for (const name of ['_tell', '_end'])
  Object.defineProperty(TestsStream.prototype, name, { enumerable: false });

// Those that are told when they happen, whatever is still to be told of the tests before.
const AT_ONCE = new Set(['test:enqueue', 'test:dequeue', 'test:complete']);

/**
 * Tells an event of a test. One that is not its turn yet waits until all before it are told.
 * @param {import('internal/test/node').Node} node
 * @param {string} type
 * @param {object} data
 */
function tell(node, type, data) {
  if (node.live || AT_ONCE.has(type)) node.root.stream._tell(type, data);
  else node.waiting.push([type, data]);
}

/** Has a test tell what waits, and its subtests what they do when it is their turn. */
function enliven(node) {
  node.live = true;
  for (const [type, data] of node.waiting.splice(0)) node.root.stream._tell(type, data);
  advance(node);
}

/** Lets those of a test's subtests that are next tell. */
function advance(node) {
  while (node.live && node.turn < node.children.length) {
    const child = node.children[node.turn];
    if (!child.live) enliven(child);
    if (!child.told) return;
    node.turn++;
  }
}

module.exports = { TestsStream, advance, enliven, tell };
