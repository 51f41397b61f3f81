'use strict';
// What async_hooks numbers. Whatever calls back later does so with the stores of when it was asked to
// (internal/base/stores); while a hook is on, these have an entry more: the execution. A hook is not
// told of what was asked for before it was on.
const stores = require('internal/base/stores');

/** @typedef {{ id: number, trigger: number, type: string, resource: object }} Execution */

const kExecution = Symbol('execution');
const top = { id: 1, trigger: 0, type: 'ROOT', resource: {} };
const on = new Set(); // hooks
let lastId = 1;
let entered; // the execution that goes on after an `await`

const executionOf = (context) => context.get(kExecution) ?? top;
const current = () => executionOf(stores.current);

function emit(event, ...args) {
  for (const hook of [...on]) {
    try {
      hook[event]?.(...args);
    } catch (error) {
      process._uncaught(error);
    }
  }
}

// The stores of an execution are there as long as something may run in it.
const gone = new FinalizationRegistry((id) => emit('destroy', id));

/**
 * Numbers an execution, tells hooks of it and gives its stores.
 * @param {Execution} execution
 * @param {boolean} manual  destroy() alone tells its end
 */
function begin(execution, manual) {
  execution.id = ++lastId;
  const context = new Map(stores.current).set(kExecution, execution);
  if (on.size > 0) {
    const { id, trigger, type, resource } = execution;
    emit('init', id, type, trigger, resource);
    if (!manual) gone.register(context, id, execution);
  }
  return context;
}

/** Tells the end of an execution. */
function destroy(execution) {
  gone.unregister(execution);
  emit('destroy', execution.id);
}

const wantsPromises = () => [...on].some(({ trackPromises }) => trackPromises);

const hooks = {
  capture(type, resource = {}) {
    if (type === 'PROMISE' && !wantsPromises()) return stores.current;
    return begin({ id: 0, trigger: current().id, type, resource }, false);
  },

  /** Calls fn, whose stores are the present ones; before them there were others. */
  run(before, fn, thisArg, args) {
    const { id } = current();
    const enters = id !== executionOf(before).id;
    if (enters) emit('before', id);
    try {
      return Reflect.apply(fn, thisArg, args);
    } finally {
      if (enters) emit('after', id);
    }
  },

  /** What follows an `await` begins; undefined: the last of these has ended. */
  enter(context) {
    if (entered !== undefined) emit('after', entered.id);
    entered = context === undefined ? undefined : executionOf(context);
    if (entered !== undefined) emit('before', entered.id);
  },
};

/** @param {object} hook  functions init, before, after, destroy; trackPromises */
function enable(hook) {
  on.add(hook);
  stores.use();
  stores.hooks = hooks;
}

/** @param {object} hook */
function disable(hook) {
  on.delete(hook);
  if (on.size === 0) stores.hooks = undefined;
}

module.exports = { begin, current, destroy, disable, enable };
