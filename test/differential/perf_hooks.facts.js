'use strict';
// perf_hooks: the timeline, observers, histograms, and what fetch() leaves.
const perf = require('perf_hooks');
const { performance, PerformanceObserver } = perf;
const { inspect } = require('util');
const { program } = require('./harness');

const until = (type, run) =>
  new Promise((resolve) => {
    const observer = new PerformanceObserver((list, self) => {
      self.disconnect();
      resolve(list.getEntries());
    });
    observer.observe({ type });
    run();
  });

program('what the module exports', (fact) => {
  fact('names', Object.keys(perf).sort());
  for (const name of Object.keys(perf).sort()) fact(name, typeof perf[name]);
  for (const name of [
    'Performance',
    'PerformanceEntry',
    'PerformanceMark',
    'PerformanceMeasure',
    'PerformanceObserver',
    'PerformanceObserverEntryList',
    'PerformanceResourceTiming',
  ]) {
    fact(name, perf[name]?.name, globalThis[name] === perf[name]);
    fact(`${name} has`, Object.getOwnPropertyNames(perf[name]?.prototype ?? {}).sort());
    fact.of(`new ${name}`, () => Reflect.construct(perf[name], []) && 'made');
  }
  fact('tags', String(performance), String(performance.mark('x')));
});

program('marks and measures', (fact) => {
  const mark = performance.mark('a', { startTime: 5, detail: { some: 1 } });
  fact('mark', mark.toJSON(), mark.detail, mark instanceof perf.PerformanceEntry);
  fact('keys', Object.keys(mark), Object.keys(performance.measure('m0')));
  for (const args of [
    [],
    [undefined],
    [5],
    [Symbol('s')],
    ['x', null],
    ['x', 5],
    ['x', { startTime: -1 }],
    ['x', { startTime: 'y' }],
    ['x', { startTime: NaN }],
    ['nodeStart'],
    ['x', { detail: () => {} }],
  ])
    fact.of(`mark ${inspect(args)}`, () => performance.mark(...args).name);
  performance.mark('b', { startTime: 15 });
  for (const args of [
    [],
    [5],
    ['m', 'a'],
    ['m', 'a', 'b'],
    ['m', { start: 'a', end: 'b' }],
    ['m', { start: 1, end: 3, detail: 'd' }],
    ['m', { start: 1, duration: 4 }],
    ['m', { end: 9, duration: 4 }],
    ['m', { start: 1, end: 2, duration: 3 }],
    ['m', { start: 'a' }, 'b'],
    ['m', {}, 'b'],
    ['m', 'none'],
    ['m', 'a', 'none'],
    ['m', { start: -1 }],
    ['m', { detail: 1 }],
    ['m', null],
    ['m', 'nodeStart'],
  ])
    fact.of(
      `measure ${inspect(args)}`,
      () => performance.measure(...args),
      (one) => [
        one.name,
        one.entryType,
        one.startTime === 0 || !Number.isInteger(one.startTime) || one.startTime, // now, or of the start
        Number.isInteger(one.duration) ? one.duration : one.duration > 0,
        one.detail,
      ],
    );
  fact(
    'by name',
    performance.getEntriesByName('a').length,
    performance.getEntriesByName('a', 'measure').length,
  );
  fact.of('by name', () => performance.getEntriesByName());
  fact.of('by type', () => performance.getEntriesByType());
  fact(
    'by type',
    performance
      .getEntriesByType('mark')
      .map((one) => one.name)
      .includes('b'),
  );
  performance.clearMarks('a');
  fact('cleared', performance.getEntriesByName('a').length);
  performance.clearMarks();
  performance.clearMeasures();
  fact('all', performance.getEntries().length);
});

program('observers', async (fact) => {
  for (const options of [
    undefined,
    null,
    5,
    {},
    { entryTypes: [] },
    { entryTypes: 5 },
    { entryTypes: ['mark'], type: 'mark' },
    { entryTypes: ['none'] },
    { type: 'none' },
    { type: 5 },
    { entryTypes: ['mark', 'none'] },
  ])
    fact.of(`observe ${inspect(options)}`, () => {
      const one = new PerformanceObserver(() => {});
      one.observe(options);
      one.disconnect();
    });
  for (const callback of [undefined, null, 5, {}])
    fact.of(`callback ${inspect(callback)}`, () => typeof new PerformanceObserver(callback));
  const [entry] = await until('mark', () => performance.mark('seen'));
  fact('mark', entry.name, entry.entryType);
  performance.mark('before');
  const buffered = await new Promise((resolve) => {
    const observer = new PerformanceObserver((list, self) => {
      self.disconnect();
      resolve([
        list.getEntriesByName('before').length,
        list.getEntriesByType('mark').length > 0,
        list.getEntriesByName('before', 'measure').length,
        list.constructor.name,
      ]);
    });
    observer.observe({ type: 'mark', buffered: true });
  });
  fact('buffered', buffered);
  const observer = new PerformanceObserver(() => fact('never'));
  observer.observe({ entryTypes: ['mark', 'measure'] });
  performance.mark('taken');
  fact(
    'records',
    observer.takeRecords().map((one) => one.name),
    observer.takeRecords(),
  );
  observer.disconnect();
  const timed = performance.timerify(function add(a, b) {
    return a + b;
  });
  const [call] = await until('function', () =>
    fact('timerify', timed(1, 2), timed.name, timed.length),
  );
  fact('function', call.name, call.entryType, call.detail, call.duration >= 0);
  for (const args of [[], [5], [() => {}, 5], [() => {}, { histogram: 5 }]])
    fact.of(`timerify ${inspect(args)}`, () => typeof performance.timerify(...args));
  const Class = performance.timerify(class One {});
  fact('class', new Class().constructor.name);
  const histogram = perf.createHistogram();
  performance.timerify(() => {}, { histogram })();
  fact('histogram', histogram.count);
});

program('histograms', async (fact) => {
  const one = perf.createHistogram();
  const show = (label, h) =>
    fact(
      label,
      h.count,
      h.countBigInt,
      h.min,
      h.minBigInt,
      h.max,
      h.maxBigInt,
      h.mean,
      h.stddev,
      h.exceeds,
      h.exceedsBigInt,
      [...h.percentiles],
      [...h.percentilesBigInt],
    );
  show('new', one);
  for (const value of [1, 2, 3, 4, 100n]) one.record(value);
  show('five', one);
  for (const part of [50, 100, 1, 99.9, 0, 101, -1, NaN, '5', undefined])
    fact.of(`percentile ${inspect(part)}`, () => [
      one.percentile(part),
      one.percentileBigInt(part),
    ]);
  for (const value of [
    0,
    -1,
    1.5,
    'x',
    undefined,
    0n,
    -1n,
    2n ** 63n,
    Number.MAX_SAFE_INTEGER,
    null,
  ])
    fact.of(`record ${inspect(value)}`, () => perf.createHistogram().record(value));
  const other = perf.createHistogram();
  other.record(7);
  one.add(other);
  show('added', one);
  for (const value of [undefined, 5, {}]) fact.of(`add ${inspect(value)}`, () => one.add(value));
  fact('delta', one.recordDelta(), one.recordDelta(), one.count);
  one.reset();
  show('reset', one);
  fact('json', JSON.stringify(other), other.constructor.name);
  for (const options of [
    null,
    5,
    { lowest: 0 },
    { highest: 1 },
    { figures: 0 },
    { figures: 6 },
    { lowest: 'x' },
    { lowest: 10, highest: 15 },
    { lowest: 1n, highest: 2n },
    { lowest: 1, highest: 1000 },
  ])
    fact.of(`createHistogram ${inspect(options)}`, () => {
      const made = perf.createHistogram(options);
      made.record(5000);
      return [made.count, made.exceeds];
    });
  for (const options of [null, 5, { resolution: 0 }, { resolution: 'x' }, { resolution: 1.5 }])
    fact.of(`monitor ${inspect(options)}`, () => typeof perf.monitorEventLoopDelay(options));
  const delay = perf.monitorEventLoopDelay();
  fact(
    'enable',
    delay.enable(),
    delay.enable(),
    delay.disable(),
    delay.disable(),
    delay.constructor.name,
  );
  fact('cannot', typeof delay.record, typeof delay[Symbol.dispose]);
});

program('the clock and what else performance has', (fact) => {
  fact(
    'now',
    performance.now() > 0,
    performance.now() < 60000,
    performance.timeOrigin <= Date.now(),
  );
  fact('kinds', Object.keys(performance.toJSON()).sort());
  const { nodeTiming } = performance;
  fact(
    'nodeTiming',
    nodeTiming?.name,
    nodeTiming?.entryType,
    nodeTiming?.startTime,
    Object.keys(nodeTiming?.toJSON() ?? {}).sort(),
  );
  for (const name of [
    'nodeStart',
    'v8Start',
    'environment',
    'bootstrapComplete',
    'loopStart',
    'loopExit',
    'idleTime',
    'duration',
  ])
    fact(name, typeof nodeTiming?.[name]);
  fact(
    'order',
    nodeTiming?.nodeStart <= nodeTiming?.bootstrapComplete,
    nodeTiming?.loopExit,
    nodeTiming?.idleTime >= 0,
    nodeTiming?.duration > 0,
  );
  fact('metrics', Object.keys(nodeTiming?.uvMetricsInfo ?? {}).sort());
  const used = performance.eventLoopUtilization();
  fact(
    'utilization',
    Object.keys(used),
    Object.keys(performance.eventLoopUtilization(used)),
    performance.eventLoopUtilization(used, used),
  );
  fact('types', PerformanceObserver.supportedEntryTypes);
  fact('same', perf.eventLoopUtilization?.name, perf.timerify?.name);
  fact.of('this', () => perf.performance.now.call({}));
  for (const bad of [undefined, -1, 'x', 5])
    fact.of(`setResourceTimingBufferSize ${inspect(bad)}`, () =>
      performance.setResourceTimingBufferSize(bad),
    );
  performance.setResourceTimingBufferSize?.(250);
});

program('what fetch() took', async (fact, t) => {
  const server = require('http').createServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: '/there' }).end();
    else response.end('some text');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  performance.clearResourceTimings?.();
  await (await fetch(`${origin}/there`)).text();
  await new Promise((done) => setTimeout(done, 20));
  const [entry] = performance.getEntriesByType('resource');
  fact(
    'entry',
    entry?.name.replace(origin, ''),
    entry?.entryType,
    entry?.constructor.name,
    entry?.initiatorType,
    entry?.responseStatus,
    entry?.deliveryType,
  );
  fact('json', Object.keys(entry?.toJSON() ?? {}).sort());
  fact(
    'sizes',
    entry?.transferSize,
    entry?.encodedBodySize,
    entry?.decodedBodySize,
    entry?.nextHopProtocol,
  );
  fact(
    'times',
    entry?.startTime > 0,
    entry?.fetchStart >= entry?.startTime,
    entry?.responseEnd >= entry?.fetchStart,
    entry?.duration >= 0,
  );
  await (await fetch(`${origin}/away`)).text();
  await new Promise((done) => setTimeout(done, 20));
  fact(
    'redirected',
    performance.getEntriesByType('resource').map((one) => one.name.replace(origin, '')),
  );
  performance.clearResourceTimings?.();
  fact('cleared', performance.getEntriesByType('resource').length);
  const heard = [];
  performance.addEventListener('resourcetimingbufferfull', (event) => heard.push(event.type));
  performance.setResourceTimingBufferSize?.(1);
  for (let i = 0; i < 3; i++) await (await fetch(`${origin}/there`)).text();
  await new Promise((done) => setTimeout(done, 30));
  fact('full', heard.length > 0, performance.getEntriesByType('resource').length);
  const [seen] = await until('resource', () => fetch(`${origin}/there`).then((one) => one.text()));
  fact('observed', seen.entryType);
});
