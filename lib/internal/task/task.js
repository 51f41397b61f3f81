'use strict';
// Task: threads with a loop, modules and a heap of their own, and messages between them.
// docs/api/task.md
const EventEmitter = require('events');
const native = binding('task');
const { codes, errnoException } = require('internal/errors/codes');
const {
  validateFunction,
  validateInteger,
  validateInt32,
  validateNumber,
} = require('internal/errors/validators');
const { encode, decode, send } = require('internal/task/messages');

// Of enum Event in src/bind/task/state.h; every other one is kEnded.
const MESSAGE = 1;

const EVENTS = ['message', 'uncaughtException', 'unhandledRejection'];
const PRIORITIES = { low: 10, normal: 0, high: -10 }; // nice values
const TIMEOUT_MAX = 2 ** 31 - 1;

const emitter = new EventEmitter();
const started = new Map(); // id → who is told of its end, of tasks that this one started
const cleanups = [];

// ---- Files

if (native.id === 1) {
  const { join, dirname } = require('internal/modules/packages');
  const cwd = binding('module').cwd();
  native.setProgramDirectory(process.argv?.[1] ? dirname(join(cwd, process.argv[1])) : cwd);
}

/**
 * The file of a task's program: as named, or with .js, from the directory of the main program.
 * @param {string} name
 * @param {string} [directory] where names begin, itself from the directory of the main program
 */
function findProgram(name, directory = '') {
  const { join } = require('internal/modules/packages');
  const path = join(join(native.programDirectory(), directory), name);
  for (const file of [path, `${path}.js`]) if (native.isFile(file)) return file;
  const error = new Error(
    `Cannot find the program '${name}' of a task: there is no ${path} and no ${path}.js`,
  );
  error.code = 'MODULE_NOT_FOUND';
  throw error;
}

// ---- Messages

native.setDispatch((event, a, b, c, d) => {
  if (event === MESSAGE) {
    emitter.emit('message', decode(b, c), a, d === undefined ? undefined : JSON.parse(d));
    return;
  }
  const task = started.get(a);
  if (task === undefined) return;
  started.delete(a);
  task._ended(b, c, d);
});

// ---- Errors that nothing caught

// process asks here first, and only while there are listeners.
function hook(name, event) {
  const value =
    emitter.listenerCount(event) > 0 ? (...args) => emitter.emit(event, ...args) : undefined;
  Object.defineProperty(process, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function listenersChanged() {
  hook('_taskUncaught', 'uncaughtException');
  hook('_taskRejection', 'unhandledRejection');
  native.listen(emitter.listenerCount('message') > 0);
}

function checkEvent(event) {
  if (EVENTS.includes(event)) return;
  require('internal/errors/validators').validateOneOf(event, 'event', EVENTS);
}

function checkId(id) {
  validateInt32(id, 'id', 0);
}

function niceOf(priority) {
  if (typeof priority === 'string' && Object.hasOwn(PRIORITIES, priority))
    return PRIORITIES[priority];
  if (typeof priority === 'number') {
    validateInt32(priority, 'prio', -20, 19);
    return priority;
  }
  throw new codes.ERR_INVALID_ARG_VALUE(
    'prio',
    priority,
    "must be 'low', 'normal', 'high' or a nice value",
  );
}

function setPriority(id, priority) {
  const result = native.priority(id, niceOf(priority));
  if (result < 0) throw errnoException(result, 'setpriority');
}

/** A task: one thread with its own loop and modules. */
class Task {
  #id = 0;
  #ended = [];
  #detached = false;

  /**
   * Starts a task at once.
   * @param {string} file its program, from the directory of the main program; `.js` may be left out
   * @param {string | object | Buffer} [argument] what the task finds in ARGUMENT
   * @param {{directory?: string}} [options]
   */
  constructor(file, argument, options = {}) {
    if (typeof file !== 'string') throw new codes.ERR_INVALID_ARG_TYPE('file', 'string', file);
    if (options === null || typeof options !== 'object')
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    const { directory } = options;
    if (directory !== undefined && typeof directory !== 'string')
      throw new codes.ERR_INVALID_ARG_TYPE('options.directory', 'string', directory);
    const [kind, data] = argument === undefined ? [0, undefined] : encode(argument, 'argument');
    const id = native.spawn(findProgram(file, directory), kind, data);
    if (id < 0) throw errnoException(id, 'spawn', file);
    this.#id = id;
    started.set(id, this);
  }

  /** new Task(). @returns {Task} */
  static create(file, argument, options) {
    return new Task(file, argument, options);
  }

  // ---- This task

  /** The id of this task; 1 is the main one. @returns {number} */
  static me() {
    return native.id;
  }

  /** Whether this is the main task. @returns {boolean} */
  static isMain() {
    return native.id === 1;
  }

  /** The id of the task that started this one, 0 in the main task. @returns {number} */
  static parent() {
    return native.parent();
  }

  /** The ids of all tasks. @param {boolean} [exceptMe] @returns {number[]} */
  static list(exceptMe = false) {
    const ids = native.list();
    return exceptMe ? ids.filter((id) => id !== native.id) : ids;
  }

  /** How many tasks there are. @returns {number} */
  static count() {
    return native.count();
  }

  /** Lets other threads run. */
  static yield() {
    native.yield();
  }

  /** Whether this task was asked to end. @returns {boolean} */
  static testCancel() {
    return native.testCancel();
  }

  /**
   * Sets this task's priority: 'low', 'normal', 'high', or a nice value from -20 to 19. More than
   * normal needs a privilege (EACCES).
   * @param {string | number} prio
   */
  static priority(prio) {
    setPriority(native.id, prio);
  }

  /** Runs callback(...args) after the current operation, before promise jobs. */
  static nextTick(callback, ...args) {
    process.nextTick(callback, ...args);
  }

  /** Ends this task; the main one is the process. @param {number} [code] */
  static exit(code) {
    process.exit(code);
  }

  /** Runs callback(...args) when the task ends by itself; what was added last runs first. */
  static cleanup(callback, ...args) {
    validateFunction(callback, 'callback');
    if (cleanups.length === 0)
      process.on('exit', () => {
        while (cleanups.length > 0) cleanups.pop()();
      });
    cleanups.push(() => callback(...args));
  }

  // ---- Limits

  /** How many bytes of this task's connections may wait to be written; 0: no limit. */
  static get writeLimit() {
    return binding('ledger').writeLimit(0);
  }
  static set writeLimit(bytes) {
    validateInteger(bytes, 'Task.writeLimit', 0);
    binding('ledger').writeLimit(0, bytes);
  }

  /** The same of all tasks of the process; a quarter of the memory at first. */
  static get processWriteLimit() {
    return binding('ledger').writeLimit(1);
  }
  static set processWriteLimit(bytes) {
    validateInteger(bytes, 'Task.processWriteLimit', 0);
    binding('ledger').writeLimit(1, bytes);
  }

  // ---- Messages

  /**
   * Sends a copy of a message to a task.
   * @param {number} id
   * @param {string | object | Buffer} message an object travels as JSON: functions are left out
   * @param {number} [offset] of a Buffer: where the message begins in it
   * @param {number} [length] of a Buffer: how many bytes
   * @param {object} [addition] goes with a Buffer
   * @returns {boolean} false if there is no such task or its queue is full
   */
  static send(id, message, offset, length, addition) {
    checkId(id);
    return send(id, message, offset, length, addition);
  }

  /**
   * Waits for a message; the loop does not turn meanwhile.
   * @param {{id?: number, addition?: object}} [from] is told the sender and a Buffer's addition
   * @param {number} [timeout] ms; without it, for ever
   * @returns {string | object | Buffer | undefined} undefined after timeout, or when this task is
   *     asked to end
   */
  static recv(from, timeout) {
    if (from !== undefined && from !== null && typeof from !== 'object')
      throw new codes.ERR_INVALID_ARG_TYPE('from', 'Object', from);
    if (timeout !== undefined && timeout !== null) validateNumber(timeout, 'timeout');
    const limit = timeout == null || timeout < 0 || timeout > TIMEOUT_MAX ? -1 : Math.ceil(timeout);
    const message = native.recv(limit);
    if (message === undefined) return undefined;
    const [kind, sender, data, addition] = message;
    if (from) {
      from.id = sender;
      if (addition !== undefined) from.addition = JSON.parse(addition);
    }
    return decode(kind, data);
  }

  /** Drops the messages that wait for this task. */
  static flush() {
    native.flush();
  }

  /** The bytes that wait in a task's queue, two for each character. @returns {number} */
  static getCurrentSize(id) {
    checkId(id);
    return Math.max(native.currentSize(id), 0);
  }

  /** How many bytes a task's queue takes. @returns {number} 0 if there is no such task */
  static getBufferSize(id) {
    checkId(id);
    return Math.max(native.bufferSize(id), 0);
  }

  /** Sets how many bytes a task's queue takes. */
  static setBufferSize(id, size) {
    checkId(id);
    validateInteger(size, 'size', 0);
    native.setBufferSize(id, size);
  }

  /** A descriptor that is readable while messages wait; for iosched alone. @returns {number} */
  static fd() {
    const fd = native.fd();
    if (fd < 0) throw errnoException(fd, 'eventfd');
    return fd;
  }

  // ---- Events

  /**
   * 'message' (message, from, addition): a task sent something; a listener keeps this task alive,
   * unless it is the main one. 'uncaughtException' and 'unhandledRejection' hear of what nothing
   * caught, before process does; an error that a listener hears of does not end the task.
   * @param {'message' | 'uncaughtException' | 'unhandledRejection'} event
   * @param {Function} listener
   */
  static on(event, listener) {
    checkEvent(event);
    emitter.on(event, listener);
    listenersChanged();
    return Task;
  }

  /** As on(), for one event. */
  static once(event, listener) {
    checkEvent(event);
    validateFunction(listener, 'listener');
    const once = (...args) => {
      Task.off(event, once);
      listener.apply(Task, args);
    };
    once.listener = listener;
    return Task.on(event, once);
  }

  /** Removes a listener. */
  static off(event, listener) {
    emitter.off(event, listener);
    listenersChanged();
    return Task;
  }

  /** Calls the listeners of an event; returns whether there are any. */
  static emit(event, ...args) {
    return emitter.emit(event, ...args);
  }

  // ---- A task that this one started

  /** Its id; 0 after detach(). @returns {number} */
  id() {
    return this.#detached ? 0 : this.#id;
  }

  /** Whether it has not ended; false after detach(). @returns {boolean} */
  isAlive() {
    return !this.#detached && native.alive(this.#id);
  }

  /**
   * Asks it to end: it sees that by Task.testCancel(), and its Task.recv() returns.
   * @param {(id: number, code: number) => void} [callback] once it has ended
   * @returns {boolean} whether it was alive
   */
  cancel(callback) {
    if (callback !== undefined) {
      validateFunction(callback, 'callback');
      if (started.get(this.#id) === this) this.#ended.push(callback);
    }
    return !this.#detached && native.cancel(this.#id);
  }

  /** Sends it a message, as Task.send(). @returns {boolean} */
  send(message, offset, length, addition) {
    return send(this.id(), message, offset, length, addition);
  }

  /** As Task.priority(), for it. */
  priority(prio) {
    setPriority(this.id(), prio);
  }

  /** Gives it up: it no longer keeps this task alive, and this object is of no more use. */
  detach() {
    if (this.#detached) return;
    this.#detached = true;
    started.delete(this.#id);
    native.detach(this.#id);
  }

  /** Task.cleanup(). */
  cleanup(callback, ...args) {
    Task.cleanup(callback, ...args);
  }

  _ended(code) {
    for (const callback of this.#ended) callback(this.#id, code);
  }
}

Task.addListener = Task.on;
Task.removeListener = Task.off;
Object.defineProperty(Task.prototype, '_ended', { enumerable: false });

/** What new Task() was given; undefined in the main task and in subs of servers. */
let ARGUMENT;
const argument = native.argument();
if (argument !== undefined) ARGUMENT = decode(...argument);

module.exports = { Task, ARGUMENT, findProgram, started };
