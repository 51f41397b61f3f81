'use strict';
const { attack } = require('../../helpers/permission');

attack(
  'names are looked up that are granted',
  { allow: ['dns=*.example.com', 'dns=one.test'], permission: 'dns' },
  async (t) => {
    const dns = require('dns').promises;
    for (const name of [
      'example.com',
      'evil-example.com',
      'xexample.com',
      'example.com.evil.test',
      'two.test',
      'one.test.evil.test',
      'one.testx',
    ])
      await t.refused(name, () => dns.lookup(name));
    await t.refused('data in a question', () => dns.resolveTxt('c2VjcmV0.attacker.test'));
    for (const kind of [
      'resolve4',
      'resolve6',
      'resolveMx',
      'resolveTxt',
      'resolveSrv',
      'resolveNs',
      'resolveSoa',
      'resolveCname',
      'resolveCaa',
      'resolveNaptr',
      'resolvePtr',
      'resolveAny',
    ])
      await t.refused(kind, () => dns[kind]('two.test'));
  },
);
