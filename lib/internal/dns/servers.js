'use strict';
// The addresses of DNS servers as programs write them: '1.1.1.1', '1.1.1.1:53', '::1', '[::1]:53'.
const { codes } = require('internal/errors/codes');
const { validateArray, validatePort, validateString } = require('internal/errors/validators');
const { isIP } = binding('net');

const DEFAULT_PORT = 53;

function parseServer(text) {
  const [, ip, port] = isIP(text)
    ? [text, text, DEFAULT_PORT]
    : (/^\[(.*)\](?::(\d+))?$/.exec(text) ?? /^([^:]*):(\d+)$/.exec(text) ?? []);
  const number = Number(port ?? DEFAULT_PORT);
  // c-ares keeps no zones of IPv6 addresses.
  if (isIP(ip ?? '') === 0 || ip.includes('%') || number < 1)
    throw new codes.ERR_INVALID_IP_ADDRESS(text);
  return [ip, validatePort(number)];
}

/** Checks a list of servers; returns [address, port, …]. */
function parseServers(servers) {
  validateArray(servers, 'servers');
  return servers.flatMap((server, i) => {
    validateString(server, `servers[${i}]`);
    return parseServer(server);
  });
}

/** The reverse of it; the port of DNS is not shown. */
function formatServers(list) {
  const servers = [];
  for (let i = 0; i < list.length; i += 2) {
    const [ip, port] = [list[i], list[i + 1]];
    if (port === DEFAULT_PORT || port === 0) servers.push(ip);
    else servers.push(isIP(ip) === 6 ? `[${ip}]:${port}` : `${ip}:${port}`);
  }
  return servers;
}

module.exports = { parseServers, formatServers };
