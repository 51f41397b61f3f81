'use strict';
// Servers and sessions of http2 that a test closes at its end.
const http2 = require('http2');
const { once } = require('events');
const { ca, pairOf } = require('../../helpers/tls');

async function listen(t, server) {
  server.on('session', (session) => t.after(() => session.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server.address().port;
}

/** A server without TLS. @returns {Promise<{ server: object, port: number, connect(options?: object): object }>} */
async function serve(t, options, listener) {
  const server = http2.createServer(options, listener);
  const port = await listen(t, server);
  const connect = (more) => open(t, http2.connect(`http://127.0.0.1:${port}`, more));
  return { server, port, connect };
}

/** The same with TLS. */
async function serveSecurely(t, options, listener) {
  const server = http2.createSecureServer({ ...pairOf('server'), ...options }, listener);
  const port = await listen(t, server);
  const trust = { ca: ca(), servername: 'localhost' };
  const connect = (more) =>
    open(t, http2.connect(`https://127.0.0.1:${port}`, { ...trust, ...more }));
  return { server, port, connect };
}

function open(t, session) {
  t.after(() => session.destroy());
  return session;
}

/** The answer to a request: its fields and its whole text. */
async function answer(stream) {
  const headers = once(stream, 'response');
  const text = (await stream.setEncoding('utf8').toArray()).join('');
  return { headers: (await headers)[0], text };
}

module.exports = { answer, serve, serveSecurely };
