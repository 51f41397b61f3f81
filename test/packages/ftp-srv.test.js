'use strict';
const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { execFile } = require('child_process');
const { once } = require('events');
const { suite } = require('./harness');
const { write } = require('./programs');

const { load, test } = suite('ftp-srv', [], ['curl']);

const curl = (...args) =>
  new Promise((resolve) => {
    execFile('curl', ['-sS', '-u', 'user:secret', ...args], (error, stdout) =>
      resolve([error?.code ?? 0, stdout]),
    );
  });

test('curl stores, lists and fetches files', async (t) => {
  const where = write(t, { 'b.txt': 'hello', 'a.txt': '' });
  fs.unlinkSync(path.join(where, 'node_modules'));
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const log = load('bunyan').createLogger({ name: 'quiet', level: 61 });
  const url = `ftp://127.0.0.1:${port}`;
  const server = new (load('ftp-srv').FtpSrv)({ url, pasv_url: '127.0.0.1', pasv_min: 20000, log });
  server.on('login', ({ password }, resolve, reject) =>
    password === 'secret' ? resolve({ root: where }) : reject(new Error('refused')),
  );
  await server.listen();
  t.after(() => server.close());
  assert.deepStrictEqual(await curl(`${url}/b.txt`), [0, 'hello']);
  fs.writeFileSync(path.join(where, 'c.bin'), 'x'.repeat(300000));
  assert.deepStrictEqual(await curl('-T', path.join(where, 'c.bin'), `${url}/d.bin`), [0, '']);
  assert.strictEqual(fs.statSync(path.join(where, 'd.bin')).size, 300000);
  assert.deepStrictEqual(await curl('-l', `${url}/`), [0, 'a.txt\nb.txt\nc.bin\nd.bin\n']);
  assert.strictEqual((await curl('-u', 'user:wrong', `${url}/b.txt`))[0], 67);
});
