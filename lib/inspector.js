'use strict';
// The module inspector: nothing inspects. A session can be made and connected, as programs do at their
// start to be profiled later; it knows no method.
const { EventEmitter } = require('events');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateObject, validateString } = require('internal/errors/validators');

class Session extends EventEmitter {
  #connected = false;

  connect() {
    if (this.#connected) throw new codes.ERR_INSPECTOR_ALREADY_CONNECTED('The inspector session');
    this.#connected = true;
  }

  connectToMainThread() {
    if (binding('task').id === 1) throw new codes.ERR_INSPECTOR_NOT_WORKER();
    this.connect();
  }

  /** @param {(error: Error) => void} [callback] */
  post(method, parameters, callback) {
    validateString(method, 'method');
    if (callback === undefined && typeof parameters === 'function') {
      callback = parameters;
      parameters = null;
    }
    if (parameters) validateObject(parameters, 'params');
    if (callback !== undefined) validateFunction(callback, 'callback');
    if (!this.#connected) throw new codes.ERR_INSPECTOR_NOT_CONNECTED();
    if (callback === undefined) return;
    process.nextTick(callback, new codes.ERR_INSPECTOR_COMMAND(-32601, `'${method}' wasn't found`));
  }

  disconnect() {
    this.#connected = false;
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
