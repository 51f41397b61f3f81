'use strict';
// What the tests of frameworks for HTTP share: a server that a test ends, and requests of it.
const { once } = require('events');

/** Has a server of http listen. @returns {Promise<string>} its URL */
async function listen(t, server) {
  if (!server.listening) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  t.after(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Status and text of an answer. */
async function ask(url, options) {
  const answer = await fetch(url, options);
  return [answer.status, await answer.text()];
}

/** Options of a request with JSON. */
const json = (value) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

module.exports = { ask, json, listen };
