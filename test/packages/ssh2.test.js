'use strict';
const { suite } = require('./harness');
const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const fs = require('fs');
const net = require('net');
const os = require('os');
const { promisify } = require('util');
const { serve, collect, pattern } = require('../helpers/net');
const { findProgram } = require('./server');

const { load, test, servers } = suite('ssh2', ['sshd'], ['ssh']);
const [server] = servers;
const { Client, Server, utils } = load('ssh2');

const key = (name) => fs.readFileSync(server.file(name));

const options = (more) => ({
  host: '127.0.0.1',
  port: server.port,
  username: os.userInfo().username,
  privateKey: key('ed25519'),
  ...more,
});

async function connect(t, more) {
  const client = new Client();
  const ready = once(client, 'ready');
  client.connect(options(more));
  await ready;
  t.after(() => client.destroy());
  return client;
}

async function run(client, command, input) {
  const channel = await promisify(client.exec.bind(client))(command);
  const closed = once(channel, 'close');
  const [out, err] = [collect(channel), collect(channel.stderr)];
  channel.end(input);
  const [code] = await closed;
  return { code, out: await out, err: await err };
}

for (const type of ['ed25519', 'ecdsa', 'rsa', 'locked']) {
  test(`a command runs for who has the key: ${type}`, async (t) => {
    const client = await connect(t, { privateKey: key(type), passphrase: 'secret' });
    const { code, out, err } = await run(client, 'echo out; echo err >&2; exit 3');
    assert.deepStrictEqual([code, `${out}`, `${err}`], [3, 'out\n', 'err\n']);
  });
}

for (const algorithms of [
  { kex: ['curve25519-sha256'], cipher: ['chacha20-poly1305@openssh.com'] },
  { kex: ['ecdh-sha2-nistp384'], cipher: ['aes256-gcm@openssh.com'] },
  {
    kex: ['diffie-hellman-group-exchange-sha256'],
    cipher: ['aes128-ctr'],
    hmac: ['hmac-sha2-512-etm@openssh.com'],
  },
  {
    kex: ['diffie-hellman-group14-sha256'],
    cipher: ['aes256-ctr'],
    hmac: ['hmac-sha2-256'],
    serverHostKey: ['rsa-sha2-512'],
    compress: ['zlib@openssh.com'],
  },
]) {
  const name = Object.values(algorithms).flat().join(', ');
  test(`1 MiB goes to a command and back: ${name}`, async (t) => {
    const client = await connect(t, { algorithms });
    const data = pattern(1 << 20);
    const { code, out } = await run(client, 'cat', data);
    assert.deepStrictEqual([code, out.equals(data)], [0, true]);
  });
}

test('200 commands run on one connection, eight at a time', async (t) => {
  const client = await connect(t);
  for (let i = 0; i < 200; i += 8) {
    const numbers = Array.from({ length: 8 }, (_, n) => i + n);
    const answers = await Promise.all(numbers.map((n) => run(client, `echo ${n}`)));
    assert.deepStrictEqual(
      answers.map(({ out }) => `${out}`),
      numbers.map((n) => `${n}\n`),
    );
  }
});

test('300 files are written, listed, read and removed by SFTP, and one of 1 MiB', async (t) => {
  const client = await connect(t);
  const sftp = await promisify(client.sftp.bind(client))();
  const call = (name, ...args) => promisify(sftp[name].bind(sftp))(...args);
  const folder = server.file('sftp');
  await call('mkdir', folder);
  const names = Array.from({ length: 300 }, (_, i) => `${folder}/file${i}`);
  await Promise.all(names.map((name) => call('writeFile', name, name)));
  assert.strictEqual((await call('readdir', folder)).length, 300);
  const contents = await Promise.all(names.map((name) => call('readFile', name, 'utf8')));
  assert.deepStrictEqual(contents, names);
  await call('rename', names[0], `${folder}/renamed`);
  assert.strictEqual((await call('stat', `${folder}/renamed`)).size, names[0].length);
  await assert.rejects(call('stat', names[0]), { code: 2, message: 'No such file' });

  const data = pattern(1 << 20);
  fs.writeFileSync(server.file('large'), data);
  await call('fastPut', server.file('large'), `${folder}/large`);
  assert.strictEqual((await collect(sftp.createReadStream(`${folder}/large`))).equals(data), true);
  await Promise.all(names.slice(1).map((name) => call('unlink', name)));
  assert.deepStrictEqual(fs.readdirSync(folder).sort(), ['large', 'renamed']);
});

test('connections are forwarded to a port there, and from a port there', async (t) => {
  const client = await connect(t);
  const { port } = await serve(t, (socket) => socket.pipe(socket));
  const data = pattern(1 << 20);
  const forward = promisify(client.forwardOut.bind(client));
  const channel = await forward('127.0.0.1', 0, '127.0.0.1', port);
  channel.end(data);
  assert.strictEqual((await collect(channel)).equals(data), true);
  await assert.rejects(forward('127.0.0.1', 0, '127.0.0.1', 1), /Connection refused/);

  client.on('tcp connection', (info, accept) => {
    const incoming = accept();
    incoming.pipe(incoming);
  });
  const there = await promisify(client.forwardIn.bind(client))('127.0.0.1', 0);
  const socket = net.connect(there, '127.0.0.1');
  socket.end(data);
  assert.strictEqual((await collect(socket)).equals(data), true);
});

test('a terminal answers what is typed', async (t) => {
  const client = await connect(t);
  const shell = await promisify(client.shell.bind(client))({ term: 'dumb', rows: 40, cols: 100 });
  const output = collect(shell);
  shell.end('stty size\nexit\n');
  assert.match(`${await output}`, /40 100/);
});

test('a wrong key, and a host key that is not the expected one, are errors', async (t) => {
  const { private: privateKey } = utils.generateKeyPairSync('ed25519');
  await assert.rejects(connect(t, { privateKey }), { level: 'client-authentication' });
  await assert.rejects(connect(t, { hostVerifier: () => false }), {
    level: 'handshake',
    message: /Host denied/,
  });
  assert.throws(() => new Client().connect(options({ privateKey: key('locked') })), /passphrase/);
});

test('a connection ends with the server, and another is made to the next', async (t) => {
  const client = await connect(t);
  client.on('error', () => {});
  await server.stop(); // its connections are of processes of their own
  await assert.rejects(connect(t), { code: 'ECONNREFUSED', level: 'client-socket' });
  const closed = once(client, 'close');
  client.exec('kill $PPID', () => {});
  await closed;
  await assert.rejects(promisify(client.exec.bind(client))('true'), /Not connected/);
  await server.start();
  assert.strictEqual(`${(await run(await connect(t), 'echo here')).out}`, 'here\n');
});

/** A server of ssh2 that lets in who has the key ed25519 and runs `run(accepted channel)`. */
async function listen(t, onCommand) {
  const allowed = utils.parseKey(key('ed25519.pub'));
  const ssh = new Server({ hostKeys: [key('host_ed25519'), key('host_rsa')] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      if (context.method !== 'publickey') return context.reject(['publickey']);
      const known = context.key.data.equals(allowed.getPublicSSH());
      const signed =
        !context.signature ||
        allowed.verify(context.blob, context.signature, context.hashAlgo) === true;
      return known && signed ? context.accept() : context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (accepted, reject, { command }) => onCommand(accepted(), command));
    });
  });
  ssh.listen(0, '127.0.0.1');
  await once(ssh, 'listening');
  t.after(() => new Promise((resolve) => ssh.close(resolve)));
  const { port } = ssh.address();
  const hosts = ['host_ed25519', 'host_rsa'].map((name) => key(`${name}.pub`));
  server.write('known_hosts', hosts.map((one) => `[127.0.0.1]:${port} ${one}`).join(''));
  return port;
}

/** Runs a command by the system's client of SSH. */
async function ssh(t, port, name, command, input) {
  const settings = {
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: server.file('known_hosts'),
  };
  const list = Object.entries(settings).flatMap(([option, value]) => ['-o', `${option}=${value}`]);
  const args = ['-F', 'none', ...list, '-i', server.file(name), '-p', `${port}`, 'user@127.0.0.1'];
  const child = spawn(findProgram('ssh'), [...args, command]);
  t.after(() => child.kill('SIGKILL'));
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  child.stdin.on('error', () => {}); // ended before it had read everything
  child.stdin.end(input);
  const [code] = await once(child, 'exit');
  return { code, out: await out, err: `${await err}` };
}

test("the system's client runs commands at a server, 1 MiB both ways", async (t) => {
  const port = await listen(t, async (channel, command) => {
    const data = await collect(channel.stdin);
    channel.stderr.write(command);
    channel.write(data, () => {
      channel.exit(7);
      channel.end();
    });
  });
  const data = pattern(1 << 20);
  const { code, out, err } = await ssh(t, port, 'ed25519', 'do something', data);
  assert.deepStrictEqual([code, out.equals(data), err], [7, true, 'do something']);
});

test("a server refuses the system's client with a wrong key", async (t) => {
  const port = await listen(t, () => assert.fail('it was let in'));
  const { code, err } = await ssh(t, port, 'ecdsa', 'true');
  assert.strictEqual(code, 255);
  assert.match(err, /Permission denied \(publickey\)/);
});
