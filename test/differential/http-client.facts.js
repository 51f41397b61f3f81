'use strict';
// What the page of http says of ClientRequest, its options, its events and of what it gets.
const http = require('http');
const net = require('net');
const { program, event, soon } = require('./harness');
const { OK, ask } = require('./shared/http_client');
const { accept, stable } = require('./peers');

const strip = (port, text) => stable(text).replaceAll(String(port), 'port');

program('what options of a request send', async (fact, t) => {
  let wanted;
  const port = await accept(t, async (peer) => {
    const text = await peer.until(/\r\n\r\n/);
    fact('asked', strip(port, text));
    peer.send(OK);
    wanted();
  });
  const base = { host: '127.0.0.1', port, agent: false };
  for (const [label, options] of Object.entries({
    nothing: {},
    method: { method: 'post' },
    DELETE: { method: 'DELETE' },
    'method of its own': { method: 'PURGE' },
    path: { path: '/a?b=c#d' },
    'path without a slash': { path: 'a' },
    'path *': { method: 'OPTIONS', path: '*' },
    auth: { auth: 'user:p\u00e4ss' },
    'auth and a field': { auth: 'a:b', headers: { Authorization: 'x' } },
    headers: { headers: { 'X-A': 'b', 'x-list': ['1', '2'], Cookie: ['a=1', 'b=2'], 'X-N': 5 } },
    'headers as a list': { headers: ['X-A', 'b', 'X-A', 'c', 'Host', 'me'] },
    'headers as pairs': {
      headers: [
        ['X-A', 'b'],
        ['Host', 'me'],
      ],
    },
    'own Host': { headers: { HOST: 'me' } },
    'setHost false': { setHost: false },
    'setDefaultHeaders false': { setDefaultHeaders: false },
    'setDefaultHeaders false, setHost': { setDefaultHeaders: false, setHost: true },
    'hostname wins': { hostname: '127.0.0.1', host: 'nothing.invalid' },
    defaultPort: { defaultPort: port },
    'port as text': { port: String(port) },
    family: { family: 4, host: 'localhost' },
    'Connection: close': { headers: { Connection: 'close' } },
    'Connection: keep-alive': { headers: { Connection: 'keep-alive' } },
    'a keeping agent': { agent: new http.Agent({ keepAlive: true }) },
    'an agent with maxSockets': { agent: new http.Agent({ maxSockets: 1 }) },
    uniqueHeaders: {
      uniqueHeaders: ['x-list', ['x-two', '+']],
      headers: { 'x-list': ['1', '2'], 'x-two': ['3', '4'] },
    },
    'Content-Length': { method: 'POST', headers: { 'Content-Length': 0 } },
    'Transfer-Encoding': { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } },
    'GET with chunks': { headers: { 'Transfer-Encoding': 'chunked' } },
    Expect: { method: 'POST', headers: { Expect: 'x' } },
  })) {
    const arrived = new Promise((resolve) => (wanted = resolve));
    const req = http.request({ ...base, ...options });
    fact(
      label,
      req.method,
      req.path,
      req.host,
      req.protocol,
      req.getHeaderNames(),
      req.getRawHeaderNames(),
    );
    req.on('error', (error) => fact('error', error));
    const closed = event(req, 'close');
    req.end();
    await arrived;
    (await Promise.race([event(req, 'response'), soon(200)]))?.resume();
    options.agent?.destroy();
    req.destroy();
    await closed;
  }
});

program('forms of request() and get()', async (fact, t) => {
  let wanted;
  const port = await accept(t, async (peer) => {
    fact('asked', strip(port, await peer.until(/\r\n\r\n/)));
    peer.send(OK);
    wanted();
  });
  const url = `http://127.0.0.1:${port}/p?q=1`;
  for (const [label, args] of Object.entries({
    text: [url],
    URL: [new URL(url)],
    'text, options': [url, { method: 'PUT', headers: { a: 'b' } }],
    'URL, options': [new URL(url), { path: '/other' }],
    'user and password': [url.replace('//', '//us%40er:pa%3Ass@')],
    'text, null': [url, null],
    'text, undefined': [url, undefined],
    'url.parse': [require('url').parse(url)],
    'IPv4 in hex': [url.replace('127.0.0.1', '0x7f.1')],
    'a fragment': [`${url}#x`],
    'a callback': [url, (res) => fact('callback', res.statusCode)],
    'options, callback': [url, {}, (res) => fact('callback', res.statusCode)],
  })) {
    const arrived = new Promise((resolve) => (wanted = resolve));
    const req = fact.of(
      label,
      () => http.get(...args),
      (one) => [one.method, one.path, one.host],
    );
    if (req === undefined) continue;
    req.on('error', (error) => fact('error', error));
    await arrived;
    await Promise.race([event(req, 'close'), soon(30)]);
    req.destroy();
  }
  for (const args of [
    ['x'],
    [''],
    ['/path'],
    ['https://a.test/'],
    ['ftp://a.test/'],
    [5],
    [null],
    ['http://'],
    [new URL('https://a.test')],
    [{ protocol: 'https:' }],
    [{ protocol: 'x' }],
    [{ path: 'a b' }],
    [{ path: '/\u00e4' }],
    [{ path: '/\u4e2d' }],
    [{ path: 5 }],
    [{ method: 'a b' }],
    [{ method: 5 }],
    [{ method: null }],
    [{ method: '' }],
    [{ host: 5 }],
    [{ hostname: {} }],
    [{ host: false }],
    [{ agent: 5 }],
    [{ agent: true }],
    [{ agent: {} }],
    [{ timeout: 'x' }],
    [{ timeout: -1 }],
    [{ timeout: 2 ** 32 }],
    [{ maxHeaderSize: 'x' }],
    [{ maxHeaderSize: -1 }],
    [{ insecureHTTPParser: 5 }],
    [{ joinDuplicateHeaders: 5 }],
    [{ httpValidation: 5 }],
    [{ httpValidation: 'x' }],
    [{ httpValidation: 'strict', insecureHTTPParser: true }],
    [{ headers: { 'a b': 1 } }],
    [{ headers: { a: '\n' } }],
    [{ headers: { a: undefined } }],
    [{ headers: ['a'] }],
    [{ headers: 5 }],
    [{ headers: [['a']] }],
    [{ signal: 5 }],
    [{ signal: {} }],
    [{ port: -1 }],
    [{ port: 70000 }],
    [{ port: 'x' }],
    [{ family: 9 }],
    [{ lookup: 5 }],
    [{ localAddress: 'x' }],
    [{ createConnection: 5 }],
    [{}, 5],
    [{ uniqueHeaders: 5 }],
    [{ uniqueHeaders: [5] }],
    [{ auth: 5 }],
    [{ setHost: 5 }],
    [{ socketPath: 5 }],
  ])
    fact.of(
      JSON.stringify(args),
      () => {
        const req = http.request(...args);
        req.on('error', () => {});
        req.destroy();
        return req;
      },
      (req) => [req.method, req.host, req.path],
    );
});

program('the life of a request', async (fact, t) => {
  const port = await accept(t, async (peer) => {
    const text = await peer.until(/\r\n\r\n/);
    if (text.includes('/reset')) peer.socket.resetAndDestroy();
    else if (text.includes('/end')) peer.socket.end();
    else if (text.includes('/half'))
      peer.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab').socket.end();
    else if (text.includes('/chunked'))
      peer.send('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab').socket.end();
    else if (text.includes('/garbage')) peer.send('nothing like it\r\n\r\n');
    else if (text.includes('/endless')) peer.send('HTTP/1.1 200 OK\r\n\r\nab').socket.end();
    else if (text.includes('/twice')) peer.send(OK + OK);
    else if (text.includes('/wait')) await soon(50);
    else peer.send(OK);
  });
  const base = { host: '127.0.0.1', port, agent: false };
  for (const path of [
    '/ok',
    '/reset',
    '/end',
    '/half',
    '/chunked',
    '/garbage',
    '/endless',
    '/twice',
  ]) {
    const req = await ask(fact, path, { ...base, path });
    fact(
      path,
      req.destroyed,
      req.closed,
      req.errored?.code,
      req.aborted,
      req.reusedSocket,
      req.res?.complete,
      req.res?.aborted,
      req.res?.errored?.code,
    );
  }
  const cases = {
    'abort() at once': (req) => req.abort(),
    'destroy() at once': (req) => req.destroy(),
    'destroy(error) at once': (req) => req.destroy(new Error('mine')),
    'end() and destroy()': (req) => req.end().destroy(),
    'destroy() on socket': (req) => req.on('socket', () => req.destroy()).end(),
    'destroy(error) on socket': (req) =>
      req.on('socket', () => req.destroy(new Error('mine'))).end(),
    'abort() twice': (req) => {
      req.abort();
      req.abort();
    },
    'destroy() while it waits': (req) =>
      req.on('finish', () => setTimeout(() => req.destroy(), 20)).end(),
    'destroy(error) while it waits': (req) =>
      req.on('finish', () => setTimeout(() => req.destroy(new Error('mine')), 20)).end(),
    'a time-out': (req) => req.setTimeout(20, () => fact('callback')).end(),
    'a time-out and destroy()': (req) => req.setTimeout(20, () => req.destroy()).end(),
    'req.socket.destroy()': (req) =>
      req.on('socket', (socket) => setTimeout(() => socket.destroy(), 20)).end(),
    'write after end': (req) => {
      req.end();
      req.write('x', (error) => fact('written', error));
    },
    'end twice': (req) => {
      req.end(() => fact('ended'));
      req.end((error) => fact('ended again', error));
    },
  };
  for (const [label, use] of Object.entries(cases)) {
    const req = await ask(fact, label, { ...base, path: '/wait' }, use);
    fact(
      label,
      req.destroyed,
      req.closed,
      req.errored?.message,
      req.aborted,
      req.writableEnded,
      req.writableFinished,
    );
    req.destroy();
  }
  for (const [label, use] of Object.entries({
    'destroy() in response': (res, req) => req.destroy(),
    'destroy(error) in response': (res, req) => req.destroy(new Error('mine')),
    'abort() in response': (res, req) => req.abort(),
    'res.destroy() in response': (res) => res.destroy(),
    'res.destroy(error) in response': (res) => res.destroy(new Error('mine')),
  })) {
    const req = await ask(fact, label, { ...base, path: '/ok' }, (one) =>
      one.on('response', (res) => use(res, one)).end(),
    );
    fact(label, req.destroyed, req.res.destroyed, req.res.aborted, req.res.complete);
  }
});

program('signals, lookups and connections', async (fact, t) => {
  const port = await accept(t, async (peer) => {
    if ((await peer.until(/\r\n\r\n/)).includes('/ok')) peer.send(OK);
  });
  const base = { host: '127.0.0.1', port, agent: false, path: '/ok' };
  const controller = new AbortController();
  await ask(
    fact,
    'abort while it waits',
    { ...base, path: '/', signal: controller.signal },
    (req) => {
      req.end();
      setTimeout(() => controller.abort(), 20);
    },
  );
  await ask(fact, 'aborted', { ...base, signal: AbortSignal.abort() });
  await ask(fact, 'with a reason', { ...base, signal: AbortSignal.abort(new Error('why')) });
  const lookup = (name, options, done) => {
    fact('lookup', name, Object.keys(options).sort(), options.all);
    done(null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4);
  };
  await ask(fact, 'lookup', { ...base, host: 'some.name', lookup });
  await ask(fact, 'a lookup that fails', {
    ...base,
    host: 'some.name',
    lookup: (n, o, done) => done(new Error('no')),
  });
  await ask(fact, 'no such name', { ...base, host: 'nothing.invalid' });
  await ask(fact, 'createConnection', {
    ...base,
    createConnection: (options) => net.connect(options.port, options.host),
  });
  await ask(fact, 'createConnection with a callback', {
    ...base,
    createConnection: (options, done) =>
      void setImmediate(() => done(null, net.connect(options.port, options.host))),
  });
  await ask(fact, 'createConnection that fails', {
    ...base,
    createConnection: (options, done) => void setImmediate(done, new Error('no')),
  });
  await ask(fact, 'localAddress', { ...base, localAddress: '127.0.0.2' });
  await ask(fact, 'a bad localAddress', { ...base, localAddress: '192.0.2.1' });
  await ask(fact, 'nobody', { ...base, port: 1 });
  await ask(fact, 'no Unix socket', { socketPath: '/nothing/there', agent: false });
  await ask(fact, 'timeout', { ...base, path: '/', timeout: 20 });
});
