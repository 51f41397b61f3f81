'use strict';
// net.promises: connections and servers that are waited for. docs/api/net.md
const { connect, listen } = require('internal/net/promises');

module.exports = { connect, listen };
