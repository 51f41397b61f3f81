'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack(
  'a grant of a name is none of another, nor of its addresses by number',
  { allow: ['connect=localhost:*'], deny: ['connect=[::1]'], permission: ['connect', 'dns'] },
  async (t) => {
    await t.refused('the address before a lookup', () =>
      t.first(net.connect(9, '127.0.0.1'), 'connect'),
    );
    await t.refused('a name below', () => t.first(net.connect(9, 'a.localhost'), 'connect'));
    await t.refused('another name', () => t.first(net.connect(9, 'example.com'), 'connect'));
    await t.refused('a number that is a name to the resolver', () =>
      t.first(net.connect(9, '127.1'), 'connect'),
    );
  },
);
