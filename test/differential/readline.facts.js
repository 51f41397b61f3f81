'use strict';
const readline = require('readline');
const { PassThrough, Readable, Writable } = require('stream');
const { program, event } = require('./harness');

function sink() {
  const output = new Writable({
    write(chunk, encoding, done) {
      output.text += chunk;
      done();
    },
  });
  output.text = '';
  output.columns = 20;
  return output;
}

program('what the module exports', (fact) => {
  fact('names', Object.keys(readline).sort());
  fact(
    'Interface',
    Object.getOwnPropertyNames(readline.Interface.prototype)
      .filter((name) => !name.startsWith('_'))
      .sort(),
  );
  fact('promises', Object.keys(readline.promises).sort());
  fact('Readline', Object.getOwnPropertyNames(readline.promises.Readline.prototype).sort());
});

program('createInterface() checks its arguments', (fact) => {
  const input = new PassThrough();
  for (const options of [
    { input, completer: 5 },
    { input, historySize: -1 },
    { input, historySize: 'x' },
    { input, historySize: NaN },
    { input, history: 5 },
    { input, tabSize: 0 },
    { input, tabSize: 'x' },
    { input, escapeCodeTimeout: 'x' },
    { input, escapeCodeTimeout: -1 },
    { input, crlfDelay: 'x' },
    { input, signal: 5 },
    { input, prompt: 5 },
    { input, removeHistoryDuplicates: 'x' },
    { input, terminal: 'x' },
  ])
    fact.of(
      require('util').inspect(options, { depth: 0 }),
      () => readline.createInterface(options),
      (rl) => [
        rl.terminal,
        rl.crlfDelay,
        rl.escapeCodeTimeout,
        rl.historySize,
        rl.tabSize,
        rl.getPrompt(),
      ],
    );
});

program('lines', async (fact) => {
  for (const chunks of [
    ['a\nb\r\nc\rd'],
    ['a\r', '\nb'],
    ['a\n\n\nb\n'],
    [''],
    ['a\u2028b\u2029c\n'],
    ['\r\r\n'],
    [Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 10])],
    ['no end'],
  ]) {
    const lines = [];
    const input = new PassThrough();
    const rl = readline.createInterface({ input });
    rl.on('line', (line) => lines.push(line));
    for (const chunk of chunks) input.write(chunk);
    input.end();
    await event(rl, 'close');
    fact(JSON.stringify(chunks), lines);
  }
});

program('events and state', async (fact) => {
  const input = new PassThrough();
  const rl = readline.createInterface({ input });
  fact.events('rl', rl, ['pause', 'resume', 'close', 'line', 'history', 'SIGINT']);
  fact('state', rl.line, rl.cursor, rl.closed, rl.terminal, rl.getCursorPos());
  fact('pause', rl.pause() === rl, rl.resume() === rl);
  rl.write('typed\n');
  rl.close();
  fact('closed', rl.closed, rl.close());
  for (const [name, args] of [
    ['pause', []],
    ['resume', []],
    ['write', ['x']],
    ['prompt', []],
    ['question', ['q', () => {}]],
    ['setPrompt', ['x']],
  ])
    fact.of(
      `${name} after close`,
      () => rl[name](...args),
      (result) => typeof result,
    );
});

program('prompt and question', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.createInterface({ input, output, prompt: '? ' });
  rl.prompt();
  rl.setPrompt('> ');
  fact('getPrompt', rl.getPrompt());
  const answer = new Promise((done) => rl.question('name: ', done));
  rl.question('other', () => fact('never'));
  input.write('Ann\n');
  fact('answer', await answer, output.text);
  for (const args of [
    [],
    ['q'],
    ['q', 5],
    ['q', {}],
    ['q', { signal: 5 }, () => {}],
    [5, () => {}],
  ])
    fact.of(
      `question ${args.map(String)}`,
      () => rl.question(...args),
      (result) => typeof result,
    );
  const controller = new AbortController();
  rl.question('q ', { signal: controller.signal }, () => fact('not called'));
  controller.abort();
  rl.question('q2 ', { signal: AbortSignal.abort() }, () => fact('not called'));
  rl.close();
});

program('promises', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.promises.createInterface({ input, output });
  const asked = rl.question('q ');
  input.write('yes\n');
  fact('answer', await asked);
  await rl.question('q', { signal: AbortSignal.abort() }).catch((error) => fact('aborted', error));
  const controller = new AbortController();
  const waits = rl
    .question('q', { signal: controller.signal })
    .catch((error) => fact('abort', error));
  controller.abort();
  await waits;
  fact.of(
    'bad signal',
    () => rl.question('q', { signal: 5 }),
    (result) => result.catch((error) => fact('rejects', error)) && 'a promise',
  );
  const left = rl.question('q');
  rl.close();
  await Promise.race([
    left.then(
      (value) => fact('left', value),
      (error) => fact('left', error),
    ),
    new Promise((done) => setTimeout(done, 5)),
  ]);
  await rl.question('q').catch((error) => fact('closed', error));
});

program('for await', async (fact) => {
  const lines = [];
  const rl = readline.createInterface({ input: Readable.from(['a\nb\n', 'c']) });
  for await (const line of rl) lines.push(line);
  fact('lines', lines, rl.closed);
  const second = readline.createInterface({ input: Readable.from(['a\nb\nc\n']) });
  for await (const line of second) {
    fact('first', line);
    break;
  }
  fact('closed', second.closed);
  const failing = new Readable({
    read() {
      this.destroy(new Error('broken'));
    },
  });
  try {
    for await (const line of readline.createInterface({ input: failing })) fact('line', line);
  } catch (error) {
    fact('error', error);
  }
});

program('cursor functions', (fact) => {
  for (const [name, args] of [
    ['clearLine', [-1]],
    ['clearLine', [0]],
    ['clearLine', [1]],
    ['cursorTo', [3]],
    ['cursorTo', [3, 4]],
    ['moveCursor', [1, -2]],
    ['moveCursor', [0, 0]],
    ['clearScreenDown', []],
  ]) {
    const output = sink();
    fact.of(
      `${name} ${args}`,
      () => readline[name](output, ...args),
      (result) => [result, output.text],
    );
  }
  const output = sink();
  for (const [name, args] of [
    ['cursorTo', [output, 'x']],
    ['cursorTo', [output, NaN]],
    ['cursorTo', [output, 1, NaN]],
    ['cursorTo', [output, 1, 'x']],
    ['cursorTo', [output, 1, 2, 5]],
    ['clearLine', [output, 0, 5]],
    ['clearLine', [null, 0]],
    ['clearScreenDown', [undefined]],
    ['moveCursor', [undefined, 1, 1]],
    ['clearScreenDown', [output, 5]],
    ['moveCursor', [output, 1, 1, 'x']],
  ])
    fact.of(`${name} bad`, () => readline[name](...args));
});

program('Readline of promises', async (fact) => {
  const output = sink();
  const actions = new readline.promises.Readline(output);
  fact(
    'chains',
    actions.clearLine(0) === actions,
    actions.cursorTo(1, 2) === actions,
    actions.moveCursor(1, 1) === actions,
    actions.clearScreenDown() === actions,
    output.text,
  );
  await actions.commit();
  fact('written', output.text);
  actions.clearLine(1);
  fact('rollback', actions.rollback() === actions);
  await actions.commit();
  fact('nothing', output.text);
  const auto = sink();
  new readline.promises.Readline(auto, { autoCommit: true }).cursorTo(5);
  fact('auto', auto.text);
  for (const args of [[], [5], [output, 5], [output, { autoCommit: 5 }]])
    fact.of(
      `new ${args.length}`,
      () => new readline.promises.Readline(...args),
      () => 'made',
    );
  for (const [name, args] of [
    ['clearLine', [5]],
    ['clearLine', ['x']],
    ['cursorTo', ['x']],
    ['cursorTo', [1, 'x']],
    ['moveCursor', ['x', 1]],
    ['moveCursor', [1]],
  ])
    fact.of(
      `${name} ${args}`,
      () => actions[name](...args),
      () => 'goes on',
    );
});

program('keys', async (fact) => {
  const input = new PassThrough();
  readline.emitKeypressEvents(input);
  input.on('keypress', (text, key) => fact('key', text, key));
  for (const bytes of [
    'a',
    'A',
    '\r',
    '\n',
    '\t',
    '\x7f',
    '\b',
    '\x03',
    '\x1b[A',
    '\x1b[1;5C',
    '\x1bOP',
    '\x1b[15~',
    '\x1b[3~',
    '\x1b[H',
    '\x1ba',
    '\u00e9',
    ' ',
    '\x1b[Z',
    '\x00',
    '\x1b\x1b',
    '5',
    '\x1b[200~',
  ])
    input.write(bytes);
  await new Promise((done) => setTimeout(done, 600));
});

program('a terminal', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.createInterface({
    input,
    output,
    terminal: true,
    prompt: '> ',
    historySize: 3,
    completer: (line) => [['alpha', 'alto'].filter((one) => one.startsWith(line)), line],
  });
  fact.events('rl', rl, ['line', 'SIGINT', 'history', 'close']);
  rl.prompt();
  for (const bytes of [
    'abc',
    '\x1b[D',
    'X',
    '\x01',
    'Y',
    '\x05',
    'Z',
    '\r',
    '\x1b[A',
    '\x15',
    'al',
    '\t',
    'p',
    '\t',
    '\r',
    'word two',
    '\x17',
    '\x0b',
    '\r',
    '\x1b[A\x1b[A',
    '\r',
    '\x03',
    '\x0c',
    'e\u0301',
    '\x7f',
    '\x04',
  ]) {
    input.write(bytes);
    await new Promise(setImmediate);
    fact(JSON.stringify(bytes), rl.line, rl.cursor, rl.getCursorPos());
  }
  fact('output', output.text);
  fact('history', rl.history);
  rl.close();
});
