'use strict';
// The lines that were entered before, the newest first, and the walk among them.
const DEFAULT_SIZE = 30;

class History {
  /** @param {object} options of the interface, checked */
  constructor({ history = [], historySize = DEFAULT_SIZE, removeHistoryDuplicates = false }) {
    this.lines = history;
    this.size = historySize;
    this.index = -1; // of the line that shows, -1: the one that is entered
    this.removeDuplicates = Boolean(removeHistoryDuplicates);
    this.prefix = null; // what the lines that are shown begin with
  }

  /** Adds a line unless it is blank or the newest already. @returns {boolean} whether there are lines */
  add(line) {
    this.prefix = null;
    if (this.size === 0 || line.trim() === '') return false;
    if (this.lines[0] !== line) {
      if (this.removeDuplicates) {
        const index = this.lines.indexOf(line);
        if (index >= 0) this.lines.splice(index, 1);
      }
      this.lines.unshift(line);
      if (this.lines.length > this.size) this.lines.pop();
    }
    this.index = -1;
    return true;
  }

  /** The next older line that begins with what was entered; undefined if there is none to go to. */
  older(line, cursor) {
    if (this.index >= this.lines.length || this.lines.length === 0) return undefined;
    this.prefix ??= line.slice(0, cursor);
    let index = this.index + 1;
    while (index < this.lines.length && !this.#fits(index, line)) index++;
    this.index = index;
    return index === this.lines.length ? this.prefix : this.lines[index];
  }

  /** The next newer line, in the end what was entered. */
  newer(line) {
    if (this.index < 0) return undefined;
    let index = this.index - 1;
    while (index >= 0 && !this.#fits(index, line)) index--;
    this.index = index;
    return index < 0 ? (this.prefix ?? '') : this.lines[index];
  }

  #fits(index, line) {
    return this.lines[index].startsWith(this.prefix ?? '') && this.lines[index] !== line;
  }
}

module.exports = { History };
