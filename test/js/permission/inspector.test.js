'use strict';
const net = require('net');
const { attack } = require('../../helpers/permission');

attack('other tasks are not looked into or ended', { allow: ['fs.read={dir}/in'] }, async (t) => {
  const thrown = async (label, action) => {
    let error;
    try {
      await action();
    } catch (caught) {
      error = caught;
    }
    t.check(label, error !== undefined);
  };
  const session = new (require('inspector/promises').Session)();
  session.connect();
  await thrown('a session', () => session.post('Runtime.evaluate', { expression: '1' }));
  await thrown('open', () => require('inspector').open());
  await thrown('a heap snapshot', () => require('v8').writeHeapSnapshot(`${t.dir}/out/heap`));
  await t.refused('the control socket', () =>
    t.first(net.connect(`/run/user/0/sluice/${process.pid}.sock`), 'connect'),
  );
  await t.refused('kill of itself', () => process.kill(process.pid, 0));
  await t.refused('priority of others', () => require('os').setPriority(1, 0));
});
