'use strict';
// net.BoundSocket: a socket of TCP or of a path that has its address before a server or a connection takes
// it over.
const native = binding('net');
const { codes, exceptionWithHostPort } = require('internal/errors/codes');
const {
  validateBoolean,
  validateObject,
  validatePort,
  validateString,
} = require('internal/errors/validators');
const { kBound, kLocal, kTakeBound } = require('internal/net/socket_fields');

const GONE = -1; // it is closed, or another's

function literal(host) {
  validateString(host, 'options.host');
  if (native.isIP(host) === 0)
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options.host',
      host,
      'must be a numeric IP address; net.BoundSocket does not perform DNS resolution',
    );
  return host;
}

/** A socket bound to an address of TCP. @returns {number} descriptor, or negative */
function bindTcp({ host: given, ipv6Only = false, port: wanted, reusePort = false }) {
  validateBoolean(ipv6Only, 'options.ipv6Only');
  validateBoolean(reusePort, 'options.reusePort');
  const host = literal(given ?? (ipv6Only ? '::' : '0.0.0.0'));
  const port = validatePort(wanted ?? 0, 'options.port');
  const fd = native.bindSocket(host, port, ipv6Only, reusePort);
  if (fd < 0) throw exceptionWithHostPort(fd, 'bind', host, port);
  return fd;
}

function bindPath({ path, ...options }) {
  validateString(path, 'options.path');
  for (const name of ['host', 'port', 'ipv6Only', 'reusePort'])
    if (options[name] !== undefined)
      throw new codes.ERR_INVALID_ARG_VALUE(
        `options.${name}`,
        options[name],
        'cannot be used with options.path',
      );
  const fd = native.bindSocket(path, -1);
  if (fd < 0) throw exceptionWithHostPort(fd, 'bind', path, -1);
  return fd;
}

class BoundSocket {
  #fd;
  #path; // undefined: it is of TCP

  /**
   * @param {object} [options]
   * @param {string} [options.host] an IP address; by default '0.0.0.0', or '::' if ipv6Only
   * @param {number} [options.port] 0, the default: one that is free
   * @param {boolean} [options.ipv6Only] no IPv4 on an address of IPv6
   * @param {boolean} [options.reusePort] others may be bound to the same, if they say so too
   * @param {string} [options.path] of a Unix socket, in the place of the others
   * @throws {Error} EADDRINUSE, EADDRNOTAVAIL… with syscall bind
   */
  constructor(options = {}) {
    validateObject(options, 'options');
    this.#path = options.path;
    this.#fd = options.path === undefined ? bindTcp(options) : bindPath(options);
  }

  #check() {
    if (this.#fd === GONE) throw new codes.ERR_SOCKET_HANDLE_ADOPTED();
  }

  /** Where it is bound: {address, family, port}, or its path. */
  address() {
    this.#check();
    return this.#path ?? native.boundAddress(this.#fd);
  }

  /** Its descriptor, which stays its own. */
  fd() {
    this.#check();
    return this.#fd;
  }

  close() {
    this.#check();
    native.leaveBound(this.#fd, true);
    this.#fd = GONE;
  }

  /** Whether it is one of a path. */
  get isPipe() {
    return this.#path !== undefined;
  }

  [Symbol.dispose]() {
    if (this.#fd !== GONE) this.close();
  }

  /**
   * The descriptor, which is the caller's to use and to pass to leaveBound() from now on, or that of
   * a socket that is to connect.
   */
  [kTakeBound](socket) {
    const fd = this.fd();
    this.#fd = GONE;
    if (socket !== undefined) {
      socket[kBound] = fd;
      socket[kLocal] = native.boundAddress(fd);
    }
    return fd;
  }
}

module.exports = { BoundSocket };
