'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { url } = require('./query-builders');

const { load, test, servers } = suite('knex', ['postgresql'], [], ['pg']);
const knex = load('knex');

test('tables are made, filled, read, and rolled back', async (t) => {
  const db = knex({ client: 'pg', connection: url(servers[0]) });
  t.after(() => db.destroy());
  await db.schema.createTable('knexes', (table) => {
    table.increments();
    table.string('name');
  });
  await db('knexes').insert([{ name: 'a' }, { name: 'b' }]);
  await db.transaction((inner) => inner('knexes').insert({ name: 'c' }));
  const failing = db.transaction(async (inner) => {
    await inner('knexes').insert({ name: 'd' });
    throw new Error('mine');
  });
  await assert.rejects(failing, /mine/);
  const rows = await db('knexes').select('name').orderBy('id');
  assert.deepStrictEqual(
    rows.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
  await assert.rejects(db('nothing'), { code: '42P01' });
});
