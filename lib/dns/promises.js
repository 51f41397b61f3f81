'use strict';
// dns.promises: the functions of dns that return promises.
const dns = require('dns');

/** Resolves with {address, family}, or with a list of them if options.all. */
function lookup(hostname, options) {
  return new Promise((resolve, reject) => {
    dns.lookup(hostname, options, (error, address, family) => {
      if (error) reject(error);
      else resolve(options?.all ? address : { address, family });
    });
  });
}

module.exports = {
  lookup,
  setDefaultResultOrder: dns.setDefaultResultOrder,
  getDefaultResultOrder: dns.getDefaultResultOrder,
};
