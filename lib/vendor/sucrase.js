exports.transform = require('sucrase').transform;
