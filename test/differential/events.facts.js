'use strict';
const events = require('events');
const { EventEmitter, once, on } = events;
const { program } = require('./harness');

program('what the module exports', (fact) => {
  fact('prototype', Object.keys(EventEmitter.prototype).sort());
  fact('lengths', EventEmitter.length, on.length, once.length, events.getEventListeners.length);
  fact(
    'itself',
    events === EventEmitter,
    events.EventEmitter === events,
    events.defaultMaxListeners,
  );
  fact('new', Object.keys(new EventEmitter()), EventEmitter.call({}) === undefined);
});

program('listeners are called in order', (fact) => {
  const emitter = new EventEmitter();
  const log = [];
  const twice = () => log.push('twice');
  emitter.on('a', () => log.push('on'));
  emitter.prependListener('a', () => log.push('first'));
  emitter.once('a', () => log.push('once'));
  emitter.prependOnceListener('a', () => log.push('once first'));
  emitter.on('a', twice);
  emitter.on('a', twice);
  emitter.off('a', twice);
  fact('emit', emitter.emit('a', 1, 2), emitter.emit('a'), emitter.emit('none'), log);
  fact(
    'counts',
    emitter.listenerCount('a'),
    emitter.listenerCount('a', twice),
    emitter.eventNames(),
  );
  const symbol = Symbol('s');
  emitter.on(symbol, twice);
  fact('names', emitter.eventNames().map(String));
  emitter.once('raw', twice);
  fact(
    'raw',
    emitter.rawListeners('raw')[0] === twice,
    emitter.listeners('raw')[0] === twice,
    emitter.rawListeners('raw')[0].listener === twice,
  );
  emitter.removeAllListeners('a');
  fact(
    'removed',
    emitter.eventNames().map(String),
    emitter.removeAllListeners() === emitter,
    emitter.eventNames(),
  );
  fact(
    'chains',
    ['on', 'addListener', 'once', 'off', 'removeListener', 'prependListener'].map(
      (name) => emitter[name]('x', twice) === emitter,
    ),
  );
});

program('newListener and removeListener', (fact) => {
  const emitter = new EventEmitter();
  const fn = function fn() {};
  emitter.on('newListener', (name, listener) => fact('new', String(name), listener === fn));
  emitter.on('removeListener', (name, listener) => fact('gone', String(name), listener === fn));
  emitter.on('a', fn);
  emitter.once('a', fn);
  emitter.off('a', fn);
  emitter.removeAllListeners('a');
  emitter.emit('a');
  emitter.removeAllListeners();
});

program('changes during emit()', (fact) => {
  const emitter = new EventEmitter();
  emitter.on('a', () => {
    fact('one');
    emitter.on('a', () => fact('added'));
    emitter.off('a', two);
  });
  function two() {
    fact('two');
  }
  emitter.on('a', two);
  emitter.emit('a');
  emitter.emit('a');
});

program('bad arguments', (fact) => {
  const emitter = new EventEmitter();
  for (const name of ['on', 'once', 'off', 'prependListener', 'prependOnceListener'])
    for (const bad of [undefined, null, 5, {}])
      fact.of(`${name} ${bad}`, () => emitter[name]('a', bad));
  for (const bad of [-1, NaN, '1', null, 1.5, Infinity, 0])
    fact.of(
      `setMaxListeners ${bad}`,
      () => emitter.setMaxListeners(bad),
      () => emitter.getMaxListeners(),
    );
  for (const bad of [-1, NaN, '1', 3]) {
    fact.of(`default ${bad}`, () => (events.defaultMaxListeners = bad));
  }
  events.defaultMaxListeners = 10;
  fact.of('of many', () => events.setMaxListeners(5, emitter, new EventTarget()));
  fact.of('of a number', () => events.setMaxListeners(5, 5));
  fact.of('of options', () => new EventEmitter({ captureRejections: 5 }));
  fact.of('captureRejections', () => (events.captureRejections = 5));
  fact.of('getMaxListeners()', () => events.getMaxListeners({}));
  fact.of('getEventListeners()', () => events.getEventListeners({}, 'a'));
  fact.of('listenerCount()', () => events.listenerCount(emitter, 'a'));
  fact.of('addAbortListener()', () => events.addAbortListener(undefined, () => {}));
  fact.of('addAbortListener(signal)', () => events.addAbortListener(AbortSignal.abort(), 5));
});

program('error without listener', (fact) => {
  const emitter = new EventEmitter();
  for (const [name, value] of Object.entries({
    error: new RangeError('own'),
    text: 'text',
    none: undefined,
    null: null,
    object: { a: 1 },
    number: 5,
  })) {
    try {
      emitter.emit('error', value);
    } catch (error) {
      fact(name, error, error.context === value, error === value);
    }
  }
  emitter.on(events.errorMonitor, (error) => fact('monitor', error));
  fact.of('monitored', () => emitter.emit('error', new Error('seen')));
  emitter.on('error', (error) => fact('listener', error));
  fact('emit', emitter.emit('error', new Error('handled')));
});

program('captureRejections', async (fact) => {
  for (const own of [false, true]) {
    const emitter = new EventEmitter({ captureRejections: true });
    if (own)
      emitter[Symbol.for('nodejs.rejection')] = (error, name, ...args) =>
        fact('own', error, name, args);
    emitter.on('error', (error) => fact('error', error));
    emitter.on('a', async () => {
      throw new Error('rejected');
    });
    emitter.emit('a', 1, 2);
    await new Promise(setImmediate);
  }
  fact('default', events.captureRejections, events.captureRejectionSymbol.toString());
});

program('once()', async (fact) => {
  const emitter = new EventEmitter();
  setImmediate(() => emitter.emit('a', 1, 2));
  fact('values', await once(emitter, 'a'));
  setImmediate(() => emitter.emit('error', new Error('no')));
  await once(emitter, 'a').catch((error) => fact('error', error));
  setImmediate(() => emitter.emit('error', new Error('wanted')));
  fact('of error', await once(emitter, 'error'));
  fact('left', emitter.eventNames());
  const controller = new AbortController();
  setImmediate(() => controller.abort(new Error('reason')));
  await once(emitter, 'a', { signal: controller.signal }).catch((error) =>
    fact('aborted', error, error.cause),
  );
  await once(emitter, 'a', { signal: controller.signal }).catch((error) =>
    fact('before', error, error.cause),
  );
  for (const bad of [5, {}]) await once(bad, 'a').catch((error) => fact(String(bad), error));
  for (const bad of [null, 5, { signal: 5 }])
    await once(emitter, 'a', bad).catch((error) => fact('options', error));
  const target = new EventTarget();
  setImmediate(() => target.dispatchEvent(new Event('x')));
  fact('target', (await once(target, 'x'))[0].type);
});

program('on()', async (fact) => {
  const emitter = new EventEmitter();
  setImmediate(() => {
    for (const value of [1, 2, 3]) emitter.emit('a', value);
    emitter.emit('end');
  });
  const seen = [];
  for await (const one of on(emitter, 'a', { close: ['end'] })) seen.push(one);
  fact('seen', seen, emitter.eventNames());
  const iterator = on(emitter, 'a');
  emitter.emit('a', 'kept');
  fact('next', (await iterator.next()).value);
  emitter.emit('error', new Error('fails'));
  await iterator.next().catch((error) => fact('error', error));
  fact('after', (await iterator.next()).done);
  const other = on(emitter, 'a');
  fact('return', (await other.return()).done, (await other.next()).done, emitter.eventNames());
  fact.of('throw()', () => on(emitter, 'a').throw(5));
  fact.of('throw(error)', () => on(emitter, 'a').throw(new Error('x')));
  const aborted = on(emitter, 'a', { signal: AbortSignal.timeout(1) });
  await aborted.next().catch((error) => fact('abort', error));
  for (const options of [
    null,
    5,
    { signal: 5 },
    { close: 5 },
    { highWaterMark: -1 },
    { highWaterMark: 0 },
    { lowWaterMark: 'x' },
    { highWaterMark: 1, lowWaterMark: 2 },
  ])
    fact.of(
      JSON.stringify(options),
      () => on(emitter, 'a', options),
      () => 'an iterator',
    );
  fact.of('of nothing', () => on({}, 'a'));
});

program('water marks of on()', async (fact) => {
  const emitter = new EventEmitter();
  emitter.pause = () => fact('pause');
  emitter.resume = () => fact('resume');
  const iterator = on(emitter, 'a', { highWaterMark: 2, lowWaterMark: 1 });
  for (const value of [1, 2, 3, 4]) emitter.emit('a', value);
  for (let i = 0; i < 4; i++) fact('next', (await iterator.next()).value);
});

program('EventEmitterAsyncResource', (fact) => {
  const { EventEmitterAsyncResource } = events;
  const one = new EventEmitterAsyncResource({ name: 'Mine' });
  fact('is', one.asyncResource.constructor.name, typeof one.asyncId, typeof one.triggerAsyncId);
  one.on('a', function () {
    fact('this', this === one);
  });
  fact('emit', one.emit('a'), one.emit('b'), one.emitDestroy() === undefined);
  fact.of('name', () => new EventEmitterAsyncResource({ name: 5 }));
});

program('EventTarget', (fact) => {
  const target = new EventTarget();
  const log = (text) => (event) =>
    fact(
      text,
      event.type,
      event.eventPhase,
      event.target === target,
      event.currentTarget === target,
    );
  target.addEventListener('a', log('fn'));
  target.addEventListener('a', { handleEvent: log('object') });
  target.addEventListener('a', log('once'), { once: true });
  const controller = new AbortController();
  target.addEventListener('a', log('signal'), { signal: controller.signal });
  const event = new Event('a', { cancelable: true });
  fact('dispatch', target.dispatchEvent(event), event.currentTarget, event.composedPath().length);
  controller.abort();
  target.addEventListener('a', (one) => one.preventDefault(), { passive: true });
  target.addEventListener('a', (one) => (one.preventDefault(), one.stopImmediatePropagation()));
  target.addEventListener('a', log('not called'));
  const next = new Event('a', { cancelable: true, bubbles: true });
  fact(
    'prevented',
    target.dispatchEvent(next),
    next.defaultPrevented,
    next.bubbles,
    next.returnValue,
    next.cancelBubble,
  );
  for (const args of [
    [],
    ['a'],
    ['a', 5],
    ['a', null],
    ['a', () => {}, 5],
    ['a', () => {}, { signal: 5 }],
  ])
    fact.of(`addEventListener(${args.length})`, () => target.addEventListener(...args));
  for (const args of [[], [5], [{}], ['a']])
    fact.of(`dispatchEvent(${args})`, () => target.dispatchEvent(...args));
  for (const args of [[], ['a'], [5], ['a', 5], ['a', null], ['a', {}]])
    fact.of(
      `new Event(${args.map(String)})`,
      () => new Event(...args),
      (one) => [
        one.type,
        one.bubbles,
        one.cancelable,
        one.composed,
        one.isTrusted,
        one.timeStamp > 0,
      ],
    );
  fact.of(
    'CustomEvent',
    () => new CustomEvent('a', { detail: { b: 1 } }),
    (one) => one.detail,
  );
  fact('names', Object.keys(EventTarget.prototype).sort());
  fact.of('this', () => EventTarget.prototype.addEventListener.call({}, 'a', () => {}));
  fact.of('dispatch again', () => {
    const one = new Event('b');
    target.addEventListener('b', () => fact.of('inner', () => target.dispatchEvent(one)));
    return target.dispatchEvent(one);
  });
});

program('AbortController and AbortSignal', async (fact) => {
  const controller = new AbortController();
  const { signal } = controller;
  fact('before', signal.aborted, signal.reason, signal.onabort);
  signal.onabort = (event) => fact('onabort', event.type, event.isTrusted);
  signal.addEventListener('abort', () => fact('listener'));
  controller.abort();
  controller.abort('again');
  fact('after', signal.aborted, signal.reason?.name, signal.reason?.code, signal.reason?.message);
  fact.of('throwIfAborted', () => signal.throwIfAborted());
  fact('abort(reason)', AbortSignal.abort('r').reason, AbortSignal.abort().reason?.name);
  for (const bad of [undefined, -1, 'x', NaN, 2 ** 60])
    fact.of(
      `timeout ${bad}`,
      () => AbortSignal.timeout(bad),
      () => 'a signal',
    );
  const late = AbortSignal.timeout(1);
  await once(late, 'abort');
  fact('timed out', late.reason.name, late.reason.message, late.reason.code);
  const any = AbortSignal.any([new AbortController().signal, signal]);
  fact('any', any.aborted, any.reason === signal.reason);
  fact.of('any(5)', () => AbortSignal.any(5));
  fact.of('any([5])', () => AbortSignal.any([5]));
  fact.of('new AbortSignal', () => new AbortSignal());
  fact.of('signal of another', () => Reflect.get(AbortController.prototype, 'signal', {}));
  fact.of('aborted of another', () => Reflect.get(AbortSignal.prototype, 'aborted', {}));
});
