'use strict';
/** What net.setDefaultAutoSelectFamily() and its sister set; times in ms. */
module.exports = { autoSelectFamily: true, attemptTimeout: 500 };
