module.exports = require('acorn');
