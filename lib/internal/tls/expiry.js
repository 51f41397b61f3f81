'use strict';
// Expiry: the certificates of a server as time goes by: `certexpiry` of those that end soon, and the
// metric of all while it listens.
const native = binding('tls');

const NOTICE_MS = 30 * 24 * 3600 * 1000; // how long before a certificate's end certexpiry is told
const CHECK_MS = 12 * 3600 * 1000;

class Expiry {
  #store;
  #told = new Set();
  #timer;
  #due = false; // a look in the next tick

  /** @param {object} store of native.createStore() */
  constructor(store) {
    this.#store = store;
  }

  /**
   * The server listens, or has other certificates.
   * @param {net.Server} server
   * @param {() => void} [also] called as often as certificates are looked at
   */
  watch(server, also) {
    const check = () => {
      this.#due = false;
      for (const one of native.storeList(this.#store, Date.now() + NOTICE_MS)) {
        const expired = one.validTo <= Date.now();
        const key = `${one.fingerprint256} ${expired}`;
        if (this.#told.has(key)) continue;
        this.#told.add(key);
        server.emit('certexpiry', { ...one, expired });
      }
    };
    native.storeShow(this.#store, true);
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      also?.();
      check();
    }, CHECK_MS).unref();
    // Whoever adds a thousand certificates has them looked at once.
    if (this.#due) return;
    this.#due = true;
    process.nextTick(check);
  }

  /** It listens no more. */
  close() {
    clearInterval(this.#timer);
    native.storeShow(this.#store, false);
  }
}

module.exports = { Expiry };
