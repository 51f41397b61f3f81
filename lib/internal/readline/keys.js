'use strict';
// Keys of a terminal: from the bytes that it sends to keypress events. Names and sequences are those
// of xterm, gnome-terminal, rxvt, putty, cygwin and the Linux console (console_codes(4)).
const { StringDecoder } = require('string_decoder');

const ESCAPE = '\x1b';
const ESCAPE_TIMEOUT = 500; // ms, where no interface says another
const kReader = Symbol('keyReader');

/** The key of each code that follows an escape; * stands for "with shift", ^ for "with ctrl". */
const codes = new Map();
function name(key, ...of) {
  for (const code of of) codes.set(code, { name: key });
}
for (const [i, last] of [...'PQRS'].entries())
  name(`f${i + 1}`, `O${last}`, `[${last}`, `[${11 + i}~`, `[[${'ABCD'[i]}`);
name('f5', '[15~', '[[E');
for (const [key, number] of Object.entries({
  f6: 17,
  f7: 18,
  f8: 19,
  f9: 20,
  f10: 21,
  f11: 23,
  f12: 24,
}))
  name(key, `[${number}~`);
for (const [key, last] of Object.entries({ up: 'A', down: 'B', right: 'C', left: 'D' })) {
  name(key, `[${last}`, `O${last}`);
  codes.set(`[${last.toLowerCase()}`, { name: key, shift: true });
  codes.set(`O${last.toLowerCase()}`, { name: key, ctrl: true });
}
name('clear', '[E', 'OE');
name('end', '[F', 'OF', '[4~', '[8~');
name('home', '[H', 'OH', '[1~', '[7~');
name('insert', '[2~');
name('delete', '[3~');
name('pageup', '[5~', '[[5~');
name('pagedown', '[6~', '[[6~');
codes.set('[Z', { name: 'tab', shift: true });
codes.set('Oe', { name: 'clear', ctrl: true });
name('paste-start', '[200~');
name('paste-end', '[201~');
for (const [key, number] of Object.entries({
  insert: 2,
  delete: 3,
  pageup: 5,
  pagedown: 6,
  home: 7,
  end: 8,
})) {
  codes.set(`[${number}$`, { name: key, shift: true });
  codes.set(`[${number}^`, { name: key, ctrl: true });
}
codes.set('[e', { name: 'clear', shift: true });

const plain = new Map([
  ['\r', 'return'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\b', 'backspace'],
  ['\x7f', 'backspace'],
  [ESCAPE, 'escape'],
  [' ', 'space'],
]);
const isDigit = (character) => character >= '0' && character <= '9';

// The bits of a modifier, as xterm numbers them (its number less one).
const SHIFT = 1;
const META = 2 | 8;
const CTRL = 4;

/** Puts the key of an escape sequence into key; what: the sequence after the escapes. */
function functionKey(key, code, modifier) {
  key.ctrl = (modifier & CTRL) !== 0;
  key.meta = (modifier & META) !== 0;
  key.shift = (modifier & SHIFT) !== 0;
  key.code = code;
  const found = codes.get(code);
  key.name = found?.name ?? 'undefined';
  if (found?.shift) key.shift = true;
  if (found?.ctrl) key.ctrl = true;
}

// ESC O [modifier] letter
function* singleShift(first) {
  let text = first;
  let modifier = 0;
  let character = yield;
  text += character;
  if (isDigit(character)) {
    modifier = Number(character) - 1;
    text += character = yield;
  }
  return { text, code: `O${character}`, modifier };
}

// ESC [ [number [; modifier]] letter
function* controlSequence(first) {
  let text = first;
  let code = '[';
  let character = yield;
  text += character;
  if (character === '[') {
    code += '[';
    text += character = yield;
  }
  let command = character;
  const next = (one) => {
    text += one;
    command += one;
    character = one;
  };
  for (let digits = 0; digits < 3 && isDigit(character); digits++) next(yield);
  if (character === ';') {
    next(yield);
    if (isDigit(character)) next(yield);
  }
  let match;
  if ((match = /^(?:(\d\d?)(?:;(\d))?([~^$])|(\d{3}~))$/.exec(command)) !== null)
    return match[4] !== undefined
      ? { text, code: code + match[4], modifier: 0 }
      : { text, code: code + match[1] + match[3], modifier: (match[2] ?? 1) - 1 };
  if ((match = /^(?:(?:\d;)?(\d))?([A-Za-z])$/.exec(command)) !== null)
    return { text, code: code + match[2], modifier: (match[1] ?? 1) - 1 };
  return { text, code: code + command, modifier: 0 };
}

/** Puts the key of one character into key; whether it has a name. */
function characterKey(key, character, escaped) {
  const known = plain.get(character);
  if (known !== undefined) {
    key.name = known;
    key.meta = escaped;
  } else if (!escaped && character <= '\x1a') {
    key.name = String.fromCharCode(character.charCodeAt(0) + 'a'.charCodeAt(0) - 1);
    key.ctrl = true;
  } else if (/^[0-9A-Za-z]$/.test(character)) {
    key.name = character.toLowerCase();
    key.shift = /^[A-Z]$/.test(character);
    key.meta = escaped;
  } else if (escaped) {
    key.name = character.length > 0 ? undefined : 'escape';
    key.meta = true;
  }
}

/** Takes one character at each next(); '' ends a sequence that would go on. */
function* readKeys(emit) {
  while (true) {
    let character = yield;
    let text = character;
    let escaped = false;
    const key = { sequence: null, name: undefined, ctrl: false, meta: false, shift: false };
    if (character === ESCAPE) {
      escaped = true;
      text += character = yield;
      if (character === ESCAPE) text += character = yield;
    }
    if (escaped && (character === 'O' || character === '[')) {
      const read = character === 'O' ? singleShift : controlSequence;
      const found = yield* read(text);
      ({ text } = found);
      functionKey(key, found.code, found.modifier);
    } else characterKey(key, character, escaped);
    key.sequence = text;
    if (text.length > 0 && (key.name !== undefined || escaped))
      emit(escaped ? undefined : text, key);
    else if ([...text].length === 1) emit(text, key);
  }
}

function startReader(stream) {
  stream[kReader] = readKeys((text, key) => stream.emit('keypress', text, key));
  stream[kReader].next();
}

/**
 * Makes stream emit keypress(text, {sequence, name, ctrl, meta, shift}) for what it reads, while
 * there are listeners for it.
 * @param {Readable} stream
 * @param {Interface} [interface_] whose escapeCodeTimeout counts, and that is told of pasted text
 */
function emitKeypressEvents(stream, interface_ = {}) {
  if (stream[kReader] !== undefined) return;
  const decoder = new StringDecoder('utf8');
  startReader(stream);
  let timer;
  const give = (character) => {
    try {
      stream[kReader].next(character);
    } catch (error) {
      startReader(stream); // what a listener threw must not end the reader
      throw error;
    }
  };
  const onData = (input) => {
    if (stream.listenerCount('keypress') === 0) {
      stream.removeListener('data', onData);
      stream.on('newListener', onNewListener);
      return;
    }
    const characters = [...decoder.write(input)];
    if (characters.length === 0) return;
    clearTimeout(timer);
    interface_.sawKeyPress?.(characters.length === 1);
    interface_.isCompletionEnabled = false;
    for (const [i, character] of characters.entries()) {
      const last = i === characters.length - 1;
      if (last) interface_.isCompletionEnabled = true;
      give(character);
      if (last && character === ESCAPE)
        timer = setTimeout(give, interface_.escapeCodeTimeout ?? ESCAPE_TIMEOUT, '');
    }
  };
  const onNewListener = (event) => {
    if (event !== 'keypress') return;
    stream.on('data', onData);
    stream.removeListener('newListener', onNewListener);
  };
  if (stream.listenerCount('keypress') > 0) stream.on('data', onData);
  else stream.on('newListener', onNewListener);
}

module.exports = { emitKeypressEvents };
