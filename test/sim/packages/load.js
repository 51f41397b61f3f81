'use strict';
// The packages of test/packages, which the environment variable PACKAGES names the folder of.
const { createRequire } = require('module');
const path = require('path');

const folder = process.env.PACKAGES ?? path.join(__dirname, '../../../build/packages');
module.exports = createRequire(`${folder}/`);
