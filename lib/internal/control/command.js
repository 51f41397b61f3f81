'use strict';
// The commands that look at running programs: sluice ps, stats, sess, close, top, dump, capture, help.
const { parseArgs } = require('util');
const { texts } = require('internal/control/help');

const BAD_USAGE = 2; // exit codes
const FAILED = 1;

const json = { type: 'boolean' };
const text = { type: 'string' };
const HELP = { type: 'boolean', short: 'h' };
const OPTIONS = {
  ps: { json },
  stats: { json },
  sess: {
    json,
    older: text,
    peer: text,
    group: text,
    closed: { type: 'boolean' },
    code: text,
    limit: text,
  },
  close: { json },
  top: { json },
  dump: { json },
  capture: {
    json,
    records: { type: 'boolean' },
    peer: text,
    group: text,
    connection: text,
    seconds: text,
    bytes: text,
    snap: text,
  },
  help: {},
};
// How many arguments each has, at least and at most.
const COUNTS = {
  ps: [0, 0],
  stats: [1, 1],
  sess: [1, 1],
  close: [2, 2],
  top: [0, 1],
  dump: [1, 1],
  capture: [2, 2],
  help: [0, 1],
};

function usage(name, problem) {
  process.stderr.write(`sluice ${name}: ${problem}\n${texts[name].split('\n\n')[0]}\n`);
  process.exitCode = BAD_USAGE;
}

function help([name]) {
  if (name !== undefined && !Object.hasOwn(texts, name)) {
    const all = [...Object.keys(texts), 'sim']; // whose text is its own (src/cli/simulate_options.cc)
    usage('help', `there is no command '${name}'; there are ${all.join(', ')}`);
    return;
  }
  process.stdout.write(name === undefined ? Object.values(texts).join('\n') : texts[name]);
}

/** Runs a command: its name and its arguments. */
function run([name, ...args]) {
  // Whoever reads less of a list than there is, as head(1), wants no more.
  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') process.stderr.write(`sluice ${name}: ${error.message}\n`);
    process.exit(error.code === 'EPIPE' ? 0 : FAILED);
  });
  let parsed;
  try {
    const options = { ...OPTIONS[name], help: HELP };
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    usage(name, error.message);
    return;
  }
  const { help: wanted, ...values } = parsed.values;
  const { positionals } = parsed;
  if (wanted) {
    help([name]);
    return;
  }
  const [least, most] = COUNTS[name];
  if (positionals.length < least || positionals.length > most) {
    usage(name, positionals.length < least ? 'an argument is missing' : 'too many arguments');
    return;
  }
  for (const number of ['older', 'limit', 'connection', 'seconds', 'bytes', 'snap'])
    if (values[number] !== undefined && !/^\d+$/.test(values[number])) {
      usage(name, `--${number} must be a number, not '${values[number]}'`);
      return;
    }
  if (name === 'help') {
    help(positionals);
    return;
  }
  const command =
    name === 'top' ? require('internal/control/top') : require('internal/control/lists');
  command[name](values, positionals).catch((error) => {
    process.stderr.write(`sluice ${name}: ${error.message}\n`);
    process.exit(FAILED);
  });
}

module.exports = { run };
