'use strict';
const assert = require('assert');
const { once } = require('events');
const { suite } = require('./harness');

const { load, test } = suite('coap');
const coap = load('coap');

async function serve(t, listener) {
  const server = coap.createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { host: '127.0.0.1', port: server._sock.address().port };
}

test('requests are answered, 50 at once', async (t) => {
  const where = await serve(t, (req, res) => res.end(`${req.method} ${req.url} ${req.payload}`));
  const all = Array.from({ length: 50 }, async (_, i) => {
    const req = coap.request({ ...where, pathname: `/${i}`, method: 'POST' });
    req.end('body');
    const [res] = await once(req, 'response');
    return `${res.payload}`;
  });
  assert.deepStrictEqual(
    await Promise.all(all),
    Array.from({ length: 50 }, (_, i) => `POST /${i} body`),
  );
});

test('what is observed comes again and again', async (t) => {
  let observed;
  const where = await serve(t, (req, res) => {
    observed = res;
    res.write('0');
  });
  const req = coap.request({ ...where, observe: true });
  req.end();
  const [res] = await once(req, 'response');
  const seen = [];
  for await (const part of res) {
    seen.push(`${part}`);
    if (seen.length === 3) break;
    observed.write(`${seen.length}`);
  }
  assert.deepStrictEqual(seen, ['0', '1', '2']);
});
