'use strict';
// Changes to a program's text that keep its lines, and where a column of the new text was before.

/** Blank text with the same lines. */
function blank(text) {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

const NOT_IN_COMMENTS = /[%*\n\r\u2028\u2029]/g;
const escapeOne = (one) => `%${one.charCodeAt(0).toString(16).padStart(4, '0')}`;

class Edits {
  #source;
  #list = [];

  constructor(source) {
    this.#source = source;
  }

  replace(start, end, text, rank = 0) {
    this.#list.push({ start, end, text, rank });
  }

  /** @param {number} [rank]  where others insert at the same place: the lower one comes first */
  insert(at, text, rank = 0) {
    this.replace(at, at, text, rank);
  }

  /**
   * Replaces a part of what may be in a function. Marks tell what was there, so that programs see
   * their own text (src/engine/program_text.h).
   */
  rewrite(start, end, text, rank) {
    const before = this.#source.slice(start, end).replace(NOT_IN_COMMENTS, escapeOne);
    this.replace(start, end, `/*$<${before}*/${text}/*$>*/`, rank);
  }

  /** Inserts into what may be in a function, with marks as rewrite() has them. */
  add(at, text, rank) {
    this.rewrite(at, at, text, rank);
  }

  /** Inserts at the beginning, before all that is inserted there. */
  begin(text) {
    this.#list.unshift({ start: 0, end: 0, text, rank: -Infinity });
  }

  /** Replaces a part by spaces, its beginning by other text. */
  erase(start, end, text = '') {
    this.replace(start, end, text + blank(this.#source.slice(start + text.length, end)));
  }

  /** Whether there is any edit. */
  get any() {
    return this.#list.length > 0;
  }

  /** The new text; no edit may be added afterwards. */
  apply() {
    this.#list.sort((a, b) => a.start - b.start || a.end - b.end || a.rank - b.rank);
    let text = '';
    let at = 0;
    for (const edit of this.#list) {
      text += this.#source.slice(at, edit.start);
      edit.to = text.length;
      text += edit.text;
      at = edit.end;
    }
    return text + this.#source.slice(at);
  }

  /**
   * A function from a place in the text that apply() returned to the column before.
   * @param {string} text  what apply() returned
   * @returns {(line: number, column: number) => number}  1-based, all of them
   */
  columns(text) {
    let starts;
    return (line, column) => {
      starts ??= { before: lineStarts(this.#source), after: lineStarts(text) };
      const offset = this.#offsetBefore(starts.after[line - 1] + column - 1);
      return Math.max(offset - starts.before[line - 1] + 1, 1);
    };
  }

  #offsetBefore(offset) {
    let shift = 0;
    for (const { start, end, text, to } of this.#list) {
      if (to > offset) break;
      if (offset < to + text.length) return start;
      shift = end - (to + text.length);
    }
    return offset + shift;
  }
}

function lineStarts(text) {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
    starts.push(index + end.length);
  return starts;
}

/**
 * A function from an offset of a text to its `line:column`, 1-based.
 * @param {string} source
 */
function places(source) {
  let starts;
  return (offset) => {
    starts ??= lineStarts(source);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return `${low + 1}:${offset - starts[low] + 1}`;
  };
}

module.exports = { Edits, places };
