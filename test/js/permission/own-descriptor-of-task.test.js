'use strict';
const fs = require('fs');
const { attack } = require('../../helpers/permission');

attack(
  'a descriptor of one task is nothing in another',
  {
    allow: ['fs.read={dir}/in', 'task={dir}/app'],
    places: ['main', 'task'],
    before(dir) {
      fs.writeFileSync(
        `${dir}/app/other.js`,
        `
        let code = 'read it';
        try { require("fs").readSync(ARGUMENT.fd, Buffer.alloc(1)); } catch (error) { code = error.code; }
        Task.send(Task.parent(), { code });`,
      );
      return {};
    },
  },
  async (t) => {
    const fd = fs.openSync(`${t.dir}/in/file`);
    const answer = new Promise((resolve) =>
      Task.on('message', (message) => message?.code && resolve(message.code)),
    );
    new Task('./other', { fd });
    t.check('the other task', (await answer) === 'ERR_ACCESS_DENIED');
    await t.allowed('this one', () => fs.readSync(fd, Buffer.alloc(1)));
  },
);
