'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('pg', ['postgresql']);
const [server] = servers;
const { Client, Pool } = load('pg');

const options = (more) => ({
  host: '127.0.0.1',
  port: server.port,
  user: 'user',
  password: 'secret',
  database: 'postgres',
  ...more,
});

async function connect(t, more) {
  const client = new Client(options(more));
  client.on('error', () => {});
  await client.connect();
  t.after(() => client.end());
  return client;
}

test('queries with parameters give rows of JavaScript values', async (t) => {
  const client = await connect(t);
  const { rows } = await client.query(
    'SELECT $1::int AS number, $2::text AS text, $3::jsonb AS json, now() AS time, NULL AS none',
    [7, 'é', { a: [1] }],
  );
  assert.deepStrictEqual(
    [rows[0].number, rows[0].text, rows[0].json, rows[0].none],
    [7, 'é', { a: [1] }, null],
  );
  assert.strictEqual(rows[0].time instanceof Date, true);
});

test('300 inserts and a select in order', async (t) => {
  const client = await connect(t);
  await client.query('CREATE TABLE numbers (n int PRIMARY KEY)');
  await Promise.all(
    Array.from({ length: 300 }, (_, n) => client.query('INSERT INTO numbers VALUES ($1)', [n])),
  );
  const { rows } = await client.query('SELECT n FROM numbers ORDER BY n');
  assert.deepStrictEqual(
    rows.map(({ n }) => n),
    Array.from({ length: 300 }, (_, n) => n),
  );
});

test('binary data of 1 MiB comes back as it was', async (t) => {
  const client = await connect(t);
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255, 39, 92]));
  const { rows } = await client.query('SELECT $1::bytea AS data', [data]);
  assert.strictEqual(rows[0].data.equals(data), true);
});

test('an error of the server rejects one query', async (t) => {
  const client = await connect(t);
  await assert.rejects(client.query('SELECT nothing FROM nowhere'), { code: '42P01' });
  await assert.rejects(client.query('INSERT INTO numbers VALUES (1)'), { code: '23505' });
  assert.strictEqual((await client.query('SELECT 1 AS one')).rows[0].one, 1);
  await assert.rejects(new Client(options({ password: 'wrong' })).connect(), { code: '28P01' });
});

test('notifications arrive at listeners', async (t) => {
  const [one, two] = [await connect(t), await connect(t)];
  await one.query('LISTEN news');
  const notified = new Promise((resolve) => one.once('notification', resolve));
  await two.query("NOTIFY news, 'payload'");
  assert.strictEqual((await notified).payload, 'payload');
});

test('a pool runs transactions, and connects again after the server restarted', async (t) => {
  const pool = new Pool(options({ max: 4 }));
  pool.on('error', () => {});
  t.after(() => pool.end());
  const sums = await Promise.all(
    Array.from({ length: 50 }, (_, i) => pool.query('SELECT $1::int + 1 AS sum', [i])),
  );
  assert.deepStrictEqual(
    sums.map(({ rows }) => rows[0].sum),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  await server.stop('SIGINT');
  await server.start();
  assert.strictEqual((await pool.query('SELECT 5 AS five')).rows[0].five, 5);
});

test('TLS begins on the connection and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'), 'utf8');
  const client = await connect(t, { ssl: { ca } });
  assert.strictEqual(
    (await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0].ssl,
    true,
  );
  await assert.rejects(new Client(options({ ssl: true })).connect(), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
});
