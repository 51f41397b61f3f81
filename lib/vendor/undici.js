module.exports = require('undici/index-fetch');
