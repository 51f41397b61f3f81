// The dashboard: events of src/control/dashboard.cc, drawn once a second.
import uPlot from 'uplot';
import { number, share, size, span, address } from './format.js';
import { cell, drawTable, makeCard } from './tables.js';

const KEPT = 300; // seconds

const CHARTS = [
  { title: 'Connections a second', keys: ['opened', 'closed'], show: number },
  { title: 'Bytes a second', keys: ['received', 'sent'], show: size },
  { title: 'Open connections', keys: ['open'], show: number },
  { title: 'Busy share of loops', keys: ['busiest', 'mean'], show: share, most: 1 },
  { title: 'Bytes that wait to be written', keys: ['waiting'], show: size },
  { title: 'TLS handshakes a second', keys: ['full', 'resumed', 'failed'], show: number },
];
const COLOURS = ['first', 'second', 'third'];

const $ = (id) => document.getElementById(id);
const sum = (list, value) => list.reduce((total, one) => total + value(one), 0);
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// ---- Charts

const times = [];
const values = {}; // a list for each key
for (const { keys } of CHARTS) for (const key of keys) values[key] = [];

function makeChart({ title, keys, show, most }) {
  const figure = makeCard('figure');
  const caption = document.createElement('figcaption');
  const heading = document.createElement('h3');
  heading.textContent = title;
  caption.append(heading);
  const labels = keys.map((key, i) => {
    const label = document.createElement('span');
    label.className = `key ${COLOURS[i]}`;
    caption.append(label);
    return label;
  });
  const place = document.createElement('div');
  place.setAttribute('role', 'img');
  figure.append(caption, place);
  $('charts').append(figure);
  let plot;

  function draw() {
    plot?.destroy();
    const axis = {
      stroke: colour('--faint'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { stroke: colour('--line'), width: 1 },
    };
    plot = new uPlot(
      {
        width: place.clientWidth || 300,
        height: 150,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, top) => [0, most ?? Math.max(top * 1.1, 1)] } },
        axes: [
          {
            ...axis,
            values: (_, list) => list.map((at) => new Date(at * 1000).toLocaleTimeString()),
            space: 90,
            size: 30,
          },
          { ...axis, size: 60, values: (_, list) => list.map(show) },
        ],
        series: [
          {},
          ...keys.map((key, i) => ({
            label: key,
            stroke: colour(`--${COLOURS[i]}`),
            width: 2,
            dash: i === 1 ? [6, 3] : i === 2 ? [2, 3] : undefined, // not by colour alone
            points: { show: false },
          })),
        ],
      },
      [times, ...keys.map((key) => values[key])],
      place,
    );
  }

  new ResizeObserver(() => {
    if (plot && place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: 150 });
  }).observe(place);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
  return () => {
    plot.setData([times, ...keys.map((key) => values[key])]);
    const texts = keys.map((key) => `${key} ${show(values[key].at(-1) ?? 0)}`);
    texts.forEach((text, i) => (labels[i].textContent = text));
    place.setAttribute('aria-label', `${title}: ${texts.join(', ')}`);
  };
}

const charts = CHARTS.map(makeChart);

// ---- From sums to rates

let before; // the sums of the event before
const past = []; // sums of the last minute: {time, closed, turns}

function sumsOf({ stats, turns }) {
  const { accounts } = stats;
  const closed = {};
  for (const one of accounts)
    for (const [code, count] of Object.entries(one.closed))
      closed[code] = (closed[code] ?? 0) + count;
  const counts = [];
  for (const one of turns) one.counts.forEach((count, i) => (counts[i] = (counts[i] ?? 0) + count));
  return {
    time: stats.time,
    opened: sum(accounts, (one) => one.opened),
    closed: sum(Object.values(closed), (count) => count),
    received: sum(accounts, (one) => one.bytesIn),
    sent: sum(accounts, (one) => one.bytesOut),
    full: sum(accounts, (one) => one.handshakes.full),
    resumed: sum(accounts, (one) => one.handshakes.resumed),
    failed: sum(accounts, (one) => one.handshakes.failed),
    reasons: closed,
    turns: counts,
    busy: new Map(turns.map(({ task, busy }) => [task, busy])),
  };
}

/** The share of its time that each task was busy. */
function busyShares(sums, last) {
  const seconds = (sums.time - last.time) / 1000;
  const shares = new Map();
  for (const [task, busy] of sums.busy)
    if (last.busy.has(task))
      shares.set(task, Math.min(Math.max((busy - last.busy.get(task)) / seconds, 0), 1));
  return shares;
}

function keep(sums, last, { stats }, shares) {
  const seconds = (sums.time - last.time) / 1000;
  const all = [...shares.values()];
  const point = {
    open: sum(stats.accounts, (one) => one.open),
    waiting: sum(stats.accounts, (one) => one.writeQueue),
    busiest: Math.max(0, ...all),
    mean: all.length > 0 ? sum(all, (one) => one) / all.length : 0,
  };
  for (const key of Object.keys(values)) {
    // A sum goes back when a task ends, for the moment until its numbers are kept.
    values[key].push(point[key] ?? Math.max(0, sums[key] - last[key]) / seconds);
    if (values[key].length > KEPT) values[key].shift();
  }
  times.push(sums.time / 1000);
  if (times.length > KEPT) times.shift();
}

// ---- Tables

const who = ({ group, member, side }) =>
  side === 'made' ? 'clients' : group === '' ? 'servers' : `${group}[${member}]`;

function drawTasks({ stats, restarts }, shares) {
  const rows = stats.tasks.map((task) => [
    cell(task.id, 'number'),
    cell(task.name || 'main'),
    cell(
      task.state === 'stuck' ? `stuck ${span(task.busyMs)}` : task.state,
      task.state === 'stuck' ? 'bad' : '',
    ),
    cell(shares.has(task.id) ? share(shares.get(task.id)) : '', 'number'),
    cell(task.heap === 0 ? '' : size(task.heap), 'number'),
    cell(
      sum(
        restarts.filter(
          (one) => task.group !== '' && one.group === task.group && one.member === task.member,
        ),
        (one) => one.count,
      ) || '',
      'number',
    ),
  ]);
  drawTable('Tasks', ['Task', 'Name', 'State', 'Busy', 'Heap', 'Restarts'], rows);
}

function drawMembers({ stats }) {
  const open = new Map();
  for (const one of stats.accounts) open.set(who(one), (open.get(who(one)) ?? 0) + one.open);
  drawBars('Connections of members', ['Member', 'Open'], [...open], number);
}

function drawBars(title, heads, entries, show) {
  const most = Math.max(1, ...entries.map(([, value]) => value));
  const rows = entries.map(([name, value]) => [
    cell(name),
    cell(show(value), 'number'),
    cell('', 'meter', value / most),
  ]);
  drawTable(title, [...heads, ''], rows);
}

function drawReasons(sums, first) {
  const entries = Object.entries(sums.reasons)
    .map(([code, count]) => [code, count - (first.reasons[code] ?? 0)])
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  drawBars('Why connections closed, in the last minute', ['Reason', 'Count'], entries, number);
}

function drawTurns({ turns }, sums, first) {
  const bounds = turns[0]?.bounds ?? [];
  const entries = sums.turns.map((count, i) => [
    i < bounds.length ? `up to ${span(bounds[i] * 1000)}` : 'longer',
    Math.max(0, count - (first.turns[i] ?? 0)),
  ]);
  drawBars('How long turns took, in the last minute', ['Turn', 'Count'], entries, number);
}

function drawConnections({ connections, stats }) {
  const row = (one, extra) => [
    cell(one.id, 'number'),
    cell(who(one)),
    cell(address(one.peer)),
    cell(span(stats.time - one.times.opened), 'number'),
    cell(size(one.bytes.in), 'number'),
    cell(size(one.bytes.out), 'number'),
    cell(extra, 'number'),
  ];
  const heads = ['Connection', 'Member', 'Peer', 'Age', 'In', 'Out'];
  drawTable(
    'The largest connections',
    [...heads, 'Waits'],
    connections.largest.map((one) => row(one, size(one.bytes.queued))),
    'wide',
  );
  drawTable(
    'The slowest connections: peers that do not read',
    [...heads, 'Waits'],
    connections.slowest.map((one) =>
      row(
        one,
        `${size(one.bytes.queued)} for ${span(stats.time - (one.times.lastOut ?? one.times.opened))}`,
      ),
    ),
    'wide',
  );
}

// ---- Events

let paused = false;

function draw(event) {
  const { stats } = event;
  const sums = sumsOf(event);
  // The program may have been started anew at the same address.
  if (before !== undefined && sums.time > before.time) {
    const shares = busyShares(sums, before);
    keep(sums, before, event, shares);
    past.push(before);
    while (past.length > 60) past.shift();
    if (!paused) {
      for (const update of charts) update();
      drawTasks(event, shares);
      drawMembers(event);
      drawTurns(event, sums, past[0]);
      drawReasons(sums, past[0]);
      drawConnections(event);
    }
  }
  before = sums;
  if (paused) return;
  $('program').textContent = stats.program || 'sluice';
  document.title = `${stats.program} – sluice`;
  $('process').textContent =
    `process ${stats.pid}, ${span(stats.time - stats.started)} old, memory ${size(stats.rss)},` +
    ` descriptors ${stats.fds} of ${stats.maxFds}`;
}

function say(text) {
  if ($('status').textContent !== text) $('status').textContent = text;
}

$('pause').addEventListener('click', () => {
  paused = !paused;
  $('pause').setAttribute('aria-pressed', String(paused));
  say(paused ? 'paused' : 'live');
});

const events = new EventSource('events');
events.onmessage = ({ data }) => {
  if (!paused) say('live');
  draw(JSON.parse(data));
};
events.onerror = () => say('the program does not answer');
