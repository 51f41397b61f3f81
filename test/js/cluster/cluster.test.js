'use strict';
const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const path = require('path');
const { test } = require('../../helpers/test');

/** What a program of program.js prints, line by line; it must end with code 0. */
async function run(t, name) {
  const child = spawn(process.execPath, [path.join(__dirname, 'program.js'), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  assert.strictEqual(code, 0);
  return text.trimEnd().split('\n');
}

test('two workers serve HTTP on one port, in turn', async (t) => {
  assert.deepStrictEqual(await run(t, 'http'), ['true 1111122222', 'none left 0']);
});

test('workers accept by themselves with SCHED_NONE', async (t) => {
  const [first, last] = await run(t, 'none');
  assert.match(first, /^true [12]{10}$/);
  assert.strictEqual(last, 'none left 0');
});

test('a worker goes through its states with events, and messages go both ways', async (t) => {
  assert.deepStrictEqual(await run(t, 'events'), [
    'fork 1 none ',
    'online 1 online ',
    'listening 1 listening ',
    'message true {"question":1,"id":1}',
    'disconnect 1 disconnected ',
    'true true',
    'exit 1 dead 0,',
  ]);
});

test('the others go on where a worker was killed', async (t) => {
  assert.deepStrictEqual(await run(t, 'crash'), ['1  SIGKILL false', '2', '2', '2']);
});

test('a port that is taken is an error of the server in the worker', async (t) => {
  assert.deepStrictEqual(await run(t, 'taken'), ['EADDRINUSE']);
});

test('what a worker should not say harms its primary not', async (t) => {
  // The end of a process may be told before its last message.
  assert.deepStrictEqual((await run(t, 'hostile')).sort(), ['done', 'exit 0']);
});

test('workers share a UDP socket, unless it is exclusive', async (t) => {
  assert.deepStrictEqual(await run(t, 'datagrams'), ['true 20 false,false', 'none left 0']);
});

test('a UDP port that is taken is an error of the socket in the worker', async (t) => {
  assert.deepStrictEqual(await run(t, 'takenDatagrams'), ['EADDRINUSE']);
});

test('a worker counts and limits what it is handed as its own; the primary counts it as of the cluster', async (t) => {
  assert.deepStrictEqual(await run(t, 'accounts'), [
    '1 2 total',
    'opened_total{group="cluster",side="accepted",member="0",transport="tcp"} 3',
    'closed_total{group="cluster",side="accepted",member="0",reason="moved"} 3',
  ]);
});

test('a server whose port workers share reads PROXY headers', async (t) => {
  assert.deepStrictEqual(await run(t, 'proxied'), ['192.0.2.7']);
});

test('kill() ends a worker by SIGTERM', async (t) => {
  assert.deepStrictEqual(await run(t, 'kill'), [' SIGTERM']);
});

test('setupPrimary() sets what fork() starts', async (t) => {
  assert.deepStrictEqual(await run(t, 'setup'), ['true true', 'setup,more']);
});
