'use strict';
// Requests by the proxies that an environment names: what is sent, whom it leaves out, and what fails.
const http = require('http');
const https = require('https');
const net = require('net');
const { program, event } = require('./harness');
const { listen } = require('./peers');

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A proxy that answers every request itself; of `tunnel`: what it says to CONNECT. */
async function proxy(t, tunnel = '') {
  const seen = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      seen.push(text);
      if (!text.startsWith('CONNECT')) socket.write(OK);
      else if (tunnel === '') socket.destroy();
      else socket.write(tunnel);
    });
  });
  const port = await listen(t, server);
  return { seen, port, url: `http://127.0.0.1:${port}` };
}

/** What comes of a request, and what the proxy saw; its port is PORT. */
async function ask(fact, name, { seen, port }, module, env, options, agentOptions) {
  const plain = (text) => String(text).replaceAll(port, 'PORT');
  seen.length = 0;
  let agent;
  try {
    agent = new module.Agent({ ...agentOptions, proxyEnv: env });
    const req = module.request({ agent, ...options });
    const [kind, value] = await Promise.race(
      ['response', 'connect', 'error'].map(async (one) => [one, await event(req, one)]),
    );
    if (kind === 'error') fact(name, value.code, plain(value.message), value.statusCode);
    else fact(name, kind, value.statusCode, plain(req.path));
  } catch (error) {
    fact(name, 'throws', error.name, error.code, plain(error.message));
  }
  for (const one of seen) fact(name, ...plain(one).split('\r\n').filter(Boolean));
  agent?.destroy();
}

const TARGET = { host: 'a.test', port: 81, path: '/x?y' };

program('what is sent to a proxy', async (fact, t) => {
  const one = await proxy(t);
  const user = (name) => one.url.replace('//', `//${name}@`);
  const send = (name, env, options, agentOptions) =>
    ask(fact, name, one, http, env, { ...TARGET, ...options }, agentOptions);
  const env = { HTTP_PROXY: one.url };
  await send('plain', env);
  await send('small letters count first', {
    HTTP_PROXY: 'http://127.0.0.1:1',
    http_proxy: one.url,
  });
  await send('port 80', env, { port: undefined });
  await send('keepAlive', env, {}, { keepAlive: true });
  await send('user and password', { HTTP_PROXY: user('us%20er:p%40ss') });
  await send('user', { HTTP_PROXY: user('user') });
  await send(
    'fields of its own',
    { HTTP_PROXY: user('user:x') },
    { headers: { 'Proxy-Authorization': 'mine', 'Proxy-Connection': 'mine' } },
  );
  await send('a list of fields', env, { headers: ['Host', 'a.test:81', 'X', 'y'] });
  await send('another Host', env, { headers: { Host: 'b.test' } });
  await send('a whole URL', env, { path: 'http://a.test:81/q' });
  await send('IPv6', env, { host: '::1' });
  await send('Expect', env, { headers: { Expect: 'x' } });
  await send('no Host', env, { setHost: false });
  await send('OPTIONS', env, { method: 'OPTIONS', path: '*' });
});

program('proxies that are none', async (fact, t) => {
  const one = await proxy(t);
  const direct = { host: '127.0.0.1', port: one.port, path: '/direct' };
  for (const HTTP_PROXY of ['', undefined, null])
    await ask(fact, `${HTTP_PROXY}`, one, http, { HTTP_PROXY }, direct);
  for (const env of [null, undefined, {}, 'x', 5])
    await ask(fact, `${env}`, one, http, env, direct);
  await ask(fact, 'a new line', one, http, { HTTP_PROXY: 'http://a\r\nb' }, TARGET);
  await ask(fact, 'refused', one, http, { HTTP_PROXY: 'http://127.0.0.1:1' }, TARGET);
  await ask(fact, 'a path', one, http, { HTTP_PROXY: one.url }, { socketPath: '/nothing/there' });
  for (const env of [5, 'x', null, [], { http_proxy: 'http://a\nb' }])
    try {
      fact('global', typeof http.setGlobalProxyFromEnv(env));
    } catch (error) {
      fact('global', error.name, error.code);
    }
});

program('hosts that are left out', (fact) => {
  for (const [entry, host] of [
    ['*', 'a.test'],
    ['127.0.0.1', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['127.0.0.1:81', '127.0.0.1'],
    ['127.0.0.1:82', '127.0.0.1'],
    ['127.0.0.0-127.0.0.9', '127.0.0.1'],
    ['127.0.0.2-127.0.0.9', '127.0.0.1'],
    [' x , 127.0.0.1 ', '127.0.0.1'],
    ['127.0.0.0/8', '127.0.0.1'],
    ['127.0.0.1 other', '127.0.0.1'],
    ['', 'a.test'],
    [',', 'a.test'],
    [',*', 'a.test'],
    ['**', 'a.test'],
    ['example.test', 'a.example.test'],
    ['.example.test', 'a.example.test'],
    ['.example.test', 'example.test'],
    ['*.example.test', 'a.b.example.test'],
    ['*.example.test', 'example.test'],
    ['EXAMPLE.test', 'example.TEST'],
    ['[::1]', '::1'],
    ['::1', '::1'],
    ['ample.test', 'example.test'],
    ['.ample.test', 'example.test'],
  ]) {
    const agent = new http.Agent({
      proxyEnv: { http_proxy: 'http://127.0.0.1:1', no_proxy: entry },
    });
    const req = http.request({ agent, host, port: 81, path: '/' });
    req.on('error', () => {});
    fact(entry, host, req.path);
    req.destroy();
  }
});

program('tunnels', async (fact, t) => {
  const secure = { host: 'a.test', path: '/x', rejectUnauthorized: false };
  const refusing = await proxy(t, 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
  const env = { HTTPS_PROXY: refusing.url };
  await ask(fact, 'refused', refusing, https, env, secure);
  await ask(fact, 'keepAlive', refusing, https, env, secure, { keepAlive: true });
  await ask(fact, 'another port', refusing, https, env, { ...secure, port: 8443 });
  await ask(fact, 'IPv6', refusing, https, env, { ...secure, host: '::1' });
  const user = { https_proxy: refusing.url.replace('//', '//u:p@') };
  await ask(fact, 'user', refusing, https, user, secure);
  await ask(fact, 'no proxy', refusing, https, { HTTPS_PROXY: 'http://127.0.0.1:1' }, secure);
  const closing = await proxy(t);
  await ask(fact, 'closed', closing, https, { HTTPS_PROXY: closing.url }, secure);
  const wrong = await proxy(t, 'nonsense\r\n\r\n');
  await ask(fact, 'nonsense', wrong, https, { HTTPS_PROXY: wrong.url }, secure);
});

program('what was set for all is undone', async (fact, t) => {
  const one = await proxy(t);
  const [plain, secure] = [http.globalAgent, https.globalAgent];
  const undo = http.setGlobalProxyFromEnv({ http_proxy: one.url });
  fact('agents', http.globalAgent === plain, https.globalAgent === secure);
  const { keepAlive, scheduling, timeout } = http.globalAgent.options;
  fact('options', keepAlive, scheduling, timeout);
  const req = http.get('http://a.test/x');
  fact('status', (await event(req, 'response')).statusCode, req.path);
  http.globalAgent.destroy();
  undo();
  fact('after', http.get({ host: '127.0.0.1', port: one.port, path: '/y' }).path);
  http.globalAgent.destroy();
});
