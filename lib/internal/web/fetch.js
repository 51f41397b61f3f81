'use strict';
// fetch() and what belongs to it, WebSocket and EventSource: those of undici, which loads when the
// first of them is used.
module.exports = require('vendor/undici');
