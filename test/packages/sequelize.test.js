'use strict';
const assert = require('assert');
const { suite } = require('./harness');
const { url } = require('./query-builders');

const { load, test, servers } = suite('sequelize', ['postgresql'], [], ['pg']);
const { DataTypes, Sequelize } = load('sequelize');

test('models with associations are stored and found, and unique values kept', async (t) => {
  const db = new Sequelize(url(servers[0]), { logging: false });
  t.after(() => db.close());
  const options = { timestamps: false };
  const Author = db.define('author', { name: { type: DataTypes.STRING, unique: true } }, options);
  const Book = db.define('book', { title: DataTypes.STRING }, options);
  Author.hasMany(Book);
  Book.belongsTo(Author);
  await db.sync({ force: true });
  await Author.create({ name: 'a', books: [{ title: '1' }, { title: '2' }] }, { include: [Book] });
  const [found] = await Author.findAll({ include: [Book], order: [[Book, 'title']] });
  assert.deepStrictEqual(
    found.books.map(({ title }) => title),
    ['1', '2'],
  );
  await db.transaction((transaction) => Author.create({ name: 'b' }, { transaction }));
  await assert.rejects(Author.create({ name: 'a' }), { name: 'SequelizeUniqueConstraintError' });
  assert.strictEqual(await Author.count(), 2);
});
