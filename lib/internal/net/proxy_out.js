'use strict';
// The PROXY header that a client sends before all else: whom it connects for.
const { Buffer } = require('buffer');
const { isIP } = binding('net');
const { codes } = require('internal/errors/codes');
const {
  validateArray,
  validateBoolean,
  validateInteger,
  validateObject,
  validatePort,
  validateString,
} = require('internal/errors/validators');
const { validateNames } = require('internal/net/record');
const proxy = require('internal/net/proxy');

const FIXED = 16; // bytes before the addresses
const MOST_LENGTH = 65535; // of what follows them
const VERSION_2 = 0x20;
const [LOCAL, PROXY] = [0, 1];
const [TCP4, TCP6, UNIX] = [0x11, 0x21, 0x31];
const UNIX_BYTES = 108;
const MOST_UNIQUE_ID = 128;
const POLYNOMIAL = 0x82f63b78; // of CRC-32C, its bits reversed

const MEMBERS = [
  'version',
  'source',
  'destination',
  'alpn',
  'authority',
  'uniqueId',
  'ssl',
  'crc32c',
  'tlvs',
];
const SSL_MEMBERS = ['client', 'certificate', 'verify', ...Object.values(proxy.TEXTS)];

/** Whether a value is what the option `proxy` may be; packages give http theirs of that name. */
function isProxy(value) {
  if (value === 'local' || value instanceof Uint8Array) return true;
  if (value === null || typeof value !== 'object' || value instanceof URL) return false;
  return (
    value instanceof require('net').Socket || MEMBERS.some((name) => Object.hasOwn(value, name))
  );
}

function crc32c(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  }
  return ~crc >>> 0;
}

// ---- Addresses

function endOf(value, name) {
  validateObject(value, name);
  if (value.path !== undefined) {
    validateString(value.path, `${name}.path`);
    if (Buffer.byteLength(value.path) > UNIX_BYTES)
      throw new codes.ERR_INVALID_ARG_VALUE(`${name}.path`, value.path, 'is longer than 108 bytes');
    return { path: value.path };
  }
  validateString(value.address, `${name}.address`);
  const address = value.address.split('%')[0];
  const family = isIP(address);
  if (family === 0) throw new codes.ERR_INVALID_IP_ADDRESS(value.address);
  return { address, family, port: validatePort(value.port ?? 0, `${name}.port`) };
}

// One header has one family: IPv4 is mapped into IPv6 where the other end is that.
function sameFamily(one, other) {
  if ((one.path === undefined) !== (other.path === undefined))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.proxy.destination',
      other,
      'must be of the same kind as the source',
    );
  if (one.family === other.family) return [one, other];
  return [one, other].map((end) =>
    end.family === 6 ? end : { ...end, family: 6, address: `::ffff:${end.address}` },
  );
}

function bytesOfIp({ address, family }) {
  if (family === 4) return Buffer.from(address.split('.').map(Number));
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted !== null) {
    const [a, b, c, d] = dotted.slice(2).map(Number);
    address = `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const [head, tail] = address.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : new Array(8 - left.length - right.length).fill('0');
  const bytes = Buffer.alloc(16);
  [...left, ...zeros, ...right].forEach((word, i) =>
    bytes.writeUInt16BE(parseInt(word, 16), 2 * i),
  );
  return bytes;
}

function bytesOfEnds(source, destination) {
  if (source.path !== undefined)
    return Buffer.concat(
      [source, destination].map(({ path }) => {
        const field = Buffer.alloc(UNIX_BYTES);
        field.write(path);
        return field;
      }),
    );
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(source.port, 0);
  ports.writeUInt16BE(destination.port, 2);
  return Buffer.concat([bytesOfIp(source), bytesOfIp(destination), ports]);
}

// ---- Fields

function tlv(type, value) {
  const bytes = Buffer.from(value);
  if (bytes.length > MOST_LENGTH)
    throw new codes.ERR_OUT_OF_RANGE(
      'the length of a field of options.proxy',
      `<= ${MOST_LENGTH}`,
      bytes.length,
    );
  const head = Buffer.alloc(3);
  head[0] = type;
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function bytesOfSsl(ssl) {
  validateNames(ssl, 'options.proxy.ssl', SSL_MEMBERS);
  const head = Buffer.alloc(5);
  head[0] =
    ((ssl.client ?? true) ? proxy.WITH_TLS : 0) | (ssl.certificate ? proxy.WITH_CERTIFICATE : 0);
  const { verify = 0 } = ssl;
  validateInteger(verify, 'options.proxy.ssl.verify', 0, 0xffffffff);
  head.writeUInt32BE(verify, 1);
  const parts = [head];
  for (const [type, name] of Object.entries(proxy.TEXTS))
    if (ssl[name] !== undefined) {
      validateString(ssl[name], `options.proxy.ssl.${name}`);
      parts.push(tlv(Number(type), ssl[name]));
    }
  return Buffer.concat(parts);
}

function fieldsOf({ alpn, authority, uniqueId, ssl, tlvs = [] }) {
  const parts = [];
  if (alpn !== undefined) {
    validateString(alpn, 'options.proxy.alpn');
    parts.push(tlv(proxy.ALPN, Buffer.from(alpn, 'latin1')));
  }
  if (authority !== undefined) {
    validateString(authority, 'options.proxy.authority');
    parts.push(tlv(proxy.AUTHORITY, authority));
  }
  if (uniqueId !== undefined) {
    const id = Buffer.from(uniqueId);
    if (id.length > MOST_UNIQUE_ID)
      throw new codes.ERR_OUT_OF_RANGE('options.proxy.uniqueId.length', '<= 128', id.length);
    parts.push(tlv(proxy.UNIQUE_ID, id));
  }
  if (ssl !== undefined) parts.push(tlv(proxy.SSL, bytesOfSsl(ssl)));
  validateArray(tlvs, 'options.proxy.tlvs');
  for (const [type, value] of tlvs.map((one) => (Array.isArray(one) ? one : []))) {
    if (!Number.isInteger(type) || type < 0 || type > 255 || !(value instanceof Uint8Array))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.proxy.tlvs',
        tlvs,
        'must be a list of [number of 0 to 255, Buffer]',
      );
    if (type !== proxy.CRC32C) parts.push(tlv(type, value));
  }
  return Buffer.concat(parts);
}

// ---- Headers

function version2(command, family, body, withCrc) {
  const crc = withCrc ? tlv(proxy.CRC32C, Buffer.alloc(4)) : Buffer.alloc(0);
  const head = Buffer.alloc(FIXED);
  proxy.SIGNATURE.copy(head);
  head[12] = VERSION_2 | command;
  head[13] = family;
  const length = body.length + crc.length;
  if (length > MOST_LENGTH)
    throw new codes.ERR_OUT_OF_RANGE('the length of options.proxy', `<= ${MOST_LENGTH}`, length);
  head.writeUInt16BE(length, 14);
  const bytes = Buffer.concat([head, body, crc]);
  if (withCrc) bytes.writeUInt32BE(crc32c(bytes), bytes.length - 4);
  return bytes;
}

function version1(source, destination, fields) {
  if (source.path !== undefined || fields.length > 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.proxy.version',
      1,
      'has room for IP addresses and nothing else',
    );
  const [from, to] = [source, destination];
  return Buffer.from(
    `PROXY TCP${from.family} ${from.address} ${to.address} ${from.port} ${to.port}\r\n`,
    'latin1',
  );
}

/** What is told of a client that is passed on: all that its socket knows. */
function optionsOf(socket) {
  const { proxied } = socket;
  const options = {
    source: { address: socket.remoteAddress, port: socket.remotePort },
    destination: { address: socket.localAddress, port: socket.localPort },
  };
  if (socket.remoteAddress === undefined || socket.localAddress === undefined) return undefined;
  if (socket.encrypted) {
    const name = socket.servername ?? undefined;
    const { standardName } = socket.getCipher?.() ?? {};
    if (name) options.authority = name;
    if (socket.alpnProtocol) options.alpn = socket.alpnProtocol;
    const { subject } = socket.getPeerCertificate?.() ?? {};
    options.ssl = {
      client: true,
      certificate: subject !== undefined,
      verify: subject !== undefined && socket.authorized ? 0 : 1,
      version: socket.getProtocol() ?? undefined,
      cipher: standardName,
      cn: typeof subject?.CN === 'string' ? subject.CN : undefined,
    };
    if (proxied?.uniqueId !== undefined) options.uniqueId = proxied.uniqueId;
  } else if (proxied !== null) options.tlvs = proxied.tlvs;
  return options;
}

/**
 * The header of the option `proxy`.
 * @param {object|net.Socket|Uint8Array|string} value the option of net.connect(); bytes are sent as
 *     they are
 * @returns {Buffer}
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE
 */
function encode(value) {
  if (value instanceof Uint8Array) return value;
  if (value === 'local') return version2(LOCAL, 0, Buffer.alloc(0), false);
  if (value instanceof require('net').Socket) {
    value = optionsOf(value);
    if (value === undefined) return version2(PROXY, 0, Buffer.alloc(0), false); // of a Unix socket
  }
  validateNames(value, 'options.proxy', MEMBERS);
  const { version = 2, crc32c: withCrc = version === 2 } = value;
  if (version !== 1 && version !== 2)
    throw new codes.ERR_INVALID_ARG_VALUE('options.proxy.version', version, 'must be 1 or 2');
  validateBoolean(withCrc, 'options.proxy.crc32c');
  const [source, destination] = sameFamily(
    endOf(value.source, 'options.proxy.source'),
    endOf(value.destination, 'options.proxy.destination'),
  );
  const fields = fieldsOf(value);
  if (version === 1) return version1(source, destination, fields);
  const family = source.path !== undefined ? UNIX : source.family === 4 ? TCP4 : TCP6;
  const body = Buffer.concat([bytesOfEnds(source, destination), fields]);
  return version2(PROXY, family, body, withCrc);
}

/** The header of the option `proxy` of an HTTP request; undefined for what is none. */
const headerOf = (value) => (isProxy(value) ? encode(value) : undefined);

module.exports = { encode, headerOf };
