'use strict';
// fs.Utf8Stream, and what is closed by `using`.
const fs = require('fs');
const { folder } = require('./folder');
const { program, event } = require('./harness');

const EVENTS = ['ready', 'write', 'drain', 'drop', 'finish', 'close', 'error'];
const text = (path) => fs.readFileSync(path, 'utf8');

for (const sync of [true, false])
  program(`Utf8Stream, ${sync ? 'in place' : 'later'}`, async (fact, t) => {
    const { at } = folder(fact, t);
    const open = (name, options) => {
      const made = new fs.Utf8Stream({ dest: at(name), sync, ...options });
      fact.events(name, made, EVENTS);
      return made;
    };
    const ended = async (stream) => {
      const closed = event(stream, 'close');
      stream.end();
      await closed;
    };

    const plain = open('plain');
    fact('state', plain.append, plain.contentMode, plain.minLength, plain.maxLength, plain.sync);
    await event(plain, 'ready');
    fact('write', plain.write('a'), plain.fd > 2);
    await event(plain, 'drain');
    await ended(plain);
    fact('text', text(at('plain')));
    fact.of('write after the end', () => plain.write('x'));
    fact.of('flushSync after the end', () => plain.flushSync());

    const waits = open('waits', { minLength: 10, maxLength: 20 });
    await event(waits, 'ready');
    waits.write('abc');
    fact('waiting', text(at('waits')), waits.writing);
    await new Promise((resolve) => waits.flush(resolve));
    fact('flushed', text(at('waits')));
    waits.write('def');
    waits.flushSync();
    fact('in place', text(at('waits')));
    fact('too much', waits.write('x'.repeat(30)));
    await ended(waits);

    const moved = open('moved', { append: false, mkdir: true });
    await event(moved, 'ready');
    moved.write('1');
    await event(moved, 'drain');
    moved.reopen(at('other'));
    await event(moved, 'ready');
    moved.write('2');
    await ended(moved);
    fact('moved', text(at('moved')), text(at('other')));

    const large = open('large', { maxWrite: 1000 });
    await event(large, 'ready');
    fact('large', large.write('x'.repeat(900)), large.write('y'.repeat(900)));
    await ended(large);
    fact('size', fs.statSync(at('large')).size);

    const bytes = open('bytes', { contentMode: 'buffer' });
    bytes.write(Buffer.from('ab'));
    fact.of('text', () => bytes.write('ab'));
    await ended(bytes);
  });

program('options of Utf8Stream', (fact, t) => {
  const { at } = folder(fact, t);
  for (const options of [
    undefined,
    null,
    5,
    {},
    { dest: 5 },
    { minLength: 20000 },
    { minLength: -1 },
    { maxLength: 'x' },
    { sync: 1 },
    { append: 'x' },
    { contentMode: 'text' },
    { retryEAGAIN: 5 },
    { periodicFlush: 1.5 },
  ]) {
    const given =
      options === null ||
      typeof options !== 'object' ||
      'dest' in options ||
      !Object.keys(options).length
        ? options
        : { dest: at('file'), ...options };
    fact.of(
      `new ${JSON.stringify(options)}`,
      () => new fs.Utf8Stream(given),
      (made) => typeof made.destroy(),
    );
  }
});

program('directories are disposed of', async (fact, t) => {
  const { at } = folder(fact, t);
  fs.mkdirSync(at('some'));
  const later = await fs.promises.opendir(at('some'));
  fact('later', await later[Symbol.asyncDispose](), await later[Symbol.asyncDispose]());
  fact.of('read', () => later.readSync());
  const now = fs.opendirSync(at('some'));
  fact('now', now[Symbol.dispose](), now[Symbol.dispose]());
  fact.of('read', () => now.readSync());
});

program('dates of Stats', (fact, t) => {
  const { at } = folder(fact, t);
  fs.writeFileSync(at('file'), '');
  fs.utimesSync(at('file'), 5, 6);
  for (const bigint of [false, true]) {
    const stats = fs.statSync(at('file'), { bigint });
    fact('names', ...Object.keys(stats));
    fact('dates', stats.atime, stats.mtime, stats.mtime === stats.mtime, 'ctime' in stats);
    fact('asked', ...Object.keys(stats).filter((name) => name.endsWith('time')));
    stats.birthtime = 'mine';
    fact('set', stats.birthtime);
  }
});
