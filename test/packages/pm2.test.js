'use strict';
const assert = require('assert');
const path = require('path');
const { suite } = require('./harness');
const { run, write } = require('./programs');

const { test } = suite('pm2');

const FILES = {
  'app.js': `require('http')
  .createServer((req, res) => (req.url === '/crash' ? process.exit(1) : res.end('here')))
  .listen(process.env.PORT, '127.0.0.1', () => process.send('ready'));`,
  'manage.js': `process.env.PM2_HOME = __dirname;
const http = require('http');
const { promisify } = require('util');
const pm2 = require('pm2');
const call = (name, ...args) => promisify(pm2[name]).apply(pm2, args);
const get = (port, path = '/') => new Promise((resolve) => http
  .get({ host: '127.0.0.1', port, path, agent: false }, async (res) => resolve(String(await res.toArray())))
  .on('error', (error) => resolve(error.code)));
const until = async (check) => {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
};
(async () => {
  const [mode, instances] = process.argv.slice(2);
  const server = http.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  await call('connect', true);
  const script = __dirname + '/app.js';
  await call('start', { script, exec_mode: mode, instances: Number(instances), env: { PORT: port }, wait_ready: true });
  console.log('answer:', await get(port), await get(port, '/crash'));
  await until(async () => {
    const list = await call('list');
    return list.some((one) => one.pm2_env.restart_time === 1) && list.every((one) => one.pm2_env.status === 'online');
  });
  await until(async () => (await get(port)) === 'here');
  await call('reload', 'app');
  await until(async () => (await get(port)) === 'here');
  console.log('reloaded:', (await call('list')).length);
  await call('delete', 'app');
  pm2.disconnect();
  process.exit(0);
})();`,
};

for (const [mode, instances] of [
  ['fork', 1],
  ['cluster', 2],
])
  test(`programs are started, started again and reloaded in the mode ${mode}`, (t) => {
    const where = write(t, FILES);
    const { code, output } = run(where, path.join(where, 'manage.js'), mode, String(instances));
    assert.ok(output.includes('answer: here ECONNRESET'), output);
    assert.ok(output.includes(`reloaded: ${instances}`), output);
    assert.strictEqual(code, 0);
  });
