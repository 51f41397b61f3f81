'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'SHARE_ENV and env of a worker show what may be seen',
  {
    allow: ['task={dir}/app', 'env=GIVEN'],
    places: ['main'],
    env: { SECRET: 'SECRET-TEXT', GIVEN: 'x' },
    before(dir) {
      fs.writeFileSync(
        `${dir}/app/env.js`,
        "let text; try { text = JSON.stringify({ ...process.env }) + process.env.SECRET; } catch (error) { text = error.code; } require('worker_threads').parentPort.postMessage(text);",
      );
      return {};
    },
  },
  async (t) => {
    const { Worker, SHARE_ENV } = require('worker_threads');
    for (const env of [undefined, SHARE_ENV]) {
      const text = await new Promise((resolve, reject) => {
        const worker = new Worker(`${t.dir}/app/env.js`, { env });
        worker.on('message', resolve);
        worker.on('error', reject);
      });
      t.check(`env ${String(env)}`, !text.includes('SECRET-TEXT'));
    }
  },
);
