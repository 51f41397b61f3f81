'use strict';
// The console. Writing is synchronous: what was logged before the process ended is out.
const { channels } = require('internal/base/stores');
const { formatArguments } = require('internal/inspect/inspect');
const stdio = require('internal/process/stdio');
const runtime = binding('runtime');

const nothing = () => {};

function warn(message) {
  if (typeof process.emitWarning === 'function') process.emitWarning(message);
}

/** 61.5 s -> `1:01.500 (m:ss.mmm)`, 1234.5 ms -> `1.234s`, less -> `0.123ms`. */
function formatTime(ms) {
  const pad = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(ms / 3600000);
  const minutes = Math.floor((ms % 3600000) / 60000);
  const seconds = (ms % 60000) / 1000;
  if (hours > 0 || minutes > 0) {
    const [whole, fraction] = seconds.toFixed(3).split('.');
    const head = hours > 0 ? `${hours}:${pad(minutes)}` : minutes;
    return `${head}:${pad(whole)}.${fraction} (${hours > 0 ? 'h:m' : ''}m:ss.mmm)`;
  }
  if (ms >= 1000) return `${seconds.toFixed(3)}s`;
  return `${Number(ms.toFixed(3))}ms`;
}

/** Where a console writes: a stream, or a descriptor while the process has no streams. */
class Sink {
  #get;
  #fd;
  #ignoreErrors;
  #afterWrite;

  constructor(get, fd, ignoreErrors) {
    this.#get = get;
    this.#fd = fd;
    this.#ignoreErrors = ignoreErrors;
    this.#afterWrite = (error) => {
      if (error == null || !ignoreErrors) return;
      const stream = get();
      // The error event follows; nobody is told of a console that cannot write.
      if (!stream._writableState?.errorEmitted && stream.listenerCount?.('error') === 0)
        stream.once('error', nothing);
    };
  }

  get stream() {
    return this.#get();
  }

  write(text) {
    const stream = this.#get();
    if (stream === undefined || stream === null) {
      stdio.writeSync(this.#fd, text);
      return;
    }
    if (!this.#ignoreErrors) {
      stream.write(text);
      return;
    }
    const guard = typeof stream.once === 'function' && stream.listenerCount?.('error') === 0;
    if (guard) stream.once('error', nothing);
    try {
      stream.write(text, this.#afterWrite);
    } catch (error) {
      if (error instanceof RangeError) throw error; // the stack is full: the caller has to know
    } finally {
      if (guard) stream.removeListener('error', nothing);
    }
  }

  /** inspect's options: colors on a terminal that has them, or as FORCE_COLOR says. */
  options(mode, chosen) {
    if (mode !== 'auto') return mode ? { ...chosen, colors: true } : chosen;
    if (chosen?.colors !== undefined) return chosen;
    const stream = this.#get();
    if (require('internal/base/environment').own('FORCE_COLOR') !== undefined) {
      const { WriteStream } = require('tty');
      return { ...chosen, colors: WriteStream.prototype.getColorDepth() > 2 };
    }
    if (!stream?.isTTY) return chosen;
    const colors = typeof stream.hasColors === 'function' ? stream.hasColors() : true;
    return colors ? { ...chosen, colors } : chosen;
  }
}

class State {
  counts = new Map();
  timers = new Map();
  indentation = '';
  constructor(out, err, { colorMode = 'auto', inspectOptions, groupIndentation = 2 } = {}) {
    this.out = out;
    this.err = err;
    this.colorMode = colorMode;
    this.inspectOptions = inspectOptions;
    this.groupIndentation = groupIndentation;
  }

  optionsFor(sink) {
    const chosen =
      this.inspectOptions instanceof Map
        ? this.inspectOptions.get(sink.stream)
        : this.inspectOptions;
    return sink.options(this.colorMode, chosen);
  }

  print(sink, args) {
    this.write(sink, formatArguments(simple(args) ? undefined : this.optionsFor(sink), args));
  }

  write(sink, text) {
    if (this.indentation !== '') {
      if (text.includes('\n')) text = text.replaceAll('\n', `\n${this.indentation}`);
      text = this.indentation + text;
    }
    sink.write(`${text}\n`);
  }
}

/** Text alone needs no options. */
const simple = (args) => args.length === 1 && typeof args[0] === 'string';

const label = (value) => (value === undefined ? 'default' : `${value}`);

function elapsed(state, name, method, rest, keep) {
  const start = state.timers.get(name);
  if (start === undefined) {
    warn(`No such label '${name}' for console.${method}()`);
    return;
  }
  const text = `${name}: ${formatTime(runtime.monotonic() - start)}`;
  if (!keep) state.timers.delete(name);
  state.print(state.out, rest.length > 0 ? ['%s', text, ...rest] : [text]);
}

/** Gives methods one with a name of its own that calls target. */
function named(methods, name, target) {
  methods[name] = { [name]: (...args) => target(...args) }[name];
}

/** The methods that print what they are given. */
function printers(state) {
  const { out, err } = state;
  const methods = {};
  for (const [name, stream] of Object.entries({
    log: out,
    warn: err,
    debug: out,
    info: out,
    error: err,
  }))
    named(methods, name, (...args) => {
      channels.publish?.(`console.${name}`, args);
      state.print(stream, args);
    });
  named(methods, 'dirxml', methods.log);
  return methods;
}

/** The methods of a console with this state. */
function makeMethods(state) {
  const { out, err } = state;
  const methods = {
    ...printers(state),
    dir(value, options) {
      const { inspect } = require('internal/inspect/inspect');
      state.write(
        out,
        inspect(value, { customInspect: false, ...state.optionsFor(out), ...options }),
      );
    },
    time(name) {
      name = label(name);
      if (state.timers.has(name)) warn(`Label '${name}' already exists for console.time()`);
      else state.timers.set(name, runtime.monotonic());
    },
    timeEnd(name) {
      elapsed(state, label(name), 'timeEnd', [], false);
    },
    timeLog(name, ...rest) {
      elapsed(state, label(name), 'timeLog', rest, true);
    },
    trace(...args) {
      const trace = { name: 'Trace', message: formatArguments(state.optionsFor(err), args) };
      Error.captureStackTrace(trace, methods.trace);
      state.write(err, trace.stack);
    },
    assert(condition, ...args) {
      if (condition) return;
      if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
      else args.unshift('Assertion failed');
      state.print(err, args);
    },
    clear() {
      if (out.stream?.isTTY && require('internal/base/environment').own('TERM') !== 'dumb')
        out.write('\x1b[1;1H\x1b[0J');
    },
    count(name) {
      name = label(name);
      const count = (state.counts.get(name) ?? 0) + 1;
      state.counts.set(name, count);
      state.write(out, `${name}: ${count}`);
    },
    countReset(name) {
      name = label(name);
      if (!state.counts.delete(name)) warn(`Count for '${name}' does not exist`);
    },
    group(...args) {
      if (args.length > 0) state.print(out, args);
      state.indentation += ' '.repeat(state.groupIndentation);
    },
    groupEnd() {
      state.indentation = state.indentation.slice(
        0,
        Math.max(0, state.indentation.length - state.groupIndentation),
      );
    },
    table(data, columns) {
      const text = require('internal/console/table').table(data, columns, state.optionsFor(out));
      if (text === undefined) state.print(out, [data]);
      else state.write(out, text);
    },
    // For inspectors of browsers; there is none.
    profile: nothing,
    profileEnd: nothing,
    timeStamp: nothing,
  };
  named(methods, 'groupCollapsed', methods.group);
  return methods;
}

const NAMES = [
  'log',
  'warn',
  'dir',
  'time',
  'timeEnd',
  'timeLog',
  'trace',
  'assert',
  'clear',
  'count',
  'countReset',
  'group',
  'groupEnd',
  'table',
  'debug',
  'info',
  'dirxml',
  'error',
  'groupCollapsed',
  'profile',
  'profileEnd',
  'timeStamp',
];

const kState = Symbol('console state');

function checkStream(stream, name) {
  if (typeof stream?.write === 'function') return;
  const { codes } = require('internal/errors/codes');
  throw new codes.ERR_CONSOLE_WRITABLE_STREAM(name);
}

function checkOptions({ colorMode = 'auto', inspectOptions, groupIndentation }) {
  const { codes } = require('internal/errors/codes');
  const { validateInteger, validateObject } = require('internal/errors/validators');
  if (colorMode !== 'auto' && typeof colorMode !== 'boolean')
    throw new codes.ERR_INVALID_ARG_VALUE(
      'colorMode',
      colorMode,
      "must be one of: 'auto', true, false",
    );
  if (groupIndentation !== undefined)
    validateInteger(groupIndentation, 'groupIndentation', 0, 1000);
  if (inspectOptions === undefined) return;
  validateObject(inspectOptions, 'options.inspectOptions');
  if (inspectOptions.colors !== undefined && colorMode !== 'auto')
    throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
}

/**
 * A console on streams of the program's own.
 * @param {object} options Or (stdout[, stderr[, ignoreErrors]]): { stdout, stderr, ignoreErrors,
 *   colorMode: 'auto' | boolean, inspectOptions, groupIndentation }.
 */
function Console(options, ...rest) {
  if (new.target === undefined) return Reflect.construct(Console, [options, ...rest]);
  if (options === undefined || options === null || typeof options.write === 'function')
    options = { stdout: options, stderr: rest[0], ignoreErrors: rest[1] };
  const { stdout, stderr = stdout, ignoreErrors = true } = options;
  checkStream(stdout, 'stdout');
  checkStream(stderr, 'stderr');
  checkOptions(options);
  const state = new State(
    new Sink(() => stdout, 1, ignoreErrors),
    new Sink(() => stderr, 2, ignoreErrors),
    options,
  );
  // Bound to this console, and a subclass may have methods of its own.
  const methods = makeMethods(state);
  for (const name of NAMES) {
    const own = this[name];
    const value =
      own !== undefined && own !== Console.prototype[name] ? own.bind(this) : methods[name];
    Object.defineProperty(this, name, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  Object.defineProperty(this, kState, { value: methods });
}
for (const name of NAMES)
  Console.prototype[name] = {
    [name](...args) {
      return this[kState][name](...args);
    },
  }[name];
Object.defineProperty(Console, Symbol.hasInstance, {
  value: (instance) =>
    typeof instance === 'object' && instance !== null && instance[kState] !== undefined,
});

const state = new State(
  new Sink(() => stdio.used(1), 1, true),
  new Sink(() => stdio.used(2), 2, true),
);
const methods = makeMethods(state);
const globalConsole = Object.create({});
Object.assign(globalConsole, methods);
globalConsole.Console = Console;
Object.defineProperty(globalConsole, kState, { value: methods });
Object.defineProperty(globalConsole, Symbol.toStringTag, { value: 'console', configurable: true });
for (const name of ['stdout', 'stderr'])
  Object.defineProperty(globalConsole, `_${name}`, {
    get: () => process[name],
    configurable: true,
  });

module.exports = { console: globalConsole, Console, formatTime };
