'use strict';
// sluice ps, stats, sess, close, dump and capture.
const { Client, programs, openNamed } = require('internal/control/client');
const { size, span, address, jsonLine, table } = require('internal/control/tables');

const print = (lines) => process.stdout.write(`${lines.join('\n')}\n`);
const printJson = (value) => process.stdout.write(`${jsonLine(value)}\n`);

const sum = (list, value) => list.reduce((total, one) => total + value(one), 0);

/** What a program tells with stats; undefined if it does not answer, which silent() is told of. */
async function statsOf({ pid, file }, silent) {
  try {
    const client = await Client.open(file);
    const stats = await client.ask('stats');
    client.close();
    return stats;
  } catch (error) {
    if (error.code === 'ERR_CONTROL_TIMEOUT') silent(pid);
    return undefined; // it is about to end
  }
}

/** sluice ps */
async function ps({ json }) {
  const silent = (pid) => {
    process.stderr.write(`sluice ps: process ${pid} does not answer; left out\n`);
  };
  const all = await Promise.all(programs().map((one) => statsOf(one, silent)));
  printPrograms(all.filter(Boolean), json);
}

function printPrograms(all, json) {
  if (json) {
    printJson(all);
    return;
  }
  const rows = all.map((one) => [
    one.pid,
    span(one.time - one.started),
    one.tasks.length,
    one.tasks.filter(({ state }) => state === 'stuck').length || '',
    sum(one.accounts, ({ open }) => open),
    sum(one.accounts, ({ opened }) => opened),
    size(one.rss),
    one.program,
  ]);
  const heads = ['PID', 'AGE', 'TASKS', 'STUCK', 'OPEN', 'OPENED', 'MEMORY'];
  print(table([...heads.map((head) => [head, 'r']), ['PROGRAM', 'l']], rows));
}

/** "peer-end 12, peer-reset 3", the most first */
function counts(numbers) {
  return Object.entries(numbers)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

const who = ({ group, member, side }) =>
  side === 'made' ? 'clients' : group === '' ? 'servers' : `${group}[${member}]`;

function statsTables(stats) {
  const tasks = stats.tasks.map((task) => [
    task.id,
    task.name || 'main',
    task.state === 'idle' ? 'idle' : `${task.state} ${span(task.busyMs)}`,
    span(task.lastTurnMs),
    span(task.cpuMs),
    task.heap === 0 ? '-' : size(task.heap),
  ]);
  const accounts = stats.accounts.map((one) => [
    who(one),
    one.task === 0 ? 'ended' : one.task,
    one.transport,
    one.open,
    one.opened,
    size(one.bytesIn),
    size(one.bytesOut),
    size(one.writeQueue),
    `${one.handshakes.full}/${one.handshakes.resumed}/${one.handshakes.failed}`,
  ]);
  const reasons = {};
  for (const { closed } of stats.accounts)
    for (const [code, count] of Object.entries(closed))
      reasons[code] = (reasons[code] ?? 0) + count;
  const right = (...heads) => heads.map((head) => [head, 'r']);
  return [
    `${stats.program}: process ${stats.pid}, ${span(stats.time - stats.started)} old,` +
      ` memory ${size(stats.rss)}, descriptors ${stats.fds} of ${stats.maxFds}`,
    '',
    ...table(
      [...right('TASK'), ['NAME', 'l'], ['STATE', 'l'], ...right('TURN', 'CPU', 'HEAP')],
      tasks,
    ),
    '',
    ...table(
      [
        ['MEMBER', 'l'],
        ...right('TASK'),
        ['OVER', 'l'],
        ...right('OPEN', 'OPENED', 'IN', 'OUT', 'QUEUED', 'TLS full/resumed/failed'),
      ],
      accounts,
    ),
    '',
    `closed: ${counts(reasons) || 'none'}`,
  ];
}

/** sluice stats PID */
async function stats({ json }, [name]) {
  const client = await openNamed(name);
  const found = await client.ask('stats');
  client.close();
  if (json) printJson(found);
  else print(statsTables(found));
}

function row(one, now) {
  const { times, bytes, closeReason, tcp } = one;
  const moved = Math.max(times.lastIn ?? times.opened, times.lastOut ?? times.opened);
  const end = times.closed ?? now;
  return [
    one.id,
    who(one),
    span(end - times.opened),
    span(end - moved),
    size(bytes.in),
    size(bytes.out),
    size(bytes.queued),
    tcp === null ? '-' : `${tcp.rtt.toFixed(1)}ms`,
    one.transport,
    address(one.peer),
    closeReason === null ? '' : closeReason.code,
  ];
}

const SESSIONS = [
  ['ID', 'r'],
  ['MEMBER', 'l'],
  ['AGE', 'r'],
  ['IDLE', 'r'],
  ['IN', 'r'],
  ['OUT', 'r'],
  ['QUEUED', 'r'],
  ['RTT', 'r'],
  ['OVER', 'l'],
  ['PEER', 'l'],
  ['REASON', 'l'],
];

/** sluice sess PID */
async function sess({ json, ...filters }, [name]) {
  const client = await openNamed(name);
  const rows = [];
  const now = Date.now();
  const { stuck } = await client.ask('sess', filters, (part) => {
    if (json) for (const one of part) printJson(one);
    else rows.push(...part.map((one) => row(one, now)));
  });
  client.close();
  if (!json) print(table(SESSIONS, rows));
  if (stuck.length > 0)
    process.stderr.write(`sluice sess: task ${stuck.join(', ')} does not answer; left out\n`);
}

/** sluice close PID ID */
async function close({ json }, [name, connection]) {
  const client = await openNamed(name);
  const found = await client.ask('close', { connection });
  client.close();
  if (json) printJson(found);
}

/** sluice dump PID: it is JSON anyway. */
async function dump(values, [name]) {
  const client = await openNamed(name);
  await client.ask('dump', {}, (part) => {
    print(part.map(jsonLine));
  });
  client.close();
}

/** sluice capture PID FILE */
async function capture({ json, records, ...limits }, [name, file]) {
  const client = await openNamed(name);
  // The program goes on until nobody listens any more: a stop by the terminal, too.
  const params = {
    ...limits,
    mode: records ? 'records' : 'plain',
    file: require('path').resolve(file),
  };
  const found = await client.ask('capture', params);
  client.close();
  if (json) printJson(found);
  else
    print([
      `${found.packets} packets of ${found.connections} connections, ${size(found.bytes)} bytes,` +
        ` ${found.dropped} dropped`,
    ]);
}

module.exports = { ps, stats, sess, close, dump, capture, statsTables, who };
