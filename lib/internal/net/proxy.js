'use strict';
// The PROXY protocol: whom a server hears it from, what a socket tells of it, and what a client
// sends. docs/api/net.md
const { Buffer } = require('buffer');
const { isIP } = binding('net');
const native = binding('proxy');
const { codes } = require('internal/errors/codes');
const { validateInteger } = require('internal/errors/validators');
const { kId } = require('internal/net/socket_fields');
const { validateNames } = require('internal/net/record');

// ---- In

const TIMEOUT_MS = 5000;
const MOST = 4096; // bytes of a header
const LONGEST = 65551; // with the largest length that there is
const SHORTEST = 536; // what every header of version 2 may have, besides its fields

/**
 * server.proxy
 * @param {object} [value] {trust, timeout, maxHeader, versions}
 * @returns {object|undefined} the same with all members, or undefined for none
 */
function validateRule(value) {
  if (value === undefined || value === null) return undefined;
  validateNames(value, 'options.proxy', ['trust', 'timeout', 'maxHeader', 'versions']);
  const { timeout = TIMEOUT_MS, maxHeader = MOST, versions = [1, 2] } = value;
  const trust = typeof value.trust === 'string' ? [value.trust] : value.trust;
  if (!Array.isArray(trust) || trust.length === 0)
    throw new codes.ERR_INVALID_ARG_TYPE('options.proxy.trust', 'Array of networks', value.trust);
  const wrong = native.expect(0, trust.map(String).join(','), 0, 0, 0);
  if (wrong !== undefined)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.proxy.trust',
      wrong,
      "must be IP addresses, networks as '10.0.0.0/8', or 'unix'",
    );
  validateInteger(timeout, 'options.proxy.timeout', 1, 2 ** 31 - 1);
  validateInteger(maxHeader, 'options.proxy.maxHeader', SHORTEST, LONGEST);
  if (!Array.isArray(versions) || versions.length === 0 || versions.some((v) => v !== 1 && v !== 2))
    throw new codes.ERR_INVALID_ARG_VALUE('options.proxy.versions', versions, 'must be of 1 and 2');
  return { trust: trust.map(String), timeout, maxHeader, versions: [...versions] };
}

/** Has a listener expect headers. @param {number} id @param {object} rule of validateRule() */
function expect(id, { trust, timeout, maxHeader, versions }) {
  const bits = versions.reduce((sum, version) => sum | version, 0);
  native.expect(id, trust.join(','), timeout, maxHeader, bits);
}

// Numbers of TLVs.
const ALPN = 0x01;
const AUTHORITY = 0x02;
const CRC32C = 0x03;
const UNIQUE_ID = 0x05;
const SSL = 0x20;
// Within that of SSL.
const TEXTS = {
  0x21: 'version',
  0x22: 'cn',
  0x23: 'cipher',
  0x24: 'signatureAlgorithm',
  0x25: 'keyAlgorithm',
  0x26: 'group',
  0x27: 'signatureScheme',
};
const CERTIFICATE = 0x28;
const WITH_TLS = 1; // bits of its first byte
const WITH_CERTIFICATE = 2;
const WITH_SESSION = 4;

const COMMANDS = ['local', 'proxy'];
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const FIXED = 16; // bytes before the addresses
const ADDRESSES = [0, 12, 36, 216]; // bytes of them, by family

/** [type, bytes] of each TLV. */
function tlvsOf(bytes) {
  const list = [];
  for (let at = 0; at + 3 <= bytes.length;) {
    const end = at + 3 + bytes.readUInt16BE(at + 1);
    list.push([bytes[at], bytes.subarray(at + 3, end)]);
    at = end;
  }
  return list;
}

function sslOf(value) {
  const ssl = {
    client: (value[0] & WITH_TLS) !== 0,
    certificate: (value[0] & (WITH_CERTIFICATE | WITH_SESSION)) !== 0,
    verify: value.readUInt32BE(1),
  };
  for (const [type, bytes] of tlvsOf(value.subarray(5))) {
    if (TEXTS[type] !== undefined) ssl[TEXTS[type]] = String(bytes);
    else if (type === CERTIFICATE) ssl.raw = Buffer.from(bytes);
  }
  return ssl;
}

// All that a header tells beside addresses, which the engine has read.
function decode(bytes) {
  if (bytes[0] !== SIGNATURE[0]) {
    const line = bytes.toString('latin1');
    return {
      version: 1,
      command: line.startsWith('PROXY UNKNOWN') ? 'unknown' : 'proxy',
      tlvs: [],
    };
  }
  const family = bytes[13] >> 4;
  const proxied = { version: 2, command: COMMANDS[bytes[12] & 15], tlvs: [] };
  if (proxied.command === 'proxy' && family === 0) proxied.command = 'unknown';
  if (family >= ADDRESSES.length) return proxied;
  for (const [type, value] of tlvsOf(bytes.subarray(FIXED + ADDRESSES[family]))) {
    proxied.tlvs.push([type, value]);
    if (type === ALPN) proxied.alpn = value.toString('latin1');
    else if (type === AUTHORITY) proxied.authority = String(value);
    else if (type === UNIQUE_ID) proxied.uniqueId = value;
    else if (type === SSL) proxied.ssl = sslOf(value);
  }
  return proxied;
}

/** socket.proxied, looked up while the socket is open. */
function proxiedOf(socket) {
  if (socket[kId] === 0) return null;
  const raw = native.header(socket[kId]);
  if (raw === undefined) return null;
  const proxied = decode(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength));
  const [local, peer] = native.realAddresses(socket[kId]) ?? [];
  proxied.peer = peer ?? null;
  proxied.local = local ?? null;
  const told = proxied.command === 'proxy';
  proxied.source = (told && addressOf(socket.remoteAddress, socket.remotePort)) || null;
  proxied.destination = (told && addressOf(socket.localAddress, socket.localPort)) || null;
  return proxied;
}

function addressOf(address, port) {
  return address === undefined ? undefined : { address, family: `IPv${isIP(address)}`, port };
}

module.exports = {
  ADDRESSES,
  ALPN,
  AUTHORITY,
  CRC32C,
  SIGNATURE,
  SSL,
  TEXTS,
  UNIQUE_ID,
  WITH_CERTIFICATE,
  WITH_TLS,
  expect,
  proxiedOf,
  validateRule,
};
