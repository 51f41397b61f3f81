'use strict';
// performance.nodeTiming: when the process began, and when its program did.
const { PerformanceEntry, now, token } = require('internal/perf_hooks/entries');
const runtime = binding('runtime');

class PerformanceNodeTiming extends PerformanceEntry {
  constructor() {
    super(token, 'node', 'node', 0, 0);
    const began = process._started - runtime.startedAt;
    const define = (name, get) =>
      Object.defineProperty(this, name, { get, enumerable: true, configurable: true });
    define('nodeStart', () => 0);
    define('v8Start', () => 0);
    define('environment', () => began);
    define('bootstrapComplete', () => began);
    // The loop turns from when the program's file ran; that it did not end yet is -1.
    define('loopStart', () => (binding('metrics').busy() > 0 ? began : -1));
    define('loopExit', () => -1);
    define('idleTime', () => Math.max(now() - binding('metrics').busy() * 1e3, 0));
  }
  get duration() {
    return now();
  }
  toJSON() {
    return { ...super.toJSON(), ...this };
  }
}

module.exports = new PerformanceNodeTiming();
