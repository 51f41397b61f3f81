'use strict';
// The tab key of a terminal: what the program's completer offers for the begin of the line.
const { kOutput } = require('internal/readline/interface');
const { width } = require('internal/inspect/text');

const GAP = 2; // columns between two offers

function commonPrefix(words) {
  if (words.length === 0) return '';
  const sorted = [...words].sort();
  const [first, last] = [sorted[0], sorted.at(-1)];
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  return first.slice(0, length);
}

/** Offers in columns, an empty line between groups that '' separates. */
function table(words, columns) {
  const cell = Math.max(...words.map((word) => width(word))) + GAP;
  const perRow = Number.isFinite(columns) ? Math.max(Math.floor(columns / cell), 1) : 1;
  const groups = [[]];
  for (const word of words) {
    if (word === '') groups.push([]);
    else groups.at(-1).push(word);
  }
  let text = '\r\n';
  for (const group of groups.filter((one) => one.length > 0)) {
    for (let i = 0; i < group.length; i += perRow) {
      const row = group.slice(i, i + perRow);
      text += row
        .map((word, j) =>
          j < row.length - 1 ? word.padEnd(word.length + cell - width(word)) : word,
        )
        .join('');
      text += '\r\n';
    }
    text += '\r\n';
  }
  return text;
}

/** Calls done(error, [offers, part]); the completer returns them, calls back or promises. */
function ask(interface_, text, done) {
  const { completer } = interface_;
  if (completer.length === 2) {
    completer.call(interface_, text, done);
    return;
  }
  let offered;
  try {
    offered = completer.call(interface_, text);
  } catch (error) {
    done(error);
    return;
  }
  if (typeof offered?.then === 'function') offered.then((value) => done(null, value), done);
  else done(null, offered);
}

/** @param {boolean} again whether the key before was the same: then the offers are shown */
function complete(interface_, editor, again) {
  const text = interface_.line.slice(0, interface_.cursor);
  interface_.pause();
  ask(interface_, text, (error, offered) => {
    if (interface_.closed) return;
    interface_.resume();
    if (error) {
      interface_[kOutput](
        `Tab completion error: ${require('internal/inspect/inspect').inspect(error)}`,
      );
      return;
    }
    const [offers, part] = offered ?? [];
    if (!offers || offers.length === 0) return;
    const prefix = commonPrefix(offers.filter((word) => word !== ''));
    if (prefix.startsWith(part) && prefix.length > part.length) {
      editor.insert(prefix.slice(part.length));
      return;
    }
    if (!part.startsWith(prefix)) {
      editor.before();
      const { line, cursor } = interface_;
      const begin = cursor - part.length;
      editor.show(line.slice(0, begin) + prefix + line.slice(cursor), begin + prefix.length);
      return;
    }
    if (!again) return;
    interface_[kOutput](table(offers, interface_.columns));
    interface_._refreshLine();
  });
}

module.exports = { complete };
