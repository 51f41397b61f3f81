'use strict';
const assert = require('assert');
const http = require('http');
const net = require('net');
const { once } = require('events');
const { suite } = require('./harness');
const { listen } = require('./http-frameworks');

const { load, test } = suite('proxy-chain');
const { Server } = load('proxy-chain');

async function proxy(t, prepareRequestFunction) {
  const server = new Server({ port: 0, host: '127.0.0.1', prepareRequestFunction });
  await server.listen();
  t.after(() => server.close(true));
  return server.port;
}

test('requests and tunnels go by a proxy over another, which wants a password', async (t) => {
  const web = http.createServer((req, res) => res.end(`web ${req.url}`));
  const url = await listen(t, web);
  const upper = await proxy(t, ({ username, password }) => ({
    requestAuthentication: username !== 'user' || password !== 'secret',
  }));
  const port = await proxy(t, () => ({
    upstreamProxyUrl: `http://user:secret@127.0.0.1:${upper}`,
  }));
  const ask = async (through) => {
    const [res] = await once(
      http.get({ port: through, path: `${url}/a`, agent: false }),
      'response',
    );
    return [res.statusCode, (await res.setEncoding('utf8').toArray()).join('')];
  };
  assert.deepStrictEqual(await ask(port), [200, 'web /a']);
  assert.strictEqual((await ask(upper))[0], 407);
  const socket = net.connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.write(`CONNECT ${url.slice('http://'.length)} HTTP/1.1\r\n\r\n`);
  assert.match(`${await once(socket, 'data')}`, /^HTTP\/1.1 200 /);
  socket.write('GET /tunnel HTTP/1.0\r\n\r\n');
  assert.match((await socket.setEncoding('utf8').toArray()).join(''), /web \/tunnel$/);
});
