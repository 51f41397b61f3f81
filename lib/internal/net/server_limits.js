'use strict';
// Limits of a net.Server: `admission`, `writeLimit`, `timeouts`. docs/api/limits.md
const { codes } = require('internal/errors/codes');
const { on } = require('internal/net/handles');
const { kWriteLimit, kId } = require('internal/net/socket_fields');

const kAdmission = Symbol('admission');
const kTimeouts = Symbol('timeouts');

/** What net.Server has of this. */
const members = {
  [kAdmission]: undefined,
  [kTimeouts]: undefined,
  [kWriteLimit]: undefined,

  // Limits of server.admission held connections off.
  [on.refused](reason, [count, ...addresses]) {
    this.emit('refused', { reason, count, addresses });
  },

  /**
   * Limits of who is let in, checked before TLS and without JavaScript; of a group those of all members,
   * set on its master. May be changed while the server listens; undefined: none.
   * docs/api/limits.md
   */
  get admission() {
    return this[kAdmission];
  },
  set admission(value) {
    if (!this.isMaster()) throw new codes.ERR_GROUP_NOT_MASTER('server.admission');
    this[kAdmission] = require('internal/net/admission').set(this[kId], value);
  },

  /** writeLimit of the sockets of connections to come. In a group each member has its own. */
  get writeLimit() {
    return this[kWriteLimit];
  },
  set writeLimit(value) {
    this[kWriteLimit] = require('internal/net/write_limits').limitOf(value, 'server.writeLimit');
  },

  /**
   * Times in ms after which connections to come end: {handshake, firstByte, idle, lifetime, writeStall}.
   * Of a group those of all members, set on its master. docs/api/limits.md
   */
  get timeouts() {
    return this[kTimeouts];
  },
  set timeouts(value) {
    if (!this.isMaster()) throw new codes.ERR_GROUP_NOT_MASTER('server.timeouts');
    this[kTimeouts] = require('internal/net/timeouts').set(this[kId], value);
  },
};

/** Has a listener that a server just opened follow its limits. */
function apply(server, id) {
  if (server[kAdmission] !== undefined)
    require('internal/net/admission').apply(id, server[kAdmission]);
  if (server[kTimeouts] !== undefined)
    require('internal/net/timeouts').apply(id, server[kTimeouts]);
}

module.exports = { members, apply };
