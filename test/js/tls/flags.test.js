'use strict';
// Options of the command that change what TLS and net begin with.
const { test } = require('../../helpers/test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawnSync } = require('child_process');
const { key } = require('../../helpers/tls');

const VERSIONS =
  'const t = require("tls"); console.log(t.DEFAULT_MIN_VERSION, t.DEFAULT_MAX_VERSION)';
function run(options, text, env = {}) {
  const ended = spawnSync(process.execPath, [...options, '-e', text], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return ended.stdout.trim();
}

test('of several least versions the lowest counts, of greatest ones the highest', () => {
  assert.strictEqual(run(['--tls-min-v1.3', '--tls-min-v1.1'], VERSIONS), 'TLSv1.1 TLSv1.3');
  assert.strictEqual(run(['--tls-max-v1.3', '--tls-max-v1.2'], VERSIONS), 'TLSv1.2 TLSv1.3');
  assert.strictEqual(run(['--tls-min-v1.3'], VERSIONS), 'TLSv1.3 TLSv1.3');
  assert.strictEqual(run([], VERSIONS), 'TLSv1.2 TLSv1.3');
});

test('options in NODE_OPTIONS count for tls and for net', () => {
  const wish = (NODE_OPTIONS, text) => run([], text, { NODE_OPTIONS });
  assert.strictEqual(wish('--tls-min-v1.3', VERSIONS), 'TLSv1.3 TLSv1.3');
  const auto = 'console.log(require("net").getDefaultAutoSelectFamily())';
  assert.strictEqual(wish('--no-network-family-autoselection', auto), 'false');
});

test('--tls-keylog writes the secrets of both ends to a file', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keylog-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'keys');
  const text = `
    const tls = require('tls');
    const pair = ${JSON.stringify({ key: key('server.key'), cert: key('server.pem') })};
    const server = tls.createServer(pair, (socket) => socket.end()).listen(0, () => {
      const { port } = server.address();
      const socket = tls.connect({ port, rejectUnauthorized: false });
      socket.resume().on('close', () => server.close());
    });`;
  const ended = spawnSync(process.execPath, [`--tls-keylog=${file}`, '-e', text], {
    encoding: 'utf8',
  });
  assert.match(ended.stderr, /--tls-keylog makes TLS connections insecure/);
  const lines = fs.readFileSync(file, 'latin1').trim().split('\n');
  assert.ok(lines.every((line) => /^[A-Z_0-9]+ [0-9a-f]+ [0-9a-f]+$/.test(line)));
  assert.strictEqual(lines.filter((line) => /^CLIENT_HANDSHAKE/.test(line)).length, 2);
  assert.strictEqual(fs.statSync(file).mode & 0o777, 0o600);
});
