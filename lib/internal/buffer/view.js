'use strict';
// FastBuffer, complete: `new FastBuffer(arrayBuffer, offset, length)` is the quick way to make a
// Buffer on memory that is already there (about 35 ns in compiled code).
require('buffer');

module.exports = require('internal/buffer/fast_buffer');
