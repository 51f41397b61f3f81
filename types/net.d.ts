// What sluice adds to Node's module net: servers of the page's form with their groups, socket
// addresses as arguments, identities of connections. Node's own part is in @types/node.

// It is a module, as only so it adds to `node:net` as well as to `net`, whichever of the two
// @types/node declares as the other's.

import type { X509Certificate } from 'crypto';
import type { AddressInfo, BlockList, DropArgument, IPVersion } from 'net';
import type { SockAddr } from 'socket';
import type { CipherNameAndProtocol, PeerCertificate } from 'tls';

declare module 'net' {
  // ---- TLS

  /** A certificate, a key or a list of authorities as PEM text. */
  type Pem = string | Uint8Array;

  /** TLS of a client. */
  interface TlsClientOptions extends TlsConnectionOptions {
    /**
     * The host name that the server's certificate must be for, sent as SNI. Without it the name
     * that was connected to; nothing is sent for an IP address.
     */
    server?: string | undefined;
    /** The name to ask for (SNI), if it is another than `server`. */
    servername?: string | undefined;
    /** Whom to trust. The system's roots by default. */
    ca?: Pem | undefined;
    /** The client's own certificate. */
    cert?: Pem | undefined;
    /** The key of `cert`. */
    key?: Pem | undefined;
    /** The password of `key`. */
    passwd?: string | undefined;
    /** Whether a server whose certificate is not trusted is refused. True by default. */
    rejectUnauthorized?: boolean | undefined;
    /** `rejectUnauthorized` as EdgerOS spells it. */
    rejectUnauthorinzed?: boolean | undefined;
    /** Whether the system's roots are trusted besides `ca`. False by default. */
    loadDefaultCerts?: boolean | undefined;
    /** Has no effect in TLS 1.3. False by default. */
    renegotiate?: boolean | undefined;
    /** ms that the handshake may take, 2000 to 120000; 60000 by default. */
    handshakeTimeout?: number | undefined;
  }

  /** What contexts of clients and servers are made of; as in `tls.createSecureContext()`. */
  interface TlsContextOptions {
    /** The password of `key`, as `passwd`. */
    passphrase?: string | undefined;
    /** A PKCS #12 archive of certificate and key. */
    pfx?: Pem | undefined;
    /** Lists of certificates that are revoked. */
    crl?: Pem | Pem[] | undefined;
    ciphers?: string | undefined;
    sigalgs?: string | undefined;
    ecdhCurve?: string | undefined;
    dhparam?: Pem | undefined;
    minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
    maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined;
    secureProtocol?: string | undefined;
    secureOptions?: number | undefined;
    honorCipherOrder?: boolean | undefined;
    sessionIdContext?: string | undefined;
    /** Seconds. */
    sessionTimeout?: number | undefined;
  }

  /** What connections of clients and servers have. */
  interface TlsConnectionOptions extends TlsContextOptions {
    /** Protocols that are offered or spoken, most wanted first. */
    ALPNProtocols?: readonly (string | Uint8Array)[] | Uint8Array | undefined;
  }

  /** TLS of a server. */
  interface TlsServerOptions extends TlsConnectionOptions {
    /** Whether clients are asked for a certificate; whether there is `ca` by default. */
    requestCert?: boolean | undefined;
    /** Whether clients without a trusted certificate are refused. True by default. */
    rejectUnauthorized?: boolean | undefined;
    /** Chooses a context of `tls.createSecureContext()` by the name that a client asks for. */
    SNICallback?:
      ((name: string, answer: (error: Error | null, context?: object) => void) => void) | undefined;
    /** 48 bytes that session tickets are sealed with, or where several processes have them from. */
    ticketKeys?: Uint8Array | TicketKeySource | undefined;
    /** The name of the group's TLS context, not of a domain; the group's name by default. */
    name?: string | undefined;
    /** The certificate, and those that lead to its authority. */
    cert: Pem;
    /** The key of `cert`. */
    key: Pem;
    /** The password of `key`. */
    passwd?: string | undefined;
    /** Whom to trust with clients' certificates. With it, clients must have one. */
    ca?: Pem | undefined;
    /**
     * Whether a client that names no server gets the certificate that was added for the IP address
     * it connected to. False by default.
     */
    ipcert?: boolean | undefined;
    /** Has no effect in TLS 1.3. False by default. */
    renegotiate?: boolean | undefined;
    /** ms that a handshake may take, 2000 to 120000; 60000 by default. */
    handshakeTimeout?: number | undefined;
  }

  /** Where keys of session tickets come from that servers of several processes have. */
  type TicketKeySource =
    | {
        /** Of 48 or 80 bytes as they are, or of base64 in lines; read again when they change. */
        file: string | URL | readonly (string | URL)[];
        /** Which key seals: the last but one, as HAProxy's by default, or the first, as nginx's. */
        order?: 'haproxy' | 'nginx' | undefined;
      }
    | {
        /** 32 bytes at least, from which the key of each period is made. */
        secret: string | Uint8Array;
        /** Seconds; 43200 by default. */
        period?: number | undefined;
      };

  /** A key of session tickets. */
  interface TicketKeyInfo {
    /** The first 4 bytes of its name, as hex. */
    name: string;
    /** ms since this process has it. */
    age: number;
    /** Whether new tickets are sealed with it; all open tickets. */
    seals: boolean;
  }

  /** A certificate for a domain name. */
  interface CertificateOptions extends TlsContextOptions {
    /** The domain name (SNI), `*.example.org` for all of a level. */
    name: string;
    cert: Pem;
    key: Pem;
    ca?: Pem | undefined;
    passwd?: string | undefined;
  }

  /** A certificate of a server. */
  interface CertificateInfo {
    /** The name it was added for; `''` is the server's own. */
    name: string;
    subject: string;
    issuer: string;
    serialNumber: string;
    /** `DNS:a.example, IP Address:10.0.0.1` */
    subjectaltname: string;
    /** SHA-256, `AB:CD:…` */
    fingerprint256: string;
    /** ms since 1970 */
    validFrom: number;
    validTo: number;
    /** Whether clients must have a certificate. */
    verifyClient: boolean;
  }

  // ---- Sockets

  interface TcpSocketConnectOpts {
    /** Makes it a TLS connection; `{}` takes every default. */
    tlsOpt?: TlsClientOptions | null | undefined;
    /** ms for setTimeout(). */
    timeout?: number | undefined;
    /** The PROXY header that is sent before all else: whom the connection is for. */
    proxy?: ProxyHeader | Socket | Uint8Array | 'local' | null | undefined;
  }

  /** An end of a connection in a PROXY header. */
  type ProxyEnd = { address: string; port?: number | undefined } | { path: string };

  /** What a PROXY header tells. */
  interface ProxyHeader {
    /** 2 by default; version 1 has room for addresses alone. */
    version?: 1 | 2 | undefined;
    source: ProxyEnd;
    destination: ProxyEnd;
    alpn?: string | undefined;
    /** The name that the client asked for (SNI). */
    authority?: string | undefined;
    /** 128 bytes at most. */
    uniqueId?: Uint8Array | undefined;
    /** The client's TLS. */
    ssl?: Partial<ProxiedTls> | undefined;
    /** Whether a checksum goes along; true by default in version 2. */
    crc32c?: boolean | undefined;
    /** Further fields: number and bytes. */
    tlvs?: readonly (readonly [number, Uint8Array])[] | undefined;
  }

  /** A client's TLS, as a load balancer tells it. */
  interface ProxiedTls {
    client: boolean;
    /** Whether the client showed a certificate. */
    certificate: boolean;
    /** 0: it is trusted. */
    verify: number;
    version?: string;
    cn?: string;
    cipher?: string;
    signatureAlgorithm?: string;
    keyAlgorithm?: string;
    group?: string;
    signatureScheme?: string;
    /** The certificate, DER. */
    raw?: Buffer;
  }

  /** What a load balancer told of a connection. */
  interface Proxied {
    version: 1 | 2;
    /** local: its own connection; unknown: it does not tell whose. Addresses are real ones then. */
    command: 'proxy' | 'local' | 'unknown';
    /** The load balancer, and the own end of its connection. */
    peer: { address: string; family: string; port: number } | null;
    local: { address: string; family: string; port: number } | { path: string } | null;
    source: { address: string; family: string; port: number } | null;
    destination: { address: string; family: string; port: number } | null;
    alpn?: string;
    authority?: string;
    uniqueId?: Buffer;
    ssl?: ProxiedTls;
    tlvs: [number, Buffer][];
  }

  /** Who must begin with a PROXY header. */
  interface ProxyRule {
    /** Addresses, networks as '10.0.0.0/8', and 'unix'; all others are refused. */
    trust: string | readonly string[];
    /** ms that a header may take; 5000 by default. */
    timeout?: number | undefined;
    /** Bytes, 536 to 65551; 4096 by default. */
    maxHeader?: number | undefined;
    versions?: readonly (1 | 2)[] | undefined;
  }

  /** How a server leaves. Times in ms. */
  interface DrainOptions {
    /** How long connections are accepted still, for load balancers to look elsewhere. */
    grace?: number | undefined;
    /** Over which time connections end after that; 0.8 of what is left to the deadline. */
    jitter?: number | undefined;
    /** From the call on; what is open then is reset. 30000 by default. */
    deadline?: number | undefined;
    /** What ends a connection that nobody ends: its end, or a reset. */
    close?: 'end' | 'reset' | undefined;
    signal?: AbortSignal | undefined;
  }

  /** What became of a server's connections. */
  interface DrainResult {
    /** By themselves, or by the program. */
    closed: number;
    /** By drain(). */
    ended: number;
    /** At the deadline. */
    forced: number;
    ms: number;
  }

  /** Of errors of sockets, `error.connection`: age in ms. */
  interface ConnectionBrief {
    id: number;
    peer?: string;
    local?: string;
    age: number;
    bytes: { in: number; out: number };
  }

  /** Who ended a connection, and how. docs/observe.md has the codes. */
  interface CloseReason {
    readonly by: 'peer' | 'local' | 'network' | 'runtime';
    readonly code: string;
  }

  /** An end of a connection. */
  type ConnectionEnd = { address: string; port: number } | { path: string };

  /** What is known of a connection. Times are in ms since 1970, absent for what did not happen. */
  interface ConnectionInfo {
    id: number;
    /** The id of its task, 0 if that has ended. */
    task: number;
    /** Of a server group, '' for none; and which of its members. */
    group: string;
    member: number;
    side: 'accepted' | 'made';
    /** What the server or the client was made for. */
    transport: 'tcp' | 'tls' | 'unix';
    local?: ConnectionEnd;
    peer?: ConnectionEnd;
    times: {
      opened: number;
      connected?: number;
      handshake?: number;
      secure?: number;
      firstIn?: number;
      firstOut?: number;
      lastIn?: number;
      lastOut?: number;
      closed?: number;
    };
    /** in, out: of the program; wireIn, wireOut: of the kernel; queued: what waits to be written. */
    bytes: { in: number; out: number; wireIn: number; wireOut: number; queued: number };
    closeReason: CloseReason | null;
    tls: {
      version: string;
      cipher: string;
      group: string;
      resumed: boolean;
      sni: string;
      alpn: string;
      /** The common name of the peer's certificate. */
      peer: string;
    } | null;
    /** TCP_INFO, tcp(7): times in ms. */
    tcp: {
      state: string;
      rtt: number;
      rttVar: number;
      minRtt: number;
      retransmits: number;
      bytesRetrans: number;
      cwnd: number;
      unacked: number;
      lost: number;
      notSent: number;
      /** Bytes a second. */
      deliveryRate: number;
      busy: number;
      rwndLimited: number;
      sndbufLimited: number;
      rcvOoo: number;
      lastRecv: number;
    } | null;
  }

  /**
   * What every server has beyond its class. @types/node declares a number of that name, which Node
   * has not had for long: write `(server as unknown as net.ConnectionLister).connections()`.
   */
  interface ConnectionLister {
    /** Snapshots of this server's open connections in this task, 256 looked up at a time. */
    connections(options?: {
      /** With what the kernel knows; true if not told. */
      tcp?: boolean;
    }): IterableIterator<ConnectionInfo>;
  }

  interface Socket {
    /** What a load balancer told of the connection, on servers with `proxy`; else null. */
    readonly proxied: Proxied | null;
    /** Its server leaves: the protocol's time to say farewell; ms until it is reset. */
    on(event: 'goaway', listener: (left: { deadline: number }) => void): this;
    once(event: 'goaway', listener: (left: { deadline: number }) => void): this;
    /** Why the connection ends: set once, by the first cause; null before. */
    readonly closeReason: CloseReason | null;
    /** How much may wait to be written; undefined: no limit. */
    get writeLimit(): WriteLimit | undefined;
    set writeLimit(value: WriteLimit | null | undefined);
    /** A snapshot, or the last one after the end; null where there is no connection. */
    info(): ConnectionInfo | null;
    /** At least 1; unique in the process for all its life, also after `close`. */
    readonly id: number;
    /** Whether this is a TLS connection. */
    readonly encrypted: boolean;
    /** Of a TLS connection: the peer ended without close_notify, so that data may be missing. */
    readonly truncated: boolean;
    /** Of a TLS connection: the name that the client asked for, false for none. */
    servername?: string | false | null;
    /** Of a TLS connection: the protocol that ALPN agreed on, false for none. */
    alpnProtocol?: string | false | null;
    /**
     * Of a TLS connection: whether the peer showed a certificate that is trusted, and a server one
     * of the wanted name.
     */
    authorized?: boolean;
    /** Of a TLS connection: the code of what is wrong with the peer's certificate, or null. */
    authorizationError?: Error | string | null;
    /** Of TLS connections; see `tls.TLSSocket`. */
    getPeerCertificate?(detailed?: boolean): PeerCertificate;
    getPeerX509Certificate?(): X509Certificate | undefined;
    getCertificate?(): PeerCertificate | object | null;
    getCipher?(): CipherNameAndProtocol;
    getProtocol?(): string | null;
    getSession?(): Buffer | undefined;
    isSessionReused?(): boolean;
    exportKeyingMaterial?(length: number, label: string, context: Buffer): Buffer;
    /** The server that accepted the connection, null for others. */
    readonly server: Server | null;

    /**
     * Connects to an address; no name is looked up.
     * @param tlsOpt makes it a TLS connection
     * @param connectListener is added to `connect` once
     * @throws TypeError `ERR_INVALID_ARG_VALUE`: `addr` is no IP literal
     * @throws RangeError `ERR_SOCKET_BAD_PORT`
     * @throws Error `EALREADY`, `EISCONN`: the socket is connecting, or connected
     */
    connect(saddr: SockAddr, connectListener?: () => void): this;
    /**
     * Probes an idle connection after `initialDelay` ms and each `interval` ms; `count` probes without an
     * answer end it. Rounded up to seconds; 0 or nothing: the system's.
     */
    setKeepAlive(enable?: boolean, initialDelay?: number, interval?: number, count?: number): this;
    setKeepAlive(options: {
      enable?: boolean;
      initialDelay?: number;
      interval?: number;
      count?: number;
    }): this;
    connect(
      saddr: SockAddr,
      tlsOpt: TlsClientOptions | null | undefined,
      connectListener?: () => void,
    ): this;
  }

  /** The class Socket by its old name. */
  const Stream: typeof import('net').Socket;

  /** Makes a socket and connects it to an address; see Socket.connect(). */
  function connect(saddr: SockAddr, connectListener?: () => void): Socket;
  function connect(
    saddr: SockAddr,
    tlsOpt: TlsClientOptions | null | undefined,
    connectListener?: () => void,
  ): Socket;
  /** connect() by another name. */
  function createConnection(saddr: SockAddr, connectListener?: () => void): Socket;
  function createConnection(
    saddr: SockAddr,
    tlsOpt: TlsClientOptions | null | undefined,
    connectListener?: () => void,
  ): Socket;

  interface SocketConstructorOpts {
    /** What connect() connects; it is the socket's from then on. */
    handle?: BoundSocket | undefined;
    /** As setTypeOfService(). */
    typeOfService?: number | undefined;
  }

  /**
   * A socket that has its address before a server or a connection takes it over: an argument of
   * listen(), or the option `handle` of listen() and of a Socket. After that its members throw
   * `ERR_SOCKET_HANDLE_ADOPTED`, as after close(). `new BoundSocket({ host, port, ipv6Only, reusePort })`
   * binds: by default to a free port of '0.0.0.0', or of '::' if `ipv6Only`; `{ path }` alone is that
   * of a Unix socket. It throws `EADDRINUSE`,
   * `EADDRNOTAVAIL`…, with syscall `bind`. The class itself is declared by @types/node, from 26.4 on.
   */
  interface BoundSocket extends Disposable {
    /** Where it is bound: an address, or a path. */
    address(): AddressInfo | string;
    /** Its descriptor, which stays its own. */
    fd(): number;
    /** Whether it is one of a path. */
    readonly isPipe: boolean;
    close(): void;
    [Symbol.dispose](): void;
  }

  // ---- Servers

  namespace promises {
    /** Resolves with a socket that is connected; its arguments are those of net.connect(). */
    function connect(options: {
      port?: number;
      host?: string;
      path?: string;
      [option: string]: unknown;
    }): Promise<Socket>;
    function connect(port: number, host?: string): Promise<Socket>;
    function connect(path: string): Promise<Socket>;
    /** Resolves with a server that listens. */
    function listen(
      options?: ServerOpts & ListenOptions & { connectionListener?: (socket: Socket) => void },
    ): Promise<Server>;
  }

  interface ServerOpts {
    /** Makes it a TLS server; `connection` comes after the handshake. */
    tlsOpt?: TlsServerOptions | null | undefined;
    /** Who must begin with a PROXY header. */
    proxy?: ProxyRule | null | undefined;
  }

  /** So many at once, and so many again in each `ms`; or a count a second. 0: no limit. */
  type RateLimit = number | readonly [count: number, ms: number];
  /** Why `admission` refuses a connection. */
  type RefusalReason = 'total' | 'concurrent' | 'rate' | 'banned';
  /** Limits of who is let in. 0 is no limit. docs/api/limits.md */
  interface Admission {
    /** Of one address. */
    perAddress?: { rate?: RateLimit; concurrent?: number } | undefined;
    /** Open connections. */
    total?: number | undefined;
    /** TLS handshakes: how many run, how many begin, how long one may take (ms, 10000). */
    handshakes?: { concurrent?: number; rate?: RateLimit; timeout?: number } | undefined;
    /** How many bits make an address: 32 and 64. */
    prefix?: { v4?: number; v6?: number } | undefined;
    /** Addresses and prefixes that are counted and never refused. */
    exempt?: readonly string[] | undefined;
    /** Failed handshakes that ban an address for that time. */
    failures?: RateLimit | undefined;
    /** How many addresses are known at a time: 65536. */
    table?: number | undefined;
    action?: 'reset' | 'close' | 'wait' | undefined;
  }
  /** How much may wait to be written. 0 is no limit. */
  interface WriteLimit {
    /** Bytes: a write that would pass it is refused whole. */
    hard?: number | undefined;
    /** So many bytes may wait no longer than so many ms. */
    soft?: readonly [bytes: number, ms: number] | undefined;
    /** ms in which the peer may acknowledge nothing while bytes wait. */
    stall?: number | undefined;
    /** What follows a write that is refused: the end of the connection, or the event `limit`. */
    policy?: 'destroy' | 'refuse' | undefined;
  }
  /** Times in ms after which a connection ends, each with a close reason. 0 is no limit. */
  interface ServerTimeouts {
    handshake?: number | undefined;
    firstByte?: number | undefined;
    idle?: number | undefined;
    lifetime?: number | undefined;
    writeStall?: number | undefined;
  }

  /** The events of a server, with what their listeners are given. */
  interface ServerEvents {
    close: [];
    connection: [socket: Socket];
    error: [error: Error];
    listening: [];
    drop: [data?: DropArgument];
    /** Connections that `admission` refused; of each reason at most once a second. */
    refused: [refused: { reason: RefusalReason; count: number; addresses: string[] }];
    /** Accepting rests because no descriptor is free (EMFILE, ENFILE); it goes on by itself. */
    starved: [error: NodeJS.ErrnoException];
    /** A certificate ends within 30 days, or has ended; once for each. */
    certexpiry: [certificate: CertificateInfo & { expired: boolean }];
  }

  interface Server {
    /** The connections to come, until `close`; what `error` is told is thrown. */
    [Symbol.asyncIterator](): AsyncGenerator<Socket, void, void>;
    /** Who must begin with a PROXY header; set it before listen(). */
    proxy: ProxyRule | undefined;
    /**
     * Leaves: accepts for a while still, then ends listening, and the connections one after another.
     * Again: the deadline may come nearer.
     * @throws Error `ERR_SERVER_NOT_RUNNING`, `AbortError` as rejections
     */
    drain(options?: DrainOptions): Promise<DrainResult>;
    /** Whether drain() goes on. */
    readonly draining: boolean;
    /**
     * Serves /live and /ready by HTTP until the server closes, from a thread that waits for no task.
     * @throws Error `EADDRINUSE` and the like
     */
    health(options: {
      /** An IP address; 127.0.0.1 by default. */
      host?: string | undefined;
      port: number;
      /** ms that a turn of the loop may last while it is ready; 5000. */
      ready?: number | undefined;
      /** And while it is live; 30000. */
      live?: number | undefined;
    }): { address: string; port: number };
    /** Answers HAProxy's agent-check likewise. */
    agent(options: {
      host?: string | undefined;
      port: number;
      /** Per cent that the server can take; by its load if not told. */
      weight?: (() => number) | undefined;
      /** How many load balancers share `maxConnections`. */
      balancers?: number | undefined;
    }): { address: string; port: number };
    /** Keys that `ticketKeys` of a file or a secret gave. */
    ticketKeys(): TicketKeyInfo[];
    /** Settings of `ServerOpts`, for connections to come. */
    allowHalfOpen: boolean;
    pauseOnConnect: boolean;
    noDelay: boolean;
    keepAlive: boolean;
    /** ms */
    keepAliveInitialDelay: number;
    highWaterMark: number | undefined;
    /** Peers that are refused. */
    blockList: BlockList | undefined;
    /** Who is let in; of a group set on its master. May be changed while the server listens. */
    get admission(): Admission | undefined;
    set admission(value: Admission | null | undefined);
    /** `writeLimit` of the sockets of connections to come. */
    get writeLimit(): WriteLimit | undefined;
    set writeLimit(value: WriteLimit | null | undefined);
    /** How long connections to come may take for what; of a group set on its master. */
    get timeouts(): ServerTimeouts | undefined;
    set timeouts(value: ServerTimeouts | null | undefined);

    /** Whether this server owns the port; false in the sub tasks of a group. */
    isMaster(): boolean;
    /** The bound port once listen() returned; undefined before that, after close(), and in subs. */
    port(): number | undefined;
    /**
     * Adds a certificate for a name, or replaces it; connections to come get it, in every task of
     * the group. May be called before and after listen().
     * @returns false, and nothing is thrown, if this is no TLS server, a member is missing, or the
     *     certificate and the key cannot be read or do not belong together
     */
    addcert(options: CertificateOptions): boolean;
    /** Connections of this server, of all members of a group, that closed last; the last first. */
    recent(options?: {
      /** Of a close reason. */
      code?: string;
      /** An IP address, a range (`10.0.0.0/8`), or the path of a Unix socket. */
      peer?: string;
      since?: Date | number;
      /** The process keeps 4,096. */
      limit?: number;
    }): ConnectionInfo[];
    /**
     * Writes what this server's connections carry, those of all members of a group, to a new pcapng
     * file, until a limit or the signal ends it. At most two captures go on in a process.
     */
    capture(options: {
      /** Must not exist; is made with mode 0600. */
      file: string;
      /**
       * `plain` (the default): what the program reads and writes. `records`: TLS records with their
       * secrets, of connections that open from now on.
       */
      mode?: 'plain' | 'records';
      /** An IP address, or a range: `10.0.0.0/8`. */
      peer?: string;
      /** `socket.id` of the connections. */
      ids?: number[];
      /** Bytes that are kept of a packet; 65535 if not told. */
      snap?: number;
      /** Of the file, about; 64 MiB if not told. */
      maxBytes?: number;
      /** ms; 60000 if not told. */
      maxTime?: number;
      signal?: AbortSignal;
    }): Promise<{
      connections: number;
      packets: number;
      /** Packets that no room was left for. */
      dropped: number;
      bytes: number;
    }>;
    /** Why `addcert()` returned false; null if it returned true last. */
    lastError: Error | null;
    /** Removes the certificate of a name. @returns whether there was one */
    delcert(name: string): boolean;
    /** The certificates, the server's own as `''`; none if this is no TLS server. */
    listcert(): CertificateInfo[];

    on<E extends keyof ServerEvents>(event: E, listener: (...args: ServerEvents[E]) => void): this;
    on(event: string | symbol, listener: (...args: any[]) => void): this;
    once<E extends keyof ServerEvents>(
      event: E,
      listener: (...args: ServerEvents[E]) => void,
    ): this;
    once(event: string | symbol, listener: (...args: any[]) => void): this;
  }

  /** The address that a server of the page's form listens on. */
  interface ServerAddress {
    /** `AF_INET` or `AF_INET6`, where `addr` is absent. */
    domain?: number | undefined;
    /** An IP literal; every IPv4 address of the machine by default. */
    addr?: string | undefined;
    /** 0 to 65535; 0, the default: the system chooses, and port() tells. */
    port?: number | undefined;
    /** How many connections wait in the kernel at most; 511 by default. */
    backlog?: number | undefined;
    /** The socket of that name, or place from 0, that the process was started with (`activated()`). */
    activated?: string | number | undefined;
  }

  /** A socket that the process was started with by a service manager (sd_listen_fds(3)). */
  interface ActivatedSocket {
    /** Its name there, `unknown` if it has none. */
    name: string;
    fd: number;
    /** Where it listens, a Unix path as a string; null if it is no stream socket that listens. */
    address: AddressInfo | string | null;
  }
  /** The sockets that this process was started with, in the service manager's order. */
  function activated(): ActivatedSocket[];

  interface ListenOptions {
    /**
     * Listens on the socket of that name, or place from 0, that the process was started with.
     * @throws ERR_ACTIVATION_FD if there is none that is free, or it is no stream that listens
     */
    activated?: string | number | undefined;
  }

  /** A handler of connections of a group, for choosing one. */
  interface GroupCandidate {
    /** 0 is the master. */
    readonly index: number;
    readonly name: string;
    /** The id of its task. */
    readonly task: number;
    /** How many are open, and how many it got in all. */
    readonly connections: number;
    readonly total: number;
  }

  /** Chooses who gets a connection; anything but a candidate, its index or name: by turns. */
  type GroupChoice = (
    candidates: GroupCandidate[],
    peer: { address: string; port: number; family: 'IPv4' | 'IPv6' },
  ) => GroupCandidate | number | string | null | undefined | void;

  /** What a handler of connections does. */
  interface GroupStats {
    name: string;
    state: 'starting' | 'ready' | 'closing' | 'closed' | 'dead';
    /** The id of its task, 0 while there is none. */
    task: number;
    /** How many are open. */
    connections: number;
    /** How many it got in all. */
    total: number;
    bytesIn: number;
    bytesOut: number;
    /** ms that the present turn of its loop lasts, or the last one did. */
    lag: number;
    /** Bytes of its heap, for subs when it was last looked at. */
    heap: number;
    restarts: number;
  }

  /** What became of a sub. */
  interface SubEvent {
    /** Its task started, it closed its server, its task ended, it started again, it hangs. */
    type: 'spawn' | 'leave' | 'exit' | 'respawn' | 'stuck';
    name: string;
    index: number;
    task: number;
    /** Of exit. */
    code?: number;
    /** Of exit; `''` if there was none. */
    error?: string;
    /** Of exit and stuck; `''` if it runs no JavaScript. */
    stack?: string;
    /** Of exit: ms until it is started again; undefined if it is not. */
    delay?: number | undefined;
    /** Of respawn. */
    restarts?: number;
    /** Of stuck: ms. */
    busy?: number;
  }

  /** What a server of the page's form emits, and with what. */
  interface GroupServerEvents {
    /** The server has started; every sub is ready, ended, or late by 5 s. */
    listening: [server: GroupServer];
    /** The server stopped: its connections have ended; of a master, its subs too. */
    close: [server: GroupServer];
    /** In a sub: its master closed the group. Its connections are as they were. */
    stopping: [server: GroupServer];
    /** A connection for this server; with TLS, after the handshake. */
    connection: [connect: Socket];
    /** On the master. */
    sub: [event: SubEvent];
    drop: [data?: DropArgument];
    certexpiry: [certificate: CertificateInfo & { expired: boolean }];
    starved: [error: NodeJS.ErrnoException];
    error: [error: Error];
  }

  /**
   * A server of the page's form: createServer(group, subs…). One master accepts; connections go in
   * turn to it and to its subs, each in a task of its own.
   */
  interface GroupServer extends Server {
    /** The names of the group and of this server in it; the master is named as the group. */
    readonly groupName: { readonly group: string; readonly name: string };

    /** Whether a sub that dies is started again. True by default. */
    respawn: boolean;
    /** Who gets a connection; `'round-robin'` by default. */
    balance: 'round-robin' | 'least-connections' | GroupChoice;
    /** Bytes; a sub whose heap is larger is ended. Half of the machine's memory by default. */
    maxHeap: number | undefined;
    /** What subs may do that start from now on; as this task if it is not set. */
    permission: TaskPermission | undefined;
    /** How many bytes may wait to be written in all members; undefined: no limit of its own. */
    groupWriteLimit: number | undefined;
    /**
     * ms; a sub whose loop has not turned for so long is reported as stuck and, unless end is
     * false, ended. Off by default.
     */
    watchdog: number | { timeout: number; end?: boolean | undefined } | null | undefined;
    /** One entry for each handler, the master first; none in subs and while not listening. */
    stats(): GroupStats[];

    /**
     * Starts the server. A master binds the address and starts its subs; a sub registers with its
     * master. What goes wrong is thrown, and leaves nothing behind; no `error` event tells it.
     * @param callback is added to `listening` once; it never runs within the call
     * @throws Error `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`…; `ERR_SERVER_ALREADY_LISTEN`
     * @throws TypeError `ERR_INVALID_ARG_TYPE`: callback is no function
     */
    listen(callback?: (server: GroupServer) => void): this;
    /** Cannot be called; so that a GroupServer can stand where a Server is expected. */
    listen(nothing: never, ...more: never[]): this;

    /**
     * Stops the server; open connections go on. A master has its subs stop, a sub leaves the
     * group.
     * @param callback runs on `close`, or gets the error `ERR_SERVER_NOT_RUNNING`
     */
    close(callback?: (error?: Error) => void): this;

    /** The master's address between `listening` and close(); else null, in subs always. */
    address(): AddressInfo | null;

    on<E extends keyof GroupServerEvents>(
      event: E,
      listener: (...args: GroupServerEvents[E]) => void,
    ): this;
    on(event: string | symbol, listener: (...args: any[]) => void): this;
    once<E extends keyof GroupServerEvents>(
      event: E,
      listener: (...args: GroupServerEvents[E]) => void,
    ): this;
    once(event: string | symbol, listener: (...args: any[]) => void): this;
    addListener<E extends keyof GroupServerEvents>(
      event: E,
      listener: (...args: GroupServerEvents[E]) => void,
    ): this;
    addListener(event: string | symbol, listener: (...args: any[]) => void): this;
    prependListener<E extends keyof GroupServerEvents>(
      event: E,
      listener: (...args: GroupServerEvents[E]) => void,
    ): this;
    prependListener(event: string | symbol, listener: (...args: any[]) => void): this;
    prependOnceListener<E extends keyof GroupServerEvents>(
      event: E,
      listener: (...args: GroupServerEvents[E]) => void,
    ): this;
    prependOnceListener(event: string | symbol, listener: (...args: any[]) => void): this;
  }

  /**
   * Makes a server of the page's form; listen() starts it.
   * @param group the group's name; with subs and without subMode also the subs' module
   * @param subs how many sub tasks, from 0
   * @param subMode the subs' module, from the directory of the program
   * @param saddr where to listen
   * @param tlsOpt makes it a TLS server
   * @throws TypeError, RangeError by the argument's name
   */
  function createServer(
    group: string,
    subs: number,
    saddr?: ServerAddress | null,
    tlsOpt?: TlsServerOptions | null,
  ): GroupServer;
  function createServer(
    group: string,
    subs: number,
    subMode: string | null | undefined,
    saddr?: ServerAddress | null,
    tlsOpt?: TlsServerOptions | null,
  ): GroupServer;

  /**
   * Makes the server of a sub task, for a module other than its master's.
   * @throws Error outside of the sub tasks of that group
   */
  function createSubServer(group: string): GroupServer;

  interface SocketAddress {
    toJSON(): { address: string; family: IPVersion; port: number; flowlabel: number };
  }
  namespace SocketAddress {
    function isSocketAddress(value: unknown): value is SocketAddress;
  }
}
