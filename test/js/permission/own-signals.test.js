'use strict';
const { attack } = require('../../helpers/permission');

attack('other processes are not signalled', { allow: [], permission: 'signal' }, async (t) => {
  for (const pid of [1, process.ppid, process.pid, 0, -1, -process.pid])
    for (const signal of [0, 'SIGTERM', 'SIGUSR1'])
      await t.refused(`${pid} ${signal}`, () => process.kill(pid, signal));
});
