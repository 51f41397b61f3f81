'use strict';
const assert = require('assert');
const fs = require('fs');
const http = require('http');
const { once } = require('events');
const { suite } = require('./harness');
const { ask, json, listen } = require('./http-frameworks');

const { load, test } = suite('express');
const express = load('express');

const serve = (t, app) => listen(t, http.createServer(app));

test('routes have parameters, queries and bodies of JSON', async (t) => {
  const app = express();
  app.set('env', 'test'); // errors are not printed
  app.use(express.json());
  app.get('/users/:id', (req, res) => res.json({ id: req.params.id, query: req.query }));
  app.post('/users', (req, res) => res.status(201).send(req.body));
  const url = await serve(t, app);
  assert.deepStrictEqual(await ask(`${url}/users/5?a=1`), [200, '{"id":"5","query":{"a":"1"}}']);
  assert.deepStrictEqual(await ask(`${url}/users`, json({ a: 1 })), [201, '{"a":1}']);
  assert.strictEqual((await ask(`${url}/users`, json('{"a"')))[0], 400);
  assert.strictEqual((await ask(`${url}/none`))[0], 404);
});

test('files are served, with ranges and by their tags', async (t) => {
  const app = express();
  app.use('/files', express.static(__dirname));
  const url = `${await serve(t, app)}/files/express.test.js`;
  const source = fs.readFileSync(__filename, 'utf8');
  assert.deepStrictEqual(await ask(url), [200, source]);
  assert.deepStrictEqual(await ask(url, { headers: { range: 'bytes=3-12' } }), [
    206,
    source.slice(3, 13),
  ]);
  const tag = (await fetch(url)).headers.get('etag');
  // fetch() itself would ask for what no cache has.
  const [again] = await once(http.get(url, { headers: { 'if-none-match': tag } }), 'response');
  again.resume();
  assert.strictEqual(again.statusCode, 304);
});

test('errors of handlers, also of async ones, go to the handler of errors', async (t) => {
  const app = express();
  app.get('/throws', () => {
    throw new Error('thrown');
  });
  app.get('/rejects', async () => {
    await null;
    throw new Error('rejected');
  });
  app.use((error, req, res, next) => res.status(500).send(error.message) && next);
  const url = await serve(t, app);
  assert.deepStrictEqual(await ask(`${url}/throws`), [500, 'thrown']);
  assert.deepStrictEqual(await ask(`${url}/rejects`), [500, 'rejected']);
});
