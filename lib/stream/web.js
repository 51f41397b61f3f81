'use strict';
// Web Streams are not part of sluice: each name throws an error that says so when it is read.
const { codes } = require('internal/errors');

for (const name of [
  'ReadableStream',
  'ReadableStreamDefaultReader',
  'WritableStream',
  'WritableStreamDefaultWriter',
  'TransformStream',
  'ByteLengthQueuingStrategy',
  'CountQueuingStrategy',
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
