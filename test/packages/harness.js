'use strict';
// The tests of one package: it is loaded from the folder that the environment variable PACKAGES
// names, and what was exercised goes there as results/<name>.json, for docs/compatibility.md.
const fs = require('fs');
const { createRequire } = require('module');
const path = require('path');
const helper = require('../helpers/test');
const { findProgram } = require('./server');
const { server } = require('./servers');

const folder = process.env.PACKAGES ?? path.join(__dirname, '../../build/packages');
const load = createRequire(`${folder}/`);

function packageVersion(name) {
  return JSON.parse(
    fs.readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  ).version;
}

/**
 * Begins the tests of a package. They are skipped, with a line that says so, if a server is not
 * installed.
 * @param {string} name
 * @param {string[]} serverNames
 * @param {string[]} [programs]  that are needed too
 * @param {string[]} [peers]  packages that it is run against
 * @returns {{ load: NodeRequire, servers: import('./server').Server[],
 *   test(sentence: string, run: (t: object) => unknown): void }}
 */
function suite(name, serverNames = [], programs = [], peers = []) {
  const servers = serverNames.map(server);
  const missing =
    servers.find((one) => !one.installed)?.kind.program ??
    programs.find((one) => findProgram(one) === undefined);
  const results = [];
  const against = [...programs, ...peers.map((peer) => `${peer} ${packageVersion(peer)}`)];
  const record = { package: name, version: packageVersion(name), servers: against, results };
  process.on('exit', () => {
    fs.mkdirSync(`${folder}/results`, { recursive: true });
    fs.writeFileSync(`${folder}/results/${name.replace('/', '-')}.json`, JSON.stringify(record));
  });
  if (missing !== undefined) {
    record.skipped = `${missing} is not installed`;
    helper.test.skip(`all tests of ${name}`, record.skipped);
    return { load, servers, test() {} };
  }
  for (const one of servers) record.servers.push(`${one.name} ${one.version()}`);
  if (servers.length > 0) {
    helper.test(`the servers of ${name} start`, async () => {
      for (const one of servers) await one.start();
    });
  }
  const test = (sentence, run) => {
    const result = { test: sentence, passed: false };
    results.push(result);
    helper.test(sentence, async (t) => {
      await run(t);
      result.passed = true;
    });
  };
  // After the last test, which is added in the same turn.
  process.nextTick(() => {
    if (servers.length > 0) {
      helper.test(`the servers of ${name} end`, async () => {
        for (const one of servers) await one.end();
      });
    }
  });
  return { load, servers, test };
}

module.exports = { suite };
