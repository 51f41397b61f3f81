'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('supertest', [], [], ['express', 'express-rate-limit', 'formidable']);

const express = load('express');
const request = load('supertest');

test('an application is asked, and a wrong expectation told', async () => {
  const app = express();
  app.get('/', (req, res) => res.json({ ok: true }));
  await request(app).get('/').expect(200, { ok: true });
  await assert.rejects(request(app).get('/').expect(404), /expected 404 "Not Found", got 200 "OK"/);
});

test('more requests than a limit are refused', async () => {
  const app = express();
  app.use(load('express-rate-limit').rateLimit({ limit: 2, windowMs: 60000 }));
  app.get('/', (req, res) => res.end());
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await request(app).get('/')).status);
  assert.deepStrictEqual(statuses, [200, 200, 429]);
});

test('files that are attached are parsed by formidable', async () => {
  const app = express();
  app.post('/', async (req, res) => {
    const [fields, files] = await load('formidable').formidable().parse(req);
    const [file] = files.file;
    require('fs').unlinkSync(file.filepath);
    res.json([fields.name, file.originalFilename, file.size]);
  });
  const { body } = await request(app)
    .post('/')
    .field('name', 'value')
    .attach('file', Buffer.alloc(70000), 'file.bin');
  assert.deepStrictEqual(body, [['value'], 'file.bin', 70000]);
});
