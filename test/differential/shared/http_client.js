'use strict';
// Requests of programs of facts about http.
const http = require('http');
const { event, soon } = require('../harness');

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const LIFE = [
  'abort',
  'connect',
  'continue',
  'information',
  'response',
  'socket',
  'timeout',
  'upgrade',
  'finish',
  'close',
  'error',
  'drain',
  'prefinish',
];

const told = (_name, args) =>
  args
    .filter((one) => one instanceof Error)
    .map((one) => [one.name, one.code, one.message.replace(/:\d+/g, ':port')]);

/** A request whose events are facts; resolves when it has closed, or after a while. */
async function ask(fact, label, options, use = (req) => req.end()) {
  let req;
  try {
    req = http.request(options);
  } catch (error) {
    fact(label, 'throws', error);
    return undefined;
  }
  fact.events(label, req, LIFE, told);
  req.on('response', (res) => {
    fact.events(`${label}: res`, res, ['aborted', 'error', 'end', 'close', 'timeout'], told);
    res.on('data', (data) => fact(`${label}: data`, data));
  });
  use(req);
  await Promise.race([event(req, 'close'), soon(300)]);
  await soon(10);
  return req;
}

module.exports = { LIFE, OK, ask, told };
