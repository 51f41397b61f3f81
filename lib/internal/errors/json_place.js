'use strict';
// Where a text stops being JSON: the engine's errors do not tell.

const TOKEN =
  /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true(?!\w)|false(?!\w)|null(?!\w)))/y;

/**
 * The offset of the first token that is wrong, or the text's length where more is missing.
 * @param {string} text which is not JSON
 */
function offsetOf(text) {
  const open = []; // '{' or '['
  let wanted = 'value'; // what may come next
  let at = 0;
  const skip = (from) => from + /^[ \t\n\r]*/.exec(text.slice(from))[0].length;
  for (;;) {
    TOKEN.lastIndex = at;
    const [whole, mark, string] = TOKEN.exec(text) ?? [];
    if (whole === undefined) return skip(at);
    const after = next(wanted, mark ?? (string === undefined ? 'literal' : 'string'), open);
    if (after === undefined) return skip(at);
    wanted = after;
    at += whole.length;
  }
}

/** What may follow a token; undefined if the token may not be there. */
function next(wanted, token, open) {
  const inObject = open.at(-1) === '{';
  const ended = () => (open.length === 0 ? 'end' : 'comma');
  const closes = token === (inObject ? '}' : ']');
  switch (wanted) {
    case 'value':
    case 'first value':
      if (token === 'string' || token === 'literal') return ended();
      if (token === '{' || token === '[') {
        open.push(token);
        return token === '{' ? 'first key' : 'first value';
      }
      if (wanted !== 'first value' || !closes) return undefined;
      open.pop();
      return ended();
    case 'key':
    case 'first key':
      if (token === 'string') return 'colon';
      if (wanted !== 'first key' || !closes) return undefined;
      open.pop();
      return ended();
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'comma':
      if (token === ',') return inObject ? 'key' : 'value';
      if (!closes) return undefined;
      open.pop();
      return ended();
    default:
      return undefined;
  }
}

const LONGEST = 1 << 20; // so that what strangers send costs no more than its parsing

/** Adds to the message of an error of JSON.parse() where in the text it is. */
function addPlace(error, text) {
  if (text.length > LONGEST) return;
  const offset = offsetOf(text);
  const before = text.slice(0, offset).split('\n');
  const [line, column] = [before.length, before.at(-1).length + 1];
  error.message += ` at position ${offset} (line ${line} column ${column})`;
}

module.exports = { addPlace, offsetOf };
