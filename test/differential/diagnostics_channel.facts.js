'use strict';
const dc = require('diagnostics_channel');
const { AsyncLocalStorage } = require('async_hooks');
const { inspect } = require('util');
const { program } = require('./harness');

program('channels', (fact) => {
  const heard = [];
  const listener = (message, name) => heard.push([message, name]);
  const channel = dc.channel('a');
  fact('same', channel === dc.channel('a'), channel.name, channel.hasSubscribers);
  fact('class', channel instanceof dc.Channel, channel.constructor.name);
  fact('publish to nobody', channel.publish(1));
  dc.subscribe('a', listener);
  fact('subscribed', channel.hasSubscribers, dc.hasSubscribers('a'), channel instanceof dc.Channel);
  channel.publish({ x: 1 });
  channel.subscribe(listener);
  channel.publish(2);
  fact('heard', heard);
  fact('unsubscribe', dc.unsubscribe('a', listener), channel.unsubscribe(listener));
  fact('again', dc.unsubscribe('a', listener), channel.hasSubscribers);
  fact('of none', dc.unsubscribe('none', listener), dc.hasSubscribers('none'));
  for (const name of ['', Symbol('s'), 5, null, undefined, {}])
    fact.of(`name ${inspect(name)}`, () => typeof dc.channel(name).name);
  for (const bad of [5, null, undefined, {}]) {
    fact.of(`subscribe ${inspect(bad)}`, () => dc.subscribe('a', bad));
    fact.of(`channel.subscribe ${inspect(bad)}`, () => channel.subscribe(bad));
    fact.of(`unsubscribe ${inspect(bad)}`, () => dc.unsubscribe('a', bad));
  }
  for (const bad of [5, null]) fact.of(`has ${bad}`, () => dc.hasSubscribers(bad));
});

program('a subscriber that throws', async (fact) => {
  const channel = dc.channel('throws');
  const heard = [];
  const caught = new Promise((resolve) => {
    process.once('uncaughtException', resolve);
  });
  const listeners = process.listeners('uncaughtException').slice(0, 1);
  process.removeListener('uncaughtException', listeners[0]);
  channel.subscribe(() => {
    throw new Error('mine');
  });
  channel.subscribe(() => heard.push('second'));
  fact.of('publish', () => channel.publish(1));
  fact('others', heard);
  fact('uncaught', await caught);
  process.on('uncaughtException', listeners[0]);
});

program('one that unsubscribes while it is told', (fact) => {
  const channel = dc.channel('changes');
  const heard = [];
  const first = () => {
    heard.push('first');
    channel.unsubscribe(first);
  };
  channel.subscribe(first);
  channel.subscribe(() => heard.push('second'));
  channel.publish();
  channel.publish();
  fact('heard', heard);
});

program('stores', (fact) => {
  const channel = dc.channel('stores');
  const [one, other] = [new AsyncLocalStorage(), new AsyncLocalStorage()];
  fact(
    'bind',
    channel.bindStore(one),
    channel.bindStore(other, (data) => data.x * 2),
  );
  const told = [];
  channel.subscribe(() => told.push(one.getStore()?.x));
  fact(
    'run',
    channel.runStores(
      { x: 3 },
      function (...args) {
        return [one.getStore().x, other.getStore(), this, ...args];
      },
      'this',
      'an argument',
    ),
  );
  fact('told', told, one.getStore());
  fact('unbind', channel.unbindStore(other), channel.unbindStore(other));
  fact(
    'without',
    channel.runStores({ x: 4 }, () => [one.getStore()?.x, other.getStore()]),
  );
  channel.unbindStore(one);
  fact(
    'without any',
    channel.runStores({ x: 5 }, () => one.getStore()),
  );
});

function listen(tracing) {
  const events = [];
  const show = (message) =>
    Object.entries(message)
      .map(([key, value]) => `${key}=${value instanceof Error ? value.message : value}`)
      .join();
  const handlers = Object.fromEntries(
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => [
      name,
      (message) => events.push(`${name} ${show(message)}`),
    ]),
  );
  tracing.subscribe(handlers);
  return { events, handlers };
}

program('tracing channels', async (fact) => {
  const tracing = dc.tracingChannel('work');
  fact(
    'names',
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => tracing[name].name),
  );
  fact('nobody', tracing.hasSubscribers);
  const { events, handlers } = listen(tracing);
  fact('somebody', tracing.hasSubscribers);
  const take = () => events.splice(0);
  const fails = () => {
    throw new Error('mine');
  };
  fact(
    'traceSync',
    tracing.traceSync((a, b) => a + b, { id: 1 }, null, 1, 2),
    take(),
  );
  fact.of('traceSync throws', () => tracing.traceSync(fails, { id: 2 }));
  fact('its events', take());
  fact('tracePromise', await tracing.tracePromise(async () => 5, { id: 3 }), take());
  await tracing
    .tracePromise(async () => fails(), { id: 4 })
    .catch((error) => fact('rejects', error.message));
  fact('its events', take());
  fact.of('tracePromise throws', () => tracing.tracePromise(fails, { id: 5 }));
  fact('its events', take());
  const call = (run, ...args) =>
    new Promise((resolve) => {
      tracing.traceCallback(run, 0, { id: 6 }, 'this', (...results) => resolve(results), ...args);
    });
  fact('traceCallback', await call((callback, x) => setImmediate(callback, null, x), 7), take());
  fact('an error', await call((callback) => setImmediate(callback, new Error('mine'))), take());
  fact.of('traceCallback without', () => tracing.traceCallback(() => {}, 0, {}, null, 5));
  fact('unsubscribe', tracing.unsubscribe(handlers), tracing.unsubscribe(handlers));
  fact(
    'none',
    tracing.traceSync(() => 1, { id: 8 }),
    take(),
  );
  for (const bad of [5, null, undefined, {}])
    fact.of(`tracingChannel ${inspect(bad)}`, () => typeof dc.tracingChannel(bad));
});

program('a tracing channel of channels', (fact) => {
  const own = Object.fromEntries(
    ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((name) => [
      name,
      dc.channel(`own:${name}`),
    ]),
  );
  const tracing = dc.tracingChannel(own);
  fact('same', tracing.start === own.start);
  const { events } = listen(tracing);
  tracing.traceSync(() => {}, {});
  fact('events', events);
});
