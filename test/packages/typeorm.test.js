'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { url } = require('./query-builders');

const { load, test, servers } = suite('typeorm', ['postgresql'], [], ['pg']);
const { DataSource, EntitySchema } = load('typeorm');

test('entities are stored, found, counted and rolled back', async (t) => {
  const columns = { id: { type: Number, primary: true, generated: true }, name: { type: String } };
  const entities = [new EntitySchema({ name: 'typeorms', columns, relations: {} })];
  const source = new DataSource({
    type: 'postgres',
    url: url(servers[0]),
    entities,
    synchronize: true,
  });
  await source.initialize();
  t.after(() => source.destroy());
  const repository = source.getRepository('typeorms');
  await repository.save([{ name: 'a' }, { name: 'b' }]);
  const failing = source.transaction(async (manager) => {
    await manager.getRepository('typeorms').save({ name: 'c' });
    throw new Error('mine');
  });
  await assert.rejects(failing, /mine/);
  const found = await repository.find({ order: { name: 'DESC' } });
  assert.deepStrictEqual(
    found.map(({ name }) => name),
    ['b', 'a'],
  );
  const one = await repository
    .createQueryBuilder('t')
    .where('t.name = :name', { name: 'a' })
    .getOne();
  assert.strictEqual(one.name, 'a');
});
