'use strict';
// How many tests of a run passed and failed, and what is told of that at its end.
const { performance } = require('perf_hooks');

// Why tests are counted as cancelled, not failed.
const CANCELLED = new Set(['cancelledByParent', 'testAborted', 'testTimeoutFailure']);

class Totals {
  success = true;
  #began = performance.now();
  #counts = {
    __proto__: null,
    tests: 0,
    suites: 0,
    passed: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
    todo: 0,
    topLevel: 0,
  };

  /** Counts a test or suite, by what is told of it. */
  add({ nesting, details, skip, todo }) {
    const counts = this.#counts;
    const { error, type } = details;
    if (nesting === 0) counts.topLevel++;
    if (error !== undefined && !todo && !skip) this.success = false;
    if (type === 'suite') {
      counts.suites++;
      return;
    }
    counts.tests++;
    if (skip) counts.skipped++;
    else if (todo) counts.todo++;
    else if (error === undefined) counts.passed++;
    else if (CANCELLED.has(error.failureType)) counts.cancelled++;
    else counts.failed++;
  }

  /**
   * Tells the events that end a run.
   * @param {(type: string, data: object) => void} tell
   * @param {number} count  tests that are in no other one
   * @param {string[]} before  what is told before the numbers
   */
  end(tell, count, before = []) {
    const counts = this.#counts;
    const duration = Math.round((performance.now() - this.#began) * 1e6) / 1e6;
    tell('test:plan', { __proto__: null, nesting: 0, count });
    for (const message of [
      ...before,
      `tests ${counts.tests}`,
      `suites ${counts.suites}`,
      `pass ${counts.passed}`,
      `fail ${counts.failed}`,
      `cancelled ${counts.cancelled}`,
      `skipped ${counts.skipped}`,
      `todo ${counts.todo}`,
      `duration_ms ${duration}`,
    ])
      tell('test:diagnostic', { __proto__: null, nesting: 0, message, level: 'info' });
    tell('test:summary', {
      __proto__: null,
      success: this.success,
      counts: { ...counts },
      duration_ms: duration,
      file: undefined,
    });
  }
}

module.exports = { Totals };
