'use strict';
// What must be done about a TypeScript text before its types are cut out of it: where a line that
// only a type ended would go on with the next, and what cannot be cut out at all.
const { parse } = require('vendor/sucrase');
const { Edits } = require('internal/modules/edits');
const { placed } = require('internal/modules/syntax_error');

/** What begins a declaration that vanishes as a whole. */
const DECLARATION =
  /^(?:interface|type|declare|abstract|namespace|module|export|import|function|\[)$/;
/** Words whose operand must begin on their line. */
const SAME_LINE = /^(?:return|throw|yield|async)$/;
/** Words that say something else of a member of a class that follows on their line. */
const MODIFIER = /^(?:get|set|static|async|accessor)$/;
/** What goes on with an expression that a line before seems to have ended. */
const GOES_ON = /^(?:[([`+\-*/.,?%&|^<>=]|\/\/?|instanceof\b|in\b)/;
const VALUE = /^(?:const|let|var|function|class|enum|return|if|for|while|throw|await|new)$/;

const LINE = /[\n\r\u2028\u2029]/;

class Edges {
  constructor(source, filename) {
    this.source = source;
    this.filename = filename;
    this.edits = new Edits(source);
    const parsed = parse(source, false, true, false);
    this.tokens = parsed.tokens.filter(({ start, end }) => end > start);
  }

  text(index) {
    const token = this.tokens[index];
    return token === undefined ? '' : this.source.slice(token.start, token.end);
  }

  /** Whether a line ends between two tokens. */
  breaks(from, to) {
    return LINE.test(this.source.slice(this.tokens[from].end, this.tokens[to].start));
  }

  run() {
    const { tokens } = this;
    for (let at = 0; at < tokens.length; at++) {
      if (!tokens[at].isType) continue;
      let end = at + 1;
      while (tokens[end]?.isType) end++;
      this.checkNamespaces(at, end);
      if (at > 0 && end < tokens.length) this.join(at, end);
      at = end - 1;
    }
    return this.edits;
  }

  /** Types from token `at` to `end`, with code before and after. */
  join(at, end) {
    const [before, first, after] = [this.text(at - 1), this.text(at), this.text(end)];
    if (!this.breaks(at - 1, end)) return;
    const next = this.tokens[end].start;
    if (SAME_LINE.test(before) && !DECLARATION.test(first)) {
      this.keepLine(at, end, before);
    } else if (MODIFIER.test(before) && first === ':') {
      this.edits.insert(next, ';');
    } else if (/^(?:as|satisfies)$/.test(first)) {
      if (/^[([`]/.test(after)) this.edits.insert(next, ';');
    } else if (DECLARATION.test(first) && !/^[;{]$/.test(before) && GOES_ON.test(after)) {
      this.edits.insert(next, ';;'); // the first one ends the declaration, and vanishes with it
    }
  }

  /** The operand of `return` and the like begins on its line. */
  keepLine(at, end, word) {
    const open = this.tokens[end].start;
    if (this.text(end) === '(') {
      // The parenthesis moves to where the types were.
      this.edits.erase(this.tokens[at].start, this.tokens[end - 1].end, '(');
      this.edits.replace(open, open + 1, ' ');
    } else if (word === 'return' || word === 'throw') {
      this.edits.insert(this.tokens[at].start, '0,');
    } else if (word === 'yield') {
      throw this.unsupported(this.tokens[at].start, 'type between `yield` and a line of its value');
    }
  }

  /** Throws if a namespace holds more than types: cutting it out would drop code. */
  checkNamespaces(at, end) {
    let ambient = false;
    for (let i = at; i < end; i++) {
      const text = this.text(i);
      if (text === 'declare') ambient = true;
      if (text !== 'namespace' && text !== 'module') continue;
      if (!/^[\w$]+$/.test(this.text(i + 1)) || this.text(i - 1) === '.') continue;
      let open = i + 2;
      while (this.text(open) === '.') open += 2;
      if (this.text(open) !== '{') continue;
      const close = this.closing(open, end);
      if (!ambient && this.hasCode(open + 1, close))
        throw this.unsupported(this.tokens[i].start, `${text} with code`);
      i = ambient ? close : open; // there may be others inside
      ambient = false;
    }
  }

  /** The token that closes the brace at `open`. */
  closing(open, end) {
    let depth = 0;
    for (let i = open; i < end; i++) {
      if (/^[{([]$/.test(this.text(i))) depth++;
      if (/^[})\]]$/.test(this.text(i)) && --depth === 0) return i;
    }
    return end;
  }

  /** Whether statements between two tokens are more than declarations of types. */
  hasCode(from, to) {
    for (let i = from; i < to; i++) {
      const text = this.text(i);
      const starts = i === from;
      if (starts && !DECLARATION.test(text)) return true;
      if (text === 'declare') {
        i++;
        continue;
      }
      if (VALUE.test(text) && !/^(?:typeof|\.|=|\||&)$/.test(this.text(i - 1))) return true;
      if (/^[{([]$/.test(text)) i = this.closing(i, to);
    }
    return false;
  }

  unsupported(at, what) {
    const error = new SyntaxError(`TypeScript ${what} is not supported: only types can be removed`);
    error.code = 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
    return placed(error, this.filename, this.source, at);
  }
}

/**
 * A TypeScript text whose types can be cut out without joining what they part.
 * @param {string} source
 * @param {string} filename  for errors
 * @returns {{ text: string, columns?: (line: number, column: number) => number }} columns: from
 *   a place in the new text to the column before
 * @throws {SyntaxError} for a namespace that has code
 */
function mendEdges(source, filename) {
  const edits = new Edges(source, filename).run();
  if (!edits.any) return { text: source };
  const text = edits.apply();
  return { text, columns: edits.columns(text) };
}

module.exports = { mendEdges };
