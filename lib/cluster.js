'use strict';
// The module cluster, to be loaded: this is the primary process, and there are no others. Servers
// on several cores are groups (docs/api/groups.md).
const EventEmitter = require('events');
const { codes } = require('internal/errors/codes');

const cluster = new EventEmitter();
const unavailable = (name) => () => {
  throw new codes.ERR_FEATURE_UNAVAILABLE(`cluster.${name}()`);
};

module.exports = Object.assign(cluster, {
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  workers: {},
  settings: {},
  SCHED_NONE: 1,
  SCHED_RR: 2,
  schedulingPolicy: 2,
  disconnect: unavailable('disconnect'),
  fork: unavailable('fork'),
  setupMaster: unavailable('setupMaster'),
  setupPrimary: unavailable('setupPrimary'),
});
