'use strict';
const fs = require('fs');
const net = require('net');
const { attack } = require('../../helpers/permission');

/** Swaps a folder, or a socket, for a link to what is not allowed, for as long as the test takes. */
function swapping(dir, t, name, target) {
  const { spawn } = require('child_process');
  const loop = `while :; do mv ${name} b; ln -s ${target} ${name}; rm ${name}; mv b ${name}; done`;
  const swapper = spawn('/bin/sh', ['-c', `cd ${dir}/in; ${loop}`], { stdio: 'ignore' });
  t.after(
    () =>
      new Promise((done) => {
        swapper.on('exit', done);
        swapper.kill('SIGKILL');
      }),
  );
}

/** What a server out of the program's reach has accepted. */
async function foreign(dir, t) {
  const server = net.createServer((socket) => {
    fs.appendFileSync(`${dir}/in/reached`, 'x');
    socket.destroy();
  });
  await new Promise((done) => server.listen(`${dir}/out/sock`, done));
  t.after(() => {
    const there = fs.readdirSync(`${dir}/out`).sort().join();
    server.close();
    if (there !== 'secret,sock') throw new Error(`out/ has ${there}`);
  });
}

const allow = ['fs.read={dir}/in', 'connect=unix:{dir}/in', 'listen=unix:{dir}/in'];

attack(
  'a Unix socket is the one that was checked, whatever becomes of its path',
  {
    allow,
    places: ['main'],
    async before(dir, t) {
      fs.mkdirSync(`${dir}/in/a`);
      await foreign(dir, t);
      swapping(dir, t, 'a', '../out');
      return {};
    },
  },
  async (t) => {
    const path = `${t.dir}/in/a/sock`;
    let number = 0;
    const end = Date.now() + 1500;
    const turn = () =>
      new Promise((done) => {
        const client = net.connect(path);
        client.on('error', () => {}).on('close', done);
      });
    const bind = () =>
      new Promise((done) => {
        const server = net.createServer().on('error', done);
        server.listen(`${t.dir}/in/a/made-${number++}`, () => server.close(done));
      });
    while (Date.now() < end) await Promise.all([turn(), turn(), bind(), bind()]);
    t.check('nobody was reached', !fs.existsSync(`${t.dir}/in/reached`));
  },
);

attack(
  'a server that closes removes its own socket, not one that its path leads to by then',
  {
    allow: [...allow, 'fs.write={dir}/in'],
    places: ['main'],
    async before(dir, t) {
      fs.mkdirSync(`${dir}/in/d`);
      fs.mkdirSync(`${dir}/in/e`);
      fs.symlinkSync('../out', `${dir}/in/ln`);
      await foreign(dir, t);
      return {};
    },
  },
  async (t) => {
    const at = async (path) => {
      const server = net.createServer((socket) => socket.end());
      await t.first(server.listen(path), 'listening');
      return server;
    };
    const first = await at(`${t.dir}/in/d/sock`);
    const second = await at(`${t.dir}/in/e/sock`);
    t.check('the first path', first.address() === `${t.dir}/in/d/sock`);
    t.check('the second path', second.address() === `${t.dir}/in/e/sock`);
    await t.allowed('the first', () => t.first(net.connect(`${t.dir}/in/d/sock`), 'connect'));
    await t.allowed('the second', () => t.first(net.connect(`${t.dir}/in/e/sock`), 'connect'));
    fs.renameSync(`${t.dir}/in/d`, `${t.dir}/in/was`);
    fs.renameSync(`${t.dir}/in/ln`, `${t.dir}/in/d`);
    await new Promise((done) => first.close(done));
    await new Promise((done) => second.close(done));
    t.check('its own is removed', !fs.existsSync(`${t.dir}/in/e/sock`));
    fs.renameSync(`${t.dir}/in/d`, `${t.dir}/in/ln`);
    await t.refused('what is behind the link', () =>
      t.first(net.connect(`${t.dir}/in/ln/sock`), 'connect'),
    );
    t.check('and is there', fs.readlinkSync(`${t.dir}/in/ln`) === '../out');
  },
);
