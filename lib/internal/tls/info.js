'use strict';
// What a TLSSocket tells of its connection, and what may be asked of it once it is secure.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const {
  validateString,
  validateUint32,
  validateFunction,
  validateObject,
  validateInteger,
} = require('internal/errors/validators');
const { kId } = require('internal/net/socket');
const { parseCertificate, linkChain, linkIssuers, buffer } = require('internal/tls/identity');

const orUndefined = (bytes) => (bytes === undefined ? undefined : buffer(bytes));

// What is true of the connection while it is open (nothing, before the handshake); null afterwards.
function whileOpen(socket, ask) {
  return socket.destroyed ? null : ask(socket[kId]);
}

/** A certificate as crypto.X509Certificate, where there is one. */
function x509(der) {
  if (der === undefined) return undefined;
  const { X509Certificate } = require('crypto');
  return new X509Certificate(buffer(der));
}

const members = {
  /**
   * The peer's certificate; {} if it showed none, null once closed.
   * @param {boolean} [detailed] with the issuers', as issuerCertificate
   */
  getPeerCertificate(detailed = false) {
    return whileOpen(this, (id) => {
      const list = native.peerCertificates(id);
      return (detailed ? linkChain(list) : list.length > 0 && parseCertificate(list[0])) || {};
    });
  },
  /** The peer's as crypto.X509Certificate, with issuerCertificate where the issuer is known. */
  getPeerX509Certificate() {
    const list = this[kId] === 0 ? [] : native.peerCertificates(this[kId]).map(x509);
    const link = (one, value) =>
      Object.defineProperty(one, 'issuerCertificate', {
        configurable: true,
        enumerable: true,
        value,
      });
    for (const one of list) link(one, undefined);
    linkIssuers(list, (one, other) => other !== one && one.checkIssued(other), link);
    return list[0];
  },
  /** The own certificate; {} if there is none, null once closed. */
  getCertificate() {
    return whileOpen(this, (id) => {
      const der = native.ownCertificate(id);
      return der === undefined ? {} : parseCertificate(der);
    });
  },
  getX509Certificate() {
    return this[kId] === 0 ? undefined : x509(native.ownCertificate(this[kId]));
  },
  /** {name, standardName, version} of the cipher. */
  getCipher() {
    return whileOpen(this, (id) => native.cipher(id));
  },
  /** 'TLSv1.3'… */
  getProtocol() {
    return whileOpen(this, (id) => native.protocol(id) ?? null);
  },
  /** What a later connection may resume with the option `session`. */
  getSession() {
    return whileOpen(this, (id) => orUndefined(native.session(id)));
  },
  getTLSTicket() {
    return whileOpen(this, (id) => orUndefined(native.tlsTicket(id)));
  },
  isSessionReused() {
    return whileOpen(this, (id) => native.sessionReused(id));
  },
  /** The last Finished message sent: what tls-unique of RFC 5929 is made of. */
  getFinished() {
    return whileOpen(this, (id) => orUndefined(native.finished(id)));
  },
  getPeerFinished() {
    return whileOpen(this, (id) => orUndefined(native.peerFinished(id)));
  },
  /** {type, name, size} of the key exchange, on clients. */
  getEphemeralKeyInfo() {
    return whileOpen(this, (id) => (this._tlsOptions.isServer ? null : native.ephemeralKey(id)));
  },
  getSharedSigalgs() {
    return whileOpen(this, (id) => native.sharedSigalgs(id));
  },
  /**
   * Keying material (RFC 5705).
   * @param {number} length bytes @param {string} label @param {Buffer} [context]
   * @throws ERR_TLS_INVALID_STATE before the handshake has ended
   */
  exportKeyingMaterial(length, label, context) {
    validateUint32(length, 'length', true);
    validateString(label, 'label');
    if (context !== undefined && !ArrayBuffer.isView(context))
      throw new codes.ERR_INVALID_ARG_TYPE(
        'context',
        ['Buffer', 'TypedArray', 'DataView'],
        context,
      );
    if (this[kId] === 0 || !native.secure(this[kId])) throw new codes.ERR_TLS_INVALID_STATE();
    return buffer(native.exportKeyingMaterial(this[kId], length, label, context));
  },
  /** Bytes of data a record holds at most, 512 to 16384. @returns {boolean} whether it is so now */
  setMaxSendFragment(size) {
    validateInteger(size, 'size');
    return this[kId] !== 0 && native.setMaxFragment(this[kId], size);
  },
  /** Renegotiation is never done: the callback gets ERR_TLS_RENEGOTIATION_DISABLED. */
  renegotiate(options, callback) {
    validateObject(options, 'options');
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (this.destroyed) return undefined;
    if (callback) process.nextTick(callback, new codes.ERR_TLS_RENEGOTIATION_DISABLED());
    return false;
  },
  disableRenegotiation() {},
  enableTrace() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('tlsSocket.enableTrace()');
  },
};

for (const name of Object.keys(members))
  Object.defineProperty(members, name, { enumerable: false });

module.exports = { members };
