'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { url } = require('./query-builders');

const { load, test, servers } = suite('kysely', ['postgresql'], [], ['pg']);
const { Kysely, PostgresDialect } = load('kysely');
const { Pool } = load('pg');

test('tables are made, filled, read and rolled back', async () => {
  const pool = new Pool({ connectionString: url(servers[0]) });
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  await db.schema
    .createTable('kyselys')
    .addColumn('id', 'serial')
    .addColumn('name', 'text')
    .execute();
  const values = [{ name: 'a' }, { name: 'b' }];
  const made = await db.insertInto('kyselys').values(values).returning('id').execute();
  assert.deepStrictEqual(made, [{ id: 1 }, { id: 2 }]);
  const failing = db.transaction().execute(async (inner) => {
    await inner.deleteFrom('kyselys').execute();
    throw new Error('mine');
  });
  await assert.rejects(failing, /mine/);
  const rows = await db.selectFrom('kyselys').select('name').orderBy('id').execute();
  assert.deepStrictEqual(rows, values);
  await assert.rejects(db.selectFrom('nothing').selectAll().execute(), { code: '42P01' });
  await db.destroy();
});
