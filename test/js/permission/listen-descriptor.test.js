'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  "a descriptor that is not the program's is no server",
  { allow: ['listen=127.0.0.1'] },
  async (t) => {
    for (const fd of [3, 5, 9, 12])
      await t.refused(`listen({fd: ${fd}})`, () =>
        t.first(net.createServer().listen({ fd }), 'listening'),
      );
  },
);
