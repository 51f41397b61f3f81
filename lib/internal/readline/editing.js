'use strict';
// What readline.Interface does on a terminal: shows the line that is entered and edits it.
const { stripControl, width } = require('internal/inspect/text');
const {
  Interface,
  kOnLine,
  kOutput,
  kState,
  kTerminalWrite,
} = require('internal/readline/interface');
const { clearScreenDown, cursorTo, moveCursor } = require('internal/readline/cursor');

const MOST_KILLED = 32;
const MOST_UNDONE = 2048;
const LINE_END = /\r\n|[\n\r\u2028\u2029]/;
const WORD_LEFT = /(?:[^\w\s]+|\w+)?\s*$/;
const WORD_RIGHT = /^(?:\s+|[^\w\s]+|\w+)\s*/;
const kEditor = Symbol('editor');

/** Where the cursor is after text: columns and rows from where the text began. */
function displayPosition(interface_, text) {
  const { columns, tabSize } = interface_;
  let offset = 0;
  let rows = 0;
  for (const character of stripControl(text)) {
    if (character === '\n') {
      rows += Math.ceil(offset / columns) || 1;
      offset = 0;
    } else if (character === '\t') offset += tabSize - (offset % tabSize);
    else {
      const wide = width(character, false);
      // A wide character that has no room at the end of a row begins the next one.
      if (wide === 2 && (offset + 1) % columns === 0) offset++;
      offset += wide;
    }
  }
  const cols = offset % columns;
  return { cols, rows: rows + (columns === Infinity ? 0 : (offset - cols) / columns) };
}

/** Where the cursor is, with the prompt. */
function cursorPosition(interface_) {
  const before = `${interface_.line}`.slice(0, interface_.cursor);
  return displayPosition(interface_, interface_.getPrompt() + before);
}

const isPair = (text, at) => text.codePointAt(at) > 0xffff;
const lengthAt = (text, at) => (isPair(text, at) ? 2 : 1);
const lengthBefore = (text, at) => (at >= 2 && isPair(text, at - 2) ? 2 : 1);

/** What an interface remembers to edit its line. */
class Editor {
  killed = []; // the newest first
  yankedAt = 0; // index in killed
  yanking = false;
  undo = [];
  redo = [];
  previousKey = undefined;
  returnAt = 0; // ms since 1970 when a line ended with \r, 0 if something came since
  rowsAbove = 0; // that the line takes above the cursor's

  constructor(interface_) {
    this.interface = interface_;
  }

  // ---- Changes

  /** Remembers the line before it changes. */
  before() {
    const { line, cursor } = this.interface;
    this.undo.push({ line, cursor });
    if (this.undo.length > MOST_UNDONE) this.undo.shift();
    this.redo = [];
  }

  /** Shows another line. */
  show(line, cursor) {
    this.interface.line = line;
    this.interface.cursor = cursor;
    this.interface._refreshLine();
  }

  step(from, to) {
    const entry = from.pop();
    if (entry === undefined) return;
    const { line, cursor } = this.interface;
    to.push({ line, cursor });
    this.show(entry.line, entry.cursor);
  }

  insert(text) {
    const interface_ = this.interface;
    this.before();
    const { line, cursor } = interface_;
    const atEnd = cursor === line.length;
    const rows = () => cursorPosition(interface_).rows;
    const rowsBefore = atEnd ? rows() : 0;
    interface_.line = line.slice(0, cursor) + text + line.slice(cursor);
    interface_.cursor = cursor + text.length;
    // Pasted text is only written: the line is shown anew when its end has come.
    if (interface_.isCompletionEnabled && (!atEnd || rowsBefore < rows()))
      interface_._refreshLine();
    else interface_[kOutput](text);
  }

  /** Removes a part of the line; the cursor is then at its begin. @returns {string} the part */
  remove(from, to) {
    const { line } = this.interface;
    this.before();
    this.show(line.slice(0, from) + line.slice(to), from);
    return line.slice(from, to);
  }

  kill(text) {
    if (text === '' || text === this.killed[0]) return;
    this.killed.unshift(text);
    this.yankedAt = 0;
    if (this.killed.length > MOST_KILLED) this.killed.pop();
  }

  yank() {
    if (this.killed.length === 0) return;
    this.yanking = true;
    this.insert(this.killed[this.yankedAt]);
  }

  /** Puts what was killed before in the place of what was yanked. */
  yankOlder() {
    if (!this.yanking || this.killed.length < 2) return;
    const { line, cursor } = this.interface;
    const begin = line.slice(0, cursor - this.killed[this.yankedAt].length);
    this.yankedAt = (this.yankedAt + 1) % this.killed.length;
    const text = this.killed[this.yankedAt];
    this.show(begin + text + line.slice(cursor), begin.length + text.length);
  }

  // ---- Places

  wordLeft() {
    const { line, cursor } = this.interface;
    return cursor - WORD_LEFT.exec(line.slice(0, cursor))[0].length;
  }

  wordRight() {
    const { line, cursor } = this.interface;
    return cursor + (WORD_RIGHT.exec(line.slice(cursor))?.[0].length ?? 0);
  }
}

// ---- Keys: each is called with the interface and its editor

function showLine(line, editor) {
  if (line !== undefined) editor.show(line, line.length);
}

const actions = {
  interrupt(interface_) {
    if (interface_.listenerCount('SIGINT') > 0) interface_.emit('SIGINT');
    else interface_._abandon('Aborted with Ctrl+C');
  },
  deleteLeft({ line, cursor }, editor) {
    if (cursor > 0) editor.remove(cursor - lengthBefore(line, cursor), cursor);
  },
  deleteRight({ line, cursor }, editor) {
    if (cursor < line.length) editor.remove(cursor, cursor + lengthAt(line, cursor));
  },
  deleteOrEnd(interface_, editor) {
    if (interface_.cursor === 0 && interface_.line.length === 0)
      interface_._abandon('Aborted with Ctrl+D');
    else actions.deleteRight(interface_, editor);
  },
  deleteLineLeft({ cursor }, editor) {
    editor.kill(editor.remove(0, cursor));
  },
  deleteLineRight({ line, cursor }, editor) {
    editor.kill(editor.remove(cursor, line.length));
  },
  deleteWordLeft({ cursor }, editor) {
    if (cursor > 0) editor.remove(editor.wordLeft(), cursor);
  },
  deleteWordRight({ line, cursor }, editor) {
    if (cursor < line.length) editor.remove(cursor, editor.wordRight());
  },
  begin: (interface_) => interface_._moveCursor(-Infinity),
  end: (interface_) => interface_._moveCursor(Infinity),
  left(interface_) {
    if (interface_.cursor > 0)
      interface_._moveCursor(-lengthBefore(interface_.line, interface_.cursor));
  },
  right: (interface_) => interface_._moveCursor(lengthAt(interface_.line, interface_.cursor)),
  wordLeft: (interface_, editor) => interface_._moveCursor(editor.wordLeft() - interface_.cursor),
  wordRight: (interface_, editor) => interface_._moveCursor(editor.wordRight() - interface_.cursor),
  clearScreen(interface_) {
    cursorTo(interface_.output, 0, 0);
    clearScreenDown(interface_.output);
    interface_._refreshLine();
  },
  older({ [kState]: { history }, line, cursor }, editor) {
    showLine(history.older(line, cursor), editor);
  },
  newer({ [kState]: { history }, line }, editor) {
    showLine(history.newer(line), editor);
  },
  suspend(interface_) {
    if (interface_.listenerCount('SIGTSTP') > 0) {
      interface_.emit('SIGTSTP');
      return;
    }
    process.once('SIGCONT', () => {
      // Whoever paused the interface meanwhile wants it so.
      if (!interface_.paused) {
        interface_.pause();
        interface_.emit('SIGCONT');
      }
      interface_._setRawMode(true);
      interface_._refreshLine();
    });
    interface_._setRawMode(false);
    process.kill(process.pid, 'SIGTSTP');
  },
  return(interface_, editor) {
    editor.returnAt = Date.now();
    interface_._line();
  },
  enter(interface_, editor) {
    if (editor.returnAt === 0 || Date.now() - editor.returnAt > interface_.crlfDelay)
      interface_._line();
    editor.returnAt = 0;
  },
  undo: (_interface, editor) => editor.step(editor.undo, editor.redo),
  redo: (_interface, editor) => editor.step(editor.redo, editor.undo),
  yank: (_interface, editor) => editor.yank(),
  yankOlder: (_interface, editor) => editor.yankOlder(),
};

const { deleteLineLeft, deleteLineRight, deleteWordLeft, deleteWordRight } = actions;
const ctrlShiftKeys = { backspace: deleteLineLeft, delete: deleteLineRight };
const ctrlKeys = {
  c: actions.interrupt,
  h: actions.deleteLeft,
  d: actions.deleteOrEnd,
  u: deleteLineLeft,
  k: deleteLineRight,
  a: actions.begin,
  e: actions.end,
  b: actions.left,
  f: actions.right,
  l: actions.clearScreen,
  n: actions.newer,
  p: actions.older,
  y: actions.yank,
  z: actions.suspend,
  w: deleteWordLeft,
  backspace: deleteWordLeft,
  delete: deleteWordRight,
  left: actions.wordLeft,
  right: actions.wordRight,
};
const metaKeys = {
  b: actions.wordLeft,
  f: actions.wordRight,
  d: deleteWordRight,
  delete: deleteWordRight,
  backspace: deleteWordLeft,
  y: actions.yankOlder,
};
const plainKeys = {
  return: actions.return,
  enter: actions.enter,
  backspace: actions.deleteLeft,
  delete: actions.deleteRight,
  left: actions.left,
  right: actions.right,
  home: actions.begin,
  end: actions.end,
  up: actions.older,
  down: actions.newer,
};
const own = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined);

/** The action of a key, undefined if there is none; null if its text is entered. */
function actionOf(key) {
  if (key.sequence === '\x1f') return actions.undo;
  if (key.sequence === '\x1e') return actions.redo;
  if (key.ctrl && key.shift) return own(ctrlShiftKeys, key.name);
  if (key.ctrl) return own(ctrlKeys, key.name);
  if (key.meta) return own(metaKeys, key.name);
  return own(plainKeys, key.name) ?? null;
}

const walksHistory = new Set([actions.older, actions.newer]);
const yanks = new Set([actions.yank, actions.yankOlder]);

const members = {
  [kTerminalWrite](text, key = {}) {
    key ??= {};
    const editor = this[kEditor];
    const previous = editor.previousKey;
    editor.previousKey = key;
    const action = actionOf(key);
    if (!walksHistory.has(action)) this[kState].history.prefix = null;
    if (!yanks.has(action)) editor.yanking = false;
    if (key.name !== 'enter') editor.returnAt = 0;
    if (action === undefined) return;
    if (action !== null) action(this, editor);
    else if (key.name === 'tab' && typeof this.completer === 'function' && this.isCompletionEnabled)
      require('internal/readline/completion').complete(this, editor, previous?.name === 'tab');
    else if (typeof text === 'string' && text !== '') this._enter(text);
  },

  /** Enters text, which may have ends of lines in it. */
  _enter(text) {
    const lines = text.split(LINE_END);
    for (const [i, line] of lines.entries()) {
      if (line !== '' || i === lines.length - 1) this._insertString(line);
      if (i < lines.length - 1) this._line();
    }
  },

  _insertString(text) {
    if (text !== '') this[kEditor].insert(text);
  },

  /** Shows the prompt and the line. */
  _refreshLine() {
    const { output } = this;
    const text = this.getPrompt() + this.line;
    const end = displayPosition(this, text);
    const position = cursorPosition(this);
    const rows = this[kEditor].rowsAbove;
    if (rows > 0) moveCursor(output, 0, -rows);
    cursorTo(output, 0);
    clearScreenDown(output);
    this[kOutput](text);
    // A terminal goes to the next row only for a character in it.
    if (end.cols === 0) this[kOutput](' ');
    cursorTo(output, position.cols);
    if (end.rows > position.rows) moveCursor(output, 0, position.rows - end.rows);
    this[kEditor].rowsAbove = position.rows;
  },

  /** The cursor is in a row of its own now. */
  _beginRow() {
    this[kEditor].rowsAbove = 0;
  },

  /** Moves the cursor within the line. */
  _moveCursor(count) {
    if (count === 0) return;
    const before = cursorPosition(this);
    this.cursor = Math.min(Math.max(this.cursor + count, 0), this.line.length);
    const after = cursorPosition(this);
    if (before.rows !== after.rows) this._refreshLine();
    else if (before.cols !== after.cols) moveCursor(this.output, after.cols - before.cols, 0);
  },

  /** Ends the line. */
  _line() {
    const state = this[kState];
    let { line } = this;
    if (state.history.add(line)) {
      this.emit('history', state.history.lines);
      line = state.history.lines[0] ?? line; // a listener may have changed it
    }
    this[kEditor].undo = [];
    this[kEditor].redo = [];
    this.clearLine();
    this[kOnLine](line);
  },

  /** Ends the interface in place of an answer. */
  _abandon(reason) {
    const { reject } = this[kState];
    if (reject) {
      const { AbortError } = require('internal/errors/codes');
      reject(new AbortError(reason));
      this[kState].reject = undefined;
    }
    this.close();
  },

  _setRawMode(on) {
    const { input } = this;
    const was = input.isRaw;
    if (typeof input.setRawMode === 'function') input.setRawMode(on);
    return was;
  },
};
Object.defineProperties(Interface.prototype, Object.getOwnPropertyDescriptors(members));
for (const name of Object.keys(members))
  Object.defineProperty(Interface.prototype, name, { enumerable: false });

/** Makes interface_ the editor of its terminal. */
function attach(interface_) {
  const { input, output } = interface_;
  interface_[kEditor] = new Editor(interface_);
  interface_.cursor = 0;
  const onKeypress = (text, key) => {
    interface_[kTerminalWrite](text, key);
    // Half of a pair shows as nothing; with its other half the line is as it should be.
    if (/^[\ud800-\udfff]$/.test(key?.sequence ?? '')) interface_._refreshLine();
  };
  const onEnd = () => {
    if (interface_.line.length > 0) interface_.emit('line', interface_.line);
    interface_.close();
  };
  const onResize = () => interface_._refreshLine();
  require('internal/readline/keys').emitKeypressEvents(input, interface_);
  input.on('keypress', onKeypress);
  input.on('end', onEnd);
  interface_._setRawMode(true);
  output?.on('resize', onResize);
  interface_.once('close', () => {
    input.removeListener('keypress', onKeypress);
    input.removeListener('end', onEnd);
    output?.removeListener('resize', onResize);
  });
}

module.exports = { attach, cursorPosition };
