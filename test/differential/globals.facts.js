'use strict';
// Globals that are no module's: navigator, QuotaExceededError, and ports as emitters.
const { inspect } = require('util');
const { program } = require('./harness');

program('navigator', (fact) => {
  fact('agent', navigator.userAgent.split('/')[0], navigator.language, navigator.languages);
  fact('machine', navigator.platform, navigator.hardwareConcurrency > 0);
  fact('kind', String(navigator), Object.keys(navigator), navigator instanceof Navigator);
  fact.of('new', () => new Navigator());
});

program('QuotaExceededError', (fact) => {
  const one = new QuotaExceededError('m', { quota: 5, requested: 7 });
  fact('one', one.name, one.code, one.message, one.quota, one.requested, String(one));
  fact('kind', one instanceof DOMException, Object.prototype.toString.call(one));
  fact('empty', new QuotaExceededError().message, new QuotaExceededError().quota);
  for (const options of [
    { quota: -1 },
    { quota: 'x' },
    { requested: -1 },
    { quota: 5, requested: 1 },
  ])
    fact.of(`options ${inspect(options)}`, () => new QuotaExceededError('m', options).quota);
  fact.of('thrown', () => crypto.getRandomValues(new Uint8Array(70000)));
});

program('ports as emitters', (fact) => {
  const { port1 } = new MessageChannel();
  fact('limit', port1.getMaxListeners(), port1.setMaxListeners(3), port1.getMaxListeners());
  for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners'])
    fact(name, typeof port1[name]);
  for (const name of ['emit', 'eventNames', 'listenerCount']) fact(name, typeof port1[name]);
  port1.close();
});

program('wishes of source maps', (fact) => {
  const { getSourceMapsSupport } = require('module');
  fact('off', process.sourceMapsEnabled, getSourceMapsSupport().enabled);
  process.setSourceMapsEnabled(true);
  fact('on', process.sourceMapsEnabled, getSourceMapsSupport().enabled);
  process.setSourceMapsEnabled(false);
  for (const bad of [5, undefined, 'x'])
    fact.of(`setSourceMapsEnabled ${bad}`, () => process.setSourceMapsEnabled(bad));
});
