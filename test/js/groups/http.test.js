'use strict';
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { test } = require('../../helpers/test');
const { collect } = require('../../helpers/net');

test('an http server serves the connections of a group, many requests on each', async () => {
  const { server, web } = require('./fixtures/web');
  server.listen();
  await once(server, 'listening');
  const port = server.port();
  const get = (agent, path) =>
    new Promise((resolve, reject) => {
      http
        .get({ port, host: '127.0.0.1', path, agent }, (res) => {
          res.resume();
          res.on('end', () => resolve([res.headers['x-name'], res.headers.connection]));
        })
        .on('error', reject);
    });
  const agents = [1, 2].map(() => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  const names = [];
  for (const agent of agents) {
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await get(agent, `/${i}`));
    assert.deepStrictEqual(answers, Array(3).fill([answers[0][0], 'keep-alive']));
    names.push(answers[0][0]);
  }
  assert.deepStrictEqual(names.sort(), ['./fixtures/web', './fixtures/web:1']);

  // A client that has said all it wants still gets its answer.
  const client = net.connect({ port, host: '127.0.0.1' });
  client.end('GET /half HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(String(await collect(client)), /\/half$/);

  // Idle connections end with the group, and the sub with them.
  server.close();
  web.close();
  await once(server, 'close');
  for (const agent of agents) agent.destroy();
});
