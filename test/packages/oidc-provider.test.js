'use strict';
const assert = require('assert');
const { once } = require('events');
const http = require('http');
const { suite } = require('./harness');

const { load, test } = suite('oidc-provider');
const { default: Provider } = load('oidc-provider');

test('a client gets a token, which is known; a wrong secret is refused', async (t) => {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'client',
        client_secret: 'secret',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: { clientCredentials: { enabled: true }, introspection: { enabled: true } },
  });
  server.on('request', provider.callback());
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`);
  const places = await answer.json();
  const post = async (url, body, secret = 'secret') => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`client:${secret}`)}` },
      body: new URLSearchParams(body),
    });
    return response.json();
  };
  const grant = { grant_type: 'client_credentials' };
  const { access_token: token, token_type: type } = await post(places.token_endpoint, grant);
  assert.strictEqual(type, 'Bearer');
  assert.strictEqual((await post(places.introspection_endpoint, { token })).active, true);
  assert.strictEqual((await post(places.token_endpoint, grant, 'no')).error, 'invalid_client');
});
