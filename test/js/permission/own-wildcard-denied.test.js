'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'listening everywhere is denied where one address is',
  { allow: ['listen'], deny: ['listen=127.0.0.1:8123'], permission: 'listen' },
  async (t) => {
    for (const host of ['127.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1'])
      await t.refused(host, () => t.first(net.createServer().listen(8123, host), 'listening'));
  },
);
