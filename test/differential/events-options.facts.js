'use strict';
const events = require('events');
const { EventEmitter, once, on } = events;
const { inspect } = require('util');
const { program } = require('./harness');

const ODD = [5, 'x', {}, [], () => {}];
const step = ({ done, value }) => [done, value];

program('listenerCount(), getMaxListeners() and setMaxListeners()', (fact) => {
  const emitter = new EventEmitter();
  const target = new EventTarget();
  const f = () => {};
  emitter.on('a', f).on('a', f).once('a', f);
  target.addEventListener('a', f);
  target.addEventListener('a', () => {});
  fact(
    'of an emitter',
    emitter.listenerCount('a'),
    emitter.listenerCount('a', f),
    emitter.listenerCount('b'),
    emitter.listenerCount('a', () => {}),
  );
  fact('of events', events.listenerCount(emitter, 'a'), events.listenerCount(target, 'a'));
  for (const odd of ODD) {
    fact.of(`listenerCount ${inspect(odd)}`, () => events.listenerCount(odd, 'a'));
    fact.of(`getMaxListeners ${inspect(odd)}`, () => events.getMaxListeners(odd));
    fact.of(`getEventListeners ${inspect(odd)}`, () => events.getEventListeners(odd, 'a'));
    fact.of(`setMaxListeners of ${inspect(odd)}`, () => events.setMaxListeners(5, odd));
    fact.of(`listener ${inspect(odd)}`, () => emitter.listenerCount('a', odd));
  }
  fact(
    'getEventListeners',
    events.getEventListeners(emitter, 'a').length,
    events.getEventListeners(target, 'a').length,
  );
  fact(
    'max',
    events.getMaxListeners(emitter),
    events.getMaxListeners(target),
    events.getMaxListeners(new AbortController().signal),
  );
  events.setMaxListeners(3, emitter, target);
  fact(
    'max',
    emitter.getMaxListeners(),
    events.getMaxListeners(emitter),
    events.getMaxListeners(target),
  );
  for (const n of [-1, NaN, '5', 1.5, Infinity, undefined, null, 1n]) {
    fact.of(`setMaxListeners ${inspect(n)}`, () => events.setMaxListeners(n, new EventEmitter()));
    fact.of(`emitter.setMaxListeners ${inspect(n)}`, () =>
      new EventEmitter().setMaxListeners(n).getMaxListeners(),
    );
    fact.of(`defaultMaxListeners ${inspect(n)}`, () => {
      const before = EventEmitter.defaultMaxListeners;
      try {
        EventEmitter.defaultMaxListeners = n;
        return new EventEmitter().getMaxListeners();
      } finally {
        EventEmitter.defaultMaxListeners = before;
      }
    });
  }
  fact(
    'raw',
    emitter.rawListeners('a').map((one) => typeof one.listener),
    emitter.listeners('a').map((one) => one === f),
  );
  fact('names', emitter.eventNames(), new EventEmitter().eventNames());
});

program('a warning of too many listeners', async (fact) => {
  const said = [];
  const listen = (warning) =>
    said.push([
      warning.name,
      warning.count,
      warning.type,
      warning.emitter?.constructor.name,
      warning.message.replace(/ MaxListeners.*/s, ''),
    ]);
  process.on('warning', listen);
  const emitter = new EventEmitter();
  emitter.setMaxListeners(1);
  emitter.on('a', () => {});
  emitter.on('a', () => {});
  emitter.on('a', () => {});
  emitter.on(Symbol('s'), () => {});
  const target = new EventTarget();
  events.setMaxListeners(1, target);
  target.addEventListener('b', () => {});
  target.addEventListener('b', () => {});
  await new Promise((done) => setTimeout(done, 10));
  process.off('warning', listen);
  fact('said', said);
});

program('addAbortListener()', (fact) => {
  const controller = new AbortController();
  const said = [];
  const disposable = events.addAbortListener(controller.signal, (event) => said.push(event.type));
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
  events.addAbortListener(controller.signal, () => said.push('second'));
  const other = events.addAbortListener(controller.signal, () => said.push('never'));
  other[Symbol.dispose]();
  controller.abort();
  fact('said', said, Object.keys(disposable), typeof disposable[Symbol.dispose]);
  const late = events.addAbortListener(AbortSignal.abort(), () => said.push('late'));
  fact('now', said, typeof late[Symbol.dispose]);
  queueMicrotask(() => fact('then', said));
  for (const odd of ODD) {
    fact.of(`signal ${inspect(odd)}`, () => typeof events.addAbortListener(odd, () => {}));
    if (typeof odd !== 'function')
      fact.of(
        `listener ${inspect(odd)}`,
        () => typeof events.addAbortListener(controller.signal, odd),
      );
  }
});

program('once() with signals and targets', async (fact) => {
  const emitter = new EventEmitter();
  const controller = new AbortController();
  const failed = (label) => (error) =>
    fact(label, error.name, error.code, error.message, error.cause);
  const waiting = once(emitter, 'a', { signal: controller.signal });
  controller.abort('why');
  await waiting.catch(failed('aborted'));
  fact('listeners', emitter.listenerCount('a'), emitter.listenerCount('error'));
  await once(emitter, 'a', { signal: AbortSignal.abort() }).catch(failed('already'));
  for (const signal of [5, 'x', {}, null])
    await once(emitter, 'a', { signal }).catch(failed(`signal ${inspect(signal)}`));
  for (const options of [5, null, 'x'])
    await Promise.race([
      once(emitter, 'a', options),
      new Promise((done) => setImmediate(done, 'waits')),
    ]).then((value) => fact(`options ${options}`, value), failed(`options ${options}`));
  const target = new EventTarget();
  const event = new Event('b');
  setImmediate(() => target.dispatchEvent(event));
  fact('target', (await once(target, 'b'))[0] === event);
  process.nextTick(() => emitter.emit('error', new Error('failed')));
  fact('error itself', await once(emitter, 'error'));
  process.nextTick(() => emitter.emit('error', 'a text'));
  await once(emitter, 'a').catch((error) => fact('error meanwhile', error));
  for (const odd of [5, {}, 'x']) await once(odd, 'a').catch(failed(`once ${inspect(odd)}`));
  process.nextTick(() => emitter.emit('c', 1, 2, 3));
  fact('many', await once(emitter, 'c'));
});

program('on() with close and signals', async (fact) => {
  const emitter = new EventEmitter();
  setImmediate(() => {
    emitter.emit('a', 1);
    emitter.emit('a', 2);
    emitter.emit('end');
    emitter.emit('a', 3);
  });
  const got = [];
  for await (const [value] of on(emitter, 'a', { close: ['end'] })) got.push(value);
  fact('close', got, emitter.listenerCount('a'), emitter.listenerCount('end'));
  for (const options of [
    { close: 5 },
    { close: 'end' },
    { highWaterMark: -1 },
    { highWaterMark: 'x' },
    { lowWaterMark: 0 },
    { lowWaterMark: 9, highWaterMark: 3 },
    { signal: 5 },
    5,
    null,
  ])
    fact.of(`options ${inspect(options)}`, () => typeof on(emitter, 'a', options));
  for (const odd of [5, {}, 'x']) fact.of(`on ${inspect(odd)}`, () => typeof on(odd, 'a'));
  const controller = new AbortController();
  const iterator = on(emitter, 'b', { signal: controller.signal });
  const waiting = iterator.next();
  controller.abort();
  await waiting.catch((error) => fact('aborted', error.name, error.code));
  fact('after', step(await iterator.next()), emitter.listenerCount('b'));
  fact.of('already', () => on(emitter, 'b', { signal: AbortSignal.abort() }));
  const thrown = on(emitter, 'c');
  fact.of('throw()', () => thrown.throw());
  fact.of('throw(5)', () => thrown.throw(5));
  thrown.throw(new Error('stop'));
  await thrown.next().catch((error) => fact('thrown', error));
  const returned = on(emitter, 'd');
  emitter.emit('d', 1);
  fact('return', step(await returned.return()), step(await returned.next()));
  const target = new EventTarget();
  setImmediate(() => target.dispatchEvent(new Event('e')));
  const ofTarget = on(target, 'e');
  fact('target', (await ofTarget.next()).value[0].type, step(await ofTarget.return()));
  fact(
    'kinds',
    Object.prototype.toString.call(ofTarget),
    typeof ofTarget[Symbol.asyncIterator],
    typeof ofTarget[Symbol.asyncDispose],
  );
  const failing = on(emitter, 'f');
  emitter.emit('f', 1);
  emitter.emit('error', new Error('failed'));
  fact('before the error', step(await failing.next()));
  await failing.next().catch((error) => fact('error', error));
  fact('end', step(await failing.next()));
});

program('symbols and special events', async (fact) => {
  const emitter = new EventEmitter();
  const said = [];
  emitter.on(events.errorMonitor, (error) => said.push(['monitor', error.message]));
  fact.of('still throws', () => emitter.emit('error', new Error('failed')));
  emitter.on('error', (error) => said.push(['error', error.message]));
  emitter.emit('error', new Error('again'));
  fact(
    'said',
    said,
    events.errorMonitor.toString(),
    events.captureRejectionSymbol.toString(),
    events.captureRejections,
  );
  for (const value of ['x', 1, undefined, true, false]) {
    fact.of(
      `captureRejections ${value}`,
      () => typeof new EventEmitter({ captureRejections: value }),
    );
    fact.of(`events.captureRejections ${value}`, () => {
      const before = events.captureRejections;
      try {
        events.captureRejections = value;
        return events.captureRejections;
      } finally {
        events.captureRejections = before;
      }
    });
  }
  const rejecting = new EventEmitter({ captureRejections: true });
  rejecting[events.captureRejectionSymbol] = (error, name, ...args) =>
    said.push(['rejected', error.message, name, args]);
  rejecting.on('a', async () => {
    throw new Error('async');
  });
  rejecting.emit('a', 1, 2);
  await new Promise(setImmediate);
  fact('rejected', said.at(-1));
  for (const value of [undefined, null, 5, 'x', { message: 'm' }, { toString: () => 'own' }])
    fact.of(`emit error ${inspect(value)}`, () => new EventEmitter().emit('error', value));
});

program('EventTarget as Node has it', (fact) => {
  const target = new EventTarget();
  const said = [];
  const listener = { handleEvent: (event) => said.push(['object', event.type]) };
  target.addEventListener('a', listener);
  target.addEventListener('a', listener);
  target.addEventListener('a', () => said.push('capture'), true);
  target.addEventListener('a', () => said.push('once'), { once: true });
  target.addEventListener('a', () => said.push('passive'), { passive: true });
  const controller = new AbortController();
  target.addEventListener('a', () => said.push('signal'), { signal: controller.signal });
  fact('dispatch', target.dispatchEvent(new Event('a')), said);
  controller.abort();
  said.length = 0;
  target.removeEventListener('a', listener);
  fact('again', target.dispatchEvent(new Event('a', { cancelable: true })), said);
  for (const odd of [undefined, null, 5, 'x', {}]) {
    fact.of(`listener ${inspect(odd)}`, () => target.addEventListener('b', odd));
    fact.of(`remove ${inspect(odd)}`, () => target.removeEventListener('b', odd));
    fact.of(`dispatch ${inspect(odd)}`, () => target.dispatchEvent(odd));
    fact.of(`signal ${inspect(odd)}`, () =>
      target.addEventListener('b', () => {}, { signal: odd }),
    );
    fact.of(`Event ${inspect(odd)}`, () => new Event(odd).type);
    fact.of(`Event options ${inspect(odd)}`, () => new Event('x', odd).bubbles);
    fact.of(`CustomEvent ${inspect(odd)}`, () => new CustomEvent('x', odd).detail);
  }
  fact.of('no arguments', () => new Event());
  fact.of('addEventListener()', () => target.addEventListener());
  fact.of('addEventListener(a)', () => target.addEventListener('a'));
  fact.of('this', () => EventTarget.prototype.addEventListener.call({}, 'a', () => {}));
  fact.of('this', () => EventTarget.prototype.dispatchEvent.call({}, new Event('a')));
  const event = new Event('c', { bubbles: true, cancelable: true, composed: true });
  fact(
    'event',
    event.type,
    event.bubbles,
    event.cancelable,
    event.composed,
    event.defaultPrevented,
    event.isTrusted,
    event.returnValue,
    event.cancelBubble,
    event.target,
    event.srcElement,
    event.currentTarget,
    event.eventPhase,
    event.composedPath(),
    typeof event.timeStamp,
  );
  event.preventDefault();
  fact('prevented', event.defaultPrevented, event.returnValue, target.dispatchEvent(event));
  fact('twice', target.dispatchEvent(event), event.target === target);
  target.addEventListener('d', (one) =>
    fact.of('while it is dispatched', () => target.dispatchEvent(one)),
  );
  target.dispatchEvent(new Event('d'));
  const prevented = new Event('e', { cancelable: false });
  prevented.preventDefault();
  fact('not cancelable', prevented.defaultPrevented);
  event.initEvent?.('f', true, false);
  fact('initEvent', typeof event.initEvent, event.type);
  fact('detail', new CustomEvent('g', { detail: { a: 1 } }).detail, new CustomEvent('g').detail);
  fact('inspect', inspect(target), inspect(new CustomEvent('g', { detail: 1 })).split('\n')[0]);
});
