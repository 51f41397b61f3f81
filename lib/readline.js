'use strict';
// The module readline: lines of a stream. Terminals edit their lines themselves: there is no
// history and no completion.
const EventEmitter = require('events');
const { StringDecoder } = require('string_decoder');
const { AbortError, codes } = require('internal/errors/codes');
const { validateAbortSignal } = require('internal/errors/validators');

/** Lines end with \n, \r\n, \r, U+2028 or U+2029. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

class Interface extends EventEmitter {
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #question;
  #afterReturn = false; // the last text ended with \r, and a \n may belong to it
  #prompt;
  #listeners;

  /** (options) or (input[, output]) */
  constructor(input, output) {
    super();
    const options = typeof input?.on === 'function' ? { input, output } : input;
    if (typeof options?.input?.on !== 'function')
      throw new codes.ERR_INVALID_ARG_TYPE('options.input', 'Stream', options?.input);
    this.input = options.input;
    this.output = options.output;
    this.terminal = false;
    this.line = '';
    this.cursor = 0;
    this.closed = false;
    this.#prompt = options.prompt ?? '> ';
    this.#listeners = {
      data: (data) => this.#take(typeof data === 'string' ? data : this.#decoder.write(data)),
      end: () => this.#end(),
      error: (error) => {
        if (this.listenerCount('error') > 0) this.emit('error', error);
      },
    };
    for (const name of ['data', 'end', 'error']) this.input.on(name, this.#listeners[name]);
    if (options.signal) this.#closeOn(options.signal);
    this.input.resume();
  }

  #closeOn(signal) {
    validateAbortSignal(signal, 'options.signal');
    const close = () => this.close();
    if (signal.aborted) process.nextTick(close);
    else {
      signal.addEventListener('abort', close, { once: true });
      this.once('close', () => signal.removeEventListener('abort', close));
    }
  }

  #take(text) {
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    if (text === '') return;
    this.#afterReturn = text.endsWith('\r');
    const lines = (this.#rest + text).split(LINE_END);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (this.closed) return;
    const question = this.#question;
    this.#question = undefined;
    if (question === undefined) this.emit('line', line);
    else question(line);
  }

  #end() {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#line(rest);
    this.close();
  }

  getPrompt() {
    return this.#prompt;
  }

  setPrompt(prompt) {
    this.#prompt = `${prompt}`;
  }

  /** Writes the prompt. */
  prompt() {
    if (this.closed) throw new codes.ERR_USE_AFTER_CLOSE('readline');
    this.resume();
    this.output?.write(this.#prompt);
  }

  /** Writes a query and hands the next line to callback. */
  question(query, options, callback = options) {
    if (this.closed) throw new codes.ERR_USE_AFTER_CLOSE('readline');
    if (typeof callback !== 'function') return;
    const signal = options?.signal;
    if (signal !== undefined) {
      validateAbortSignal(signal, 'options.signal');
      if (signal.aborted) return;
      signal.addEventListener('abort', () => {
        if (this.#question === callback) this.#question = undefined;
      });
    }
    this.resume();
    this.output?.write(query);
    this.#question = callback;
  }

  pause() {
    this.input.pause();
    this.emit('pause');
    return this;
  }

  resume() {
    this.input.resume();
    return this;
  }

  /** Takes text as if it had been read. */
  write(data) {
    if (this.closed) throw new codes.ERR_USE_AFTER_CLOSE('readline');
    if (data !== undefined && data !== null) this.#take(`${data}`);
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    for (const name of ['data', 'end', 'error'])
      this.input.removeListener(name, this.#listeners[name]);
    this.pause();
    this.emit('close');
  }

  getCursorPos() {
    return { rows: 0, cols: this.cursor };
  }

  [Symbol.dispose]() {
    this.close();
  }

  /** The lines that come from now on. */
  [Symbol.asyncIterator]() {
    return lines(EventEmitter.on(this, 'line', { close: ['close'] }));
  }
}

async function* lines(events) {
  for await (const [line] of events) yield line;
}

Object.defineProperty(Interface.prototype.question, require('util').promisify.custom, {
  value(query, options) {
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      const abort = () => reject(new AbortError(undefined, { cause: signal.reason }));
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
      this.question(query, options ?? {}, resolve);
    });
  },
});

function createInterface(input, output) {
  return new Interface(input, output);
}

function toTerminal(stream, callback, text) {
  if (typeof stream?.write === 'function') return stream.write(text, callback);
  if (typeof callback === 'function') process.nextTick(callback, null);
  return true;
}

/** Moves the cursor of a terminal to a column, and a row if it is given. */
function cursorTo(stream, x, y, callback) {
  if (typeof y === 'function') [y, callback] = [undefined, y];
  return toTerminal(
    stream,
    callback,
    y === undefined ? `\x1b[${x + 1}G` : `\x1b[${y + 1};${x + 1}H`,
  );
}

function moveCursor(stream, dx, dy, callback) {
  const across = dx === 0 ? '' : dx < 0 ? `\x1b[${-dx}D` : `\x1b[${dx}C`;
  const down = dy === 0 ? '' : dy < 0 ? `\x1b[${-dy}A` : `\x1b[${dy}B`;
  return toTerminal(stream, callback, across + down);
}

/** Clears the line of the cursor: before it (-1), after it (1) or all of it (0). */
function clearLine(stream, direction, callback) {
  return toTerminal(
    stream,
    callback,
    direction < 0 ? '\x1b[1K' : direction > 0 ? '\x1b[0K' : '\x1b[2K',
  );
}

function clearScreenDown(stream, callback) {
  return toTerminal(stream, callback, '\x1b[0J');
}

function emitKeypressEvents() {
  throw new codes.ERR_FEATURE_UNAVAILABLE('readline.emitKeypressEvents()');
}

module.exports = {
  Interface,
  clearLine,
  clearScreenDown,
  createInterface,
  cursorTo,
  emitKeypressEvents,
  moveCursor,
  get promises() {
    return require('readline/promises');
  },
};
