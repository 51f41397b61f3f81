'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a task does not lift its own limits',
  {
    allow: ['task={dir}/app'],
    places: ['main'],
    before(dir) {
      fs.writeFileSync(
        `${dir}/app/greedy.js`,
        `const native = Object.getOwnPropertyNames(Task).join();
        let more = 'no';
        try { new Task('./greedy', undefined, { permission: { 'fs.read': true } }); more = 'yes'; } catch (error) { more = error.code; }
        Task.send(Task.parent(), { more });`,
      );
      return {};
    },
  },
  async (t) => {
    const answer = new Promise((resolve) => Task.on('message', resolve));
    new Task('./greedy', undefined, { permission: { quota: { heap: 64 << 20 } } });
    t.check('it may start none', (await answer).more === 'ERR_ACCESS_DENIED');
    for (const quota of [
      { cpu: 2 },
      { cpu: -1 },
      { fds: -1 },
      { heap: 1.5 },
      { writeQueue: -1 },
      { connections: '1' },
    ])
      await t.check(
        JSON.stringify(quota),
        (() => {
          try {
            new Task('./greedy', undefined, { permission: { quota } });
            return false;
          } catch (error) {
            return /ERR_OUT_OF_RANGE|ERR_INVALID_ARG_TYPE/.test(error.code);
          }
        })(),
      );
  },
);
