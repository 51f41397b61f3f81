/* global document, window */
'use strict';
const assert = require('assert');
const http = require('http');
const { once } = require('events');
const { suite } = require('./harness');
const { findProgram } = require('./server');

const { load, test } = suite('puppeteer-core', [], ['chromium']);

for (const [how, pipe] of [
  ['a WebSocket', false],
  ['pipes', true],
])
  test(`functions run in pages of a browser, by ${how}`, async (t) => {
    const server = http.createServer((req, res) =>
      res
        .setHeader('content-type', 'text/html')
        .end('<title>of the server</title><ul><li>1<li>2</ul>'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const browser = await load('puppeteer-core').launch({
      executablePath: findProgram('chromium'),
      pipe,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    assert.strictEqual(await page.title(), 'of the server');
    const counted = await page.evaluate(async (more) => {
      const items = await Promise.resolve(document.querySelectorAll('li'));
      return items.length + more;
    }, 10);
    assert.strictEqual(counted, 12);
    await page.exposeFunction('twice', async (value) => value * 2);
    assert.strictEqual(await page.evaluate(async () => await window.twice(21)), 42);
  });
