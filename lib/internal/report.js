'use strict';
/** The text that an uncaught error leaves on standard error. */
exports.report = function report(error) {
  return `${error}\n${error?.stack ?? ''}\n`;
};
