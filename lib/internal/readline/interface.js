'use strict';
// readline.Interface: lines of a stream that is no terminal, and what all interfaces have. What
// terminals have besides is in internal/readline/editing.
// docs: https://nodejs.org/api/readline.html
const { onAbort } = require('internal/base/abort');
const EventEmitter = require('events');
const { StringDecoder } = require('string_decoder');
const { kMarks } = require('internal/events/iterator');
const { codes } = require('internal/errors/codes');
const {
  validateAbortSignal,
  validateArray,
  validateNumber,
  validateUint32,
} = require('internal/errors/validators');
const { History } = require('internal/readline/history');

const LEAST_CRLF_DELAY = 100; // ms
const ESCAPE_TIMEOUT = 500; // ms
const TAB_SIZE = 8;
/** Characters of a line, unless the option maxLineLength says otherwise. */
const MOST_OF_LINE = 2 ** 26;
/** Lines that wait for a loop before the input is paused. */
const MOST_LINES = 1024;
/** Lines end with \n, \r\n, \r, U+2028 or U+2029. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;
const ANY_END = /[\n\r\u2028\u2029]/;

const kState = Symbol('state');
const kNormalWrite = Symbol('normalWrite');
const kTerminalWrite = Symbol('terminalWrite');
const kOnLine = Symbol('onLine');
const kQuestion = Symbol('question');
const kCancelQuestion = Symbol('cancelQuestion');
const kOutput = Symbol('output');

const DEFAULT_PROMPT = '> ';

/** The options of (options) and of (input[, output[, completer[, terminal]]]). */
function normalize(input, output, completer, terminal) {
  if (input?.input === undefined) return { input, output, completer, terminal };
  const options = { ...input };
  for (const name of Object.keys(options)) if (options[name] === undefined) delete options[name];
  if (options.signal) validateAbortSignal(options.signal, 'options.signal');
  const { escapeCodeTimeout } = options;
  if (escapeCodeTimeout !== undefined && !Number.isFinite(escapeCodeTimeout))
    throw new codes.ERR_INVALID_ARG_VALUE('input.escapeCodeTimeout', escapeCodeTimeout);
  return options;
}

function check(options) {
  const { completer, history, historySize, tabSize, maxLineLength } = options;
  if (completer !== undefined && typeof completer !== 'function')
    throw new codes.ERR_INVALID_ARG_VALUE('completer', completer);
  if (history !== undefined) validateArray(history, 'history');
  if (historySize !== undefined) validateNumber(historySize, 'size', 0);
  if (tabSize !== undefined) validateUint32(tabSize, 'tabSize', true);
  if (maxLineLength !== undefined) validateUint32(maxLineLength, 'maxLineLength', true);
}

/** (options) or (input[, output[, completer[, terminal]]]) */
function Interface(input, output, completer, terminal) {
  if (!(this instanceof Interface)) return new Interface(input, output, completer, terminal);
  const options = normalize(input, output, completer, terminal);
  check(options);
  EventEmitter.call(this);
  this[kState] = {
    rest: '', // of a line whose end has not come
    most: options.maxLineLength ?? MOST_OF_LINE, // characters of it
    returnAt: 0, // ms since 1970 when a \r ended what came last
    question: null, // what the next line goes to
    reject: undefined, // of a question's promise, if it has one
    promptBefore: '',
    prompt: options.prompt === undefined ? DEFAULT_PROMPT : `${options.prompt}`,
    iterator: undefined,
    history: new History(options),
    decoder: new StringDecoder('utf8'),
  };
  this.isCompletionEnabled = true;
  this.escapeCodeTimeout = options.escapeCodeTimeout ?? ESCAPE_TIMEOUT;
  this.tabSize = options.tabSize ?? TAB_SIZE;
  this.crlfDelay = options.crlfDelay
    ? Math.max(LEAST_CRLF_DELAY, options.crlfDelay)
    : LEAST_CRLF_DELAY;
  this.line = '';
  this.output = options.output;
  this.input = options.input;
  this.completer = options.completer;
  this.paused = false;
  this.closed = false;
  const { output: out } = this;
  this.terminal = Boolean(options.terminal ?? (out != null && Boolean(out.isTTY)));
  if (this.terminal) require('internal/readline/editing').attach(this);
  else attach(this);
  if (options.signal) closeOn(this, options.signal);
  this.input.resume();
}
Object.setPrototypeOf(Interface.prototype, EventEmitter.prototype);
Object.setPrototypeOf(Interface, EventEmitter);

function attach(interface_) {
  const { input } = interface_;
  const listeners = {
    error: (error) => interface_.emit('error', error),
    data: (data) => interface_[kNormalWrite](data),
    end: () => end(interface_),
  };
  for (const [name, listener] of Object.entries(listeners)) input.on(name, listener);
  interface_.once('close', () => {
    for (const [name, listener] of Object.entries(listeners)) input.removeListener(name, listener);
  });
}

function closeOn(interface_, signal) {
  const close = () => interface_.close();
  if (signal.aborted) process.nextTick(close);
  else {
    signal.addEventListener('abort', close, onAbort);
    interface_.once('close', () => signal.removeEventListener('abort', close));
  }
}

function end(interface_) {
  const state = interface_[kState];
  const rest = state.rest + state.decoder.end();
  state.rest = '';
  if (rest !== '') interface_.emit('line', rest);
  interface_.close();
}

// Whoever sends it without end would fill the memory.
function tooLong(interface_) {
  const state = interface_[kState];
  const error = new codes.ERR_READLINE_LINE_TOO_LONG(state.most);
  state.rest = '';
  const { input } = interface_;
  if (typeof input.destroy === 'function') input.destroy(error);
  else interface_.emit('error', error);
}

function checkOpen(interface_) {
  if (interface_.closed) throw new codes.ERR_USE_AFTER_CLOSE('readline');
}

const members = {
  constructor: Interface,

  // ---- Lines

  // Only what is new is searched for the end of a line: a long one may come in many pieces.
  [kNormalWrite](data) {
    if (data === undefined) return;
    const state = this[kState];
    let text = typeof data === 'string' ? data : state.decoder.write(data);
    if (state.returnAt !== 0 && Date.now() - state.returnAt <= this.crlfDelay) {
      if (text.startsWith('\n')) text = text.slice(1);
      state.returnAt = 0;
    }
    if (!ANY_END.test(text)) {
      if (text === '') return;
      if (state.rest.length + text.length > state.most) {
        tooLong(this);
        return;
      }
      state.rest += text;
      state.returnAt = 0;
      return;
    }
    const lines = text.split(LINE_END);
    lines[0] = state.rest + lines[0];
    state.rest = lines.pop();
    state.returnAt = text.endsWith('\r') ? Date.now() : 0;
    for (const line of lines) this[kOnLine](line);
  },

  // Also once the interface is closed: a line that was read is not lost.
  [kOnLine](line) {
    const state = this[kState];
    const { question } = state;
    if (question === null) {
      this.emit('line', line);
      return;
    }
    state.question = null;
    state.reject = undefined;
    this.setPrompt(state.promptBefore);
    question(line);
  },

  [kOutput](text) {
    if (this.output !== null && this.output !== undefined) this.output.write(text);
  },

  // ---- Prompts and questions

  getPrompt() {
    return this[kState].prompt;
  },

  setPrompt(prompt) {
    this[kState].prompt = prompt;
  },

  /** Writes the prompt. @param {boolean} [preserveCursor] leave the cursor where it is in the line */
  prompt(preserveCursor) {
    checkOpen(this);
    if (this.paused) this.resume();
    if (this.terminal && require('internal/base/environment').own('TERM') !== 'dumb') {
      if (!preserveCursor) this.cursor = 0;
      this._refreshLine();
    } else this[kOutput](this[kState].prompt);
  },

  [kQuestion](query, callback) {
    checkOpen(this);
    const state = this[kState];
    if (state.question !== null) {
      this.prompt();
      return;
    }
    state.promptBefore = state.prompt;
    this.setPrompt(query);
    state.question = callback;
    this.prompt();
  },

  [kCancelQuestion]() {
    const state = this[kState];
    if (state.question === null) return;
    state.question = null;
    state.reject = undefined;
    this.setPrompt(state.promptBefore);
    this.clearLine();
  },

  // ---- The stream

  pause() {
    checkOpen(this);
    if (this.paused) return undefined;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  },

  resume() {
    checkOpen(this);
    if (!this.paused) return undefined;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  },

  /** Takes text as if it had been read; key: {ctrl, meta, shift, name}, of terminals. */
  write(data, key) {
    checkOpen(this);
    if (this.paused) this.resume();
    if (this.terminal) this[kTerminalWrite](data, key);
    else this[kNormalWrite](data === null ? undefined : data);
  },

  close() {
    if (this.closed) return;
    this.pause();
    if (this.terminal) this._setRawMode(false);
    this.closed = true;
    this.emit('close');
  },

  clearLine() {
    if (this.terminal) this._moveCursor(Infinity);
    this[kOutput]('\r\n');
    this.line = '';
    this.cursor = 0;
    if (this.terminal) this._beginRow();
  },

  getCursorPos() {
    return require('internal/readline/editing').cursorPosition(this);
  },

  [Symbol.dispose]() {
    this.close();
  },

  /** The lines that come from now on; the input is paused while many wait. */
  [Symbol.asyncIterator]() {
    const state = this[kState];
    state.iterator ??= linesOf(this);
    return state.iterator;
  },
};
Object.defineProperties(Interface.prototype, Object.getOwnPropertyDescriptors(members));
for (const name of Object.keys(members))
  Object.defineProperty(Interface.prototype, name, { enumerable: false });

Object.defineProperties(Interface.prototype, {
  columns: {
    configurable: true,
    get() {
      return this.output?.columns || Infinity;
    },
  },
  history: {
    configurable: true,
    get() {
      return this[kState].history.lines;
    },
    set(lines) {
      this[kState].history.lines = lines;
    },
  },
  historyIndex: {
    configurable: true,
    get() {
      return this[kState].history.index;
    },
    set(index) {
      this[kState].history.index = index;
    },
  },
  historySize: {
    configurable: true,
    get() {
      return this[kState].history.size;
    },
  },
});

// The iterator of events.on() gives lists of arguments: here the line alone.
function linesOf(interface_) {
  const events = EventEmitter.on(interface_, 'line', {
    close: ['close'],
    highWaterMark: MOST_LINES,
  });
  const lineOf = ({ value, done }) => ({ value: done ? undefined : value[0], done });
  return {
    __proto__: Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype),
    next: () => events.next().then(lineOf),
    return: () => events.return(),
    throw: (error) => events.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [kMarks]: events[kMarks],
  };
}

module.exports = {
  Interface,
  kCancelQuestion,
  kOnLine,
  kOutput,
  kQuestion,
  kState,
  kTerminalWrite,
};
