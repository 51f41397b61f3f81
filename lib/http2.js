'use strict';
// The module http2, to be loaded: packages that can speak HTTP/2 require it before they know
// whether they will.
const { codes } = require('internal/errors/codes');

const unavailable = (name) => () => {
  throw new codes.ERR_FEATURE_UNAVAILABLE(`http2.${name}()`);
};

class Http2ServerRequest {
  constructor() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('http2.Http2ServerRequest');
  }
}
class Http2ServerResponse {
  constructor() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('http2.Http2ServerResponse');
  }
}

module.exports = {
  Http2ServerRequest,
  Http2ServerResponse,
  connect: unavailable('connect'),
  constants: {},
  createSecureServer: unavailable('createSecureServer'),
  createServer: unavailable('createServer'),
};
