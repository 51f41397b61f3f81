// Decoders of the encodings from before Unicode, by the tables of the standard.
exports.normalizeEncoding = require('@exodus/bytes/encoding-lite.js').normalizeEncoding;
exports.createSinglebyteDecoder = require('@exodus/bytes/single-byte.js').createSinglebyteDecoder;
exports.createMultibyteDecoder = require('@exodus/bytes/multi-byte.js').createMultibyteDecoder;
