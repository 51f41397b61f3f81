'use strict';
/** What net.setDefaultAutoSelectFamily() and its sister set; times in ms. */
const defaults = { autoSelectFamily: true, attemptTimeout: 500 };

if (process.execArgv.length > 0 || binding('process').ownEnv('NODE_OPTIONS') !== undefined) {
  const { flag, numberFlag } = require('internal/process/flags');
  defaults.autoSelectFamily = flag('no-network-family-autoselection') === undefined;
  defaults.attemptTimeout =
    numberFlag('network-family-autoselection-attempt-timeout') ?? defaults.attemptTimeout;
}

module.exports = defaults;
