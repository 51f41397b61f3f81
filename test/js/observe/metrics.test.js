'use strict';
// require('metrics'): what programs count themselves.
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const metrics = require('metrics');
const { sample } = require('../../helpers/metrics');
const { test } = require('../../helpers/test');
const { pairOf } = require('../../helpers/tls');
const { ended } = require('../task/run');

test('a counter counts up, by its labels', () => {
  const counter = metrics.counter('test_requests_total', 'Requests.', ['route', 'code']);
  counter.with({ route: '/a', code: 200 }).inc();
  counter.with({ code: 200, route: '/a' }).inc(2.5);
  assert.strictEqual(sample('test_requests_total{route="/a",code="200"}'), '3.5');
  assert.throws(() => counter.with({ route: '/a', code: 200 }).inc(-1), {
    code: 'ERR_OUT_OF_RANGE',
  });
});

test('a gauge goes up and down', () => {
  const gauge = metrics.gauge('test_level', 'Level.');
  gauge.set(5);
  gauge.dec(2);
  gauge.inc();
  assert.strictEqual(sample('test_level'), '4');
});

test('a histogram counts values below its bounds', () => {
  const histogram = metrics.histogram('test_wait_seconds', 'Waits.', [], [0.1, 1]);
  for (const value of [0.1, 0.5, 5]) histogram.observe(value);
  assert.strictEqual(sample('test_wait_seconds_bucket{le="0.1"}'), '1');
  assert.strictEqual(sample('test_wait_seconds_bucket{le="1"}'), '2');
  assert.strictEqual(sample('test_wait_seconds_bucket{le="+Inf"}'), '3');
  assert.strictEqual(sample('test_wait_seconds_sum'), '5.6');
  assert.strictEqual(sample('test_wait_seconds_count'), '3');
});

test('values of labels are escaped', () => {
  metrics.gauge('test_escaped', 'Escaped.', ['text']).with({ text: 'a"b\\c\nd' }).set(1);
  assert.strictEqual(sample('test_escaped{text="a\\"b\\\\c\\nd"}'), '1');
});

test('a metric of a task is added to the same one of others, and stays when the task ends', async () => {
  metrics.counter('test_shared_total', 'Shared.').inc(1);
  await ended(new Task('./fixtures/counts.js'));
  assert.strictEqual(sample('test_shared_total'), '11');
  assert.strictEqual(sample('test_of_task'), undefined);
});

test('more than 1,000 series are counted together', () => {
  const counter = metrics.counter('test_many_total', 'Many.', ['id']);
  for (let i = 0; i < 1100; i++) counter.with({ id: i }).inc();
  assert.strictEqual(sample('test_many_total{id="999"}'), '1');
  assert.strictEqual(sample('test_many_total{id="1000"}'), undefined);
  assert.strictEqual(sample('test_many_total{id="other"}'), '100');
});

test('a metric of the same name has the same labels in the same order', () => {
  metrics.counter('test_same_total', 'Help.', ['a', 'b']).with({ a: 1, b: 2 }).inc();
  metrics.counter('test_same_total', 'Help.', ['a', 'b']).with({ a: 1, b: 2 }).inc();
  assert.strictEqual(sample('test_same_total{a="1",b="2"}'), '2');
  for (const labels of [[], ['a'], ['b', 'a']])
    assert.throws(() => metrics.counter('test_same_total', 'Help.', labels), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
});

test('no two metrics have samples of one name', () => {
  const clash = { code: 'ERR_INVALID_ARG_VALUE', message: /samples of the same names/ };
  metrics.histogram('test_first', 'Help.');
  for (const end of ['bucket', 'sum', 'count'])
    assert.throws(() => metrics.gauge(`test_first_${end}`, 'Help.'), clash);
  metrics.gauge('test_second_count', 'Help.');
  assert.throws(() => metrics.histogram('test_second', 'Help.'), clash);
  metrics.gauge('test_third_sum', 'Help.');
  metrics.gauge('test_third', 'Help.');
});

test('only numbers are counted, and only as the metric counts', () => {
  const counter = metrics.counter('test_numbers_total', 'Help.');
  const histogram = metrics.histogram('test_numbers', 'Help.');
  for (const value of ['5', 5n, NaN, Infinity, null])
    assert.throws(() => counter.inc(value), { code: /^ERR_(?:INVALID_ARG|OUT_OF)/ });
  assert.throws(() => histogram.observe(NaN), { code: 'ERR_OUT_OF_RANGE' });
  for (const method of ['dec', 'set', 'observe'])
    assert.throws(() => counter[method](1), { code: 'ERR_INVALID_THIS' });
  for (const method of ['inc', 'dec', 'set'])
    assert.throws(() => histogram[method](1), { code: 'ERR_INVALID_THIS' });
  counter.inc(2);
  assert.strictEqual(sample('test_numbers_total'), '2');
});

test('numbers have all their digits', () => {
  const gauge = metrics.gauge('test_digits', 'Help.', ['id']);
  for (const value of [1796001837.864, 2 ** 53 - 1, 2 ** 60 + 2 ** 20, 0.1, 1e-7, 4294967297]) {
    gauge.with({ id: value }).set(value);
    assert.strictEqual(Number(sample(`test_digits{id="${value}"}`)), value);
  }
});

test('gauges of tasks that ended leave their places to others', async () => {
  for (let i = 0; i < 3; i++) {
    await ended(new Task('./fixtures/gauges.js', String(i)));
  }
  metrics.gauge('test_places', 'Help.', ['id']).with({ id: 'mine' }).set(7);
  assert.strictEqual(sample('test_places{id="mine"}'), '7');
});

test('what cannot be a metric is refused', () => {
  const refuse = (fn) => assert.throws(fn, { code: /^ERR_(?:INVALID_ARG|OUT_OF)/ });
  refuse(() => metrics.counter('test_count', 'Without its end.'));
  refuse(() => metrics.gauge('sluice_mine', 'Of the runtime.'));
  refuse(() => metrics.gauge('a-b', 'A dash.'));
  refuse(() => metrics.gauge('test_help', ''));
  for (const labels of [['le'], ['a', 'a'], [null], [1], ['__a'], 'a'])
    refuse(() => metrics.gauge('test_label', 'Help.', labels));
  refuse(() => metrics.histogram('test_bounds', 'Help.', [], [1, 1]));
  metrics.gauge('test_twice', 'Help.');
  refuse(
    () => metrics.counter('test_twice_total', 'Help.') && metrics.histogram('test_twice', 'x'),
  );
  const labelled = metrics.gauge('test_labelled', 'Help.', ['a']);
  refuse(() => labelled.with({}));
  refuse(() => labelled.with({ a: 1, b: 2 }));
  refuse(() => metrics.serve({ hots: '127.0.0.1' }));
  refuse(() => metrics.serve({ host: 'localhost', port: 0 }));
});

test('certificates tell when they expire, by their names, until they are gone', async (t) => {
  const { X509Certificate } = require('crypto');
  const server = net.createServer({ tlsOpt: pairOf('server') }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const name = 'sluice_tls_certificate_expiry_timestamp_seconds{group="",name=';
  const end = (file) => String(Date.parse(new X509Certificate(pairOf(file).cert).validTo) / 1000);
  assert.strictEqual(sample(`${name}""}`), end('server'));
  server.addcert({ name: 'other.test', ...pairOf('server-ec') });
  assert.strictEqual(sample(`${name}"other.test"}`), end('server-ec'));
  server.delcert('other.test');
  assert.strictEqual(sample(`${name}"other.test"}`), undefined);
});

test('so do those of tls servers, until the server is closed', async (t) => {
  const { X509Certificate } = require('crypto');
  const tls = require('tls');
  const server = tls.createServer(pairOf('server')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const name = 'sluice_tls_certificate_expiry_timestamp_seconds{group="",name=';
  const end = (file) => String(Date.parse(new X509Certificate(pairOf(file).cert).validTo) / 1000);
  assert.strictEqual(sample(`${name}""}`), end('server'));
  server.addContext('*.other.test', pairOf('server-ec'));
  assert.strictEqual(sample(`${name}"*.other.test"}`), end('server-ec'));
  server.setSecureContext(pairOf('server-ec'));
  assert.strictEqual(sample(`${name}""}`), end('server-ec'));
  server.close();
  assert.strictEqual(sample(`${name}""}`), undefined);
});

test('a server that drains is told apart', async (t) => {
  const server = net.createServer((one) => one.on('goaway', () => {}).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = net.connect(server.address().port, '127.0.0.1').on('error', () => {});
  t.after(() => client.destroy());
  await once(server, 'connection');
  assert.strictEqual(sample('sluice_draining{group=""}'), '0');
  const drained = server.drain({ deadline: 60000 });
  assert.strictEqual(sample('sluice_draining{group=""}'), '1');
  server.drain({ deadline: 1, jitter: 0 });
  await drained;
  assert.strictEqual(sample('sluice_draining{group=""}'), '0');
});

test('serve() answers without the task', async () => {
  const { port } = metrics.serve({ port: 0, path: '/here' });
  const request = http.get({ port, host: '127.0.0.1', path: '/here' });
  const [response] = await once(request, 'response');
  let text = '';
  response.on('data', (data) => (text += data));
  await once(response, 'end');
  assert.strictEqual(response.headers['content-type'], metrics.contentType);
  assert.match(text, /^sluice_build_info\{/m);
  assert.throws(() => metrics.serve({ port }), { code: 'EADDRINUSE' });
});
