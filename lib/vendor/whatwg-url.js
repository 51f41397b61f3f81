module.exports = require('whatwg-url/lib/url-state-machine');
