'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('prom-client');
const prometheus = load('prom-client');

test('own metrics and those of the process are told', async (t) => {
  const register = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register });
  t.after(() => register.clear());
  const counter = new prometheus.Counter({
    name: 'asked',
    help: 'h',
    labelNames: ['method'],
    registers: [register],
  });
  counter.inc({ method: 'GET' });
  const text = await register.metrics();
  for (const part of [
    'asked{method="GET"} 1',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_seconds',
  ])
    assert.ok(text.includes(part), part);
});
