'use strict';
// util.diff(): the least changes from one list to another (E. Myers, An O(ND) Difference Algorithm
// and Its Variations, 1986).
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');

const DELETED = -1;
const SAME = 0;
const INSERTED = 1;

function check(value, name) {
  if (Array.isArray(value)) value.forEach((one, i) => validateString(one, `${name}[${i}]`));
  else if (typeof value === 'object' && value !== null)
    throw new codes.ERR_INVALID_ARG_TYPE(name, ['string', 'string[]'], value);
  else validateString(value, name);
}

/** How far the paths of each number of changes reach on each diagonal, up to the end of both. */
function findPaths(actual, expected) {
  const most = actual.length + expected.length;
  const reach = new Map([[1, 0]]);
  const traces = [];
  for (let changes = 0; changes <= most; changes++) {
    traces.push(new Map(reach));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const down = isDown(reach, diagonal, changes);
      let x = down ? reach.get(diagonal + 1) : reach.get(diagonal - 1) + 1;
      while (x < actual.length && x - diagonal < expected.length) {
        if (actual[x] !== expected[x - diagonal]) break;
        x++;
      }
      reach.set(diagonal, x);
      if (x >= actual.length && x - diagonal >= expected.length) return traces;
    }
  }
  return traces;
}

/** Whether the furthest path to a diagonal comes from the one above. */
function isDown(reach, diagonal, changes) {
  if (diagonal === -changes) return true;
  return diagonal !== changes && reach.get(diagonal - 1) < reach.get(diagonal + 1);
}

/**
 * @param {string | string[]} actual
 * @param {string | string[]} expected
 * @returns {[-1 | 0 | 1, string][]} what `expected` lacks (1), has more (-1), and what is in both;
 *   none if they are equal
 */
function diff(actual, expected) {
  if (actual === expected) return [];
  check(actual, 'actual');
  check(expected, 'expected');
  const traces = findPaths(actual, expected);
  const found = [];
  let x = actual.length;
  let y = expected.length;
  for (let changes = traces.length - 1; changes >= 0; changes--) {
    const diagonal = x - y;
    const down = isDown(traces[changes], diagonal, changes);
    const from = down ? diagonal + 1 : diagonal - 1;
    const startX = traces[changes].get(from);
    const startY = startX - from;
    while (x > startX && y > startY) {
      found.push([SAME, actual[--x]]);
      y--;
    }
    if (changes === 0) break;
    if (down) found.push([DELETED, expected[--y]]);
    else found.push([INSERTED, actual[--x]]);
  }
  return found.reverse();
}

module.exports = { diff };
