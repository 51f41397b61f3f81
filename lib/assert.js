module.exports = require('vendor/assert');
