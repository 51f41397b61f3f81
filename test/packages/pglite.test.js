'use strict';
const assert = require('assert');
const { suite } = require('./harness');

const { load, test } = suite('@electric-sql/pglite');
const { PGlite } = load('@electric-sql/pglite');

test('the database, as WebAssembly, takes queries, errors, transactions and notifications', async (t) => {
  const database = await PGlite.create();
  t.after(() => database.close());
  await database.exec('create table t (id serial primary key, name text, data bytea)');
  const { rows } = await database.query('insert into t (name, data) values ($1, $2) returning *', [
    'one',
    new Uint8Array([1, 2]),
  ]);
  assert.deepStrictEqual(rows, [{ id: 1, name: 'one', data: new Uint8Array([1, 2]) }]);
  await assert.rejects(database.query('select * from none'), { code: '42P01' });
  await database.transaction(async (transaction) => {
    await transaction.query("insert into t (name) values ('two')");
    await transaction.rollback();
  });
  const count = await database.query('select count(*)::int as n from t');
  assert.deepStrictEqual(count.rows, [{ n: 1 }]);
  const told = new Promise((resolve) => {
    database.listen('channel', resolve).then(() => database.query("notify channel, 'text'"));
  });
  assert.strictEqual(await told, 'text');
});
