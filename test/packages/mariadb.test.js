'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const fs = require('fs');

const { load, test, servers } = suite('mariadb', ['mariadb']);
const [server] = servers;
const lazy = () => load('mariadb');

const options = (more) => ({
  host: '127.0.0.1',
  port: server.port,
  user: 'user',
  password: 'secret',
  database: 'test',
  ...more,
});

async function connect(t, more) {
  const connection = await lazy().createConnection(options(more));
  t.after(() => connection.destroy());
  return connection;
}

test('300 inserts in a batch and a select in order', async (t) => {
  const connection = await connect(t);
  await connection.query('CREATE TABLE numbers (n INT PRIMARY KEY, text VARCHAR(20))');
  await connection.batch(
    'INSERT INTO numbers VALUES (?, ?)',
    Array.from({ length: 300 }, (_, n) => [n, `é${n}`]),
  );
  const rows = await connection.query('SELECT n, text FROM numbers ORDER BY n');
  assert.deepStrictEqual(
    rows.map(({ n, text }) => [n, text]),
    Array.from({ length: 300 }, (_, n) => [n, `é${n}`]),
  );
});

test('binary data of 1 MiB comes back as it was, and rows are streamed', async (t) => {
  const connection = await connect(t);
  const data = Buffer.alloc(1 << 20, Buffer.from([0, 1, 254, 255, 39, 92]));
  await connection.query('CREATE TABLE large (data LONGBLOB)');
  await connection.query('INSERT INTO large VALUES (?)', [data]);
  assert.strictEqual((await connection.query('SELECT data FROM large'))[0].data.equals(data), true);
  let count = 0;
  for await (const row of connection.queryStream('SELECT n FROM numbers'))
    count += row.n >= 0 ? 1 : 0;
  assert.strictEqual(count, 300);
});

test('an error of the server rejects one query', async (t) => {
  const connection = await connect(t);
  await assert.rejects(connection.query('SELECT nothing FROM nowhere'), {
    code: 'ER_NO_SUCH_TABLE',
  });
  assert.strictEqual((await connection.execute('SELECT ? AS one', [1]))[0].one, 1);
  await assert.rejects(lazy().createConnection(options({ password: 'wrong' })), {
    code: 'ER_ACCESS_DENIED_ERROR',
  });
});

test('a pool connects again after the server restarted', async (t) => {
  const pool = lazy().createPool(options({ connectionLimit: 3, minDelayValidation: 0 }));
  t.after(() => pool.end());
  assert.strictEqual((await pool.query('SELECT 1 AS one'))[0].one, 1);
  await server.restart();
  assert.strictEqual((await pool.query('SELECT 5 AS five'))[0].five, 5);
});

test('TLS begins on the connection and verifies the server', async (t) => {
  const ca = fs.readFileSync(server.file('server.crt'), 'utf8');
  const connection = await connect(t, { ssl: { ca } });
  assert.strictEqual(
    (await connection.query("SHOW STATUS LIKE 'Ssl_cipher'"))[0].Value.length > 0,
    true,
  );
  // Servers from 11.4 on prove by the password who they are, which the client takes for enough.
  const [major, minor] = connection.serverVersion().split('.').map(Number);
  if (major < 11 || (major === 11 && minor < 4))
    await assert.rejects(lazy().createConnection(options({ ssl: true })), /self-signed/);
});
