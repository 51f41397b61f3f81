module.exports = require('cjs-module-lexer');
