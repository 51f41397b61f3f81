'use strict';
// HTTPParser of _http_common, as packages that intercept requests use it.
const { test } = require('../../helpers/test');
const assert = require('assert');
const { HTTPParser, methods } = require('_http_common');

/** A parser, and what it told. */
function parserOf(type, skips) {
  const parser = new HTTPParser();
  const told = [];
  parser.initialize(type, {});
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, fields, method, ...rest) => {
    told.push(['head', `${major}.${minor}`, fields, methods[method], ...rest]);
    return skips;
  };
  parser[HTTPParser.kOnBody] = (bytes) => told.push(['body', String(bytes)]);
  parser[HTTPParser.kOnHeaders] = (fields) => told.push(['trailers', fields]);
  parser[HTTPParser.kOnMessageComplete] = () => told.push(['end']);
  return { parser, told };
}

test('requests are told one after another, bodies and trailers too', () => {
  const { parser, told } = parserOf(HTTPParser.REQUEST);
  const text =
    'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: 1\r\n\r\n' +
    'GET /b HTTP/1.0\r\n\r\n';
  assert.strictEqual(parser.execute(Buffer.from(text)), text.length);
  const fields = ['Host', 'x', 'Transfer-Encoding', 'chunked'];
  assert.deepStrictEqual(told, [
    ['head', '1.1', fields, 'POST', '/a', undefined, undefined, false, true],
    ['body', 'hi'],
    ['trailers', ['T', '1']],
    ['end'],
    ['head', '1.0', [], 'GET', '/b', undefined, undefined, false, false],
    ['end'],
  ]);
  parser.close();
});

test('a response without a length ends with its connection', () => {
  const { parser, told } = parserOf(HTTPParser.RESPONSE);
  for (const part of ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200', ' OK\r\n\r\nab', 'c'])
    parser.execute(Buffer.from(part));
  assert.deepStrictEqual(told.slice(2), [
    ['head', '1.1', [], undefined, undefined, 200, 'OK', false, false],
    ['body', 'ab'],
    ['body', 'c'],
  ]);
  assert.strictEqual(parser.finish(), undefined);
  assert.deepStrictEqual(told.at(-1), ['end']);
});

test('a head may be said to have no body, or to end HTTP', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
  const none = parserOf(HTTPParser.RESPONSE, 1);
  none.parser.execute(Buffer.from(head + head));
  assert.deepStrictEqual(
    none.told.map(([what]) => what),
    ['head', 'end', 'head', 'end'],
  );
  const raw = parserOf(HTTPParser.RESPONSE, 2);
  assert.strictEqual(raw.parser.execute(Buffer.from(`${head}other`)), head.length);
});

test('what is no HTTP is an error with a code', () => {
  const { parser } = parserOf(HTTPParser.REQUEST);
  const error = parser.execute(Buffer.from('nonsense\r\n\r\n'));
  assert.ok(error instanceof Error);
  assert.match(error.code, /^HPE_/);
});
