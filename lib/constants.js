'use strict';
// Numbers of the system, of files and of OpenSSL in one object, as older programs take them.
const { dlopen, errno, priority, signals } = require('os').constants;
const fs = require('fs').constants;
const crypto = require('crypto').constants;

module.exports = { ...dlopen, ...errno, ...priority, ...signals, ...fs, ...crypto };
