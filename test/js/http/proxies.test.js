'use strict';
// Requests that reach their servers by the proxies that an environment names.
const { test } = require('../../helpers/test');
const assert = require('assert');
const http = require('http');
const https = require('https');
const net = require('net');
const { once } = require('events');
const { execFile } = require('child_process');
const { promisify } = require('util');
const { ca, pairOf } = require('../../helpers/tls');

async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

/** A proxy that goes to a port whatever the target is called; returns its URL and what it was asked. */
async function proxy(t, port) {
  const asked = [];
  const server = http.createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    res.end('by the proxy');
  });
  server.on('connect', (req, socket, head) => {
    asked.push(`${req.method} ${req.url}`);
    const target = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(t, server)}`, asked };
}

const textOf = async (req) => {
  const [res] = await once(req, 'response');
  return (await res.setEncoding('utf8').toArray()).join('');
};

test('an agent that connects in its own way tells its target nothing of a proxy', async (t) => {
  const asked = [];
  const answer = (req, res) => {
    asked.push(req.url, req.headers['proxy-authorization'], req.headers['proxy-connection']);
    res.end('by the target');
  };
  const port = await listen(t, http.createServer(answer));
  const socketPath = `\0sluice-proxies-${process.pid}`;
  const local = http.createServer(answer).listen(socketPath);
  await once(local, 'listening');
  t.after(() => local.close());
  const options = { proxyEnv: { HTTP_PROXY: 'http://user:secret@127.0.0.1:1' } };
  class Derived extends http.Agent {
    createConnection(_, done) {
      return net.createConnection({ host: '127.0.0.1', port }, done);
    }
  }
  const own = Object.assign(new http.Agent(options), {
    createConnection: Derived.prototype.createConnection,
  });
  for (const agent of [new Derived(options), own, new http.Agent({ ...options, socketPath })]) {
    t.after(() => agent.destroy());
    const text = await textOf(http.get({ host: 'a.test', path: '/x', agent }));
    assert.strictEqual(text, 'by the target');
  }
  assert.deepStrictEqual(asked, Array(3).fill(['/x', undefined, undefined]).flat());
});

test('requests of https go through a tunnel, which is kept for the next', async (t) => {
  const port = await listen(
    t,
    https.createServer(pairOf('server'), (req, res) => res.end(`${req.url} ${req.headers.host}`)),
  );
  const { url, asked } = await proxy(t, port);
  const agent = new https.Agent({ keepAlive: true, proxyEnv: { HTTPS_PROXY: url } });
  t.after(() => agent.destroy());
  for (const path of ['/1', '/2']) {
    const options = { host: 'localhost', port: 4430, path, agent, ca: ca() };
    assert.strictEqual(await textOf(https.get(options)), `${path} localhost:4430`);
    await new Promise(setImmediate);
  }
  assert.deepStrictEqual(asked, ['CONNECT localhost:4430']);
});

test('a request that is destroyed gives its tunnel up', async (t) => {
  const silent = net.createServer();
  silent.closeAllConnections = () => {};
  const port = await listen(t, silent);
  const accepted = once(silent, 'connection');
  const agent = new https.Agent({ proxyEnv: { HTTPS_PROXY: `http://127.0.0.1:${port}` } });
  const req = https.get({ host: 'a.test', agent });
  const failed = once(req, 'error');
  const [socket] = await accepted;
  socket.on('error', () => {}).resume();
  req.destroy(new Error('mine'));
  assert.strictEqual((await failed)[0].message, 'mine');
  await once(socket, 'close');
});

test('NODE_USE_ENV_PROXY and --use-env-proxy hold for http and fetch()', async (t) => {
  const { url, asked } = await proxy(t, 1);
  const program =
    "require('http').get('http://a.test/http', (res) => res.resume().on('end', () => fetch('http://a.test/fetch').then((one) => one.text()).then(console.log)));";
  const run = async (env, ...flags) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '-e', program], {
      env: { ...process.env, ...env, HTTP_PROXY: url, NO_PROXY: '' },
    });
    return stdout;
  };
  assert.strictEqual(await run({ NODE_USE_ENV_PROXY: '1' }), 'by the proxy\n');
  assert.strictEqual(await run({}, '--use-env-proxy'), 'by the proxy\n');
  assert.strictEqual(asked[0], 'GET http://a.test/http');
  assert.strictEqual(asked.length, 4);
});

test('a tunnel that a proxy does not give is an error of fetch()', async (t) => {
  const { url } = await proxy(t, 1);
  t.after(http.setGlobalProxyFromEnv({ https_proxy: url }));
  await assert.rejects(fetch('https://a.test/'), (error) => {
    assert.strictEqual(error.cause.code, 'ERR_PROXY_TUNNEL');
    return true;
  });
});
