'use strict';
// socket.connect(): its arguments, and what begins with them.
const { codes } = require('internal/errors/codes');
const { validateFunction, validateNumber } = require('internal/errors/validators');
const { Connector } = require('internal/net/connector');
const { normalizeConnect, validateConnect } = require('internal/net/options');
const { startTimer } = require('internal/net/socket_properties');
const {
  kBound,
  kId,
  kConnector,
  kBytesRead,
  kBytesWritten,
  kPeer,
  kLocal,
  kTimeout,
  kHeader,
  kReset,
  kTls,
} = require('internal/net/socket_fields');

/** Has a socket connect as the arguments of connect() say. */
function connect(socket, args) {
  // net.connect() passes what it normalized already.
  const [options, listener] =
    Array.isArray(args[0]) && args.length === 1 ? args[0] : normalizeConnect(args);
  const port = validateConnect(options);
  if (listener !== null) validateFunction(listener, 'connectListener');
  if (socket.connecting) throw busy('EALREADY', 'the socket is connecting');
  if (socket[kId] !== 0) throw busy('EISCONN', 'the socket is connected');
  if (socket.destroyed) revive(socket);
  if (socket[kBound] >= 0 && (options.localAddress || options.localPort))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'options',
      options,
      'localAddress and localPort cannot be used with an adopted bound socket',
    );
  if (options.keepAliveInitialDelay !== undefined)
    validateNumber(options.keepAliveInitialDelay, 'options.keepAliveInitialDelay');
  const { tlsOpt, proxy } = options;
  socket[kHeader] =
    proxy === undefined || proxy === null
      ? undefined
      : require('internal/net/proxy_out').encode(proxy);
  if (tlsOpt === undefined || tlsOpt === null) socket[kTls] = null;
  else {
    const { clientOptions, makeSecure } = require('internal/tls/page');
    socket[kTls] = clientOptions(tlsOpt, options.host);
    makeSecure(socket);
  }
  if (listener !== null) socket.once('connect', listener);
  socket.connecting = true;
  socket._host = options.host ?? null;
  socket[kConnector] = new Connector(socket, options, port);
  if (socket[kTimeout] > 0) startTimer(socket);
  if (options.timeout !== undefined) socket.setTimeout(options.timeout);
  if (options.noDelay !== undefined) socket.setNoDelay(Boolean(options.noDelay));
  if (options.keepAlive !== undefined)
    socket.setKeepAlive(options.keepAlive, options.keepAliveInitialDelay);
  if (options.typeOfService !== undefined) socket.setTypeOfService(options.typeOfService);
  socket[kConnector].start();
}

function busy(code, reason) {
  const error = new Error(`connect ${code}: ${reason}`);
  error.code = code;
  error.errno = -require('internal/base/constants').errno[code];
  error.syscall = 'connect';
  return error;
}

// A socket that was closed may connect again: both sides start anew.
function revive(socket) {
  const { allowHalfOpen } = socket;
  socket._undestroy();
  delete socket.write;
  socket.allowHalfOpen = allowHalfOpen;
  socket[kPeer] = socket[kLocal] = undefined;
  socket[kBytesRead] = socket[kBytesWritten] = undefined;
  socket[kReset] = false;
}

module.exports = { connect };
