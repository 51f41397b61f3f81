'use strict';
// What a getter of a class says to a `this` that is no instance, in the words of Node's engine:
// programs compare them.

/** @param {string} name of the private field that is not there */
function notDeclared(name) {
  return new TypeError(
    `Cannot read private member #${name} from an object whose class did not declare it`,
  );
}

module.exports = { notDeclared };
