'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'questions go to no server that may not be connected to',
  { allow: ['dns', 'connect=127.0.0.1:5353'], permission: 'connect' },
  async (t) => {
    const dns = require('dns');
    await t.refused('another port', () => dns.setServers(['127.0.0.1']));
    await t.refused('another address', () => dns.setServers(['10.0.0.1:5353']));
    await t.refused('one of two', () =>
      new dns.Resolver().setServers(['127.0.0.1:5353', '10.0.0.1']),
    );
    await t.refused('of promises', () => dns.promises.setServers(['[::1]:5353']));
    await t.allowed('granted', () => new dns.Resolver().setServers(['127.0.0.1:5353']));
  },
);
