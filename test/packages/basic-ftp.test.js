'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');
const { Readable, Writable } = require('stream');

const { load, test, servers } = suite('basic-ftp', ['vsftpd']);
const [server] = servers;
const { Client } = load('basic-ftp');

async function connect(t, more) {
  const client = new Client();
  t.after(() => client.close());
  await client.access({
    host: '127.0.0.1',
    port: server.port,
    user: 'anonymous',
    password: 'guest',
    ...more,
  });
  await client.cd('upload');
  return client;
}

function collector() {
  const parts = [];
  const sink = new Writable({
    write(chunk, encoding, done) {
      parts.push(chunk);
      done();
    },
  });
  return { sink, value: () => Buffer.concat(parts) };
}

test('files are stored, listed, fetched and removed', async (t) => {
  const client = await connect(t);
  for (let i = 0; i < 100; i++)
    await client.uploadFrom(Readable.from([Buffer.from(`file ${i}`)]), `file${i}.txt`);
  const names = (await client.list()).map(({ name }) => name);
  assert.strictEqual(names.filter((name) => /^file\d+\.txt$/.test(name)).length, 100);
  const { sink, value } = collector();
  await client.downloadTo(sink, 'file7.txt');
  assert.strictEqual(value().toString(), 'file 7');
  for (let i = 0; i < 100; i++) await client.remove(`file${i}.txt`);
  assert.strictEqual((await client.list()).length, 0);
});

test('a file of 1 MiB comes back as it was', async (t) => {
  const client = await connect(t);
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 13, 10, 255]));
  await client.uploadFrom(Readable.from([data]), 'large.bin');
  assert.strictEqual(await client.size('large.bin'), data.length);
  const { sink, value } = collector();
  await client.downloadTo(sink, 'large.bin');
  assert.strictEqual(value().equals(data), true);
});

test('folders are made, entered and removed', async (t) => {
  const client = await connect(t);
  await client.ensureDir('folder');
  assert.strictEqual(await client.pwd(), '/upload/folder');
  await client.cd('..');
  await client.removeDir('folder');
});

test('an error of the server rejects one command', async (t) => {
  const client = await connect(t);
  await assert.rejects(client.size('nothing'), { name: 'FTPError', code: 550 });
  assert.strictEqual(await client.pwd(), '/upload');
});

test('a wrong password is refused', async (t) => {
  await assert.rejects(connect(t, { user: 'root', password: 'wrong' }), {
    name: 'FTPError',
    code: 530,
  });
});

test('a client connects again after the server restarted', async (t) => {
  const client = await connect(t);
  await server.restart(); // its connections are of processes of their own
  assert.strictEqual(await client.pwd(), '/upload');
  client.close();
  await assert.rejects(client.pwd(), /closed/);
  await client.access({ host: '127.0.0.1', port: server.port });
  assert.strictEqual(await client.pwd(), '/');
});

test('TLS begins on the connection, also for 1 MiB of data, and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const secure = { secure: true, secureOptions: { ca, servername: 'localhost' } };
  const client = await connect(t, secure);
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 13, 10, 255]));
  await client.uploadFrom(Readable.from([data]), 'secure.bin');
  const { sink, value } = collector();
  await client.downloadTo(sink, 'secure.bin');
  assert.strictEqual(value().equals(data), true);
  await client.remove('secure.bin');
  await assert.rejects(connect(t, { secure: true }), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
});
