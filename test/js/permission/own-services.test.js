'use strict';
const { attack } = require('../../helpers/permission');

// What the runtime serves on threads of its own listens as everything else.
attack(
  'metrics are not served where a program may not listen',
  { allow: ['listen=127.0.0.1:0'], permission: 'listen' },
  async (t) => {
    const metrics = require('metrics');
    await t.refused('another port', () => metrics.serve({ port: 9464 }));
    await t.refused('everywhere', () => metrics.serve({ host: '0.0.0.0', port: 0 }));
  },
);
