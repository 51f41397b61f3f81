'use strict';
const assert = require('assert');
const { Readable } = require('stream');
const { suite } = require('./harness');
const { ask, listen } = require('./http-frameworks');

const { load, test } = suite('koa');
const Koa = load('koa').default ?? load('koa');

test('middleware runs around the next one; bodies are objects, streams and errors', async (t) => {
  const app = new Koa();
  app.silent = true;
  app.use(async (context, next) => {
    await next();
    context.set('x-around', 'yes');
  });
  app.use(async (context) => {
    if (context.path === '/tea') context.throw(418, 'tea');
    else if (context.path === '/stream') context.body = Readable.from(['a', 'b']);
    else context.body = { path: context.path, query: context.query };
  });
  const url = await listen(t, app.listen(0, '127.0.0.1'));
  assert.deepStrictEqual(await ask(`${url}/x?a=1`), [200, '{"path":"/x","query":{"a":"1"}}']);
  assert.deepStrictEqual(await ask(`${url}/tea`), [418, 'tea']);
  assert.deepStrictEqual(await ask(`${url}/stream`), [200, 'ab']);
  assert.strictEqual((await fetch(url)).headers.get('x-around'), 'yes');
});
