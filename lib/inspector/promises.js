'use strict';
// The module inspector/promises: nothing inspects.
const inspector = require('inspector');

class Session extends inspector.Session {
  /** @returns {Promise<object>} */
  post(method, parameters) {
    return new Promise((resolve, reject) => {
      super.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result)));
    });
  }
}

module.exports = { ...inspector, Session };
