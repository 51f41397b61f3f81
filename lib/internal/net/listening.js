'use strict';
// server.listen() of net: its arguments, and the ways to begin.
const native = binding('net');
const channels = require('internal/base/channels');
const { codes, exceptionWithHostPort } = require('internal/errors/codes');
const {
  validatePort,
  validateString,
  validateNumber,
  validateAbortSignal,
  validateBoolean,
  validateInt32,
} = require('internal/errors/validators');
const { isPipeName } = require('internal/net/options');
const { kTakeBound } = require('internal/net/socket_fields');
const { kId, kAnnounced, openHandle, service } = require('internal/net/server');

const DEFAULT_BACKLOG = 511;

let shared; // in a worker of a cluster: listens on what its primary has

/** Has every server that is not `exclusive` listen by listen(server, options, backlog). */
function listenShared(listen) {
  shared = listen;
}

/** Has a server listen as the arguments of listen() say. */
function listen(server, args) {
  const last = args.at(-1);
  const callback = typeof last === 'function' ? args.pop() : undefined;
  if (server[kId] !== 0 || server._starting || server.draining)
    throw new codes.ERR_SERVER_ALREADY_LISTEN();
  const options = listenOptions(args);
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  if (options.reusePort !== undefined) validateBoolean(options.reusePort, 'options.reusePort');
  if (callback) server.once('listening', callback);
  server[kAnnounced] = false;
  if (options.signal !== undefined) {
    const abort = () => server.close();
    if (options.signal.aborted) process.nextTick(abort);
    else {
      options.signal.addEventListener('abort', abort, require('internal/base/abort').onAbort);
      server.once('close', () => options.signal.removeEventListener('abort', abort));
    }
  }
  channels.publish?.('tracing:net.server.listen:asyncStart', { server, options });
  const backlog = options.backlog ?? DEFAULT_BACKLOG;
  const activated = options.bound ? -1 : activatedDescriptor(options);
  service?.begun(server);
  if (options.bound !== undefined) {
    listenBound(server, options.bound, backlog);
  } else if (shared !== undefined && !options.exclusive && options.fd === undefined) {
    shared(server, options, backlog);
  } else if (activated >= 0) {
    server._pipeName = undefined; // not ours to unlink
    started(server, listenOn(server, activated, backlog), 'fd', activated);
  } else if (options.fd !== undefined) {
    started(server, listenOn(server, options.fd, backlog), 'fd', options.fd);
  } else if (options.path !== undefined) {
    listenPath(server, options, backlog);
  } else if (options.host) {
    if (native.isIP(options.host) !== 0) listenIp(server, options.host, options, backlog);
    else listenName(server, options, backlog);
  } else listenAny(server, options, backlog);
}

/** The descriptor that the process was started with and that is meant, or -1. */
function activatedDescriptor({ activated, fd, host, port, path }) {
  if (activated !== undefined) return require('internal/net/service').take(activated);
  if (service === null || fd !== undefined || !takesAddresses()) return -1;
  if (path !== undefined) return service.takeAddress(path, -1);
  if (host) return service.takeAddress(host, port);
  const all = service.takeAddress('::', port);
  return all < 0 ? service.takeAddress('0.0.0.0', port) : all;
}

function takesAddresses() {
  return require('internal/process/flags').flag('activated') !== undefined;
}

function listenOptions(args) {
  const [first] = args;
  const backlogOf = (value) => {
    if (value === undefined || value === null) return undefined;
    const number = Number(value);
    return Number.isInteger(number) && number >= 0 ? number : undefined;
  };
  if (args.length === 0 || first === undefined || first === null) {
    return {
      port: 0,
      backlog: backlogOf(args.find((value, index) => index > 0 && typeof value !== 'string')),
    };
  }
  if (typeof first === 'object') {
    const bound = [first, first.handle].find((one) => one?.[kTakeBound] !== undefined);
    if (bound !== undefined) {
      bound.fd(); // throws where it is another's
      return { ...first, bound, backlog: first.backlog ?? backlogOf(args[1]) };
    }
    if (first.activated !== undefined) return first;
    const options = first._handle ?? first;
    if (options !== first || (typeof first.fd === 'number' && first.fd >= 0)) {
      const fd = options.fd;
      validateInt32(fd, 'options.fd', 0);
      return { ...first, fd };
    }
    if (options.backlog !== undefined && options.backlog !== null)
      validateNumber(options.backlog, 'options.backlog');
    if (options.port !== undefined) {
      if (!['number', 'string'].includes(typeof options.port) && options.port !== null)
        throw new codes.ERR_INVALID_ARG_VALUE('options', options);
      const port = options.port === null ? 0 : validatePort(options.port, 'options.port');
      if (options.host !== undefined && options.host !== null)
        validateString(options.host, 'options.host');
      if (options.ipv6Only !== undefined) validateBoolean(options.ipv6Only, 'options.ipv6Only');
      return { ...options, port, path: undefined };
    }
    if (options.path !== undefined && isPipeName(options.path)) return options;
    if (!('port' in options || 'path' in options))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options',
        options,
        'must have the property "port" or "path"',
      );
    if ('port' in options && options.path === undefined) return { ...options, port: 0 };
    throw new codes.ERR_INVALID_ARG_VALUE('options', options);
  }
  if (isPipeName(first)) return { path: first, backlog: backlogOf(args[1]) };
  if (typeof first !== 'number' && typeof first !== 'string')
    throw new codes.ERR_INVALID_ARG_VALUE('options', { port: first });
  const port = validatePort(first, 'options.port');
  const host = typeof args[1] === 'string' ? args[1] : undefined;
  return { port, host, backlog: backlogOf(host === undefined ? (args[1] ?? args[2]) : args[2]) };
}

function listenBound(server, bound, backlog) {
  const path = bound.isPipe ? bound.address() : undefined;
  const fd = bound[kTakeBound]();
  const id = listenOn(server, fd, backlog);
  native.leaveBound(fd, id < 0);
  server._pipeName = path;
  started(server, id, 'fd', fd);
}

const listenOn = (server, fd, backlog) => native.listenDescriptor(fd, backlog, server._encrypts());

function listenIp(server, host, options, backlog) {
  const id = native.listen(
    host,
    options.port ?? 0,
    backlog,
    Boolean(options.ipv6Only),
    Boolean(options.reusePort),
    server._encrypts(),
  );
  started(server, id, host, options.port);
}

// Without a host: every address of both families, or of IPv4 where there is no IPv6.
function listenAny(server, options, backlog) {
  let host = '::';
  let id = native.listen(
    host,
    options.port ?? 0,
    backlog,
    Boolean(options.ipv6Only),
    Boolean(options.reusePort),
    server._encrypts(),
  );
  const { errno } = require('internal/base/constants');
  if (id === -errno.EAFNOSUPPORT || id === -errno.EADDRNOTAVAIL || id === -errno.EINVAL) {
    host = '0.0.0.0';
    id = native.listen(
      host,
      options.port ?? 0,
      backlog,
      false,
      Boolean(options.reusePort),
      server._encrypts(),
    );
  }
  started(server, id, host, options.port);
}

function listenName(server, options, backlog) {
  const asked = {};
  server._starting = asked;
  const lookup = require('dns').lookup;
  lookup(options.host, { family: 0 }, (error, address) => {
    if (server._starting !== asked) return; // closed meanwhile
    server._starting = null;
    if (error) {
      service?.ended(server);
      failed(server, error);
    } else listenIp(server, address, options, backlog);
  });
}

function listenPath(server, options, backlog) {
  validateString(options.path, 'options.path');
  const id = native.listen(options.path, -1, backlog, false, false, server._encrypts());
  if (id > 0) {
    server._pipeName = options.path;
    let mode = 0;
    if (options.readableAll) mode |= 0o444;
    if (options.writableAll) mode |= 0o222;
    if (mode !== 0) native.socketMode(id, 0o700 | mode);
  }
  started(server, id, options.path, -1);
}

function failed(server, error) {
  channels.publish?.('tracing:net.server.listen:error', { server, error });
  server.emit('error', error);
}

function started(server, id, host, port, accepting = true) {
  if (id < 0) {
    const error = listenError(id, host, port);
    service?.ended(server);
    process.nextTick(() => failed(server, error));
    return;
  }
  openHandle(server, id);
  server._connectionKey = `${host === 'fd' ? 'fd' : native.isIP(host) || -1}:${host}:${port ?? 0}`;
  native.accepting(id, accepting);
  process.nextTick(() => {
    if (server[kId] !== id) return;
    server[kAnnounced] = true;
    server._certificates()?.watch(server);
    channels.publish?.('tracing:net.server.listen:asyncEnd', { server });
    service?.listening(server);
    server.emit('listening');
  });
}

const reasons = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'address not available',
  EINVAL: 'invalid argument',
  EBADF: 'bad file descriptor',
  ENOTSOCK: 'socket operation on non-socket',
  EAFNOSUPPORT: 'address family not supported',
  ENOENT: 'no such file or directory',
};

function listenError(errno, host, port) {
  const error = exceptionWithHostPort(errno, 'listen', host, port);
  const reason = reasons[error.code];
  if (reason) {
    const where = port > 0 ? `${host}:${port}` : host;
    error.message = `listen ${error.code}: ${reason}${where === 'fd' ? '' : ` ${where}`}`;
  }
  if (port === undefined || port <= 0) delete error.port;
  return error;
}

module.exports = {
  DEFAULT_BACKLOG,
  activatedDescriptor,
  listen,
  listenError,
  listenShared,
  started,
};
