'use strict';
const assert = require('assert');
const http = require('http');
const https = require('https');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('msw');

test('fetch(), https and GraphQL are answered by handlers, others go on', async (t) => {
  const { graphql, http: handle, HttpResponse } = load('msw');
  const mocks = load('msw/node').setupServer(
    handle.get('https://api.test/users/:id', ({ params }) => HttpResponse.json(params)),
    handle.post('https://api.test/echo', async ({ request }) =>
      HttpResponse.text(await request.text(), { status: 201 }),
    ),
    handle.get('https://api.test/fails', () => HttpResponse.error()),
    graphql.query('Me', () => HttpResponse.json({ data: { me: 1 } })),
  );
  mocks.listen({ onUnhandledRequest: 'bypass' });
  t.after(() => mocks.close());
  assert.deepStrictEqual(await (await fetch('https://api.test/users/7')).json(), { id: '7' });
  const echoed = await fetch('https://api.test/echo', { method: 'POST', body: 'hi' });
  assert.deepStrictEqual([echoed.status, await echoed.text()], [201, 'hi']);
  await assert.rejects(fetch('https://api.test/fails'), TypeError);
  const query = { method: 'POST', body: JSON.stringify({ query: 'query Me { me }' }) };
  query.headers = { 'content-type': 'application/json' };
  const answer = await fetch('https://api.test/graphql', query);
  assert.deepStrictEqual(await answer.json(), { data: { me: 1 } });
  const [response] = await once(https.get('https://api.test/users/9'), 'response');
  assert.strictEqual(String(await response.toArray()), '{"id":"9"}');
  const server = http.createServer((req, res) => res.end('real')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${server.address().port}/`;
  const [real] = await once(http.get(url, { agent: false }), 'response');
  assert.strictEqual(String(await real.toArray()), 'real');
});
