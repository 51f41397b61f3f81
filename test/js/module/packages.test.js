'use strict';
const { test } = require('../../helpers/test');
const { equal, throws } = require('./check');
const fixtures = `${__dirname}/fixtures`;
const near = require('./fixtures/packages/entry');
const deep = require('./fixtures/packages/deep/deeper/entry');

test('packages are found in node_modules of any directory above', () => {
  for (const from of [near, deep]) {
    equal(from('plain'), 'plain');
    equal(from('plain/other'), 'plain other');
    equal(from('no-main'), 'no-main');
    equal(from('single'), 'single');
    equal(from('@scope/pkg'), 'scoped');
    equal(from('@scope/pkg/sub'), 'scoped sub');
  }
});

test('exports as a string replaces main and hides other files', () => {
  equal(near('exports-string'), 'right');
  const error = throws(() => near('exports-string/wrong.js'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  equal(
    error.message,
    `Package subpath './wrong.js' is not defined by "exports" in ${fixtures}/packages/node_modules/exports-string/package.json`,
  );
});

test('conditions hold in their order: require, node, module-sync and default, never import', () => {
  equal(near('exports-map'), 'map main');
  equal(near('exports-map/nested'), 'map nested');
  equal(near('exports-map/fallback'), 'map main');
  equal(near('exports-map/sync'), 'map main');
  throws(() => near('exports-map/only-import'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('subpath patterns match, and null takes a part away again', () => {
  equal(near('exports-map/features/one'), 'feature one');
  equal(near('exports-map/features/one.js'), 'feature one');
  throws(() => near('exports-map/features/private/x'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  throws(() => near('exports-map/features/../main'), 'ERR_INVALID_MODULE_SPECIFIER');
  equal(near('exports-map/package.json').name, 'exports-map');
});

test('targets outside of the package, and tables that mix kinds of keys, are errors', () => {
  throws(() => near('exports-map/outside'), 'ERR_INVALID_PACKAGE_TARGET');
  throws(() => near('exports-map/modules'), 'ERR_INVALID_PACKAGE_TARGET');
  throws(() => near('exports-bad'), 'ERR_INVALID_PACKAGE_CONFIG');
  throws(() => near('exports-map/absent'), 'MODULE_NOT_FOUND');
  equal(near('exports-array'), 'array');
});

test('a package can require itself by its name', () => {
  const own = require('./fixtures/self/lib/main');
  equal(own('self-named/part'), 'own part');
  equal(own('self-named'), own);
  throws(() => own('self-named/lib/part.js'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('imports name files of the own package and other packages', () => {
  const own = require('./fixtures/imports/entry');
  equal(own('#direct'), 'direct');
  equal(own('#conditional'), 'direct');
  equal(own('#lib/direct'), 'direct');
  equal(own('#events'), require('events'));
  throws(() => own('#none'), 'ERR_PACKAGE_IMPORT_NOT_DEFINED');
  throws(() => own('#absent'), 'ERR_PACKAGE_IMPORT_NOT_DEFINED');
  throws(() => own('#'), 'ERR_INVALID_MODULE_SPECIFIER');
});

test('a package.json that does not parse is an error that names it', () => {
  const error = throws(() => require('./fixtures/badconfig'), 'ERR_INVALID_PACKAGE_CONFIG');
  equal(error.message.includes(`${fixtures}/badconfig/package.json`), true);
});

test('require.resolve takes paths to start from', () => {
  equal(
    require.resolve('only-here', { paths: [`${fixtures}/paths`] }),
    `${fixtures}/paths/node_modules/only-here/index.js`,
  );
  equal(require.resolve('./plain', { paths: [`${fixtures}/files`] }), `${fixtures}/files/plain.js`);
  throws(() => require.resolve('only-here'), 'MODULE_NOT_FOUND');
  throws(() => require.resolve('only-here', { paths: 'x' }), 'ERR_INVALID_ARG_VALUE');
  equal(require.resolve.paths('x')[0], `${__dirname}/node_modules`);
  equal(require.resolve.paths('./x')[0], __dirname);
  equal(require.resolve.paths('events'), null);
});
