'use strict';
// The global navigator, of what a server's programs ask it (https://nodejs.org/api/globals.html#navigator).
const { codes } = require('internal/errors/codes');

const token = Symbol('construct');

class Navigator {
  #languages;

  constructor(secret) {
    if (secret !== token) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  /** How many threads can run at one time. */
  get hardwareConcurrency() {
    this.#check();
    return require('os').availableParallelism();
  }
  get language() {
    this.#check();
    return Intl.DateTimeFormat().resolvedOptions().locale || 'en-US';
  }
  get languages() {
    return (this.#languages ??= Object.freeze([this.language]));
  }
  get userAgent() {
    this.#check();
    return `Node.js/${process.version.slice(1).split('.')[0]}`;
  }
  get platform() {
    this.#check();
    return `Linux ${process.arch === 'x64' ? 'x86_64' : process.arch}`;
  }

  #check() {
    if (!(#languages in this)) throw new codes.ERR_INVALID_THIS('Navigator');
  }
}
for (const name of ['hardwareConcurrency', 'language', 'languages', 'userAgent', 'platform'])
  Object.defineProperty(Navigator.prototype, name, { enumerable: true });

module.exports = { Navigator, navigator: new Navigator(token) };
