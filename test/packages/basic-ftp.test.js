'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { Readable, Writable } = require('stream');

const { load, test, servers } = suite('basic-ftp', ['vsftpd']);
const [server] = servers;
const { Client } = load('basic-ftp');

async function connect(t) {
  const client = new Client();
  t.after(() => client.close());
  await client.access({
    host: '127.0.0.1',
    port: server.port,
    user: 'anonymous',
    password: 'guest',
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
  for (let i = 0; i < 20; i++)
    await client.uploadFrom(Readable.from([Buffer.from(`file ${i}`)]), `file${i}.txt`);
  const names = (await client.list()).map(({ name }) => name);
  assert.strictEqual(names.filter((name) => /^file\d+\.txt$/.test(name)).length, 20);
  const { sink, value } = collector();
  await client.downloadTo(sink, 'file7.txt');
  assert.strictEqual(value().toString(), 'file 7');
  for (let i = 0; i < 20; i++) await client.remove(`file${i}.txt`);
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
