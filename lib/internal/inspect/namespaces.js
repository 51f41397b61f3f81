'use strict';
// The namespaces of ECMAScript modules: objects whose getters give the exported values.
module.exports = new WeakSet();
