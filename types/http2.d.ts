/** What Node's http2 has and @types/node does not declare. https://nodejs.org/api/http2.html */
declare module 'http2' {
  interface Http2ServerResponse {
    /** Sets fields from a Headers or a Map. @throws ERR_HTTP2_HEADERS_SENT */
    setHeaders(headers: Headers | Map<string, number | string | readonly string[]>): this;
    /** A field behind the body. */
    setTrailer(name: string, value: number | string | readonly string[]): void;
    /** Sends the fields, before anything of the body. */
    flushHeaders(): void;
    /** Sends a status of 1xx, other than 101, before the response. */
    writeInformation(status: number, headers?: import('http').OutgoingHttpHeaders): boolean;
  }
  interface SessionOptions {
    /** Fields that may stand once are an error where they stand twice; true. */
    strictSingleValueFields?: boolean | undefined;
  }
  interface ClientSessionOptions {
    /** Origins that the server may name; 128. More of them end the session. */
    maxOriginSetSize?: number | undefined;
  }
  interface ServerSessionOptions {
    /** Options of the HTTP/1 side of a server with allowHTTP1. */
    http1Options?: import('http').ServerOptions | undefined;
  }
  namespace constants {
    const PADDING_STRATEGY_ALIGNED: number;
    const DEFAULT_SETTINGS_MAX_CONCURRENT_STREAMS: number;
    const DEFAULT_SETTINGS_MAX_HEADER_LIST_SIZE: number;
    const NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL: number;
    const DEFAULT_SETTINGS_ENABLE_CONNECT_PROTOCOL: number;
    const HTTP2_HEADER_PROTOCOL: string;
    const HTTP2_HEADER_FORWARDED: string;
    const HTTP2_HEADER_UPGRADE_INSECURE_REQUESTS: string;
    const HTTP2_HEADER_X_CONTENT_TYPE_OPTIONS: string;
    const HTTP2_HEADER_X_FRAME_OPTIONS: string;
    const HTTP2_HEADER_X_XSS_PROTECTION: string;
    const HTTP2_HEADER_ALT_SVC: string;
    const HTTP2_HEADER_CONTENT_SECURITY_POLICY: string;
    const HTTP2_HEADER_EARLY_DATA: string;
    const HTTP2_HEADER_EXPECT_CT: string;
    const HTTP2_HEADER_ORIGIN: string;
    const HTTP2_HEADER_PURPOSE: string;
    const HTTP2_HEADER_TIMING_ALLOW_ORIGIN: string;
    const HTTP2_HEADER_X_FORWARDED_FOR: string;
    const HTTP2_HEADER_PRIORITY: string;
    const HTTP2_HEADER_ACCESS_CONTROL_MAX_AGE: string;
    const HTTP2_HEADER_DNT: string;
    const HTTP2_HEADER_TRAILER: string;
    const HTTP2_HEADER_TK: string;
    const HTTP2_HEADER_WARNING: string;
    const HTTP_STATUS_EARLY_HINTS: number;
    const HTTP_STATUS_TOO_EARLY: number;
  }
}
