'use strict';
// The errors of asking DNS servers: their names, in the order of c-ares' numbers, and the objects.

const names = [
  'NODATA',
  'FORMERR',
  'SERVFAIL',
  'NOTFOUND',
  'NOTIMP',
  'REFUSED',
  'BADQUERY',
  'BADNAME',
  'BADFAMILY',
  'BADRESP',
  'CONNREFUSED',
  'TIMEOUT',
  'EOF',
  'FILE',
  'NOMEM',
  'DESTRUCTION',
  'BADSTR',
  'BADFLAGS',
  'NONAME',
  'BADHINTS',
  'NOTINITIALIZED',
  'LOADIPHLPAPI',
  'ADDRGETNETWORKPARAMS',
  'CANCELLED',
];

/** What dns and dns/promises export: {NODATA: 'ENODATA', …}; EOF's value is 'EOF', as in Node. */
const constants = {};
for (const name of names) constants[name] = name === 'EOF' ? 'EOF' : `E${name}`;

/** The code of a status of c-ares. */
const codeOf = (status) => constants[names[status - 1]] ?? 'UNKNOWN_ARES_ERROR';

/** `queryA ENOTFOUND example.invalid`, with errno, code, syscall and, if not empty, hostname. */
function dnsError(code, errno, syscall, hostname) {
  const error = new Error(`${syscall} ${code}${hostname ? ` ${hostname}` : ''}`);
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (hostname) error.hostname = hostname;
  return error;
}

module.exports = { constants, codeOf, dnsError };
