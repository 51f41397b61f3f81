'use strict';
// Errors as programs written for Node expect them: a class, a `code`, and a message that names
// the argument, the value and what was expected.

/** What makes errors of a code; the name shows as `TypeError [ERR_X]` in stacks. */
function classOf(code) {
  const entry = require('internal/errors/messages')[code];
  if (entry === undefined) throw new Error(`no error has the code ${code}`);
  const [Base, message] = entry;
  class CodedError extends Base {
    constructor(...values) {
      super(message(...values));
      // Own and hidden, so that `name` stays that of the class and inspect shows the code.
      Object.defineProperty(this, 'code', {
        value: code,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }

    toString() {
      return `${this.name} [${code}]: ${this.message}`;
    }
  }
  Object.defineProperty(CodedError, 'name', { value: Base.name });
  Object.defineProperty(CodedError.prototype, require('internal/errors/stack').kCodeInHeader, {
    value: true,
  });
  return CodedError;
}

/** Errors by code, `new codes.ERR_X(…)`; their classes are made at the first error. */
const codes = new Proxy(
  {},
  {
    get(known, code) {
      let Class;
      return (known[code] ??= function CodedError(...values) {
        Class ??= classOf(code);
        return new Class(...values);
      });
    },
  },
);

class AbortError extends Error {
  constructor(message = 'The operation was aborted', options) {
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

let names;
/** The symbolic name of an errno value given as Node gives it, negative: -111 → 'ECONNREFUSED'. */
function errnoName(errno) {
  names ??= require('internal/base/constants').errnoNames;
  return names.get(Math.abs(errno)) ?? `Unknown system error ${errno}`;
}

// kAccessDenied of include/sluice/error.h, as failures are numbered.
const DENIED = -4000;

/** The error of what the permissions of this task do not allow, right after the call that failed. */
function accessDenied(syscall) {
  const error = binding('permission').denied();
  if (syscall !== undefined) error.syscall = syscall;
  return error;
}

/** Fills an Error as failed system calls do: errno (negative), code, syscall. */
function systemError(message, errno, code, syscall) {
  if (errno === DENIED) return accessDenied(syscall);
  const error = new Error(message);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  return error;
}

/** `syscall CODE detail`. errno is negative. */
function errnoException(errno, syscall, detail) {
  const code = errnoName(errno);
  return systemError(
    detail ? `${syscall} ${code} ${detail}` : `${syscall} ${code}`,
    errno,
    code,
    syscall,
  );
}

/** `connect ECONNREFUSED 127.0.0.1:1`, with address and port; local shows where from. */
function exceptionWithHostPort(errno, syscall, address, port, local) {
  const code = errnoName(errno);
  let detail = '';
  if (port && port > 0) detail = ` ${address}:${port}`;
  else if (address) detail = ` ${address}`;
  if (local) detail += ` - Local (${local})`;
  const error = systemError(`${syscall} ${code}${detail}`, errno, code, syscall);
  error.address = address;
  if (port) error.port = port;
  return error;
}

module.exports = {
  DENIED,
  accessDenied,
  codes,
  AbortError,
  errnoName,
  errnoException,
  exceptionWithHostPort,
};
