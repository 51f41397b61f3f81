'use strict';
// Task, as far as a program of one task needs it: who am I, ticks, errors that nothing caught,
// what runs at the end. Other tasks belong to server groups.
const EventEmitter = require('events');
const { codes } = require('internal/errors');
const { validateFunction } = require('internal/validators');

const MAIN = 1;
const EVENTS = ['uncaughtException', 'unhandledRejection'];
const emitter = new EventEmitter();

// process asks here first, and only while there are listeners.
function connect() {
  hook('_taskUncaught', 'uncaughtException');
  hook('_taskRejection', 'unhandledRejection');
}

function hook(name, event) {
  const value = emitter.listenerCount(event) > 0 ? (...args) => emitter.emit(event, ...args) : undefined;
  Object.defineProperty(process, name, { value, writable: true, configurable: true, enumerable: false });
}

function checkEvent(event) {
  if (event === 'message') throw new codes.ERR_TASK_UNAVAILABLE("Task.on('message')");
  if (!EVENTS.includes(event)) {
    const { validateOneOf } = require('internal/validators');
    validateOneOf(event, 'event', [...EVENTS, 'message']);
  }
}

/** A task: one thread with its own loop and modules. */
class Task {
  /**
   * Would start a task.
   * @param {string} file
   * @param {*} [argument]
   */
  constructor() {
    throw new codes.ERR_TASK_UNAVAILABLE('new Task()');
  }

  /** The id of this task; 1 is the main one. @returns {number} */
  static me() {
    return MAIN;
  }

  /** Whether this is the main task. @returns {boolean} */
  static isMain() {
    return true;
  }

  /** The id of the task that started this one, 0 in the main task. @returns {number} */
  static parent() {
    return 0;
  }

  /** The ids of all tasks. @returns {number[]} */
  static list() {
    return [MAIN];
  }

  /** How many tasks there are. @returns {number} */
  static count() {
    return 1;
  }

  /** Whether another task asked this one to end. @returns {boolean} */
  static testCancel() {
    return false;
  }

  /** Runs callback(...args) after the current operation, before promise jobs. */
  static nextTick(callback, ...args) {
    process.nextTick(callback, ...args);
  }

  /** Ends this task; the main one is the process. @param {number} [code] */
  static exit(code) {
    process.exit(code);
  }

  /** Runs callback when the task ends. @param {() => void} callback */
  static cleanup(callback) {
    validateFunction(callback, 'callback');
    process.on('exit', () => callback());
  }

  static send() {
    throw new codes.ERR_TASK_UNAVAILABLE('Task.send()');
  }

  static recv() {
    throw new codes.ERR_TASK_UNAVAILABLE('Task.recv()');
  }

  /**
   * Hears of what nothing caught, before process does; an error that a listener hears of does not
   * end the process.
   * @param {'uncaughtException' | 'unhandledRejection'} event
   * @param {(error: unknown, promise?: Promise<unknown>) => void} listener
   */
  static on(event, listener) {
    checkEvent(event);
    emitter.on(event, listener);
    connect();
    return Task;
  }

  /** As on(), for one event. */
  static once(event, listener) {
    checkEvent(event);
    emitter.once(event, listener);
    connect();
    return Task;
  }

  /** Removes a listener. */
  static off(event, listener) {
    emitter.off(event, listener);
    connect();
    return Task;
  }

  /** Calls the listeners of an event; returns whether there are any. */
  static emit(event, ...args) {
    return emitter.emit(event, ...args);
  }
}

Task.addListener = Task.on;
Task.removeListener = Task.off;

module.exports = { Task };
