'use strict';
// Worker of worker_threads: a task that hears by a port what to run. docs/api/worker_threads.md
const channels = require('internal/base/channels');
const EventEmitter = require('events');
const native = binding('task');
const { codes, errnoException } = require('internal/errors/codes');
const { adopt } = require('internal/messages/port');
const { started } = require('internal/task/task');
const { errorOf } = require('internal/worker/errors');
const { environmentData } = require('internal/worker/environment');
const { HOOKS, programOf, readOptions } = require('internal/worker/options');

const TERMINATED = 1; // exit code
const WAKE_MS = 10;
const IDLE = { idle: 0, active: 0, utilization: 0 };

/** A thread with a program of its own. */
class Worker extends EventEmitter {
  #id = 0; // 0 once it has ended
  #control; // what the worker and this object tell each other
  #port; // the other end of parentPort
  #outputs = {}; // stdout and stderr, made on first use
  #exit; // { promise, resolve } of terminate()

  /**
   * Starts a thread.
   * @param {string | URL} filename a path that is absolute or begins with ./ or ../, a URL of file:
   *     or data:, or with options.eval the text of a script
   * @param {import('worker_threads').WorkerOptions} [options]
   */
  constructor(filename, options = {}) {
    super();
    const start = readOptions(options);
    const program = programOf(filename, options);
    const channel = () => binding('ports').channel().map(adopt);
    const [mine, port] = channel();
    this.#port = mine;
    const [control, theirs] = channel();
    this.#control = control;
    const { argv, env, limits, name, streams } = start;
    const { workerData, transferList = [] } = options;
    const parts = { argv, env, environmentData, limits, name, port, program, streams, workerData };
    try {
      control.postMessage(parts, [port, ...transferList]);
    } catch (error) {
      mine.close();
      control.close();
      throw error;
    }
    this.threadName = name;
    this.resourceLimits = limits;
    this.stdin = streams[0] ? this.#makeInput() : null;
    this.#hear();
    this.#spawn(theirs, program, start);
    channels.publish?.('worker_threads', { worker: this });
  }

  #spawn(port, program, { preloads, execArguments, maxHeap, stackSize }) {
    const name = program.kind === 'file' ? program.text : '[worker eval]';
    const { release } = require('internal/messages/port');
    const file = program.kind === 'file' ? program.text : undefined;
    const id = native.spawnWorker(
      name,
      release(port),
      preloads,
      execArguments,
      maxHeap,
      stackSize,
      file,
    );
    if (id < 0) throw errnoException(id, 'spawn', name);
    this.#id = id;
    this.threadId = id - 1;
    started.set(id, this);
    process.nextTick(() => process.emit('worker', this));
  }

  #hear() {
    this.#port.on('message', (value) => this.emit('message', value));
    this.#port.on('messageerror', (error) => this.emit('messageerror', error));
    this.#control.on('message', (message) => this.#told(message));
    // The task itself keeps this one.
    this.#port.unref();
    this.#control.unref();
  }

  #told({ type, data }) {
    if (type === 'online') this.emit('online');
    else if (type === 'error') this.emit('error', errorOf(data));
    else this.#output(type).push(data);
  }

  /** What the worker writes, if its option is true; without it, it writes to the descriptor itself. */
  get stdout() {
    return this.#output('stdout');
  }
  get stderr() {
    return this.#output('stderr');
  }

  #output(name) {
    if (this.#outputs[name] === undefined) {
      const { Readable } = require('stream');
      this.#outputs[name] = new Readable({ read() {} });
      if (this.#id === 0) this.#outputs[name].push(null);
    }
    return this.#outputs[name];
  }

  #makeInput() {
    const { Writable } = require('stream');
    const send = (data) => this.#control.postMessage({ type: 'stdin', data });
    return new Writable({
      decodeStrings: true,
      write(chunk, encoding, callback) {
        send(chunk);
        callback();
      },
      final(callback) {
        send(null);
        callback();
      },
    });
  }

  /** The task has ended. Called by internal/task. */
  _ended(code, reason, outOfMemory) {
    // What it sent before comes first.
    this.#port._drainNow();
    this.#control._drainNow();
    this.#id = 0;
    this.threadId = -1;
    this.resourceLimits = {};
    for (const stream of Object.values(this.#outputs)) stream.push(null);
    this.#port.close();
    this.#control.close();
    if (outOfMemory) this.emit('error', new codes.ERR_WORKER_OUT_OF_MEMORY(reason));
    // Who awaited a message may listen to the end from then on.
    setImmediate(() => {
      this.emit('exit', code);
      this.#exit?.resolve(code);
    });
  }

  /** Sends a copy of a value to the worker's parentPort. */
  postMessage(...args) {
    if (this.#id !== 0) this.#port.postMessage(...args);
  }

  /** Ends the worker's JavaScript, wherever it is. @returns {Promise<number>} its exit code */
  terminate() {
    if (this.#id === 0) return Promise.resolve();
    this.#exit ??= Promise.withResolvers();
    this.ref();
    native.end(this.#id, TERMINATED);
    this.#wake();
    return this.#exit.promise;
  }

  // A thread that waits in Atomics.wait() sees that it is to end when it is notified; it may begin
  // to wait only now.
  #wake() {
    if (this.#id === 0) return;
    const [view, offset] = native.waitOf(this.#id) ?? [];
    if (view !== undefined) Atomics.notify(new Int32Array(view.buffer, offset & ~3, 1), 0);
    setTimeout(() => this.#wake(), WAKE_MS);
  }

  async [Symbol.asyncDispose]() {
    await this.terminate();
  }

  /** The worker keeps this thread: the default. */
  ref() {
    if (this.#id !== 0) native.hold(this.#id, true);
  }
  unref() {
    if (this.#id !== 0) native.hold(this.#id, false);
  }

  /** The engine does not tell. */
  get performance() {
    return { eventLoopUtilization: () => ({ ...IDLE }) };
  }
  getHeapSnapshot() {
    return Promise.reject(new codes.ERR_FEATURE_UNAVAILABLE('worker.getHeapSnapshot()'));
  }
}
Object.defineProperty(Worker.prototype, '_ended', { enumerable: false });

/** Starts the thread of the hooks of module.register(), for which nothing waits; its end is that of this one. */
function startHooks(workerData, transferList) {
  const worker = new Worker(HOOKS, { workerData, transferList, execArgv: [] });
  worker.on('exit', (code) => process.exit(code));
  worker.unref();
}

module.exports = { Worker, startHooks };
