// What sluice has of the module tls beyond what @types/node declares.

import type { SecureContext as Context } from 'tls';

declare module 'tls' {
  interface TLSSocket {
    /** True until the handshake is done and the peer accepted. */
    readonly secureConnecting: boolean;
    /**
     * Sets the name to ask the server for, before the handshake.
     * @throws Error `ERR_TLS_SNI_FROM_SERVER`: this is a server's socket
     */
    setServername(name: string): void;
    /** Sets the session to resume, before the handshake; of getSession() or the event `session`. */
    setSession(session: string | NodeJS.ArrayBufferView): void;
  }

  interface Server {
    /** Settings of `TlsOptions`, for connections to come. */
    requestCert: boolean;
    rejectUnauthorized: boolean;
    /** In the form that is sent. */
    ALPNProtocols: Buffer | undefined;
  }

  /** The class of what createSecureContext() returns. */
  var SecureContext: { prototype: Context };

  /**
   * Sets `out.ALPNProtocols` to protocols as they are sent (RFC 7301).
   * @throws RangeError `ERR_OUT_OF_RANGE`: a name is longer than 255 bytes
   */
  function convertALPNProtocols(
    protocols: string[] | NodeJS.ArrayBufferView,
    out: { ALPNProtocols?: Buffer },
  ): void;
}
