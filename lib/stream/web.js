'use strict';
// Web Streams, by the package web-streams-polyfill. Streams that transform text or compress are
// not part of sluice: each name throws an error that says so when it is read.
const { codes } = require('internal/errors');

Object.assign(exports, require('vendor/web-streams'));

for (const name of [
  'TextEncoderStream',
  'TextDecoderStream',
  'CompressionStream',
  'DecompressionStream',
]) {
  Object.defineProperty(exports, name, {
    enumerable: false,
    configurable: true,
    get() {
      throw new codes.ERR_FEATURE_UNAVAILABLE(`stream/web.${name}`);
    },
  });
}
