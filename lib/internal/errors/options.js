'use strict';
// Objects of options whose members are all known: a name that is not is an error, as it would
// otherwise be a setting that silently is none.
const { codes } = require('internal/errors/codes');

/** How many characters must be put in, left out or changed to make one word of another. */
function distance(from, to) {
  let before = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++)
      row[j] = Math.min(
        before[j] + 1,
        row[j - 1] + 1,
        before[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1),
      );
    before = row;
  }
  return before[to.length];
}

/** The known name that a wrong one probably stands for, or undefined. */
function nearest(name, known) {
  const wanted = name.toLowerCase();
  let best;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const one of known) {
    const away = distance(wanted, one.toLowerCase());
    if (away >= least) continue;
    least = away;
    best = one;
  }
  return best;
}

/**
 * Throws ERR_UNKNOWN_OPTION for a member that is set and that nobody knows.
 * @param {object} options
 * @param {string} name  of options, for the error
 * @param {ReadonlySet<string>} known
 * @param {Record<string, string>} [others]  names that people may expect, and what to use instead
 */
function validateMembers(options, name, known, others = {}) {
  for (const member of Object.keys(options)) {
    if (known.has(member) || options[member] === undefined) continue;
    const better = Object.hasOwn(others, member) ? others[member] : nearest(member, known);
    throw new codes.ERR_UNKNOWN_OPTION(`${name}.${member}`, better);
  }
}

module.exports = { validateMembers };
