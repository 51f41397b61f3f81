'use strict';
// A part of the module http by an old name: what packages check tokens and values by (RFC 9110), and
// Node's parser.
const { HTTPParser, methods } = require('internal/http/node_parser');

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const INVALID = /[^\t\x20-\x7e\x80-\xff]/;

module.exports = {
  HTTPParser,
  methods,
  CRLF: '\r\n',
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  _checkIsHttpToken: (text) => TOKEN.test(text),
  _checkInvalidHeaderChar: (text) => INVALID.test(text),
};
