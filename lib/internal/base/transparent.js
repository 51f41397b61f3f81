'use strict';
// Getters that stand for the values of properties: inspect() shows what they return.
module.exports = { transparent: new WeakSet() };
