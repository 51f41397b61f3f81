'use strict';
// The module cluster: processes that share ports. docs/api/cluster.md
// Servers on several cores of one process are groups (docs/api/groups.md).
module.exports = process._clusterWorker
  ? require('internal/cluster/child')
  : require('internal/cluster/primary');
