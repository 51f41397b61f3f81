'use strict';
// ServerCertificates: what a server of net encrypts with: its own certificate and those of names,
// which may come and go while it runs.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { Expiry } = require('internal/tls/expiry');
const { contextOf } = require('internal/tls/page');
const { serverCiphers } = require('internal/tls/defaults');
const { SecureContext, sourceOf, ticketKeysOf } = require('internal/tls/context');
const { validate, handshakeTimeout, alpn, rejects } = require('internal/tls/page_options');

const serverContext = (options, fields) =>
  contextOf({ ...options, ciphers: options.ciphers || serverCiphers() }, fields);

class ServerCertificates {
  /**
   * @param {object} tlsOpt
   * @throws {TypeError} on bad members
   */
  constructor(tlsOpt) {
    validate(tlsOpt, 'tlsOpt', 'server');
    this.tlsOpt = tlsOpt;
    this.store = native.createStore();
    this.options = undefined; // the engine's, from open() on
    this.source = sourceOf(tlsOpt.ticketKeys); // of the keys, if they are not of this process alone
    // Of all names, and of all tasks of a group.
    this.ticketKeys =
      this.source?.keys ??
      ticketKeysOf(this.source === null ? tlsOpt.ticketKeys : undefined) ??
      native.createTicketKeys();
    this.master = true;
    this.expiry = undefined; // of a server that listens, or did
  }

  /** Gives the subs of the group that a listener leads what they encrypt with. */
  share(listenerId) {
    native.setGroupTls(listenerId, this.options, this.store);
  }

  /** Reads the server's own certificate. @throws where it cannot serve with it */
  open() {
    const { tlsOpt } = this;
    // An archive has both.
    for (const name of tlsOpt.pfx ? [] : ['cert', 'key']) {
      const value = tlsOpt[name];
      if (value === undefined || value === null || value.length === 0)
        throw new codes.ERR_MISSING_ARGS(`tlsOpt.${name}`);
    }
    const context = serverContext(
      { ...tlsOpt, ticketKeys: undefined },
      { ticketKeys: this.ticketKeys },
    );
    const requestCert = tlsOpt.requestCert ?? Boolean(tlsOpt.ca);
    this.options = native.createOptions({
      server: true,
      context,
      certificates: this.store,
      ipCertificates: Boolean(tlsOpt.ipcert),
      requestCert,
      rejectUnauthorized: requestCert && rejects(tlsOpt),
      alpn: alpn(tlsOpt),
      choose: Boolean(tlsOpt.SNICallback),
      handshakeTimeout: handshakeTimeout(tlsOpt),
    });
    native.storeSet(this.store, '', context, requestCert && rejects(tlsOpt));
  }

  /** Adds or replaces the certificate of opt.name. @throws why it cannot */
  add(opt) {
    validate(opt, 'opt', 'certificate');
    for (const name of opt.pfx ? ['name'] : ['name', 'cert', 'key'])
      if (!opt[name]) throw new codes.ERR_MISSING_ARGS(`opt.${name}`);
    if (!native.storeSet(this.store, opt.name, serverContext(opt, {}), Boolean(opt.ca)))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'opt.name',
        opt.name,
        "must be a host name, '*.' and a host name, or an IP address",
      );
  }

  /**
   * Asks SNICallback for the context of a name; undefined leaves it to the certificates of names.
   * @param {string} name '' if the client asks for none
   * @param {(error?: Error | null, context?: SecureContext) => void} answer called once
   */
  choose(name, answer) {
    const { SNICallback } = this.tlsOpt;
    let answered = false;
    const once = (error, context) => {
      if (answered) return;
      answered = true;
      if (!error && context && !(context instanceof SecureContext))
        error = new codes.ERR_TLS_INVALID_CONTEXT();
      answer(error, context);
    };
    if (SNICallback && name !== '') SNICallback(name, once);
    else once();
  }

  /** @returns {boolean} whether there was one; the server's own stays */
  delete(name) {
    return typeof name === 'string' && name !== '' && native.storeRemove(this.store, name);
  }

  /** Every certificate; the server's own has the name ''. Times in ms since 1970. */
  list() {
    return native.storeList(this.store);
  }

  // ---- As time goes by

  /**
   * Tells server by `certexpiry`, now and later, of certificates that end soon, and changes the keys
   * of session tickets.
   */
  watch(server) {
    if (!this.master) return;
    this.source?.start();
    this.expiry ??= new Expiry(this.store);
    this.expiry.watch(server, () => {
      // Those that the program gave are its own to change: other processes have them too.
      if (!this.tlsOpt.ticketKeys) native.ticketKeysRotate(this.ticketKeys);
    });
  }

  close() {
    this.source?.stop();
    this.expiry?.close();
  }
}

/**
 * What a sub of a group encrypts with: its master's, with the SNICallback of its own.
 * @param {object[]} shared of native.groupTls
 * @param {Function} [SNICallback]
 */
function ofGroup([options, store], SNICallback) {
  const own = new ServerCertificates({ SNICallback });
  return Object.assign(own, { options, store, master: false });
}

module.exports = { ServerCertificates, ofGroup };
