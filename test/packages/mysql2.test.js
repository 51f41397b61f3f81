'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('mysql2', ['mariadb']);
const [server] = servers;
const mysql = load('mysql2/promise');

const options = (more) => ({
  host: '127.0.0.1',
  port: server.port,
  user: 'user',
  password: 'secret',
  database: 'test',
  ...more,
});

async function connect(t, more) {
  const connection = await mysql.createConnection(options(more));
  t.after(() => connection.destroy());
  return connection;
}

test('queries and prepared statements give rows of JavaScript values', async (t) => {
  const connection = await connect(t);
  const [rows] = await connection.query(
    'SELECT ? AS number, ? AS text, NOW() AS time, NULL AS none',
    [7, 'é'],
  );
  assert.deepStrictEqual([rows[0].number, rows[0].text, rows[0].none], [7, 'é', null]);
  assert.strictEqual(rows[0].time instanceof Date, true);
  const [prepared] = await connection.execute('SELECT ? + 1 AS sum', [41]);
  assert.strictEqual(Number(prepared[0].sum), 42);
});

test('300 inserts and a select in order', async (t) => {
  const connection = await connect(t);
  await connection.query('CREATE TABLE numbers2 (n INT PRIMARY KEY)');
  await Promise.all(
    Array.from({ length: 300 }, (_, n) =>
      connection.execute('INSERT INTO numbers2 VALUES (?)', [n]),
    ),
  );
  const [rows] = await connection.query('SELECT n FROM numbers2 ORDER BY n');
  assert.deepStrictEqual(
    rows.map(({ n }) => n),
    Array.from({ length: 300 }, (_, n) => n),
  );
});

test('binary data of 1 MiB comes back as it was', async (t) => {
  const connection = await connect(t);
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255, 39, 92]));
  await connection.query('CREATE TABLE large2 (data LONGBLOB)');
  await connection.query('INSERT INTO large2 VALUES (?)', [data]);
  const [rows] = await connection.query('SELECT data FROM large2');
  assert.strictEqual(rows[0].data.equals(data), true);
});

test('an error of the server rejects one query', async (t) => {
  const connection = await connect(t);
  await assert.rejects(connection.query('SELECT nothing FROM nowhere'), {
    code: 'ER_NO_SUCH_TABLE',
  });
  assert.strictEqual((await connection.query('SELECT 1 AS one'))[0][0].one, 1);
  await assert.rejects(mysql.createConnection(options({ password: 'wrong' })), {
    code: 'ER_ACCESS_DENIED_ERROR',
  });
});

test('a pool runs queries, and connects again after the server restarted', async (t) => {
  const pool = mysql.createPool(options({ connectionLimit: 4 }));
  t.after(() => pool.end());
  const sums = await Promise.all(
    Array.from({ length: 50 }, (_, i) => pool.query('SELECT ? + 1 AS sum', [i])),
  );
  assert.deepStrictEqual(
    sums.map(([rows]) => Number(rows[0].sum)),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  await server.restart();
  const five = () => pool.query('SELECT 5 AS five');
  assert.strictEqual((await five().catch(five).catch(five).catch(five).catch(five))[0][0].five, 5);
});

test('TLS begins on the connection and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'));
  const connection = await connect(t, { ssl: { ca } });
  const [rows] = await connection.query("SHOW STATUS LIKE 'Ssl_cipher'");
  assert.strictEqual(rows[0].Value.length > 0, true);
  await assert.rejects(mysql.createConnection(options({ ssl: {} })), /self-signed|DEPTH_ZERO/);
});
