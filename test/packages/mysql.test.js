'use strict';
const assert = require('assert');
const { once } = require('events');
const { promisify } = require('util');
const { suite } = require('./harness');

const { load, test, servers } = suite('mysql', ['mariadb']);
const [server] = servers;
const mysql = load('mysql');

const options = () => ({
  ...{ host: '127.0.0.1', port: server.port, user: 'user', password: 'secret', database: 'test' },
});

function pool(t) {
  const made = mysql.createPool({ ...options(), connectionLimit: 3 });
  t.after(() => new Promise((resolve) => made.end(resolve)));
  return promisify(made.query.bind(made));
}

test('queries with values give rows', async (t) => {
  const query = pool(t);
  const [row] = await query('SELECT ? AS text, 1 + 1 AS number', ['é']);
  assert.deepStrictEqual({ ...row }, { text: 'é', number: 2 });
  const all = Array.from({ length: 50 }, (_, i) => query('SELECT ? AS i', [i]));
  assert.deepStrictEqual(
    (await Promise.all(all)).map(([one]) => one.i),
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test('rows are streamed, and binary data of 1 MiB comes back as it was', async (t) => {
  const connection = mysql.createConnection(options());
  t.after(() => connection.destroy());
  const rows = [];
  const stream = connection
    .query('SELECT seq FROM seq_1_to_500')
    .on('result', (row) => rows.push(row));
  await once(stream, 'end');
  assert.strictEqual(rows.length, 500);
  const value = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255]));
  const [{ back }] = await promisify(connection.query.bind(connection))('SELECT ? AS back', [
    value,
  ]);
  assert.ok(Buffer.from(back).equals(value));
});

test('an error of the server rejects one query, a wrong password the connection', async (t) => {
  await assert.rejects(pool(t)('SELECT nothing'), { code: 'ER_BAD_FIELD_ERROR' });
  const wrong = mysql.createConnection({ ...options(), password: 'wrong' });
  wrong.connect();
  assert.strictEqual((await once(wrong, 'error'))[0].code, 'ER_ACCESS_DENIED_ERROR');
});
