'use strict';
const { attack } = require('../../helpers/permission');

attack('every module that opens a socket asks', { allow: [] }, async (t) => {
  const dns = require('dns');
  const at = { host: '127.0.0.1', port: 9 };
  await t.refused('http', () => t.first(require('http').get(at), 'response'));
  await t.refused('https', () => t.first(require('https').get(at), 'response'));
  await t.refused('http2', () =>
    t.first(require('http2').connect('http://127.0.0.1:9'), 'connect'),
  );
  await t.refused('tls', () => t.first(require('tls').connect(at), 'secureConnect'));
  await t.refused('dns.lookup', () => dns.promises.lookup('localhost'));
  await t.refused('dns.lookup of sluice, at once', () => dns.lookup('localhost'));
  await t.refused('dns.resolve', () => dns.promises.resolve('example.com'));
  await t.refused('dns.reverse', () => dns.promises.reverse('127.0.0.1'));
  await t.refused('dns.lookupService', () => dns.promises.lookupService('127.0.0.1', 22));
  await t.refused('own servers', () => new dns.Resolver().setServers(['127.0.0.1:5353']));
  await t.refused('a Resolver', () => new dns.promises.Resolver().resolve4('example.com'));
  await t.refused('fetch', () =>
    fetch('http://127.0.0.1:8099').catch((error) => {
      throw error.cause ?? error;
    }),
  );
});
