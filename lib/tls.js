'use strict';
// The module tls: encrypted clients and servers, as Node has them. docs/api/tls.md
const defaults = require('internal/tls/defaults');

module.exports = {
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  getCiphers: defaults.getCiphers,
  /** The algorithms that certificates can be compressed with (RFC 8879): none. */
  getCertificateCompressionAlgorithms: () => [],
  getCACertificates: defaults.getCACertificates,
  setDefaultCACertificates: defaults.setDefaultCACertificates,
  connect: (...args) => require('internal/tls/connect').connect(...args),
  createServer(options, listener) {
    const { Server } = require('internal/tls/server');
    return new Server(options, listener);
  },
};

/** Members that load what they need when they are first asked for. */
const lazy = {
  Server: ['internal/tls/server', 'Server'],
  TLSSocket: ['internal/tls/socket', 'TLSSocket'],
  SecureContext: ['internal/tls/context', 'SecureContext'],
  createSecureContext: ['internal/tls/context', 'createSecureContext'],
  checkServerIdentity: ['internal/tls/identity', 'checkServerIdentity'],
  convertALPNProtocols: ['internal/tls/alpn', 'convertALPNProtocols'],
};
for (const [name, [module_, member]] of Object.entries(lazy)) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => require(module_)[member],
    // Packages and tests replace members.
    set(value) {
      Object.defineProperty(module.exports, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });
}

for (const name of Object.keys(defaults.settings)) {
  Object.defineProperty(module.exports, name, {
    configurable: true,
    enumerable: true,
    get: () => defaults.settings[name],
    set(value) {
      defaults.settings[name] = value;
    },
  });
}

Object.defineProperty(module.exports, 'rootCertificates', {
  configurable: false,
  enumerable: true,
  get: defaults.rootCertificates,
});
