'use strict';
// What the page of readline says of terminals.
const readline = require('readline');
const { PassThrough } = require('stream');
const { program, turns } = require('./harness');
const { sink } = require('./shared/readline');

/** A terminal's interface; type(keys) writes them one by one, show() prints the line. */
function terminal(fact, t, options = {}) {
  const input = options.input ?? new PassThrough();
  const output = sink(options.columns);
  const rl = readline.createInterface({ input, output, terminal: true, prompt: '> ', ...options });
  t.after(() => rl.close());
  return {
    input,
    output,
    rl,
    async type(...keys) {
      for (const key of keys) {
        input.write(key);
        await turns(2);
        fact(JSON.stringify(key), rl.line, rl.cursor, rl.getCursorPos());
      }
    },
  };
}

program('history', async (fact, t) => {
  const { rl, type } = terminal(fact, t, {
    historySize: 3,
    history: ['x', 'y'],
    removeHistoryDuplicates: true,
  });
  rl.on('history', (history) => fact('history', history, history === rl.history));
  await type(
    'one\r',
    'two\r',
    'one\r',
    '\r',
    '  \r',
    ' two\r',
    '\x1b[A',
    '\x1b[A',
    '\x1b[A',
    '\x1b[A',
    '\x1b[B',
  );
  await type('\x15', 'tw', '\x1b[A', '\x1b[B', '\x0e', '\x10', '\r');
  fact('list', rl.history);
  const none = terminal(fact, t, { historySize: 0 });
  none.rl.on('history', () => fact('history of none'));
  await none.type('a\r', '\x1b[A');
  const changed = terminal(fact, t);
  changed.rl.on('history', (history) => {
    if (history[0] === 'secret') history.shift();
  });
  await changed.type('a\r', 'secret\r', '\x1b[A', '\x1b[A');
});

program('keys of a terminal', async (fact, t) => {
  const { rl, output, type } = terminal(fact, t);
  rl.on('line', (line) => fact('line', line));
  await type(
    'one two three',
    '\x1bb',
    '\x1bb',
    '\x1bf',
    '\x1bd',
    '\x17',
    '\x19',
    '\x1b[1;5D',
    '\x1b[1;5C',
  );
  await type(
    '\x01',
    '\x06',
    '\x02',
    '\x04',
    '\x0b',
    '\x19',
    '\x14',
    '\x1b[H',
    '\x1b[F',
    '\x1b[1~',
    '\x1b[4~',
  );
  await type('\x1b[3~', '\x1b[3;5~', '\x08', '\x1b\x7f', '\x1f', '\x1e', '\x15');
  await type('abc', '\x1f', '\x1f', '\x1e', '\x1by', '\x19', '\x1by', '\t', '\r', '\x00', '\x07');
  fact('output', output.text);
});

program('ctrl+c, ctrl+d and ctrl+z', async (fact, t) => {
  const one = terminal(fact, t);
  fact.events('with a listener', one.rl, ['SIGINT', 'close', 'pause', 'SIGTSTP', 'SIGCONT']);
  await one.type('a', '\x03', '\x04', '\x15', '\x04');
  fact('closed', one.rl.closed);
  const two = terminal(fact, t);
  fact.events('without', two.rl, ['close', 'pause']);
  await two.type('a', '\x03');
  fact('closed', two.rl.closed, two.output.text);
});

program('write() of keys', async (fact, t) => {
  const { rl, output } = terminal(fact, t);
  rl.on('line', (line) => fact('line', line));
  for (const args of [
    ['Delete this!'],
    [null, { ctrl: true, name: 'u' }],
    ['abc'],
    [undefined, { name: 'left' }],
    ['X'],
    ['ignored', { name: 'right' }],
    [Buffer.from('buf')],
    ['two\nlines'],
    [null, { name: 'return' }],
    [null, { ctrl: true, name: 'a' }],
    [null],
    [5],
    ['\u0007'],
    [null, {}],
    ['', {}],
  ]) {
    fact.of(JSON.stringify(args), () => rl.write(...args));
    fact('state', rl.line, rl.cursor);
  }
  fact('output', output.text);
  const plain = readline.createInterface({ input: new PassThrough(), output: sink() });
  plain.on('line', (line) => fact('plain', line));
  plain.write('a\nb');
  plain.write('c\n');
  plain.write(Buffer.from('d\n'));
  plain.close();
});

program('prompts', async (fact, t) => {
  const { rl, output, type } = terminal(fact, t, { columns: 10 });
  rl.prompt();
  await type('abc', '\x1b[D');
  rl.prompt();
  fact('prompt()', rl.cursor, output.text);
  await type('\x1b[D');
  rl.prompt(true);
  fact('prompt(true)', rl.cursor);
  for (const prompt of [
    'long prompt> ',
    'two\nlines> ',
    '\x1b[31mred\x1b[0m> ',
    '\u4e2d\u6587> ',
    '',
    5,
    null,
    undefined,
  ]) {
    fact.of(`setPrompt ${JSON.stringify(prompt)}`, () => rl.setPrompt(prompt));
    fact.of('getPrompt', () => rl.getPrompt());
    fact.of('prompt', () => rl.prompt());
    fact.of('position', () => rl.getCursorPos());
  }
  output.columns = 5;
  output.emit('resize');
  rl.setPrompt('> ');
  await type('abcdefgh', '\u4e2d', '\t', '\x1b[A', '\x1b[B', '\x0c');
  fact('output', output.text);
});

program('completion', async (fact, t) => {
  const completers = {
    synchronous: (line) => [['alpha', 'alto', 'beta'].filter((one) => one.startsWith(line)), line],
    'with a callback': (line, done) => setImmediate(done, null, [['alpha', 'alto'], line]),
    'that fails': (line, done) => done(new Error('no')),
    'that throws': () => {
      throw new Error('thrown');
    },
    'of nothing': (line) => [[], line],
    'of one': () => [['single '], 's'],
    'with an empty line': () => [['aa', '', 'ab'], ''],
  };
  for (const [name, completer] of Object.entries(completers)) {
    if (name === 'that throws') continue;
    const { output, type } = terminal(fact, t, { completer, columns: 40 });
    await type('al', '\t', '\t', 's', '\t');
    await turns();
    fact(name, output.text.slice(0, 40));
  }
  const rl = readline.promises.createInterface({
    input: new PassThrough(),
    output: sink(40),
    terminal: true,
    completer: async (line) => [['alpha', 'alto'], line],
  });
  t.after(() => rl.close());
  rl.input.write('a\t');
  await turns(6);
  fact('promises', rl.line, rl.output.text);
});
