'use strict';
const assert = require('assert');
const { once } = require('events');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const {
  Worker,
  SHARE_ENV,
  isMainThread,
  parentPort,
  setEnvironmentData,
  threadId,
  workerData,
} = require('worker_threads');
const { test } = require('../../helpers/test');

/** A worker that runs a text; what it posts, its errors and its exit code are in what `end` gives. */
function start(t, text, options) {
  const worker = new Worker(text, { eval: true, ...options });
  const messages = [];
  const errors = [];
  worker.on('message', (one) => messages.push(one));
  worker.on('error', (one) => errors.push(one));
  const end = new Promise((resolve) => {
    worker.on('exit', (code) => resolve({ code, messages, errors }));
  });
  t.after(() => worker.terminate());
  return { worker, end };
}

const RUN = "const { parentPort, workerData } = require('worker_threads');";

/** A file in a folder that goes with the test. */
function file(t, name, text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

test('the main thread is told apart', () => {
  assert.deepStrictEqual([isMainThread, parentPort, threadId, workerData], [true, null, 0, null]);
});

test('a worker runs a file, with data of its own and arguments', async (t) => {
  const name = file(
    t,
    'program.js',
    `const { isMainThread, parentPort, threadId, workerData } = require('worker_threads');
     parentPort.postMessage([isMainThread, threadId > 0, workerData, process.argv.slice(1),
       require.main === module]);`,
  );
  const worker = new Worker(name, { workerData: new Map([['a', 1n]]), argv: ['x', 2] });
  assert.ok(worker.threadId > 0);
  const [message] = await once(worker, 'message');
  assert.deepStrictEqual(message, [false, true, new Map([['a', 1n]]), [name, 'x', '2'], true]);
  assert.deepStrictEqual(await once(worker, 'exit'), [0]);
  assert.strictEqual(worker.threadId, -1);
});

test('a worker runs an ECMAScript module, a URL of a file and one of data', async (t) => {
  const text = "import { parentPort } from 'node:worker_threads'; parentPort.postMessage('here');";
  const name = file(t, 'program.mjs', text);
  const urls = [pathToFileURL(name), new URL(`data:text/javascript,${encodeURIComponent(text)}`)];
  for (const one of [name, ...urls]) {
    const worker = new Worker(one);
    assert.deepStrictEqual(await once(worker, 'message'), ['here']);
    assert.deepStrictEqual(await once(worker, 'exit'), [0]);
  }
});

test('a file that is not there is an error event; a name that is no path throws', async () => {
  const worker = new Worker('/nowhere/at/all.js');
  const [error] = await once(worker, 'error');
  assert.strictEqual(error.code, 'MODULE_NOT_FOUND');
  assert.throws(() => new Worker('program.js'), { code: 'ERR_WORKER_PATH' });
  assert.throws(() => new Worker(5), { code: 'ERR_INVALID_ARG_TYPE' });
});

test('messages go both ways in order, and all of them come before exit', async (t) => {
  const { worker, end } = start(
    t,
    `${RUN} let left = 200;
     parentPort.on('message', (one) => {
       parentPort.postMessage(one);
       if (--left === 0) process.exit(3);
     });`,
  );
  for (let i = 0; i < 200; i++) worker.postMessage({ i });
  const { code, errors, messages } = await end;
  assert.deepStrictEqual([code, errors], [3, []]);
  assert.deepStrictEqual(
    messages,
    Array.from({ length: 200 }, (_, i) => ({ i })),
  );
});

test('an ArrayBuffer that is transferred moves there and back', async (t) => {
  const { worker, end } = start(
    t,
    `${RUN} parentPort.once('message', (bytes) => (bytes[0]++, parentPort.postMessage(bytes, [bytes.buffer])));`,
  );
  const bytes = new Uint8Array(1 << 20).fill(7);
  worker.postMessage(bytes, [bytes.buffer]);
  assert.strictEqual(bytes.length, 0);
  const [back] = (await end).messages;
  assert.deepStrictEqual([back.length, back[0], back.at(-1)], [1 << 20, 8, 7]);
});

test('a port that is transferred is heard in the worker, with what waited at it', async (t) => {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  port1.postMessage('early');
  const { end } = start(
    t,
    `${RUN} const { port } = workerData;
     port.on('message', (one) => one === 'end' ? port.close() : port.postMessage('echo ' + one));`,
    { workerData: { port: port2 }, transferList: [port2] },
  );
  port1.postMessage('late');
  const heard = [];
  await new Promise((resolve) => {
    port1.on('message', (one) => heard.push(one) === 2 && resolve());
  });
  assert.deepStrictEqual(heard, ['echo early', 'echo late']);
  port1.postMessage('end');
  await once(port1, 'close');
  assert.strictEqual((await end).code, 0);
});

test('two workers talk by a channel that the main thread made', async (t) => {
  const { port1, port2 } = new MessageChannel();
  const one = start(
    t,
    `${RUN} workerData.port.on('message', (m) => { parentPort.postMessage(m); workerData.port.close(); });`,
    { workerData: { port: port1 }, transferList: [port1] },
  );
  const two = start(t, `${RUN} workerData.port.postMessage('from two');`, {
    workerData: { port: port2 },
    transferList: [port2],
  });
  assert.deepStrictEqual((await one.end).messages, ['from two']);
  assert.strictEqual((await two.end).code, 0);
});

test('what cannot be cloned is refused where it is sent', (t) => {
  const { worker } = start(t, 'setInterval(() => {}, 1000)');
  assert.throws(() => worker.postMessage(() => {}), { name: 'DataCloneError' });
  const { port2 } = new MessageChannel();
  assert.throws(() => worker.postMessage({ port2 }), {
    name: 'DataCloneError',
  });
  assert.throws(() => new Worker('', { eval: true, workerData: Symbol('x') }), {
    name: 'DataCloneError',
  });
});

test('an error that nothing caught arrives with its class, message, stack, code and properties', async (t) => {
  const { end } = start(
    t,
    "class Mine extends RangeError { name = 'Mine' } throw Object.assign(new Mine('out'), { code: 'EMINE', n: [1] });",
  );
  const { code, errors } = await end;
  assert.strictEqual(code, 1);
  assert.strictEqual(errors.length, 1);
  const [error] = errors;
  assert.ok(error instanceof RangeError);
  assert.deepStrictEqual(
    [error.name, error.message, error.code, error.n],
    ['Mine', 'out', 'EMINE', [1]],
  );
  assert.match(error.stack, /\[worker eval\]:1:\d+/);
});

test('a rejection that nobody handles, a string that is thrown and a syntax error are error events', async (t) => {
  const cases = [
    ["Promise.reject(new TypeError('later'))", /later/],
    ["throw 'text'", /^text$/],
    ['let let = 1', /let/],
  ];
  for (const [text, expected] of cases) {
    const { code, errors } = await start(t, text).end;
    assert.strictEqual(code, 1);
    assert.match(errors[0]?.message ?? errors[0], expected);
  }
});

test.needs('termination')(
  'process.exit() ends the worker alone, after its exit listeners',
  async (t) => {
    const { end } = start(
      t,
      `${RUN} process.on('exit', (code) => parentPort.postMessage(code)); process.exit(7); parentPort.postMessage('not');`,
    );
    assert.deepStrictEqual(await end, { code: 7, messages: [7], errors: [] });
  },
);

test('terminate() ends a worker that never stops', async (t) => {
  const { worker } = start(t, 'for (;;);');
  await once(worker, 'online');
  assert.strictEqual(await worker.terminate(), 1);
  assert.strictEqual(await worker.terminate(), undefined);
});

test('a worker has a copy of the environment, one of its own, or the same', async (t) => {
  const text = `${RUN} process.env.OF_WORKER = 5; parentPort.postMessage([process.env.OF_WORKER, process.env.GIVEN, 'PATH' in process.env]);`;
  assert.deepStrictEqual((await start(t, text).end).messages, [['5', undefined, true]]);
  assert.deepStrictEqual((await start(t, text, { env: { GIVEN: 1 } }).end).messages, [
    ['5', '1', false],
  ]);
  assert.strictEqual(process.env.OF_WORKER, undefined);
  await start(t, text, { env: SHARE_ENV }).end;
  assert.strictEqual(process.env.OF_WORKER, '5');
  delete process.env.OF_WORKER;
});

test('what setEnvironmentData() kept is there in workers that start later', async (t) => {
  setEnvironmentData('key', { value: 1 });
  const text = `${RUN} parentPort.postMessage(require('worker_threads').getEnvironmentData('key'));`;
  assert.deepStrictEqual((await start(t, text).end).messages, [{ value: 1 }]);
  setEnvironmentData('key', undefined);
  assert.deepStrictEqual((await start(t, text).end).messages, [undefined]);
});

test('standard streams go through the parent where it asks for that', async (t) => {
  const { worker, end } = start(
    t,
    "process.stdin.setEncoding('utf8').on('data', (text) => { console.log(text.toUpperCase()); console.error('e'); });",
    { stdin: true, stdout: true, stderr: true },
  );
  const read = async (stream) => {
    let text = '';
    for await (const chunk of stream) text += chunk;
    return text;
  };
  const output = Promise.all([read(worker.stdout), read(worker.stderr)]);
  worker.stdin.end('hello');
  assert.strictEqual((await end).code, 0);
  assert.deepStrictEqual(await output, ['HELLO\n', 'e\n']);
});

// With ThreadSanitizer the collector is off, which measures the heap.
const measured =
  process.env.JSC_useGC === '0'
    ? (name) => test.skip(name, 'the collector is off')
    : test.needs('statistics');
measured(
  'a worker whose heap grows beyond its limit ends with ERR_WORKER_OUT_OF_MEMORY',
  async (t) => {
    const { end } = start(t, 'const all = []; for (;;) all.push(new Array(1000).fill({}));', {
      resourceLimits: { maxOldGenerationSizeMb: 64 },
    });
    const { code, errors } = await end;
    assert.strictEqual(code, 1);
    assert.strictEqual(errors[0].code, 'ERR_WORKER_OUT_OF_MEMORY');
  },
);

test('a worker may start workers, which end with it', async (t) => {
  const { worker, end } = start(
    t,
    `const { Worker, parentPort } = require('worker_threads');
     const inner = new Worker("require('worker_threads').parentPort.postMessage('up'); setInterval(() => {}, 1000)", { eval: true });
     inner.on('message', (m) => parentPort.postMessage([m, inner.threadId]));`,
  );
  const [[word, id]] = await once(worker, 'message');
  assert.strictEqual(word, 'up');
  await worker.terminate();
  await end;
  while (Task.list().includes(id + 1)) await new Promise(setImmediate);
});

test('what the whole process has cannot be changed by a worker', async (t) => {
  const { errors } = await start(t, "process.chdir('/')").end;
  assert.strictEqual(errors[0].code, 'ERR_WORKER_UNSUPPORTED_OPERATION');
});

test('a worker that is unref()d does not keep the process', async () => {
  const { spawn } = require('child_process');
  const text =
    "new (require('worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true }).unref()";
  const child = spawn(process.execPath, ['-e', text], { stdio: 'inherit' });
  assert.deepStrictEqual(await once(child, 'exit'), [0, null]);
});

test('-r modules of execArgv load before the program', async (t) => {
  const name = file(t, 'first.js', 'globalThis.first = true;');
  const { end } = start(t, `${RUN} parentPort.postMessage([first, process.execArgv]);`, {
    execArgv: ['-r', name],
  });
  assert.deepStrictEqual((await end).messages, [[true, ['-r', name]]]);
});

test('modules of NODE_OPTIONS load before the program, unless the worker has another environment', (t) => {
  const { execFileSync } = require('child_process');
  const name = file(t, 'first.js', 'globalThis.first = (globalThis.first ?? 0) + 1;');
  const other = file(t, 'other.js', 'globalThis.other = true;');
  const said = (options) =>
    String(
      execFileSync(
        process.execPath,
        [
          '-e',
          `new (require('worker_threads').Worker)(
            'console.log(typeof first, typeof other)', { eval: true, ...${options} })`,
        ],
        { env: { ...process.env, NODE_OPTIONS: `--import ${name} -r ${other}` } },
      ),
    );
  assert.strictEqual(said('{}'), 'number boolean\n');
  assert.strictEqual(said('{ env: {} }'), 'undefined undefined\n');
});
