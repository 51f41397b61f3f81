'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'no kind of thread or process has more than who starts it',
  {
    allow: ['task={dir}/app', 'fs.read={dir}/in'],
    places: ['main'],
    before(dir) {
      fs.writeFileSync(
        `${dir}/app/worker.js`,
        `
        const { parentPort, workerData } = require('worker_threads');
        let code = 'read it';
        try { require("fs").readFileSync(workerData); } catch (error) { code = error.code; }
        parentPort.postMessage(code);`,
      );
      fs.writeFileSync(
        `${dir}/app/reader.js`,
        `
        let code = 'read it';
        try { require("fs").readFileSync(ARGUMENT.file); } catch (error) { code = error.code; }
        Task.send(Task.parent(), { code });`,
      );
      return {};
    },
  },
  async (t) => {
    const { Worker } = require('worker_threads');
    const secret = `${t.dir}/out/secret`;
    const answer = (worker) =>
      new Promise((resolve, reject) => {
        worker.on('message', resolve);
        worker.on('error', reject);
      });
    t.check(
      'a worker',
      (await answer(new Worker(`${t.dir}/app/worker.js`, { workerData: secret }))) ===
        'ERR_ACCESS_DENIED',
    );
    await t.refused('a worker of a text', () => new Worker('1', { eval: true }));
    await t.refused('a worker from elsewhere', () => new Worker(`${t.dir}/in/file`));
    await t.refused(
      'more than the parent',
      () => new Task('./reader', { file: secret }, { permission: { 'fs.read': [`${t.dir}`] } }),
    );
    await t.refused('all', () => new Task('./reader', {}, { permission: { 'fs.read': true } }));
    await t.refused(
      'a scope that it has not',
      () => new Task('./reader', {}, { permission: { connect: ['127.0.0.1:80'] } }),
    );
    const misspelt = (permission) => {
      try {
        new Task('./reader', {}, { permission });
        return false;
      } catch (error) {
        return error.code === 'ERR_INVALID_ARG_VALUE' || error.code === 'ERR_INVALID_ARG_TYPE';
      }
    };
    t.check('a misspelt scope', misspelt({ fsRead: true }));
    t.check('a text for a list', misspelt({ 'fs.read': t.dir }));
    t.check('a misspelt quota', misspelt({ quota: { handles: 1 } }));
    await t.refused('Task.create', () =>
      Task.create('./reader', {}, { permission: { run: true } }),
    );
    await t.refused('fork', () => require('child_process').fork(`${t.dir}/app/reader.js`));
    await t.refused('cluster', () => {
      const cluster = require('cluster');
      return t.first(cluster.fork(), 'online');
    });
    process.permission.drop('task');
    await t.refused('after drop()', () => new Task('./reader', {}));
  },
);
