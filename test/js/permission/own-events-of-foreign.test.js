'use strict';
const { attack } = require('../../helpers/permission');

attack(
  "iosched watches the program's own descriptors",
  { allow: ['listen=127.0.0.1', 'fs.read={dir}/in'] },
  async (t) => {
    const iosched = require('iosched');
    for (const fd of [4, 5, 9, 11])
      await t.refused(`event ${fd}`, () => iosched.add(iosched.event(iosched.READ, fd, () => {})));
  },
);
