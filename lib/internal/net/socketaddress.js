'use strict';
// net.SocketAddress as Node documents it.
const { kState, markOpaque } = require('internal/base/opaque');
const { codes } = require('internal/errors/codes');
const {
  validateObject,
  validateString,
  validatePort,
  validateUint32,
} = require('internal/errors/validators');
const native = binding('net');

function familyOf(value, name) {
  if (value?.toLowerCase !== undefined) value = value.toLowerCase();
  if (value !== 'ipv4' && value !== 'ipv6') throw new codes.ERR_INVALID_ARG_VALUE(name, value);
  return value;
}

/** An address of a socket: {address, family, port, flowlabel}. */
class SocketAddress {
  static {
    markOpaque(this);
  }
  #address;
  #family;
  #port;
  #flowlabel;

  [kState]() {
    const [address, family] = [this.#address, this.#family];
    return ['SocketAddress', { address, family, port: this.#port, flowlabel: this.#flowlabel }];
  }

  static isSocketAddress(value) {
    return value !== null && typeof value === 'object' && #address in value;
  }

  /** Parses `1.2.3.4:80` or `[::1]:80`; undefined if it is neither. */
  static parse(input) {
    validateString(input, 'input');
    try {
      const { hostname, port } = new URL(`http://${input}`);
      const v6 = hostname.startsWith('[') && hostname.endsWith(']');
      return new SocketAddress({
        address: v6 ? hostname.slice(1, -1) : hostname,
        port: port === '' ? (input.endsWith(':80') ? 80 : 0) : Number(port),
        family: v6 ? 'ipv6' : 'ipv4',
      });
    } catch {
      return undefined;
    }
  }

  constructor(options = {}) {
    validateObject(options, 'options');
    const family = familyOf(options.family ?? 'ipv4', 'options.family');
    const { address = family === 'ipv4' ? '127.0.0.1' : '::', port = 0, flowlabel = 0 } = options;
    validateString(address, 'options.address');
    validatePort(port, 'options.port');
    validateUint32(flowlabel, 'options.flowlabel');
    if (native.isIP(address) !== (family === 'ipv4' ? 4 : 6)) throw new codes.ERR_INVALID_ADDRESS();
    this.#address = native.canonicalIp(address) ?? address;
    this.#family = family;
    this.#port = port | 0;
    this.#flowlabel = flowlabel;
  }

  get address() {
    return this.#address;
  }
  get family() {
    return this.#family;
  }
  get port() {
    return this.#port;
  }
  get flowlabel() {
    return this.#family === 'ipv4' ? 0 : this.#flowlabel;
  }

  toJSON() {
    return {
      address: this.address,
      port: this.port,
      family: this.family,
      flowlabel: this.flowlabel,
    };
  }

  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    if (depth < 0) return this;
    return `SocketAddress ${inspect(this.toJSON(), options)}`;
  }
}

/** A SocketAddress of what kState gave. */
const revive = (kind, options) => new SocketAddress(options);

module.exports = { SocketAddress, familyOf, revive };
