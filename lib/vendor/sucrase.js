exports.transform = require('sucrase').transform;
exports.parse = require('sucrase/dist/parser/index.js').parse;
