'use strict';
// ServerCertificates: what a server of net encrypts with: its own certificate and those of names,
// which may come and go while it runs.
const native = binding('tls');
const { codes } = require('internal/errors/codes');
const { validate, handshakeTimeout, createContext } = require('internal/tls/page');

const NOTICE_MS = 30 * 24 * 3600 * 1000; // how long before a certificate's end certexpiry is told
const CHECK_MS = 12 * 3600 * 1000;

class ServerCertificates {
  /**
   * @param {object} tlsOpt cert, key, passwd, ca, ipcert, handshakeTimeout (ms), name
   * @throws {TypeError} on bad members
   */
  constructor(tlsOpt) {
    validate(tlsOpt, 'tlsOpt');
    this.tlsOpt = tlsOpt;
    this.store = native.createStore();
    this.options = undefined; // the engine's, from open() on
    this.ticketKeys = native.createTicketKeys(); // of all names, and of all tasks of a group
    this.master = true;
    this.told = new Set();
    this.timer = undefined;
  }

  /** Gives the subs of the group that a listener leads what they encrypt with. */
  share(listenerId) {
    native.setGroupTls(listenerId, this.options, this.store);
  }

  /** Reads the server's own certificate. @throws where it cannot serve with it */
  open() {
    const { tlsOpt } = this;
    for (const name of ['cert', 'key']) {
      const value = tlsOpt[name];
      if (value === undefined || value === null || value.length === 0)
        throw new codes.ERR_MISSING_ARGS(`tlsOpt.${name}`);
    }
    const context = createContext(tlsOpt, { ticketKeys: this.ticketKeys });
    const verifyClient = Boolean(tlsOpt.ca);
    this.options = native.createOptions({
      server: true,
      context,
      certificates: this.store,
      ipCertificates: Boolean(tlsOpt.ipcert),
      requestCert: verifyClient,
      rejectUnauthorized: verifyClient,
      handshakeTimeout: handshakeTimeout(tlsOpt),
    });
    native.storeSet(this.store, '', context, verifyClient);
  }

  /** Adds or replaces the certificate of opt.name. @returns {boolean} false, never a throw */
  add(opt) {
    try {
      validate(opt, 'opt');
      if (!opt.name || !opt.cert || !opt.key) return false;
      return native.storeSet(this.store, opt.name, createContext(opt, {}), Boolean(opt.ca));
    } catch {
      return false;
    }
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
    const check = () => {
      for (const one of this.list()) {
        const left = one.validTo - Date.now();
        const expired = left <= 0;
        const key = `${one.fingerprint256} ${expired}`;
        if (left > NOTICE_MS || this.told.has(key)) continue;
        this.told.add(key);
        server.emit('certexpiry', { ...one, expired });
      }
    };
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      native.ticketKeysRotate(this.ticketKeys);
      check();
    }, CHECK_MS).unref();
    process.nextTick(check);
  }

  close() {
    clearInterval(this.timer);
  }
}

/** What a sub of a group encrypts with: its master's. @param {object[]} shared of native.groupTls */
function ofGroup([options, store]) {
  return Object.assign(new ServerCertificates({}), { options, store, master: false });
}

module.exports = { ServerCertificates, ofGroup };
