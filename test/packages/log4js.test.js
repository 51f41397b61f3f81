'use strict';
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { once } = require('events');
const { suite } = require('./harness');
const { write } = require('./programs');

const { load, test } = suite('log4js');

test('events go to files that roll and over TCP, all of them before the end', async (t) => {
  const where = write(t, {});
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const arrived = once(server, 'connection').then(async ([socket]) => {
    let text = '';
    for await (const part of socket.setEncoding('utf8')) text += part;
    return text.split('__LOG4JS__').slice(0, -1);
  });
  const log4js = load('log4js');
  const layout = { type: 'messagePassThrough' };
  const filename = path.join(where, 'log');
  log4js.configure({
    appenders: {
      file: { type: 'file', filename, maxLogSize: 200, backups: 1, compress: true, layout },
      tcp: { type: 'tcp', host: '127.0.0.1', port: server.address().port },
    },
    categories: { default: { appenders: ['file', 'tcp'], level: 'info' } },
  });
  const log = log4js.getLogger('mine');
  for (let i = 0; i < 30; i++) log.info('line %d', i);
  log.debug('hidden');
  const error = await new Promise((resolve) => log4js.shutdown(resolve));
  assert.strictEqual(error, null);
  assert.strictEqual((await arrived).length, 30);
  assert.deepStrictEqual(
    fs.readdirSync(where).filter((name) => name.startsWith('log')),
    ['log', 'log.1.gz'],
  );
  assert.ok(fs.readFileSync(filename, 'utf8').endsWith('line 29\n'));
});
