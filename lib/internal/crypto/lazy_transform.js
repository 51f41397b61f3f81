'use strict';
// A Transform whose state is made when it is first used as a stream: most hashes and ciphers never
// are, and the state costs far more than a small hash.
const { Transform } = require('stream');

const options = Symbol('options');

function LazyTransform(streamOptions) {
  this[options] = streamOptions;
}
Object.setPrototypeOf(LazyTransform.prototype, Transform.prototype);
Object.setPrototypeOf(LazyTransform, Transform);

for (const name of ['_readableState', '_writableState']) {
  Object.defineProperty(LazyTransform.prototype, name, {
    configurable: true,
    get() {
      if (this[options] === null || !(this instanceof LazyTransform)) return undefined;
      const streamOptions = this[options];
      this[options] = null; // the constructor reads the state
      Transform.call(this, streamOptions);
      this._writableState.decodeStrings = false;
      return this[name];
    },
    set(value) {
      Object.defineProperty(this, name, {
        value,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}

module.exports = { LazyTransform };
