'use strict';
const fs = require('fs');
const net = require('net');
const path = require('path');
const { attack } = require('../../helpers/permission');

// Control sockets are in $XDG_RUNTIME_DIR/sluice: this stands for that of any program.
const folder = '/tmp/sluice-permit-control';

async function before(dir, t) {
  fs.mkdirSync(path.join(folder, 'sluice'), { recursive: true, mode: 0o700 });
  const control = path.join(folder, 'sluice', '1.sock');
  fs.rmSync(control, { force: true });
  const server = net.createServer((one) => one.end());
  await new Promise((resolve) => {
    server.listen(control, resolve);
  });
  t.after(() => {
    server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const link = path.join(dir, 'in/link');
  fs.symlinkSync(control, link);
  return { control, link };
}

attack(
  'a program that may connect to every address does not ask control sockets',
  { allow: ['connect'], permission: 'control', env: { XDG_RUNTIME_DIR: folder }, before },
  async (t) => {
    await t.refused('by its path', () => t.first(net.connect(t.control), 'connect'));
    await t.refused('by a link', () => t.first(net.connect(t.link), 'connect'));
  },
);

attack(
  'a program that may control may connect to them',
  { allow: ['connect', 'control'], env: { XDG_RUNTIME_DIR: folder }, before },
  async (t) => {
    await t.allowed('by its path', () => t.first(net.connect(t.control), 'connect'));
  },
);
