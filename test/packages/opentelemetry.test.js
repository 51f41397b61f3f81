'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('@opentelemetry/sdk-node');
const { NodeSDK, tracing } = load('@opentelemetry/sdk-node');
const { trace } = load('@opentelemetry/api');

test('spans follow await, each under its own', async () => {
  const exporter = new tracing.InMemorySpanExporter();
  const processor = new tracing.SimpleSpanProcessor(exporter);
  const sdk = new NodeSDK({
    serviceName: 'test',
    ...{ instrumentations: [], metricReaders: [], logRecordProcessors: [] },
    spanProcessors: [processor],
  });
  sdk.start();
  const tracer = trace.getTracer('test');
  const inner = (number) =>
    tracer.startActiveSpan(`inner ${number}`, async (span) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      await null;
      assert.strictEqual(trace.getActiveSpan(), span);
      span.end();
    });
  await tracer.startActiveSpan('outer', async (span) => {
    await Promise.all([inner(1), inner(2)]);
    assert.strictEqual(trace.getActiveSpan(), span);
    span.end();
  });
  await processor.forceFlush();
  // Those that end before the attributes of the resource are known are exported later.
  const spans = exporter.getFinishedSpans();
  const [first, second, outer] = ['inner 1', 'inner 2', 'outer'].map((name) =>
    spans.find((span) => span.name === name),
  );
  for (const span of [first, second])
    assert.strictEqual(span.parentSpanContext.spanId, outer.spanContext().spanId);
  await sdk.shutdown();
});
