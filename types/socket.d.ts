// The module socket: socket addresses and constants. Addresses are strings.

declare module 'socket' {
  /** An address that goes into connect() and createServer(). A literal object is as good. */
  interface SockAddr {
    /** `AF_INET` or `AF_INET6`. Where it is absent, `addr` tells. */
    domain?: number | undefined;
    /** An IP literal, for IPv6 with a scope if it needs one: `fe80::1%eth0`. */
    addr: string;
    /** 0 to 65535; 0 lets the system choose where a server listens. */
    port: number;
  }

  const AF_INET: 2;
  const AF_INET6: 10;
  const SOCK_STREAM: 1;
  const SOCK_DGRAM: 2;
  const IPPROTO_IP: 0;
  const IPPROTO_TCP: 6;
  const IPPROTO_UDP: 17;
  const IPPROTO_IPV6: 41;

  /** Every IPv4 address of the machine. */
  const INADDR_ANY: '0.0.0.0';
  const INADDR_LOOPBACK: '127.0.0.1';
  const INADDR_BROADCAST: '255.255.255.255';
  const INADDR_NONE: '255.255.255.255';
  /** Every IPv6 address of the machine. */
  const IN6ADDR_ANY: '::';
  const IN6ADDR_LOOPBACK: '::1';
  const IN6ADDR_NODELOCAL_ALLNODES: 'ff01::1';
  const IN6ADDR_LINKLOCAL_ALLNODES: 'ff02::1';
  const IN6ADDR_LINKLOCAL_ALLROUTERS: 'ff01::2';

  // States of a TCP connection (RFC 9293 section 3.3.2).
  const TCP_CLOSED: 0;
  const TCP_LISTEN: 1;
  const TCP_SYN_SENT: 2;
  const TCP_SYN_RCVD: 3;
  const TCP_ESTABLISHED: 4;
  const TCP_FIN_WAIT_1: 5;
  const TCP_FIN_WAIT_2: 6;
  const TCP_CLOSE_WAIT: 7;
  const TCP_CLOSING: 8;
  const TCP_LAST_ACK: 9;
  const TCP_TIME_WAIT: 10;

  /**
   * Makes an address for connect() and createServer().
   * @param addr an IP literal, `'0.0.0.0'` by default; an IPv6 one makes an address of `AF_INET6`
   * @param port 0 to 65535, 0 by default
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`: addr is no IP literal
   * @throws RangeError `ERR_SOCKET_BAD_PORT`
   */
  function sockaddr(addr?: string, port?: number): SockAddr & { domain: number };

  /**
   * As sockaddr(), for IPv6.
   * @param addr an IPv6 literal, `'::'` by default
   * @param port 0 to 65535, 0 by default
   * @param scope the name or number of an interface, for link-local addresses (RFC 4007)
   */
  function sockaddr6(
    addr?: string,
    port?: number,
    scope?: string | number,
  ): SockAddr & { domain: number };

  /**
   * The address family of an IP literal: `AF_INET` or `AF_INET6`.
   * @throws TypeError if it is none
   */
  function domain(addr: string): 2 | 10;
}
