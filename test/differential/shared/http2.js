'use strict';
// Servers and sessions of programs of facts about http2.
const http2 = require('http2');
const { event, soon } = require('../harness');
const { listen } = require('../peers');

/** A server in the clear, and a session with it that is connected. */
async function pair(t, { listener, server: options, client } = {}) {
  const server = http2.createServer(options ?? {}, listener);
  const port = await listen(t, server);
  const served = event(server, 'session');
  const session = http2.connect(`http://127.0.0.1:${port}`, client);
  session.on('error', () => {});
  t.after(() => session.destroy());
  await event(session, 'connect');
  return { server, session, port, served: await served };
}

const STREAM = ['aborted', 'end', 'finish', 'error', 'close', 'response', 'trailers'];

/** What a stream tells, in order; errors by code. */
function watch(stream, events = STREAM) {
  const told = [];
  for (const name of events)
    stream.on(name, (value) => told.push(value instanceof Error ? `${name} ${value.code}` : name));
  return told;
}

/** The state of a stream that has closed. */
const stateOf = (stream) => [
  stream.rstCode,
  stream.aborted,
  stream.closed,
  stream.destroyed,
  stream.id,
  stream.pending,
  stream.session === undefined,
  stream.endAfterHeaders,
  stream.headersSent,
];

/** Resolves when a stream has closed, or has had the time to. */
const closed = (stream) =>
  Promise.race([stream.closed && stream.destroyed ? 0 : event(stream, 'close'), soon(400)]);

const attempt = (fn) => {
  try {
    return ['fine', fn()];
  } catch (error) {
    return [error.name, error.code, error.message];
  }
};

module.exports = { attempt, closed, pair, stateOf, watch };
