'use strict';
// dns.promises: the functions of dns that return promises.
const dns = require('dns');
const { constants } = require('internal/dns/codes');
const { codes } = require('internal/errors/codes');
const { PromisesResolver, promisesFunctions } = require('internal/dns/resolver');

/** Resolves with {address, family}, or with a list of them if options.all; throws on bad arguments. */
function lookup(hostname, options) {
  const { promise, resolve, reject } = Promise.withResolvers();
  dns.lookup(hostname, options, (error, address, family) => {
    if (error) reject(error);
    else resolve(options?.all ? address : { address, family });
  });
  return promise;
}

/** Resolves with {hostname, service}. */
function lookupService(address, port) {
  if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('address', 'port');
  const { promise, resolve, reject } = Promise.withResolvers();
  dns.lookupService(address, port, (error, hostname, service) => {
    if (error) reject(error);
    else resolve({ hostname, service });
  });
  return promise;
}

module.exports = {
  lookup,
  lookupService,
  Resolver: PromisesResolver,
  ...promisesFunctions,
  ...constants,
  setDefaultResultOrder: dns.setDefaultResultOrder,
  getDefaultResultOrder: dns.getDefaultResultOrder,
};
