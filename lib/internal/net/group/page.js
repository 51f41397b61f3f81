'use strict';
// The page's servers: createServer(group, subs[, subMode][, saddr[, tlsOpt]]) and
// createSubServer(group). One master accepts; connections go to it and to the subs, each in a task
// of its own. docs/api/groups.md
const { codes } = require('internal/errors/codes');
const { validateMembers } = require('internal/errors/options');
const { validateInt32, validatePort } = require('internal/errors/validators');
const { kTls } = require('internal/net/server');
const { tasks } = require('internal/net/group/fields');
const { GroupServer } = require('internal/net/group/server');

const ADDRESS = new Set(['domain', 'addr', 'port', 'backlog', 'activated']);
// Words of other interfaces, and of the argument behind it.
const OTHERS = { address: 'addr', family: 'domain', host: 'addr', cert: 'tlsOpt', key: 'tlsOpt' };

let subServer = false; // this task's server of its own group was made

function validateGroup(group) {
  if (typeof group !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('group', 'string', group);
  if (group === '') throw new codes.ERR_INVALID_ARG_VALUE('group', group, 'must not be empty');
}

function validateSubs(subs) {
  if (typeof subs !== 'number') throw new codes.ERR_INVALID_ARG_TYPE('subs', 'number', subs);
  if (!Number.isInteger(subs)) throw new codes.ERR_INVALID_ARG_TYPE('subs', 'integer', subs);
  if (subs < 0) throw new codes.ERR_OUT_OF_RANGE('subs', '>= 0', subs);
}

/**
 * What follows (group, subs): [subMode][, saddr[, tlsOpt]]. An absent value (undefined, null) with two
 * others behind it stands for subMode; with one, for subMode or saddr, as that one's members tell.
 */
function optional(rest) {
  const [first, second, third] = rest;
  if (typeof first === 'string') return { subMode: first, saddr: second, tlsOpt: third };
  const absent = (first ?? null) === null;
  if (absent && (rest.length > 2 || isAddress(second))) return { saddr: second, tlsOpt: third };
  // One too many: it may be what shall encrypt.
  if (!absent && (third ?? null) !== null)
    throw new codes.ERR_INVALID_ARG_TYPE('subMode', 'string', first);
  return { saddr: first, tlsOpt: second };
}

const isAddress = (value) =>
  typeof value === 'object' && value !== null && [...ADDRESS].some((name) => name in value);

/** createServer(group, subs[, subMode][, saddr[, tlsOpt]]) */
function createGroup(args) {
  const [group, subs, ...rest] = args;
  validateGroup(group);
  const { subMode, saddr, tlsOpt } = optional(rest);
  const { group: ownGroup } = tasks();
  const isSub = ownGroup === group;
  if (!isSub || subs !== undefined) validateSubs(subs);
  if (isSub) return subOf(group, tlsOpt?.SNICallback); // all else is the master's
  if (saddr !== undefined && saddr !== null && typeof saddr !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('saddr', 'Object', saddr);
  if (tlsOpt !== undefined && tlsOpt !== null && typeof tlsOpt !== 'object')
    throw new codes.ERR_INVALID_ARG_TYPE('tlsOpt', 'Object', tlsOpt);
  const address = pageAddress(saddr);
  if (ownGroup !== '' && subs > 0) throw new codes.ERR_GROUP_NESTED(group, ownGroup);
  return new GroupServer({
    group,
    name: group,
    master: true,
    subs,
    subMode,
    saddr: address,
    tlsOpt,
  });
}

/** createSubServer(group) */
function createSubServer(group) {
  validateGroup(group);
  if (tasks().group !== group) throw new codes.ERR_GROUP_NOT_SUB(group);
  return subOf(group);
}

function pageAddress(saddr) {
  const socketModule = require('socket');
  // Options of TLS in its place would leave the server unencrypted.
  if (saddr) validateMembers(saddr, 'saddr', ADDRESS, OTHERS);
  const { domain, addr, port = 0, backlog, activated } = saddr ?? {};
  if (addr !== undefined && typeof addr !== 'string')
    throw new codes.ERR_INVALID_ARG_TYPE('saddr.addr', 'string', addr);
  const number = validatePort(port, 'saddr.port');
  let host = addr;
  if (host === undefined)
    host = domain === socketModule.AF_INET6 ? socketModule.IN6ADDR_ANY : socketModule.INADDR_ANY;
  socketModule._familyOf(domain, host);
  if (backlog !== undefined) validateInt32(backlog, 'saddr.backlog', 1);
  return { host, port: number, backlog, activated };
}

function subOf(group, SNICallback) {
  if (subServer) throw new codes.ERR_GROUP_JOINED(group);
  subServer = true;
  const server = new GroupServer({ group, name: tasks().name, master: false, subs: 0 });
  const shared = binding('tls').groupTls();
  if (shared !== undefined)
    server[kTls] = require('internal/tls/certificates').ofGroup(shared, SNICallback);
  return server;
}

module.exports = { createGroup, createSubServer };
