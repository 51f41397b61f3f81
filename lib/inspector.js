'use strict';
// The module inspector, to be loaded: nothing inspects.
const { codes } = require('internal/errors/codes');

class Session {
  constructor() {
    throw new codes.ERR_FEATURE_UNAVAILABLE('inspector.Session');
  }
}

const unavailable = (name) => () => {
  throw new codes.ERR_FEATURE_UNAVAILABLE(`inspector.${name}()`);
};

module.exports = {
  Session,
  close() {},
  open: unavailable('open'),
  url() {},
  waitForDebugger: unavailable('waitForDebugger'),
};
