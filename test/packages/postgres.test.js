'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test, servers } = suite('postgres', ['postgresql']);
const [server] = servers;
const postgres = load('postgres');

function connect(t, options) {
  const url = `postgres://user:secret@127.0.0.1:${server.port}/postgres`;
  const sql = postgres(url, { max: 3, onnotice: () => {}, ...options });
  t.after(() => sql.end());
  return sql;
}

test('rows are inserted, selected and read by a cursor, in order', async (t) => {
  const sql = connect(t);
  await sql`CREATE TABLE postgres_rows (id int, text text)`;
  const rows = Array.from({ length: 300 }, (_, id) => ({ id, text: `row ${id}` }));
  await sql`INSERT INTO postgres_rows ${sql(rows, 'id', 'text')}`;
  assert.deepStrictEqual([...(await sql`SELECT * FROM postgres_rows ORDER BY id`)], rows);
  const sizes = [];
  for await (const part of sql`SELECT * FROM postgres_rows`.cursor(100)) sizes.push(part.length);
  assert.deepStrictEqual(sizes, [100, 100, 100]);
});

test('binary data of 1 MiB comes back as it was', async (t) => {
  const sql = connect(t);
  const value = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255]));
  const [{ back }] = await sql`SELECT ${value}::bytea AS back`;
  assert.ok(back.equals(value));
});

test('a transaction that fails leaves nothing, an error has the code of the server', async (t) => {
  const sql = connect(t);
  await sql`CREATE TABLE postgres_rolled (id int)`;
  const failing = sql.begin(async (inner) => {
    await inner`INSERT INTO postgres_rolled VALUES (1)`;
    throw new Error('mine');
  });
  await assert.rejects(failing, /mine/);
  assert.strictEqual((await sql`SELECT * FROM postgres_rolled`).length, 0);
  await assert.rejects(sql`SELECT * FROM nothing_there`, { code: '42P01' });
});

test('notifications arrive at listeners', async (t) => {
  const sql = connect(t);
  const heard = new Promise((resolve) => {
    sql.listen('news', resolve).then(() => sql.notify('news', 'hello'));
  });
  assert.strictEqual(await heard, 'hello');
});

test('TLS begins on the connection', async (t) => {
  const sql = connect(t, { ssl: { rejectUnauthorized: false } });
  const [{ ssl }] = await sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;
  assert.strictEqual(ssl, true);
});
