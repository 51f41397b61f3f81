'use strict';
// The messages that a server's listener of `request` gets, as those of http.
const { constants } = require('internal/http2/constants');
const { Http2ServerRequest } = require('internal/http2/compat_request');
const { Http2ServerResponse } = require('internal/http2/compat_response');

/** A stream has begun. */
function onStream(server, options, stream, headers, rawHeaders) {
  const Request = options.Http2ServerRequest ?? Http2ServerRequest;
  const Response = options.Http2ServerResponse ?? Http2ServerResponse;
  const request = new Request(stream, headers, undefined, rawHeaders);
  const response = new Response(stream);
  response.req = request;
  const { expect } = headers;
  if (headers[':method'] === 'CONNECT') {
    if (!server.emit('connect', request, response)) {
      response.statusCode = constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
      response.end();
    }
  } else if (expect === undefined) {
    server.emit('request', request, response);
  } else if (expect === '100-continue') {
    if (server.listenerCount('checkContinue') > 0) {
      server.emit('checkContinue', request, response);
    } else {
      response.writeContinue();
      server.emit('request', request, response);
    }
  } else if (server.listenerCount('checkExpectation') > 0) {
    server.emit('checkExpectation', request, response);
  } else {
    response.statusCode = constants.HTTP_STATUS_EXPECTATION_FAILED;
    response.end();
  }
}

module.exports = { Http2ServerRequest, Http2ServerResponse, onStream };
