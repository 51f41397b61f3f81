'use strict';
// What the ledger knows of connections, for sockets and servers. docs/observe.md
const ledger = binding('ledger');
const { codes } = require('internal/errors/codes');
const { validateInteger, validateObject, validateString } = require('internal/errors/validators');
const { kId, kCloseCode } = require('internal/net/socket_fields');

const reasons = new Map(); // number of a CloseCode → {by, code}, or null

function reasonOf(number) {
  if (!reasons.has(number)) reasons.set(number, Object.freeze(JSON.parse(ledger.reasonOf(number))));
  return reasons.get(number);
}

/** socket.closeReason */
function closeReason(socket) {
  if (socket[kId] !== 0) return reasonOf(ledger.reason(socket[kId]));
  if (socket[kCloseCode] !== undefined) return reasonOf(socket[kCloseCode]);
  return info(socket)?.closeReason ?? null; // it never connected
}

/** socket.info() */
function info(socket) {
  const text =
    (socket[kId] !== 0 ? ledger.info(socket[kId]) : undefined) ?? ledger.closed(socket.id);
  return text === undefined ? null : JSON.parse(text);
}

const address = (end) =>
  end === undefined
    ? undefined
    : (end.path ??
      (end.address.includes(':') ? `[${end.address}]:${end.port}` : `${end.address}:${end.port}`));

/**
 * Has an error of the engine's tell whose connection failed.
 * @param {net.Socket} socket
 * @param {Error} error gets `connection`: {id, peer, local, age (ms), bytes: {in, out}}
 * @returns {Error} that error
 */
function withConnection(socket, error) {
  const found = info(socket);
  if (found === null) return error;
  const { id, peer, local, bytes, times } = found;
  Object.defineProperty(error, 'connection', {
    configurable: true,
    writable: true,
    value: {
      id,
      peer: address(peer),
      local: address(local),
      age: (times.closed ?? Date.now()) - times.opened,
      bytes: { in: bytes.in, out: bytes.out },
    },
  });
  return error;
}

function validateNames(options, name, known) {
  validateObject(options, name);
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new codes.ERR_INVALID_ARG_VALUE(
        `${name}.${key}`,
        options[key],
        `is no option; there are ${known.join(', ')}`,
      );
}

/** server.connections() */
function* connections(account, options = {}) {
  let place = 0;
  do {
    const [next, text] = ledger.list(account, place, options.tcp !== false);
    place = next;
    yield* JSON.parse(text);
  } while (place !== 0);
}

function connectionsOf(account, options = {}) {
  validateNames(options, 'options', ['tcp']);
  return connections(account, options);
}

/** server.recent() of an account, or of a group */
function recentOf(account, group, options = {}) {
  validateNames(options, 'options', ['code', 'peer', 'since', 'limit']);
  const { code, peer, limit } = options;
  let { since } = options;
  if (code !== undefined) validateString(code, 'options.code');
  if (peer !== undefined) validateString(peer, 'options.peer');
  if (limit !== undefined) validateInteger(limit, 'options.limit', 1);
  if (since !== undefined) {
    since = Number(since);
    if (Number.isNaN(since))
      throw new codes.ERR_INVALID_ARG_VALUE(
        'options.since',
        options.since,
        'must be a Date or a number of milliseconds since 1970',
      );
  }
  const text = ledger.recent(account, group, code, peer, since, limit);
  if (text === undefined)
    throw new codes.ERR_INVALID_ARG_VALUE('options.code', code, 'is no code of a close reason');
  if (text === null)
    throw new codes.ERR_INVALID_ARG_VALUE('options.peer', peer, `must be ${ledger.peerExpected}`);
  return JSON.parse(text);
}

module.exports = { closeReason, info, withConnection, connectionsOf, recentOf, validateNames };
