'use strict';
// What a program wishes of source maps. Stacks are those of the files that run, whatever it wishes.
const { validateBoolean, validateObject } = require('internal/errors/validators');

let wish = { enabled: false, nodeModules: false, generatedCode: false };

/**
 * @param {boolean} enabled
 * @param {{nodeModules?: boolean, generatedCode?: boolean}} options
 */
function set(enabled, options) {
  validateBoolean(enabled, 'enabled');
  validateObject(options, 'options');
  const { nodeModules = false, generatedCode = false } = options;
  validateBoolean(nodeModules, 'options.nodeModules');
  validateBoolean(generatedCode, 'options.generatedCode');
  wish = { enabled, nodeModules, generatedCode };
}

const get = () => Object.freeze({ __proto__: null, ...wish });

module.exports = { get, set };
