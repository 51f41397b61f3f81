'use strict';
const assert = require('assert');
const fs = require('fs');
const { suite } = require('./harness');

const { load, test, servers } = suite('ssh2-sftp-client', ['sshd']);
const [server] = servers;
const Client = load('ssh2-sftp-client');

test('files of 1 MiB are written, listed, read, renamed and removed', async () => {
  const client = new Client();
  const privateKey = fs.readFileSync(server.file('ed25519'));
  const username = require('os').userInfo().username;
  await client.connect({ host: '127.0.0.1', port: server.port, username, privateKey });
  const [folder, value] = [server.file('sftp'), Buffer.alloc(1 << 20, 'sftp')];
  await client.mkdir(folder);
  await client.put(value, `${folder}/a`);
  assert.deepStrictEqual(
    (await client.list(folder)).map(({ name, size }) => [name, size]),
    [['a', 1 << 20]],
  );
  assert.ok((await client.get(`${folder}/a`)).equals(value));
  await client.rename(`${folder}/a`, `${folder}/b`);
  assert.deepStrictEqual(
    [await client.exists(`${folder}/a`), await client.exists(`${folder}/b`)],
    [false, '-'],
  );
  await client.delete(`${folder}/b`);
  await assert.rejects(client.get(`${folder}/b`), /No such file/);
  await client.end();
});
