'use strict';
// A part of the module http by an old name: what packages check tokens and values by (RFC 9110).
const { METHODS } = require('http');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const INVALID = /[^\t\x20-\x7e\x80-\xff]/;

module.exports = {
  methods: METHODS,
  _checkIsHttpToken: (text) => TOKEN.test(text),
  _checkInvalidHeaderChar: (text) => INVALID.test(text),
};
