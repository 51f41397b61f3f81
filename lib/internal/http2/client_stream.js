'use strict';
// A stream that a client began, or that the server pushed to it.
const channels = require('internal/base/channels');
const { constants } = require('internal/http2/constants');
const { Http2Stream, kState, on } = require('internal/http2/stream');

const kAnswered = Symbol('answered'); // the final response has arrived

class ClientHttp2Stream extends Http2Stream {
  [kAnswered] = false;
  pushed = false; // by the server

  /** Fields that arrived: information, the response, or trailers. */
  [on.headers](headers, flags, raw) {
    const status = headers[':status'];
    if (!this[kAnswered] && !(status < 200)) {
      this[kAnswered] = true;
      if (flags & constants.NGHTTP2_FLAG_END_STREAM) this[kState].endAfterHeaders = true;
      channels.publish?.('http2.client.stream.finish', { stream: this, headers, flags });
      this.emit(this.pushed ? 'push' : 'response', headers, flags, raw);
    } else if (this[kAnswered]) {
      this.emit('trailers', headers, flags, raw);
    } else {
      if (status === 100) this.emit('continue');
      this.emit('headers', headers, flags, raw);
    }
  }
}

module.exports = { ClientHttp2Stream };
