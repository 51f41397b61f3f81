'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack('hooks and caches of modules read no file for a program', { allow: [] }, async (t) => {
  const Module = require('module');
  const secret = `${t.dir}/out/secret`;
  const holds = (value) => String(value?.stack ?? value).includes('SECRET');
  const tries = {
    _load: () => Module._load(secret, module),
    _extensions: () => Module._extensions['.js']({ exports: {}, _compile: (text) => text }, secret),
    json: () => Module._extensions['.json']({ exports: {} }, secret),
    paths: () => {
      module.paths.unshift(`${t.dir}/out`);
      return require('secret');
    },
    resolve: () => require.resolve(secret),
    preload: () => Module._preloadModules?.([secret]),
    runMain: () => new Module('x').load(secret),
  };
  for (const [label, action] of Object.entries(tries)) {
    let leaked;
    try {
      leaked = holds(action());
    } catch (error) {
      leaked = holds(error);
    }
    t.check(label, !leaked);
  }
  await t.refused('and reading', () => fs.readFileSync(secret));
});
