'use strict';
// HTTP/2 as Node documents it (https://nodejs.org/api/http2.html), by libnghttp2, which is loaded
// here: a build without it, and a machine without it, cannot require this module.
const { defineLazy } = require('internal/base/lazy');

binding('http2').load();

const { constants } = require('internal/http2/constants');
const { sensitiveHeaders } = require('internal/http2/headers');
const settings = require('internal/http2/settings');

const { getDefaultSettings, getPackedSettings, getUnpackedSettings } = settings;
module.exports = {
  constants,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  sensitiveHeaders,
};
defineLazy(module.exports, 'internal/http2/client', ['connect']);
defineLazy(module.exports, 'internal/http2/server', [
  'createServer',
  'createSecureServer',
  'performServerHandshake',
]);
defineLazy(module.exports, 'internal/http2/compat', ['Http2ServerRequest', 'Http2ServerResponse']);
