'use strict';
// Which member gets the next connection.
const native = binding('net');
const group = binding('group');
const { codes } = require('internal/errors/codes');
const { kId } = require('internal/net/server');
const { kPage, kSeat, kSubs, kSettings, tasks } = require('internal/net/group/fields');

// The order of enum Balance in include/sluice/group.h.
const BALANCES = ['round-robin', 'least-connections'];

/** server.balance */
function setBalance(server, value) {
  if (typeof value !== 'function' && !BALANCES.includes(value))
    throw new codes.ERR_INVALID_ARG_VALUE(
      'server.balance',
      value,
      "must be 'round-robin', 'least-connections' or a function",
    );
  server[kSettings].balance = value;
  applyBalance(server);
}

function applyBalance(server) {
  const { balance } = server[kSettings];
  if (server[kId] !== 0)
    group.setBalance(server[kId], typeof balance === 'function' ? 2 : BALANCES.indexOf(balance));
}

// server.balance is a function: it names the member that shall have the connection.
function pick(server, address, port) {
  const seat = server[kSeat];
  const candidates = group.readyMembers(seat).map((index) => {
    const [, connections, total] = group.member(seat, index);
    const sub = server[kSubs][index];
    return {
      index,
      name: index === 0 ? server[kPage].name : sub.name,
      task: index === 0 ? tasks().id : sub.task,
      connections,
      total,
    };
  });
  const family = native.isIP(address) === 6 ? 'IPv6' : 'IPv4';
  let chosen;
  try {
    chosen = server[kSettings].balance(candidates, { address, port, family });
  } catch (error) {
    process._uncaught(error);
  }
  const found = candidates.find(
    (one) => one === chosen || one.index === chosen || one.name === chosen,
  );
  return found === undefined ? -1 : found.index;
}

module.exports = { setBalance, applyBalance, pick };
