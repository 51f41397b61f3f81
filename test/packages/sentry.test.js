'use strict';
const assert = require('assert');
const { once } = require('events');
const http = require('http');
const { suite } = require('./harness');

const { load, test } = suite('@sentry/node');
const Sentry = load('@sentry/node');

test('what a request sets is of its events alone, and requests that go out are noted', async (t) => {
  const events = [];
  const client = Sentry.init({
    dsn: 'http://key@127.0.0.1:1/1',
    transport: () => ({ send: async () => ({}), flush: async () => true }),
    beforeSend(event) {
      events.push(event);
      return event;
    },
  });
  t.after(() => client.close());
  const server = http.createServer((request, response) => {
    Sentry.setTag('path', request.url);
    setTimeout(() => {
      Sentry.captureException(new Error(request.url));
      response.end();
    }, 5);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const ask = async (path) => {
    const [response] = await once(http.get({ port: server.address().port, path }), 'response');
    response.resume();
    await once(response, 'close');
  };
  await Promise.all([ask('/a'), ask('/b')]);
  Sentry.captureMessage('outside');
  await Sentry.flush(1000);
  const of = (text) =>
    events.find((event) => (event.message ?? event.exception.values[0].value) === text);
  for (const path of ['/a', '/b']) assert.deepStrictEqual(of(path).tags, { path });
  const { tags, breadcrumbs } = of('outside');
  assert.strictEqual(tags, undefined);
  const noted = breadcrumbs.filter(({ category }) => category === 'http');
  assert.deepStrictEqual(
    noted.map(({ data }) => [new URL(data.url).pathname, data.status_code]).sort(),
    [
      ['/a', 200],
      ['/b', 200],
    ],
  );
});
