'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'options of a worker give it no more',
  {
    allow: ['task={dir}/app'],
    before(dir) {
      fs.writeFileSync(
        `${dir}/app/worker.js`,
        `const { parentPort, workerData } = require('worker_threads');
        let code = 'read it';
        try { require('fs').readFileSync(workerData); } catch (error) { code = error.code; }
        parentPort.postMessage(code);`,
      );
      return {};
    },
  },
  async (t) => {
    const { Worker } = require('worker_threads');
    const policy = '{"allow":{"fs.read":true}}';
    const options = [
      { execArgv: ['--allow-fs.read'] },
      { execArgv: ['--permission', '--allow-fs.read=/'] },
      { execArgv: ['--require', `${t.dir}/out/secret`] },
      { env: { SLUICE_PERMISSION: policy, NODE_OPTIONS: '--allow-fs-read=*' } },
      { argv: ['--allow-fs.read'] },
      { permission: { 'fs.read': true } },
      { resourceLimits: { maxOldGenerationSizeMb: 64 }, trackUnmanagedFds: false },
    ];
    for (const one of options) {
      let answer;
      try {
        const worker = new Worker('./app/worker.js'.replace('./app', `${t.dir}/app`), {
          ...one,
          workerData: `${t.dir}/out/secret`,
        });
        answer = await new Promise((resolve) => {
          worker.on('message', resolve);
          worker.on('error', (error) => resolve(error.code ?? 'error'));
        });
      } catch (error) {
        answer = error.code ?? 'error';
      }
      t.check(`${JSON.stringify(one)}: ${answer}`, answer !== 'read it');
    }
  },
);
