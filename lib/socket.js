'use strict';
// The module socket: socket addresses as the page has them, and constants. Addresses are strings.
const { codes } = require('internal/errors/codes');
const { validatePort } = require('internal/errors/validators');
const native = binding('net');

const constants = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_STREAM: 1,
  SOCK_DGRAM: 2,
  IPPROTO_IP: 0,
  IPPROTO_TCP: 6,
  IPPROTO_UDP: 17,
  IPPROTO_IPV6: 41,
  INADDR_ANY: '0.0.0.0',
  INADDR_LOOPBACK: '127.0.0.1',
  INADDR_BROADCAST: '255.255.255.255',
  INADDR_NONE: '255.255.255.255',
  IN6ADDR_ANY: '::',
  IN6ADDR_LOOPBACK: '::1',
  IN6ADDR_NODELOCAL_ALLNODES: 'ff01::1',
  IN6ADDR_LINKLOCAL_ALLNODES: 'ff02::1',
  IN6ADDR_LINKLOCAL_ALLROUTERS: 'ff01::2',
  TCP_CLOSED: 0,
  TCP_LISTEN: 1,
  TCP_SYN_SENT: 2,
  TCP_SYN_RCVD: 3,
  TCP_ESTABLISHED: 4,
  TCP_FIN_WAIT_1: 5,
  TCP_FIN_WAIT_2: 6,
  TCP_CLOSE_WAIT: 7,
  TCP_CLOSING: 8,
  TCP_LAST_ACK: 9,
  TCP_TIME_WAIT: 10,
};
const { AF_INET, AF_INET6, INADDR_ANY, IN6ADDR_ANY } = constants;

function literal(addr, name = 'addr') {
  if (typeof addr !== 'string') throw new codes.ERR_INVALID_ARG_TYPE(name, 'string', addr);
  const family = native.isIP(addr);
  if (family === 0) throw new codes.ERR_INVALID_ARG_VALUE(name, addr, 'must be an IP address');
  return family;
}

/**
 * An address for connect() and createServer(); an IPv6 literal makes an IPv6 one.
 * @param {string} [addr='0.0.0.0'] IP literal
 * @param {number} [port=0] 0 to 65535
 * @returns {{domain: number, addr: string, port: number}}
 */
function sockaddr(addr = INADDR_ANY, port = 0) {
  const domain = literal(addr) === 6 ? AF_INET6 : AF_INET;
  return { domain, addr, port: validatePort(port, 'port') };
}

/** As sockaddr() for IPv6; scope is an interface's name or number (RFC 4007). */
function sockaddr6(addr = IN6ADDR_ANY, port = 0, scope = undefined) {
  if (
    scope !== undefined &&
    scope !== null &&
    typeof scope !== 'string' &&
    typeof scope !== 'number'
  )
    throw new codes.ERR_INVALID_ARG_TYPE('scope', ['string', 'integer'], scope);
  const full = !scope || addr.includes?.('%') ? addr : `${addr}%${scope}`;
  if (full !== addr && native.isIP(addr) === 6 && native.isIP(full) === 0)
    throw new codes.ERR_INVALID_ARG_VALUE('scope', scope, 'must be an interface');
  if (literal(full) !== 6)
    throw new codes.ERR_INVALID_ARG_VALUE('addr', addr, 'must be an IPv6 address');
  return { domain: AF_INET6, addr: full, port: validatePort(port, 'port') };
}

/** The address family of an IP literal: AF_INET or AF_INET6. */
function domain(addr) {
  return literal(addr) === 6 ? AF_INET6 : AF_INET;
}

/** 4 or 6 for an address of the page's; a contradicting domain is an error. */
function familyOf(domainOf, addr) {
  const family = literal(addr, 'saddr.addr');
  if (domainOf !== undefined && domainOf !== AF_INET && domainOf !== AF_INET6)
    throw new codes.ERR_INVALID_ARG_VALUE('saddr.domain', domainOf, 'must be AF_INET or AF_INET6');
  if (domainOf !== undefined && domainOf !== (family === 6 ? AF_INET6 : AF_INET))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'saddr.domain',
      domainOf,
      `must be the family of ${addr}`,
    );
  return family;
}

module.exports = { ...constants, sockaddr, sockaddr6, domain };
Object.defineProperty(module.exports, '_familyOf', { value: familyOf });
