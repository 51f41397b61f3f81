'use strict';
// What the metrics of this process say.
const metrics = require('metrics');

/** The value of a sample, by its name with labels, as text; undefined if there is none. */
exports.sample = (name) =>
  metrics
    .text()
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1];
