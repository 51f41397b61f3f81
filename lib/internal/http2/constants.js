'use strict';
// The numbers and names of HTTP/2 (RFC 9113), as http2.constants has them.
const { STATUS_CODES } = require('internal/http/constants');

const ERRORS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

const STATES =
  'IDLE OPEN RESERVED_LOCAL RESERVED_REMOTE HALF_CLOSED_LOCAL HALF_CLOSED_REMOTE CLOSED';

const SETTINGS = {
  HEADER_TABLE_SIZE: [1, 4096],
  ENABLE_PUSH: [2, 1],
  MAX_CONCURRENT_STREAMS: [3, 4294967295],
  INITIAL_WINDOW_SIZE: [4, 65535],
  MAX_FRAME_SIZE: [5, 16384],
  MAX_HEADER_LIST_SIZE: [6, 65535],
  ENABLE_CONNECT_PROTOCOL: [8, 0],
};

const FIELDS =
  ':status :method :authority :scheme :path :protocol accept-encoding accept-language accept-ranges' +
  ' accept access-control-allow-credentials access-control-allow-headers access-control-allow-methods' +
  ' access-control-allow-origin access-control-expose-headers access-control-request-headers' +
  ' access-control-request-method age authorization cache-control connection content-disposition' +
  ' content-encoding content-length content-type cookie date etag forwarded host if-modified-since' +
  ' if-none-match if-range last-modified link location range referer server set-cookie' +
  ' strict-transport-security transfer-encoding te upgrade-insecure-requests upgrade user-agent vary' +
  ' x-content-type-options x-frame-options keep-alive proxy-connection x-xss-protection alt-svc' +
  ' content-security-policy early-data expect-ct origin purpose timing-allow-origin x-forwarded-for' +
  ' priority accept-charset access-control-max-age allow content-language content-location' +
  ' content-md5 content-range dnt expect expires from if-match if-unmodified-since max-forwards' +
  ' prefer proxy-authenticate proxy-authorization refresh retry-after trailer tk via warning' +
  ' www-authenticate http2-settings';

const METHODS =
  'ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL LINK LOCK MERGE' +
  ' MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH PATCH POST PRI' +
  ' PROPFIND PROPPATCH PUT REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK UPDATE' +
  ' UPDATEREDIRECTREF VERSION-CONTROL';

const constants = {
  NGHTTP2_ERR_FRAME_SIZE_ERROR: -522,
  NGHTTP2_SESSION_SERVER: 0,
  NGHTTP2_SESSION_CLIENT: 1,
  NGHTTP2_FLAG_NONE: 0,
  NGHTTP2_FLAG_END_STREAM: 1,
  NGHTTP2_FLAG_ACK: 1,
  NGHTTP2_FLAG_END_HEADERS: 4,
  NGHTTP2_FLAG_PADDED: 8,
  NGHTTP2_FLAG_PRIORITY: 32,
  NGHTTP2_DEFAULT_WEIGHT: 16,
  MAX_MAX_FRAME_SIZE: 16777215,
  MIN_MAX_FRAME_SIZE: 16384,
  MAX_INITIAL_WINDOW_SIZE: 2147483647,
  PADDING_STRATEGY_NONE: 0,
  PADDING_STRATEGY_ALIGNED: 1,
  PADDING_STRATEGY_MAX: 2,
  PADDING_STRATEGY_CALLBACK: 1,
};

ERRORS.forEach((name, code) => {
  constants[`NGHTTP2_${name}`] = code;
});
STATES.split(' ').forEach((name, index) => {
  constants[`NGHTTP2_STREAM_STATE_${name}`] = index + 1;
});
for (const [name, [number, value]] of Object.entries(SETTINGS)) {
  constants[`NGHTTP2_SETTINGS_${name}`] = number;
  constants[`DEFAULT_SETTINGS_${name}`] = value;
}
for (const name of FIELDS.split(' '))
  constants[`HTTP2_HEADER_${name.replace(':', '').toUpperCase().replaceAll('-', '_')}`] = name;
for (const name of METHODS.split(' '))
  constants[`HTTP2_METHOD_${name.replaceAll('-', '_')}`] = name;
for (const [code, text] of Object.entries(STATUS_CODES)) {
  const name =
    code === '418' ? 'TEAPOT' : text.toUpperCase().replace(/[ -]/g, '_').replace("'", '');
  constants[`HTTP_STATUS_${name}`] = Number(code);
}

/** The name of an error's code, as `NGHTTP2_CANCEL`. */
const errorName = (code) => (code in ERRORS ? `NGHTTP2_${ERRORS[code]}` : code);

module.exports = { constants, errorName };
