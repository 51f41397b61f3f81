'use strict';
// What the page of http says of Agent: the connections that clients keep.
const http = require('http');
const net = require('net');
const { program, event, soon } = require('./harness');
const { listen } = require('./peers');

/** A server that counts connections and answers by their number; or not at all to /wait. */
async function serve(t, options = {}, answer = undefined) {
  let count = 0;
  const server = http.createServer(options, (req, res) => {
    if (answer !== undefined) answer(req, res);
    else if (req.url !== '/wait') res.end(String(req.socket.number));
  });
  server.on('connection', (socket) => (socket.number = ++count));
  return { server, port: await listen(t, server) };
}
function agentOf(t, options) {
  const agent = new http.Agent(options);
  t.after(() => agent.destroy());
  return agent;
}
const counts = (agent) =>
  ['sockets', 'freeSockets', 'requests']
    .map((name) => Object.values(agent[name]).map((list) => list.length))
    .concat(agent.totalSocketCount);

/** The text of an answer, or the code of an error. */
const get = (port, options) =>
  new Promise((resolve) => {
    const req = http.get({ host: '127.0.0.1', port, ...options }, (res) => {
      let text = '';
      res.setEncoding('latin1').on('data', (data) => (text += data));
      res.on('end', () => resolve([text, req.reusedSocket]));
      res.on('error', (error) => resolve(error.code));
    });
    req.on('error', (error) => resolve(error.code));
  });

program('defaults and options', (fact) => {
  const NAMES = [
    'defaultPort',
    'protocol',
    'keepAlive',
    'keepAliveMsecs',
    'maxSockets',
    'maxFreeSockets',
    'maxTotalSockets',
    'scheduling',
    'totalSocketCount',
    'agentKeepAliveTimeoutBuffer',
    'requests',
    'sockets',
    'freeSockets',
  ];
  for (const options of [
    undefined,
    {},
    { keepAlive: true },
    { keepAlive: true, keepAliveMsecs: 5 },
    { maxSockets: 3, maxFreeSockets: 2, maxTotalSockets: 9 },
    { scheduling: 'fifo' },
    { defaultPort: 81, protocol: 'x:' },
    { timeout: 50 },
    { agentKeepAliveTimeoutBuffer: 7 },
    { agentKeepAliveTimeoutBuffer: -1 },
    { agentKeepAliveTimeoutBuffer: 'x' },
    { agentKeepAliveTimeoutBuffer: 0 },
  ]) {
    const agent = new http.Agent(options);
    fact(
      JSON.stringify(options),
      NAMES.map((name) => agent[name]),
      { ...agent.options },
    );
  }
  fact(
    'global',
    NAMES.map((name) => http.globalAgent[name]),
    { ...http.globalAgent.options },
  );
  fact('called', http.Agent() instanceof http.Agent, http.Agent.defaultMaxSockets);
  for (const options of [
    { scheduling: 'x' },
    { scheduling: 5 },
    { maxTotalSockets: 0 },
    { maxTotalSockets: 'x' },
    { maxTotalSockets: -1 },
    { maxTotalSockets: NaN },
    { maxSockets: 'x' },
    { maxSockets: 0 },
    { maxFreeSockets: -1 },
    { keepAlive: 5 },
    { keepAliveMsecs: 'x' },
    { timeout: 'x' },
    { maxTotalSockets: null },
    { defaultPort: 'x' },
    { proxyEnv: {} },
    null,
  ])
    fact.of(
      JSON.stringify(options),
      () => new http.Agent(options),
      (agent) => [agent.maxSockets, agent.maxTotalSockets, agent.maxFreeSockets],
    );
});

program('getName()', (fact) => {
  const agent = new http.Agent();
  for (const options of [
    undefined,
    {},
    { host: 'a' },
    { host: 'a', port: 5 },
    { host: 'a', port: 5, localAddress: 'b' },
    { family: 4 },
    { family: 6, port: 1 },
    { family: 0 },
    { socketPath: '/x' },
    { host: 'a', port: '5', family: 4, socketPath: '/x', localAddress: 'l' },
    { hostname: 'a' },
    { port: 0 },
    { host: '' },
    { localAddress: '' },
  ])
    fact.of(JSON.stringify(options), () => agent.getName(options));
});

program('connections that are kept', async (fact, t) => {
  const { port } = await serve(t);
  const agent = agentOf(t, { keepAlive: true });
  fact.events('agent', agent, ['free'], () => []);
  fact('first', await get(port, { agent }));
  await soon();
  fact('counts', counts(agent), Object.keys(agent.freeSockets)[0].replace(port, 'port'));
  fact('second', await get(port, { agent }));
  await soon();
  fact('at once', await Promise.all([1, 2, 3].map(() => get(port, { agent }))));
  await soon();
  fact('counts', counts(agent));
  agent.destroy();
  await soon();
  fact('destroyed', counts(agent));
  fact('after destroy()', await get(port, { agent }));
  const closing = agentOf(t, {});
  fact(
    'without keepAlive',
    await get(port, { agent: closing }),
    await get(port, { agent: closing }),
  );
  await soon();
  fact('counts', counts(closing));
  fact('agent false', await get(port, { agent: false }), await get(port, { agent: false }));
  const close = await get(port, { agent, headers: { Connection: 'close' } });
  await soon();
  fact('Connection: close', close, counts(agent));
});

program('limits', async (fact, t) => {
  const { port } = await serve(t);
  for (const options of [
    { maxSockets: 1 },
    { maxSockets: 2, keepAlive: true },
    { maxTotalSockets: 1, keepAlive: true },
    { keepAlive: true, maxFreeSockets: 1 },
    { maxSockets: 1, keepAlive: true, scheduling: 'fifo' },
  ]) {
    const agent = agentOf(t, options);
    const answers = [1, 2, 3, 4].map(() => get(port, { agent }));
    fact(JSON.stringify(options), counts(agent));
    const got = (await Promise.all(answers)).map(([, reused]) => reused);
    await soon();
    fact('reused', got, counts(agent));
  }
  const agent = agentOf(t, { maxSockets: 1, keepAlive: true });
  const first = http.get({ host: '127.0.0.1', port, agent, path: '/wait' });
  first.on('error', (error) => fact('first', error.code));
  const second = http.get({ host: '127.0.0.1', port, agent });
  second
    .on('error', (error) => fact('second', error.code))
    .on('close', () => fact('second closed'));
  const third = get(port, { agent });
  fact('waiting', counts(agent));
  second.destroy();
  first.destroy();
  fact('third', (await third)[1]);
  await soon();
  fact('counts', counts(agent));
});

program('servers that close', async (fact, t) => {
  const { server, port } = await serve(t, { keepAliveTimeout: 30, keepAliveTimeoutBuffer: 0 });
  const agent = agentOf(t, { keepAlive: true, agentKeepAliveTimeoutBuffer: 0 });
  await get(port, { agent });
  await soon(200);
  fact('closed by the server', counts(agent));
  fact('again', (await get(port, { agent }))[1]);
  server.closeIdleConnections();
  await soon();
  fact('closeIdleConnections', counts(agent));
  const hinted = await serve(t, {}, (req, res) => {
    res.setHeader('Keep-Alive', req.url === '/1' ? 'timeout=1' : 'timeout=1, max=5');
    res.end('x');
  });
  for (const path of ['/1', '/2']) {
    const one = agentOf(t, { keepAlive: true });
    await get(hinted.port, { agent: one, path });
    await soon();
    fact(`timeout=1 ${path}`, counts(one));
  }
  const timing = agentOf(t, { keepAlive: true, timeout: 30 });
  await get(port, { agent: timing });
  await soon(150);
  fact('timeout', counts(timing));
});

program('methods that are replaced', async (fact, t) => {
  const { port } = await serve(t);
  class Own extends http.Agent {
    createConnection(options, done) {
      fact(
        'createConnection',
        options.host,
        options.port === port,
        typeof done,
        typeof options.servername,
      );
      return super.createConnection(options, done);
    }
    keepSocketAlive(socket) {
      fact('keepSocketAlive', socket instanceof net.Socket, super.keepSocketAlive(socket));
      return true;
    }
    reuseSocket(socket, req) {
      fact('reuseSocket', socket instanceof net.Socket, req instanceof http.ClientRequest);
      super.reuseSocket(socket, req);
    }
  }
  const own = new Own({ keepAlive: true });
  t.after(() => own.destroy());
  await get(port, { agent: own });
  await soon();
  fact('again', (await get(port, { agent: own }))[1]);
  const refusing = agentOf(t, { keepAlive: true });
  refusing.keepSocketAlive = () => false;
  await get(port, { agent: refusing });
  await soon();
  fact('keepSocketAlive false', counts(refusing));
  for (const [name, create] of Object.entries({
    later: (options, done) => void setImmediate(() => done(null, net.connect(options))),
    'an error': (options, done) => void setImmediate(() => done(new Error('no'))),
    'an error at once': (options, done) => void done(new Error('no')),
    throws: () => {
      throw new Error('thrown');
    },
    'both ways': (options, done) => {
      const socket = net.connect(options);
      done(null, socket);
      return socket;
    },
  })) {
    const agent = agentOf(t, {});
    agent.createConnection = create;
    try {
      fact(name, await get(port, { agent }));
    } catch (error) {
      fact(name, 'throws', error);
    }
    await soon();
    fact(name, counts(agent));
  }
});

program('agentRemove, and sockets that are used otherwise', async (fact, t) => {
  const { port } = await serve(t);
  const agent = agentOf(t, { keepAlive: true });
  const req = http.get({ host: '127.0.0.1', port, agent });
  const socket = await event(req, 'socket');
  socket.emit('agentRemove');
  fact('removed', counts(agent), socket.listenerCount('agentRemove'));
  (await event(req, 'response')).resume();
  await soon();
  fact('after', counts(agent), socket.destroyed);
  socket.destroy();
  await get(port, { agent });
  await soon();
  const [free] = Object.values(agent.freeSockets)[0];
  fact('free', free.listenerCount('error'), free.timeout, free._httpMessage === null);
  free.emit('error', new Error('x'));
  await soon();
  fact('an error', counts(agent));
});
