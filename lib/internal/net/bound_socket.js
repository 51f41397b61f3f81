'use strict';
// net.BoundSocket: a TCP socket that has its address before a server or a connection takes it over.
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

class BoundSocket {
  #fd;

  /**
   * @param {object} [options]
   * @param {string} [options.host] an IP address; by default '0.0.0.0', or '::' if ipv6Only
   * @param {number} [options.port] 0, the default: one that is free
   * @param {boolean} [options.ipv6Only] no IPv4 on an address of IPv6
   * @param {boolean} [options.reusePort] others may be bound to the same, if they say so too
   * @throws {Error} EADDRINUSE, EADDRNOTAVAIL… with syscall bind
   */
  constructor(options = {}) {
    validateObject(options, 'options');
    const { ipv6Only = false, reusePort = false } = options;
    validateBoolean(ipv6Only, 'options.ipv6Only');
    validateBoolean(reusePort, 'options.reusePort');
    const host = literal(options.host ?? (ipv6Only ? '::' : '0.0.0.0'));
    const port = validatePort(options.port ?? 0, 'options.port');
    const fd = native.bindSocket(host, port, ipv6Only, reusePort);
    if (fd < 0) throw exceptionWithHostPort(fd, 'bind', host, port);
    this.#fd = fd;
  }

  #check() {
    if (this.#fd === GONE) throw new codes.ERR_SOCKET_HANDLE_ADOPTED();
  }

  /** Where it is bound: {address, family, port}. */
  address() {
    this.#check();
    return native.boundAddress(this.#fd);
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

  /** Whether it is one of a path; false. */
  isPipe() {
    this.#check();
    return false;
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
