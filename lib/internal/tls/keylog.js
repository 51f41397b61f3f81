'use strict';
// --tls-keylog=FILE: the secrets of every TLSSocket, for tools that read captures (NSS key log format).
const { flag } = require('internal/process/flags');

const file = flag('tls-keylog')?.at(-1) || undefined;

if (file !== undefined)
  process.emitWarning(
    `Using --tls-keylog makes TLS connections insecure by writing secret key material to file ${file}`,
  );

/** The bytes of a line, which the file gets, if there is one. */
function keyLine(text) {
  const line = Buffer.from(`${text}\n`, 'latin1');
  if (file !== undefined) require('fs').appendFileSync(file, line, { mode: 0o600 });
  return line;
}

module.exports = { keyLine, logsKeys: file !== undefined };
