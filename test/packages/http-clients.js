'use strict';
// A server that the tests of clients of HTTP ask.
const http = require('http');
const zlib = require('zlib');
const { listen } = require('./http-frameworks');

/** @returns {Promise<string>} its URL: /gzip, /missing, /silent, /moved, /busy (twice); others echo */
function serve(t) {
  let busy = 0;
  const answers = {
    '/gzip': (req, res) => {
      res.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
      res.end(zlib.gzipSync('{"gzip":true}'));
    },
    '/missing': (req, res) => res.writeHead(404).end('none'),
    '/silent': () => {},
    '/moved': (req, res) => res.writeHead(302, { location: '/gzip' }).end(),
    '/busy': (req, res) => res.writeHead(busy++ < 2 ? 503 : 200).end(`${busy}`),
  };
  const server = http.createServer((req, res) => {
    if (answers[req.url]) answers[req.url](req, res);
    else if (req.method === 'GET') res.end(`path ${req.url}`);
    else req.pipe(res);
  });
  return listen(t, server);
}

module.exports = { serve };
