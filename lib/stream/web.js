'use strict';
// Web Streams, by the package web-streams-polyfill, and those that transform text or compress.
const { defineLazy } = require('internal/base/lazy');

Object.assign(exports, require('vendor/web-streams'));

defineLazy(exports, 'internal/streams/web_transforms', [
  'TextEncoderStream',
  'TextDecoderStream',
  'CompressionStream',
  'DecompressionStream',
]);
