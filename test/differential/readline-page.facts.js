'use strict';
// What the page of readline says and readline.facts.js does not ask.
const readline = require('readline');
const { EventEmitter, on, once } = require('events');
const { PassThrough, Readable } = require('stream');
const { program, event, turns } = require('./harness');
const { sink } = require('./shared/readline');

program('ways to make an interface', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.createInterface(input, output, (line) => [[], line], false);
  fact(
    'positional',
    rl.terminal,
    rl.input === input,
    rl.output === output,
    rl instanceof EventEmitter,
  );
  fact('instance', rl instanceof readline.Interface, rl.constructor.name);
  rl.close();
  for (const [name, make] of Object.entries({
    called: () => readline.Interface({ input: new PassThrough() }),
    new: () => new readline.Interface({ input: new PassThrough() }),
    'new, positional': () => new readline.Interface(new PassThrough(), sink(), undefined, true),
    nothing: () => readline.createInterface(),
    'no input': () => readline.createInterface({}),
    null: () => readline.createInterface(null),
    text: () => readline.createInterface('x'),
    'input null': () => readline.createInterface({ input: null }),
    'completer null': () => readline.createInterface({ input: new PassThrough(), completer: null }),
    'promises, called': () => readline.promises.Interface({ input: new PassThrough() }),
    'promises, new': () => new readline.promises.Interface({ input: new PassThrough() }),
  }))
    fact.of(name, make, (one) => {
      one.close();
      return [one.terminal, one.constructor.name];
    });
  for (const isTTY of [true, false, undefined]) {
    const out = Object.assign(sink(), { isTTY });
    const one = readline.createInterface({ input: new PassThrough(), output: out });
    fact(`output.isTTY ${isTTY}`, one.terminal, one.historySize, one.history);
    one.close();
  }
  for (const options of [
    { crlfDelay: 5 },
    { crlfDelay: Infinity },
    { crlfDelay: -1 },
    { crlfDelay: 500 },
    { crlfDelay: NaN },
    { tabSize: 1 },
    { tabSize: 4 },
    { tabSize: 1.5 },
    { tabSize: 2 ** 31 },
    { escapeCodeTimeout: 50 },
    { escapeCodeTimeout: 0 },
    { escapeCodeTimeout: Infinity },
    { historySize: 0 },
    { historySize: 2.5 },
    { historySize: Infinity },
    { history: ['a', 'b'] },
    { history: [5] },
    { history: 'x' },
    { prompt: '' },
    { prompt: null },
    { removeHistoryDuplicates: true },
    { completer: () => {} },
  ])
    fact.of(
      require('util').inspect(options),
      () =>
        readline.createInterface({
          input: new PassThrough(),
          output: sink(),
          terminal: true,
          ...options,
        }),
      (one) => {
        one.close();
        return [
          one.crlfDelay,
          one.tabSize,
          one.escapeCodeTimeout,
          one.historySize,
          one.history,
          one.getPrompt(),
          one.removeHistoryDuplicates,
        ];
      },
    );
});

program('close, pause and resume', async (fact) => {
  const input = new PassThrough();
  const rl = readline.createInterface({ input });
  fact.events('rl', rl, ['pause', 'resume', 'close', 'line']);
  fact('paused', rl.paused, rl.pause() === rl, rl.paused, input.isPaused());
  rl.pause();
  fact('resumed', rl.resume() === rl, rl.paused, input.isPaused());
  rl.resume();
  input.write('a\nb\n');
  await turns();
  rl.on('line', (line) => {
    if (line === 'c') rl.pause();
  });
  input.write('c\nd\n');
  await turns();
  input.write('e\n');
  await turns();
  rl.prompt();
  await turns();
  rl.pause().write('typed');
  await turns();
  fact(
    'listeners',
    input.listenerCount('data'),
    input.listenerCount('end'),
    input.eventNames().length,
  );
  rl[Symbol.dispose]();
  fact('disposed', rl.closed, input.listenerCount('data'), input.isPaused());
  rl[Symbol.dispose]();
  fact('async', typeof rl[Symbol.asyncDispose], rl[Symbol.dispose].name);
});

program('the end of the input', async (fact) => {
  for (const [name, end] of Object.entries({
    end: (input) => input.end('a\nb'),
    'a closed stream': (input) => input.destroy(),
    'an error': (input) => input.destroy(new Error('broken')),
    'end of nothing': (input) => input.end(),
  })) {
    const input = new PassThrough();
    input.on('error', () => {});
    const rl = readline.createInterface({ input });
    fact.events(name, rl, ['line', 'close', 'error', 'pause']);
    end(input);
    await turns(6);
    fact(name, rl.closed);
  }
  const destroyed = new PassThrough();
  destroyed.destroy();
  await turns();
  const late = readline.createInterface({ input: destroyed });
  fact.events('late', late, ['close', 'line']);
  await turns();
  const ended = new PassThrough();
  ended.end();
  ended.resume();
  await event(ended, 'close');
  const later = readline.createInterface({ input: ended });
  fact.events('later', later, ['close', 'line']);
  await turns();
});

program('rl.close() in a listener', async (fact) => {
  const input = new PassThrough();
  const rl = readline.createInterface({ input });
  fact.events('rl', rl, ['close']);
  rl.on('line', (line) => {
    fact('line', line);
    if (line === 'b') rl.close();
  });
  input.write('a\nb\nc\nd');
  await turns();
  const other = readline.createInterface({ input: Readable.from(['a\nb\nc']) });
  other.once('line', () => other.pause());
  const lines = [];
  other.on('line', (line) => lines.push(line));
  await turns(6);
  fact('paused', lines);
  other.resume();
  await turns(6);
  fact('resumed', lines);
});

program('signals of AbortControllers', async (fact) => {
  const controller = new AbortController();
  const rl = readline.createInterface({ input: new PassThrough(), signal: controller.signal });
  fact.events('rl', rl, ['close']);
  controller.abort();
  fact('closed', rl.closed);
  const aborted = readline.createInterface({
    input: new PassThrough(),
    signal: AbortSignal.abort(),
  });
  fact('aborted', aborted.closed);
  aborted.on('close', () => fact('close of the aborted'));
  await turns();
  fact('aborted', aborted.closed);
  for (const signal of [null, undefined, 'x', {}])
    fact.of(
      `signal ${signal}`,
      () => readline.createInterface({ input: new PassThrough(), signal }).close(),
      () => 1,
    );
});

program('carriage returns and delays', async (fact) => {
  for (const [crlfDelay, wait] of [
    [100, 0],
    [Infinity, 30],
    [undefined, 0],
  ]) {
    const input = new PassThrough();
    const rl = readline.createInterface({ input, crlfDelay });
    const lines = [];
    rl.on('line', (line) => lines.push(line));
    input.write('a\r');
    if (wait) await new Promise((done) => setTimeout(done, wait));
    input.write('\nb\r\rc\r\n');
    input.end('d\r');
    await event(rl, 'close');
    fact(`crlfDelay ${crlfDelay}`, lines);
  }
  const input = new PassThrough();
  const rl = readline.createInterface({ input, crlfDelay: 100 });
  const lines = [];
  rl.on('line', (line) => lines.push(line));
  input.write('a\r');
  await new Promise((done) => setTimeout(done, 300));
  input.end('\nb');
  await event(rl, 'close');
  fact('late \\n', lines);
  for (const encoding of ['utf8', 'latin1', 'hex']) {
    const text = new PassThrough({ encoding });
    const one = readline.createInterface({ input: text });
    one.on('line', (line) => fact(encoding, line));
    text.end('\u00e4b\nc');
    await event(one, 'close');
  }
});

program('questions', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.createInterface({ input, output, prompt: '> ' });
  fact.events('rl', rl, ['line', 'pause', 'resume', 'close']);
  fact(
    'returns',
    rl.question('one? ', (...args) => fact('one', args)),
  );
  input.write('1\n2\n');
  await turns();
  rl.pause();
  rl.question('two? ', { signal: new AbortController().signal }, (answer) => {
    fact('two', answer);
    rl.question('three? ', (third) => fact('three', third));
  });
  input.write('x\ny\nz\n');
  await turns();
  fact('prompt', rl.getPrompt(), output.text);
  const controller = new AbortController();
  rl.question('four? ', { signal: controller.signal }, () => fact('never'));
  controller.abort();
  input.write('four\n');
  await turns();
  rl.question('five? ', (answer) => fact('five', answer));
  rl.prompt();
  fact('prompt while it asks', output.text.slice(-12));
  rl.close();
  fact.of('question after close', () => rl.question('q', () => {}));
  const silent = readline.createInterface({ input: new PassThrough(), output: null });
  silent.question('q', () => fact('never'));
  silent.prompt();
  silent.close();
});

program('questions of promises', async (fact) => {
  const input = new PassThrough();
  const output = sink();
  const rl = readline.promises.createInterface({ input, output });
  fact('types', rl instanceof readline.promises.Interface, rl instanceof readline.Interface);
  const asked = rl.question('a? ', { signal: undefined });
  fact.of(
    'two at once',
    () => rl.question('b? ').then((value) => fact('b', value)),
    () => 'a promise',
  );
  input.write('1\n');
  fact('a', await asked);
  const reason = new Error('mine');
  const controller = new AbortController();
  const waits = rl.question('c? ', { signal: controller.signal });
  controller.abort(reason);
  await waits.catch((error) => fact('aborted', error, error.cause === reason));
  const open = rl.question('d? ');
  rl.close();
  fact(
    'after close',
    await Promise.race([
      open.then(
        (value) => ['resolves', value],
        (error) => ['rejects', error],
      ),
      turns().then(() => 'pending'),
    ]),
  );
  await rl.question('e?').then(
    (value) => fact('e', value),
    (error) => fact('e', error),
  );
  fact('output', output.text);
});

program('for await, on() and once()', async (fact) => {
  for (const [name, use] of Object.entries({
    'return in the middle': async (rl) => {
      for await (const line of rl) return line;
    },
    'an error in the middle': async (rl) => {
      for await (const line of rl) throw new Error(line);
    },
    'lines that came before': async (rl) => {
      await turns();
      const lines = [];
      for await (const line of rl) lines.push(line);
      return lines;
    },
    'two at once': async (rl) => {
      const [one, two] = [rl[Symbol.asyncIterator](), rl[Symbol.asyncIterator]()];
      return [await one.next(), await two.next()].map((each) => [each.done, each.value]);
    },
    'after close()': async (rl) => {
      rl.close();
      const lines = [];
      for await (const line of rl) lines.push(line);
      return lines;
    },
    once: async (rl) => once(rl, 'line'),
    on: async (rl) => {
      const lines = [];
      for await (const [line] of on(rl, 'line', { close: ['close'] })) lines.push(line);
      return lines;
    },
  })) {
    const rl = readline.createInterface({ input: Readable.from(['a\nb\n', 'c\nd']) });
    const result = use(rl).then(
      (value) => value,
      (error) => error,
    );
    fact(name, await Promise.race([result, turns(30).then(() => 'pending')]), rl.closed);
  }
});
