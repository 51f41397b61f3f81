'use strict';
// What takes time in modules that do not load perf_hooks, for its observers.

/** begin(type) of perf_hooks, once that is loaded. */
const hooks = { begin: undefined };

/**
 * Begins an entry.
 * @param {string} type
 * @returns {((name: string, detail: object) => void) | undefined} ends it; undefined if nobody
 *   observes the type
 */
const measure = (type) => hooks.begin?.(type);

module.exports = { hooks, measure };
