'use strict';
// The module node:test/reporters (https://nodejs.org/api/test.html#test-reporters).
const { defineLazy } = require('internal/base/lazy');

defineLazy(module.exports, 'internal/test/tap', ['dot', 'junit', 'tap'], true);
defineLazy(module.exports, 'internal/test/spec', ['spec'], true);
