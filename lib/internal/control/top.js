'use strict';
// sluice top: what a program does, drawn anew once a second.
const { ControlError, programs, openNamed } = require('internal/control/client');
const { fit, size, span, jsonLine, plain, table } = require('internal/control/tables');
const { who } = require('internal/control/lists');

const INTERVAL_MS = 1000;
const COLUMNS = 80;
const ROWS = 24;
const ALTERNATE = '\x1b[?1049h\x1b[?25l'; // the terminal's other screen, without a cursor
const NORMAL = '\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const SORTS = {
  c: ['connections', (one) => one.open],
  r: ['rate', (one) => one.rate],
  w: ['write queue', (one) => one.writeQueue],
  l: ['turn', (one) => one.turn],
};

/** The members of a program, with their rates since the answer before. */
function members(stats, before) {
  const seconds = before ? (stats.time - before.time) / 1000 : 0;
  const key = ({ group, member, task, side, transport }) =>
    JSON.stringify([group, member, task, side, transport]);
  const earlier = new Map(before?.accounts.map((one) => [key(one), one]));
  const tasks = new Map(stats.tasks.map((task) => [task.id, task]));
  return stats.accounts
    .filter(({ task }) => task !== 0)
    .map((one) => {
      const past = earlier.get(key(one));
      const per = (name) => (past && seconds > 0 ? (one[name] - past[name]) / seconds : 0);
      const task = tasks.get(one.task);
      return {
        ...one,
        opening: per('opened'),
        in: per('bytesIn'),
        out: per('bytesOut'),
        rate: per('bytesIn') + per('bytesOut'),
        turn: task ? task.busyMs || task.lastTurnMs : 0,
        state: task?.state ?? 'ended',
      };
    });
}

/** The lines of the screen. */
function draw(stats, before, sort, note) {
  const [name, value] = SORTS[sort];
  const list = members(stats, before).sort((a, b) => value(b) - value(a));
  const total = (of) => list.reduce((sum, one) => sum + of(one), 0);
  const cpu =
    before && stats.time > before.time
      ? ` cpu ${Math.round((100 * (stats.cpuMs - before.cpuMs)) / (stats.time - before.time))}%`
      : '';
  const stuck = stats.tasks.filter(({ state }) => state === 'stuck');
  const right = (...heads) => heads.map((head) => [head, 'r']);
  const rows = list.map((one) => [
    who(one),
    one.task,
    one.transport,
    one.open,
    one.opening.toFixed(0),
    size(one.in),
    size(one.out),
    size(one.writeQueue),
    one.state === 'stuck' ? `stuck ${span(one.turn)}` : span(one.turn),
  ]);
  return [
    `${stats.program}  pid ${stats.pid}  up ${span(stats.time - stats.started)}`,
    `memory ${size(stats.rss)}${cpu}  fds ${stats.fds}/${stats.maxFds}  tasks ${stats.tasks.length}` +
      ` (${stuck.length} stuck)  open ${total((one) => one.open)}`,
    '',
    ...table(
      [
        ['MEMBER', 'l'],
        ...right('TASK'),
        ['OVER', 'l'],
        ...right('OPEN', 'NEW/s', 'IN/s', 'OUT/s', 'QUEUED', 'TURN'),
      ],
      rows,
    ),
    '',
    `by ${name}; c r w l sort, s stack, q quit`,
    ...note,
  ];
}

class Screen {
  constructor(client) {
    this.client = client;
    this.before = undefined;
    this.stats = undefined;
    this.sort = 'c';
    this.note = [];
    this.asked = 0; // when, of the question that has no answer yet
  }

  async refresh() {
    if (this.asked > 0) {
      this.paint();
      return;
    }
    this.asked = Date.now();
    const next = await this.client.ask('stats');
    this.asked = 0;
    this.before = this.stats;
    this.stats = next;
    this.paint();
  }

  lines() {
    const silent = this.asked > 0 ? Date.now() - this.asked : 0;
    const note = silent >= INTERVAL_MS ? ['', `no answer since ${span(silent)}`] : this.note;
    return draw(this.stats, this.before, this.sort, note).map(plain);
  }

  paint() {
    if (this.stats === undefined) return;
    if (!process.stdout.isTTY) {
      process.stdout.write(`${this.lines().join('\n')}\n`);
      return;
    }
    // Terminals that do not know their size say 0.
    const columns = process.stdout.columns || COLUMNS;
    const rows = process.stdout.rows || ROWS;
    const lines = this.lines()
      .slice(0, Math.max(1, rows - 1))
      .map((line) => fit(line, columns) + CLEAR_LINE);
    process.stdout.write(HOME + lines.join('\r\n') + CLEAR_BELOW);
  }

  async onKey(key) {
    if (Object.hasOwn(SORTS, key)) this.sort = key;
    if (key === 's') this.note = await this.stack();
    this.paint();
  }

  async stack() {
    const task = this.stats?.tasks.find(({ state }) => state === 'stuck');
    if (task === undefined) return ['', 'no task is stuck'];
    try {
      const { stack } = await this.client.ask('stack', { task: task.id });
      return ['', `task ${task.id}:`, ...(stack || 'its stack is not known').split('\n')];
    } catch (error) {
      if (error.code !== 'ERR_CONTROL_TASK') throw error;
      return ['', `task ${task.id} has ended`];
    }
  }
}

/** The program that is meant where none is named. */
function onlyProgram() {
  const all = programs();
  if (all.length === 1) return String(all[0].pid);
  throw new ControlError(
    all.length === 0
      ? 'no program runs'
      : `name one of the programs that run: ${all.map(({ pid }) => pid).join(', ')}`,
  );
}

/** sluice top [PID] */
async function top({ json }, [name = onlyProgram()]) {
  const client = await openNamed(name);
  if (json) {
    for (;;) {
      process.stdout.write(`${jsonLine(await client.ask('stats'))}\n`);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  }
  const screen = new Screen(client);
  const { stdin, stdout } = process;
  if (!stdout.isTTY) {
    await screen.refresh();
    client.close();
    return;
  }
  const leave = (code) => {
    stdin.setRawMode?.(false);
    stdout.write(NORMAL);
    process.exit(code);
  };
  const fail = (error) => {
    stdout.write(NORMAL);
    process.stderr.write(`sluice top: ${error.message}\n`);
    leave(1);
  };
  stdout.write(ALTERNATE);
  stdin.setRawMode?.(true);
  stdin.on('data', (data) => {
    for (const key of String(data)) {
      if (key === 'q' || key === '\x03') leave(0);
      screen.onKey(key).catch(fail);
    }
  });
  stdout.on('resize', () => screen.paint());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
    process.on(signal, () => leave(0));
  screen.refresh().catch(fail);
  setInterval(() => screen.refresh().catch(fail), INTERVAL_MS);
}

module.exports = { top };
