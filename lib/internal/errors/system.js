'use strict';
// Errors of failed system calls that name a path: `ENOENT: no such file or directory, open '/x'`.
const { define } = require('internal/base/lazy');
const { DENIED, accessDenied, errnoName } = require('internal/errors/codes');

// The texts are those of libuv's uv_strerror(), which programs compare with.
const texts = {
  E2BIG: 'argument list too long',
  EACCES: 'permission denied',
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'address not available',
  EAFNOSUPPORT: 'address family not supported',
  EAGAIN: 'resource temporarily unavailable',
  EALREADY: 'connection already in progress',
  EBADF: 'bad file descriptor',
  EBUSY: 'resource busy or locked',
  ECANCELED: 'operation canceled',
  ECONNABORTED: 'software caused connection abort',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EDESTADDRREQ: 'destination address required',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file already exists',
  EFAULT: 'bad address in system call argument',
  EFBIG: 'file too large',
  EHOSTDOWN: 'host is down',
  EHOSTUNREACH: 'host is unreachable',
  EILSEQ: 'illegal byte sequence',
  EINTR: 'interrupted system call',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISCONN: 'socket is already connected',
  EISDIR: 'illegal operation on a directory',
  ELOOP: 'too many symbolic links encountered',
  EMFILE: 'too many open files',
  EMLINK: 'too many links',
  EMSGSIZE: 'message too long',
  ENAMETOOLONG: 'name too long',
  ENETDOWN: 'network is down',
  ENETUNREACH: 'network is unreachable',
  ENFILE: 'file table overflow',
  ENOBUFS: 'no buffer space available',
  ENODATA: 'no data available',
  ENODEV: 'no such device',
  ENOENT: 'no such file or directory',
  ENOMEM: 'not enough memory',
  ENOPROTOOPT: 'protocol not available',
  ENOSPC: 'no space left on device',
  ENOSYS: 'function not implemented',
  ENOTCONN: 'socket is not connected',
  ENOTDIR: 'not a directory',
  ENOTEMPTY: 'directory not empty',
  ENOTSOCK: 'socket operation on non-socket',
  ENOTSUP: 'operation not supported on socket',
  ENOTTY: 'inappropriate ioctl for device',
  ENXIO: 'no such device or address',
  EOVERFLOW: 'value too large for defined data type',
  EPERM: 'operation not permitted',
  EPIPE: 'broken pipe',
  EPROTO: 'protocol error',
  EPROTONOSUPPORT: 'protocol not supported',
  EPROTOTYPE: 'protocol wrong type for socket',
  ERANGE: 'result too large',
  EROFS: 'read-only file system',
  ESHUTDOWN: 'cannot send after transport endpoint shutdown',
  ESOCKTNOSUPPORT: 'socket type not supported',
  ESPIPE: 'invalid seek',
  ESRCH: 'no such process',
  ETIMEDOUT: 'connection timed out',
  ETXTBSY: 'text file is busy',
  EXDEV: 'cross-device link not permitted',
};

/** The text of an errno value, given negative: -2 → 'no such file or directory'. */
function errnoText(errno) {
  return texts[errnoName(errno)] ?? `Unknown system error ${errno}`;
}

/**
 * The error of a failed call that works on paths. errno is negative; path and dest may be
 * missing.
 * @param {number} errno
 * @param {string} syscall
 * @param {string|Uint8Array} [path]
 * @param {string|Uint8Array} [dest]
 */
function pathError(errno, syscall, path, dest) {
  if (errno === DENIED) {
    const error = accessDenied(syscall);
    Error.captureStackTrace?.(error, pathError);
    if (path !== undefined) error.path = String(path);
    if (dest !== undefined) error.dest = String(dest);
    return error;
  }
  const code = errnoName(errno);
  let message = `${code}: ${errnoText(errno)}, ${syscall}`;
  if (path !== undefined) message += ` '${path}'`;
  if (dest !== undefined) message += ` -> '${dest}'`;
  const error = new Error(message);
  Error.captureStackTrace?.(error, pathError);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = String(path);
  if (dest !== undefined) error.dest = String(dest);
  return error;
}

/** SystemError of os functions: `A system error occurred: uv_os_get_passwd returned ENOENT (…)`. */
function systemError(
  errno,
  syscall,
  kind = 'ERR_SYSTEM_ERROR',
  problem = 'A system error occurred',
) {
  if (errno === DENIED) return accessDenied(syscall);
  const code = errnoName(errno);
  const message = errnoText(errno);
  const error = new Error(`${problem}: ${syscall} returned ${code} (${message})`);
  define(error, 'name', 'SystemError', false);
  error.code = kind;
  error.info = { errno, code, message, syscall };
  error.errno = errno;
  error.syscall = syscall;
  return error;
}

/**
 * SystemError of a path: `Path is a directory: rm returned EISDIR (is a directory) /path`.
 * @param {string} name  of the error number
 * @param {string} kind  the error's code
 * @param {string} problem
 * @param {string} [reason]  by default the system's
 */
function pathSystemError(name, syscall, path, kind, problem, reason) {
  const errno = binding('os').errno[name];
  const error = systemError(-errno, syscall, kind, problem);
  reason ??= error.info.message;
  error.message = `${problem}: ${syscall} returned ${name} (${reason}) ${path}`;
  Object.assign(error.info, { errno, message: reason, path });
  return Object.assign(error, { errno, path });
}

module.exports = { errnoText, pathError, pathSystemError, systemError, texts };
