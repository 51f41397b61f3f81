'use strict';
// The module iosched: turns of the event loop by hand. docs/api/iosched.md
const native = binding('iosched');
const { carry } = require('internal/base/stores');
const { codes, errnoException } = require('internal/errors/codes');
const { validateFunction, validateInt32, validateArray } = require('internal/errors/validators');

const { beforePoll } = require('internal/timers/timers');

const READ = 0;
const WRITE = 1;
const EXCEPT = 2;

const active = new Map(); // event → {id of its native watch, fd, method}

function timeoutOf(timeout) {
  if (timeout === undefined || timeout === null) return -1;
  if (typeof timeout !== 'number' || Number.isNaN(timeout))
    throw new codes.ERR_INVALID_ARG_TYPE('timeout', 'number', timeout);
  return timeout < 0 || timeout === Infinity ? -1 : Math.ceil(timeout);
}

function checkFds(user) {
  validateArray(user, 'fds');
  const lists = [[], [], []];
  for (let type = READ; type <= EXCEPT; type++) {
    const list = user[type] ?? [];
    validateArray(list, `fds[${type}]`);
    for (const fd of list) {
      validateInt32(fd, `fds[${type}]`, 0);
      lists[type].push(fd);
    }
  }
  return lists;
}

/** The descriptors of registered events merged with the program's: [[read], [write], [except]]. */
function fds(user) {
  const lists = user === undefined || user === null ? [[], [], []] : checkFds(user);
  for (const { method, fd } of active.values())
    if (!lists[method].includes(fd)) lists[method].push(fd);
  return lists;
}

function turn(wait) {
  beforePoll();
  native.poll(wait);
}

/**
 * Runs one turn of the loop: waits until something is due, at most timeout ms (default: no limit),
 * runs its callbacks, ticks and promise jobs, and returns. It may also return without any.
 * @param {number[][]} [user] further descriptors to wait for: [[read], [write], [except]]
 * @returns {number[][]} those of them that are ready
 * @throws what a callback threw, if neither Task nor process has a listener for it
 */
function select(user, timeout) {
  if (typeof user === 'number' && timeout === undefined) {
    timeout = user;
    user = undefined;
  }
  const wait = timeoutOf(timeout);
  if (user === undefined || user === null) {
    turn(wait);
    return [[], [], []];
  }
  const lists = checkFds(user);
  const watches = [];
  const wake = () => {};
  try {
    for (let type = READ; type <= EXCEPT; type++)
      for (const fd of lists[type]) {
        const id = native.watch(fd, type, wake);
        if (id < 0) throw errnoException(id, 'select', `fd ${fd}`);
        watches.push(id);
      }
    turn(wait);
  } finally {
    for (const id of watches) native.unwatch(id);
  }
  return native.ready(...lists);
}

/** select() without descriptors of the program's. */
function poll(timeout) {
  return select(undefined, timeout);
}

/**
 * Polls until check.quit is true, or check() returns true.
 * @param {{quit: boolean}|Function} [check]
 * @param {number} [timeout] ms between two looks at check when nothing happens
 */
function forever(check, timeout) {
  if (
    check !== undefined &&
    check !== null &&
    typeof check !== 'object' &&
    typeof check !== 'function'
  )
    throw new codes.ERR_INVALID_ARG_TYPE('check', ['Object', 'Function'], check);
  const stop = () => (typeof check === 'function' ? check() === true : Boolean(check?.quit));
  while (!stop()) poll(timeout);
}

class IoEvent {
  constructor(method, fd, callback, errback, arg) {
    this.method = method;
    this.fd = fd;
    this.callback = callback;
    this.errback = errback;
    this.arg = arg;
  }
}

/**
 * An event of a descriptor, to be given to add() or once(). callback(arg, event) runs when it is
 * ready; if it returns false, errback(arg, event) runs and the event is removed.
 * @param {number} method READ (also ACCEPT), WRITE (also CONNECT) or EXCEPT
 */
function event(method, fd, callback, errback, arg) {
  validateInt32(method, 'method', READ, EXCEPT);
  validateInt32(fd, 'fd', 0);
  validateFunction(callback, 'callback');
  if (errback !== undefined && errback !== null) validateFunction(errback, 'errback');
  return new IoEvent(method, fd, callback, errback ?? undefined, arg);
}

function start(ioevent, single) {
  if (!(ioevent instanceof IoEvent)) throw new codes.ERR_INVALID_ARG_TYPE('ev', 'IoEvent', ioevent);
  if (active.has(ioevent)) return false;
  const { fd, method } = ioevent; // a program can change them later
  validateInt32(method, 'ev.method', READ, EXCEPT);
  validateInt32(fd, 'ev.fd', 0);
  const ready = () => {
    if (single) remove(ioevent);
    if (ioevent.callback(ioevent.arg, ioevent) === false) {
      remove(ioevent);
      ioevent.errback?.(ioevent.arg, ioevent);
    }
  };
  const id = native.watch(fd, method, carry(ready, 'IOEVENT', ioevent));
  if (id < 0) throw errnoException(id, 'watch', `fd ${fd}`);
  active.set(ioevent, { id, fd, method });
  return true;
}

/** Runs the event's callback whenever it is ready, until remove(). */
function add(ioevent) {
  return start(ioevent, false);
}

/** Runs the event's callback once. */
function once(ioevent) {
  return start(ioevent, true);
}

/** Removes an event, or all. */
function remove(ioevent) {
  if (ioevent === undefined) {
    for (const one of [...active.keys()]) remove(one);
    return true;
  }
  const entry = active.get(ioevent);
  if (entry === undefined) return false;
  active.delete(ioevent);
  native.unwatch(entry.id);
  return true;
}

/** Whether an event is registered. */
function listening(ioevent) {
  return active.has(ioevent);
}

module.exports = {
  READ,
  WRITE,
  EXCEPT,
  ACCEPT: READ,
  CONNECT: WRITE,
  poll,
  select,
  forever,
  fds,
  event,
  add,
  once,
  remove,
  listening,
};
