'use strict';
// Lists of application protocols (RFC 7301): arrays of names, and the form they have on the wire.
const { Buffer } = require('buffer');
const { codes } = require('internal/errors/codes');

/**
 * Sets out.ALPNProtocols to the wire form of an array of names, or to a copy of bytes.
 * @throws {TypeError} ERR_INVALID_ARG_VALUE if a name is empty
 * @throws {RangeError} ERR_OUT_OF_RANGE if one is longer than 255 bytes
 */
function convertALPNProtocols(protocols, out) {
  if (Array.isArray(protocols)) {
    const parts = [];
    protocols.forEach((protocol, index) => {
      const name = Buffer.from(protocol instanceof String ? `${protocol}` : protocol);
      if (name.length === 0)
        throw new codes.ERR_INVALID_ARG_VALUE(
          `protocols[${index}]`,
          protocol,
          'must be a non-empty string',
        );
      if (name.length > 255) {
        const error = new codes.ERR_OUT_OF_RANGE('protocol', '<= 255', name.length);
        error.message = `The byte length of the protocol at index ${index} exceeds the maximum length. It must be <= 255. Received ${name.length}`;
        throw error;
      }
      parts.push(Buffer.of(name.length), name);
    });
    out.ALPNProtocols = Buffer.concat(parts);
  } else if (ArrayBuffer.isView(protocols)) {
    out.ALPNProtocols = Buffer.from(
      new Uint8Array(protocols.buffer, protocols.byteOffset, protocols.byteLength),
    );
  }
}

/** The names in bytes of the wire form; what does not fit is left out. */
function protocolNames(wire) {
  const names = [];
  for (let i = 0; wire !== undefined && i < wire.length; i += 1 + wire[i]) {
    const name = wire.subarray(i + 1, i + 1 + wire[i]);
    if (name.length === wire[i] && name.length > 0) names.push(name);
  }
  return names;
}

module.exports = { convertALPNProtocols, protocolNames };
