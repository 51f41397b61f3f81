'use strict';
// Functions of fs with arguments that may be left out, in each of their forms and with what is wrong.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { promisify } = require('util');
const { program, describe } = require('./harness');

const LIMIT_MS = 500;

/** A file that is open for reading and writing, with `text` in it. */
function scratch(t, text = 'abcdef') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'differential-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, text);
  return file;
}

const outcome = (run) =>
  new Promise((resolve) => {
    const ended = (text, ...values) => resolve([text, ...values]);
    setTimeout(ended, LIMIT_MS, 'no answer').unref();
    Promise.resolve(run(ended)).catch((error) => ended('throws', error));
  });

/** The forms of a call with the descriptor of a newly opened file in front: name to function. */
const FORMS = {
  sync: (name, fd, args) => fs[`${name}Sync`](fd, ...args),
  callback: (name, fd, args) =>
    new Promise((resolve) => fs[name](fd, ...args, (...got) => resolve(got))),
  promisified: (name, fd, args) => promisify(fs[name])(fd, ...args),
  handle: (name, fd, args, handle) => handle[name](...args),
};

/**
 * Prints what each form of fs[name](fd, ...args) does.
 * @param {() => any[]} make  the arguments, new ones for each form
 */
async function inAllForms(fact, file, name, make) {
  for (const [form, call] of Object.entries(FORMS)) {
    fs.writeFileSync(file, 'abcdef');
    const handle = await fs.promises.open(file, 'r+');
    const args = make();
    const label = `${form} ${name}(${args.map((one) => describe(one)).join(', ')})`;
    const result = await outcome(async (ended) => {
      const got = await call(name, handle.fd, args, handle);
      ended('gives', got);
    });
    const buffers = args.flat().filter((one) => ArrayBuffer.isView(one));
    fact(
      label,
      ...result,
      ...buffers.map((one) =>
        Buffer.from(one.buffer, one.byteOffset, Math.min(one.byteLength, 9)).toString('latin1'),
      ),
    );
    if (name.startsWith('write')) fact('  file', fs.readFileSync(file, 'latin1'));
    await handle.close();
  }
}

const four = () => Buffer.alloc(4, '.');

program('read', async (fact, t) => {
  const file = scratch(t);
  const cases = [
    () => [four()],
    () => [new DataView(new ArrayBuffer(4))],
    () => [new Uint16Array(2)],
    () => [Buffer.alloc(0)],
    () => [new ArrayBuffer(4)],
    () => ['x'],
    () => [5],
    () => [four(), null],
    () => [four(), undefined],
    () => [four(), {}],
    () => [four(), { offset: 1 }],
    () => [four(), { offset: null }],
    () => [four(), { offset: 1, length: 2, position: 3 }],
    () => [four(), { length: 0 }],
    () => [four(), { length: null }],
    () => [four(), { length: 9 }],
    () => [four(), { length: '2' }],
    () => [four(), { length: 1.5 }],
    () => [four(), { length: -1 }],
    () => [four(), { position: 'x' }],
    () => [four(), { position: 2n }],
    () => [four(), { position: -1 }],
    () => [four(), { position: -1n }],
    () => [four(), { position: -2 }],
    () => [four(), { position: 1.5 }],
    () => [four(), { offset: 5 }],
    () => [four(), { offset: '1' }],
    () => [four(), 1],
    () => [four(), 'x'],
    () => [four(), 1, 2],
    () => [four(), 0, undefined],
    () => [four(), 1, 2, 3],
    () => [four(), null, 2, 3],
    () => [four(), undefined, 2, 3],
    () => [four(), 0, null, 3],
    () => [four(), 0, undefined, 3],
    () => [four(), 0, 0, 'x'],
    () => [four(), 0, 2, null],
    () => [four(), 0, 2, undefined],
    () => [four(), 0, 2, 'x'],
    () => [four(), 0, 2, {}],
    () => [four(), 0, 2, true],
    () => [four(), 0, 2, 1n],
    () => [four(), 0, 2, -1],
    () => [four(), 0, 2, -2],
    () => [four(), 0, 2, 2 ** 53],
    () => [four(), 0, 2, 2n ** 63n],
    () => [four(), 0, 2, 2n ** 63n - 1n],
    () => [four(), 0, 5, 0],
    () => [four(), 3, 2, 0],
    () => [four(), 4, 0, 0],
    () => [four(), 4, 1, 0],
    () => [four(), 5, 0, 0],
    () => [four(), -1, 2, 0],
    () => [four(), 1.5, 2, 0],
    () => [four(), NaN, 2, 0],
    () => [four(), 0, NaN, 0],
    () => [four(), 0, -1, 0],
    () => [four(), 0, '2', 0],
    () => [four(), 0, 2.7, 0],
    () => [four(), 0, 2 ** 32 + 1, 0],
    () => [four(), { length: 2 }, 'ignored', 3],
  ];
  for (const make of cases) await inAllForms(fact, file, 'read', make);
});

program('read without a buffer', async (fact, t) => {
  const file = scratch(t);
  const run = async (label, call) =>
    fact(
      label,
      ...(await outcome(async (ended) => {
        const handle = await fs.promises.open(file, 'r+');
        t.after(() => handle.close());
        const { bytesRead, buffer } = await call(handle);
        ended('gives', bytesRead, buffer?.length, buffer?.toString('latin1', 0, bytesRead));
      })),
    );
  const cases = [
    () => [],
    () => [null],
    () => [undefined],
    () => [{}],
    () => [{ buffer: four() }],
    () => [{ buffer: four(), length: 2 }],
    () => [{ buffer: four(), offset: 2 }],
    () => [{ buffer: null }],
    () => [{ buffer: 'x' }],
    () => [{ buffer: undefined, position: 2 }],
    () => [{ offset: 1 }],
    () => [{ position: 4 }],
    () => [{ length: 2 }],
    () => [[]],
    () => [true],
    () => [() => {}],
  ];
  for (const make of cases) {
    const text = `(${make()
      .map((one) => describe(one))
      .join(', ')})`;
    await run(`promisified${text}`, (handle) => promisify(fs.read)(handle.fd, ...make()));
    await run(`handle${text}`, (handle) => handle.read(...make()));
  }
});

program('write', async (fact, t) => {
  const file = scratch(t);
  const some = () => Buffer.from('WXYZ');
  const cases = [
    () => [some()],
    () => [new DataView(new ArrayBuffer(1))],
    () => [new Uint16Array([0x4142])],
    () => [Buffer.alloc(0)],
    () => [new ArrayBuffer(4)],
    () => [5],
    () => [null],
    () => [undefined],
    () => [{}],
    () => [{ toString: () => 'x' }],
    () => [Object('x')],
    () => [some(), null],
    () => [some(), undefined],
    () => [some(), {}],
    () => [some(), { offset: 1 }],
    () => [some(), { offset: null }],
    () => [some(), { offset: 1, length: 2, position: 3 }],
    () => [some(), { length: 0 }],
    () => [some(), { length: 9 }],
    () => [some(), { length: '2' }],
    () => [some(), { position: 'x' }],
    () => [some(), { position: 2n }],
    () => [some(), { position: -1 }],
    () => [some(), { position: 1.5 }],
    () => [some(), 1],
    () => [some(), 'x'],
    () => [some(), 1, 2],
    () => [some(), 1, 2, 3],
    () => [some(), null, 2, 3],
    () => [some(), 0, null, 3],
    () => [some(), 0, '2', 3],
    () => [some(), 0, 2, 'x'],
    () => [some(), 0, 2, 1n],
    () => [some(), 0, 2, -1],
    () => [some(), 0, 2, -2],
    () => [some(), 0, 2, 1.5],
    () => [some(), 0, 2, NaN],
    () => [some(), 0, 5, 0],
    () => [some(), 4, 0, 0],
    () => [some(), 5],
    () => [some(), -1],
    () => [some(), 1.5],
    () => [some(), 0, -1],
    () => [some(), 0, 1.5],
    () => [some(), 0, 2 ** 40],
    () => ['text'],
    () => ['text', 2],
    () => ['text', 2, 'latin1'],
    () => ['é', 0, 'latin1'],
    () => ['é', null, 'latin1'],
    () => ['6162', null, 'hex'],
    () => ['616', null, 'hex'],
    () => ['eHk', 0, 'base64'],
    () => ['text', 0, 'no such'],
    () => ['text', 0, 5],
    () => ['text', 0, null],
    () => ['text', 'utf8'],
    () => ['text', 'x'],
    () => ['text', {}],
    () => ['text', -1],
    () => ['text', 1n],
    () => ['text', 1.5],
    () => ['', 0],
  ];
  for (const make of cases) await inAllForms(fact, file, 'write', make);
});

program('readv and writev', async (fact, t) => {
  const file = scratch(t);
  for (const name of ['readv', 'writev']) {
    const cases = [
      () => [[Buffer.alloc(2, 'x'), Buffer.alloc(3, 'y')]],
      () => [[Buffer.alloc(2, 'x'), new DataView(new ArrayBuffer(1))], 2],
      () => [[]],
      () => [[], 0],
      () => [[Buffer.alloc(0)], 0],
      () => [[Buffer.alloc(2)], null],
      () => [[Buffer.alloc(2)], undefined],
      () => [[Buffer.alloc(2, 'x')], 1n],
      () => [[Buffer.alloc(2, 'x')], 'x'],
      () => [[Buffer.alloc(2, 'x')], -1],
      () => [[Buffer.alloc(2, 'x')], -2],
      () => [[Buffer.alloc(2, 'x')], 1.5],
      () => [['x']],
      () => [[null]],
      () => [Buffer.alloc(2)],
      () => [null],
      () => [undefined],
      () => ['x'],
    ];
    for (const make of cases) await inAllForms(fact, file, name, make);
  }
});

program('callbacks that are missing or no functions', (fact, t) => {
  const file = scratch(t);
  const fd = fs.openSync(file, 'r+');
  t.after(() => fs.closeSync(fd));
  const calls = {
    read: [
      [fd],
      [fd, four()],
      [fd, four(), 0, 1, 0],
      [fd, four(), 0, 1, 0, 5],
      [fd, four(), {}, null],
    ],
    write: [[fd], [fd, 'x'], [fd, 'x', 0, 'utf8', 5], [fd, four(), 0, 1, 0, 5], [fd, four(), 0, 1]],
    readv: [
      [fd, [four()]],
      [fd, [four()], 0],
      [fd, [four()], 0, 5],
    ],
    writev: [
      [fd, [four()]],
      [fd, [four()], 0],
      [fd, [four()], 0, 5],
    ],
    readFile: [[file], [file, 'utf8'], [file, {}], [file, {}, 5]],
    writeFile: [
      [file, 'x'],
      [file, 'x', 'utf8'],
      [file, 'x', {}, 5],
    ],
    appendFile: [
      [file, 'x'],
      [file, 'x', {}, 5],
    ],
    truncate: [[file], [file, 1], [file, 1, 5]],
    ftruncate: [[fd], [fd, 1], [fd, 1, 5]],
    close: [
      [fd, 5],
      [fd, null],
    ],
    stat: [[file], [file, {}], [file, {}, 5]],
    mkdir: [[file], [file, {}], [file, {}, 5]],
    open: [[file], [file, 'r'], [file, 'r', 0o666], [file, 'r', 0o666, 5]],
    access: [[file], [file, 0], [file, 0, 5]],
  };
  for (const [name, lists] of Object.entries(calls))
    for (const args of lists) fact.of(`${name} with ${args.length}`, () => fs[name](...args));
});

program('what is between the first argument and the callback', async (fact, t) => {
  const file = scratch(t);
  const fd = fs.openSync(file, 'r+');
  t.after(() => fs.closeSync(fd));
  const calls = {
    readFile: [
      [file, null],
      [file, undefined],
      [file, 'utf8'],
      [file, { encoding: 'utf8', flag: 'r' }],
      [file, 5],
    ],
    writeFile: [
      [file, 'x', null],
      [file, 'y', undefined],
      [file, 'z', 'latin1'],
      [file, 'x', 5],
    ],
    appendFile: [
      [file, 'x', null],
      [file, 'y', undefined],
      [file, 'z', 'latin1'],
      [file, 'x', 5],
    ],
    truncate: [
      [file],
      [file, undefined],
      [file, 2],
      [file, null],
      [file, '2'],
      [file, -1],
      [file, 1.5],
    ],
    ftruncate: [[fd], [fd, undefined], [fd, 2], [fd, null], [fd, '2'], [fd, -1], [fd, 1.5]],
    open: [
      [file],
      [file, undefined],
      [file, null],
      [file, 'r', undefined],
      [file, 'r', null],
      [file, 0, 'x'],
    ],
    access: [[file], [file, undefined], [file, null], [file, 8], [file, '4']],
    mkdtemp: [
      [file, null],
      [file, undefined],
      [file, 'buffer'],
      [file, 5],
    ],
    readdir: [
      [path.dirname(file), null],
      [path.dirname(file), undefined],
      [path.dirname(file), 'buffer'],
      [path.dirname(file), 5],
    ],
    realpath: [
      ['/', null],
      ['/', undefined],
      ['/', 'buffer'],
      ['/', 5],
    ],
    copyFile: [
      [file, `${file}2`],
      [file, `${file}2`, undefined],
      [file, `${file}2`, null],
      [file, `${file}2`, 1],
      [file, `${file}2`, 'x'],
    ],
    rm: [
      [`${file}2`],
      [`${file}2`, undefined],
      [`${file}2`, null],
      [`${file}2`, 5],
      [`${file}2`, { force: 1 }],
    ],
    rmdir: [
      [file, undefined],
      [file, null],
      [file, {}],
    ],
    stat: [
      [file, null],
      [file, undefined],
      [file, 5],
    ],
  };
  const shown = (value) =>
    value instanceof Error
      ? `${value.code} ${value.message.replaceAll(path.dirname(file), 'F')}`
      : value instanceof fs.Stats || typeof value === 'number'
        ? typeof value
        : typeof value === 'string' || Buffer.isBuffer(value)
          ? value.length
          : value;
  for (const [name, lists] of Object.entries(calls)) {
    for (const args of lists) {
      const label = `${name}(${args
        .slice(1)
        .map((one) => describe(one).replaceAll(path.dirname(file), 'F'))
        .join(', ')})`;
      const result = await outcome((ended) =>
        fs[name](...args, (...got) => ended('calls back', ...got)),
      );
      fact(label, ...result.map(shown), fs.readFileSync(file, 'latin1'));
      const sync = await outcome((ended) => ended('returns', fs[`${name}Sync`](...args)));
      fact(`sync ${label}`, ...sync.map(shown), fs.readFileSync(file, 'latin1'));
      fs.writeFileSync(file, 'abcdef');
    }
  }
});
