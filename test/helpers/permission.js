'use strict';
// Attacks on User Mode: programs that try what their flags do not allow, run by a sluice of their own
// in the main task, in a task and in a sub of a group.
//
//   attack('a sentence', { allow: ['fs.read={dir}/in'], permission: 'fs.read' }, async (t) => {
//     await t.refused('open', () => fs.readFileSync(`${t.dir}/out`));
//   });
//
// The program loads a copy of the test's file to run it. {dir} in flags is t.dir, a folder of the attack's own with in/ and out/secret.
const { test } = require('./test');
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');

const HELPER = `'use strict';
const outcomes = [];
const t = JSON.parse(process.argv[2]);
const { stringify } = JSON;
const { writeSync } = require('fs');
exports.print = (text) => { writeSync(1, text); process.exit(0); };
const note = (label, promise, otherwise) => promise.then(
  (value) => outcomes.push({ label, value: String(value) }),
  (error) => outcomes.push(otherwise ?? { label, code: error?.code, permission: error?.permission, resource: error?.resource, message: String(error?.message) }));
// What must be denied; what must fail, in whatever way; what must not; what must be so.
t.refused = (label, action) => note(label, (async () => action())());
t.fails = (label, action) => note(label, (async () => action())(), { label, fine: true });
t.allowed = async (label, action) => { try { await action(); outcomes.push({ label, fine: true }); } catch (error) { outcomes.push({ label, unexpected: String(error?.stack ?? error) }); } };
t.check = (label, value) => outcomes.push(value ? { label, fine: true } : { label, unexpected: 'it is not so' });
// What an emitter tells first: rejects with an error, resolves with one of the events.
t.first = (emitter, ...events) => new Promise((resolve, reject) => {
  emitter.once('error', reject);
  for (const event of events) emitter.once(event, () => resolve(event));
});
let attempt;
exports.attack = (name, options, program) => {
  if (name === t.name) attempt = program;
};
exports.run = async () => {
  require('./attack');
  try { await attempt(t); } catch (error) { outcomes.push({ label: 'the attack itself', unexpected: String(error?.stack ?? error) }); }
  return stringify(outcomes);
};
`;

const MAIN = `const { run, print } = require('./helper'); run().then(print);`;
const STARTER = `const { print } = require('./helper'); const task = new Task('./child', undefined);
Task.on('message', print);`;
const TASK = `require('./helper').run().then((text) => { Task.send(Task.parent(), text); });
Task.on('message', () => {});`;
const GROUP = `const { print } = require('./helper'); const socket = require('socket');
const server = require('net').createServer('./child', 1, socket.sockaddr(socket.INADDR_LOOPBACK, 0));
server.listen();
Task.on('message', print);`;

/** Runs sluice; resolves with { code, stdout, stderr }. */
function sluice(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
}

/** A folder that the test removes: in/ may be granted, out/ has a secret. */
function folder(t) {
  const dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'sluice-permit-')));
  t.after(() => fs.rmSync(dir, { recursive: true, force: true, maxRetries: 10 }));
  for (const name of ['in', 'out', 'app']) fs.mkdirSync(path.join(dir, name));
  fs.writeFileSync(path.join(dir, 'in/file'), 'given');
  fs.writeFileSync(path.join(dir, 'out/secret'), 'SECRET-TEXT');
  return dir;
}

const flagsOf = (dir, { allow = [], deny = [] }) => [
  '--permission',
  ...allow.map((one) => `--allow-${one.replaceAll('{dir}', dir)}`),
  ...deny.map((one) => `--deny-${one.replaceAll('{dir}', dir)}`),
];

function judge(where, text, options) {
  assert.ok(!text.stdout.includes('SECRET-TEXT'), `${where}: the secret came out: ${text.stdout}`);
  let outcomes;
  try {
    outcomes = JSON.parse(text.stdout);
  } catch {
    assert.fail(`${where}: ${JSON.stringify(text)}`);
  }
  assert.ok(outcomes.length > 0, `${where}: nothing was tried`);
  for (const one of outcomes) {
    if (one.fine) continue;
    assert.ok(one.unexpected === undefined, `${where}, ${one.label}: ${one.unexpected}`);
    assert.equal(one.code, 'ERR_ACCESS_DENIED', `${where}, ${one.label}: ${JSON.stringify(one)}`);
    if (options.permission !== undefined)
      assert.ok(
        [options.permission].flat().includes(one.permission),
        `${where}, ${one.label}: ${JSON.stringify(one)}`,
      );
  }
}

const PLACES = {
  main: { 'main.js': MAIN },
  task: { 'main.js': STARTER, 'child.js': TASK },
  sub: { 'main.js': GROUP, 'child.js': TASK },
};
const MORE = { main: [], task: ['task'], sub: ['task', 'listen=127.0.0.1:0'] };

/**
 * Tries an attack everywhere: each t.refused() must end by ERR_ACCESS_DENIED.
 * @param {string} name
 * @param {{allow?: string[], deny?: string[], permission?: string | string[], places?: string[],
 *     before?: (dir: string) => object}} options before: makes what is attacked; what it returns is
 *     in t
 * The third argument is the program, which this process does not run.
 */
function attack(name, options) {
  for (const place of options.places ?? Object.keys(PLACES)) {
    test(`${name} (${place})`, async (t) => {
      const dir = folder(t);
      const given = (await options.before?.(dir, t)) ?? {};
      const copy = fs
        .readFileSync(process.argv[1], 'utf8')
        .replace('../../helpers/permission', './helper');
      const files = { ...PLACES[place], 'helper.js': HELPER, 'attack.js': copy };
      for (const [file, text] of Object.entries(files))
        fs.writeFileSync(path.join(dir, 'app', file), text);
      const flags = flagsOf(dir, { ...options, allow: [...(options.allow ?? []), ...MORE[place]] });
      const args = [
        ...flags,
        path.join(dir, 'app/main.js'),
        JSON.stringify({ name, dir, ...given }),
      ];
      judge(place, await sluice(args, { env: { ...process.env, ...options.env } }), options);
    });
  }
}

module.exports = { attack, folder, sluice, flagsOf };
