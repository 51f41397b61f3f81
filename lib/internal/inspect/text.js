'use strict';
// The text side of inspect(): quoting, colors, widths, and how entries are laid out in lines.

/** Foreground and background codes by name: [on, off]. */
const colors = {
  __proto__: null,
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  blink: [5, 25],
  inverse: [7, 27],
  hidden: [8, 28],
  strikethrough: [9, 29],
  doubleunderline: [21, 24],
};
const hues = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const background = (name) => `bg${name[0].toUpperCase()}${name.slice(1)}`;
hues.forEach((name, index) => (colors[name] = [30 + index, 39]));
hues.forEach((name, index) => (colors[background(name)] = [40 + index, 49]));
Object.assign(colors, { framed: [51, 54], overlined: [53, 55], gray: [90, 39] });
hues.forEach((name, index) => index > 0 && (colors[`${name}Bright`] = [90 + index, 39]));
colors.bgGray = [100, 49];
hues.forEach(
  (name, index) => index > 0 && (colors[`${background(name)}Bright`] = [100 + index, 49]),
);

const alias = (name, target) => {
  Object.defineProperty(colors, name, {
    get: () => colors[target],
    set(value) {
      colors[target] = value;
    },
    configurable: true,
    enumerable: false,
  });
};
for (const [name, target] of [
  ['grey', 'gray'],
  ['blackBright', 'gray'],
  ['bgGrey', 'bgGray'],
  ['bgBlackBright', 'bgGray'],
  ['faint', 'dim'],
  ['crossedout', 'strikethrough'],
  ['strikeThrough', 'strikethrough'],
  ['crossedOut', 'strikethrough'],
  ['conceal', 'hidden'],
  ['swapColors', 'inverse'],
  ['swapcolors', 'inverse'],
  ['doubleUnderline', 'doubleunderline'],
])
  alias(name, target);

/** Which color shows which kind of value. */
const styles = {
  __proto__: null,
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: 'red',
  module: 'underline',
};

/** @type {(text: string, style: string) => string} */
const plain = (text) => text;

/** @type {(text: string, style: string) => string} */
function colored(text, style) {
  const color = colors[styles[style]];
  return color === undefined ? text : `\x1b[${color[0]}m${text}\x1b[${color[1]}m`;
}

// Control sequences (ECMA-48): those that set attributes and move the cursor, and commands up to
// a terminator, such as hyperlinks.
const CONTROL =
  /[\u001B\u009B][[\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\d/#&.:=?%@~_]+)*|[a-zA-Z\d]+(?:;[-a-zA-Z\d/#&.:=?%@~_]*)*)?(?:\u0007|\u001B\u005C|\u009C))|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]))/g;

/** The text without colors and other terminal control sequences. */
const stripControl = (text) => (/[\u001B\u009B]/.test(text) ? text.replace(CONTROL, '') : text);

const WIDE =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3041-\u3247\u3250-\u4DBF\u4E00-\uA4C6\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6B\uFF01-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B001}\u{1F200}-\u{1F251}\u{1F300}-\u{1F64F}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]/u;

/** How many columns of a terminal text takes. */
function width(text, hasColors = true) {
  if (hasColors) text = stripControl(text);
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let count = 0;
  for (const character of text.normalize('NFC')) {
    if (WIDE.test(character)) count += 2;
    else if (!/[\p{Cc}\p{Mn}\p{Me}\p{Cf}]/u.test(character)) count++;
  }
  return count;
}

const LONE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const MUST_ESCAPE = new RegExp(`[\\x00-\\x1f\\x27\\x5c\\x7f-\\x9f]|${LONE}`);
const ESCAPE = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };

/** A string literal, with the quotes that need the fewest escapes. */
function quote(text) {
  if (!MUST_ESCAPE.test(text)) return `'${text}'`;
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  const pattern = new RegExp(
    `[\\x00-\\x1f\\x5c\\x7f-\\x9f${mark === "'" ? "'" : ''}]|${LONE}`,
    'g',
  );
  const escape = (character) => {
    if (character === "'") return "\\'";
    const code = character.charCodeAt(0);
    return (
      ESCAPE[character] ??
      (code > 0xff
        ? `\\u${code.toString(16)}`
        : `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`)
    );
  };
  return mark + text.replace(pattern, escape) + mark;
}

const separate = (digits) => digits.replace(/\B(?=(\d{3})+(?!\d))/g, '_');

/** A number as source text; -0 shows its sign. */
function numberText(number, separators) {
  if (Object.is(number, -0)) return '-0';
  const text = String(number);
  if (!separators || !/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole, fraction] = text.split('.');
  return fraction === undefined
    ? separate(whole)
    : `${separate(whole)}.${fraction.replace(/(\d{3})(?=\d)/g, '$1_')}`;
}

const bigintText = (number, separators) => `${separators ? separate(String(number)) : number}n`;

/** Puts many short entries of an array into columns. */
function columnsOf(context, output, value) {
  let total = 0;
  let longest = 0;
  const more = context.maxArrayLength < output.length ? 1 : 0; // "... n more items" has its own line
  const count = output.length - more;
  const GAP = 2; // ", "
  const widths = [];
  for (let i = 0; i < count; i++) {
    widths[i] = width(output[i], context.colors);
    total += widths[i] + GAP;
    longest = Math.max(longest, widths[i]);
  }
  const cell = longest + GAP;
  if (cell * 3 + context.indentation >= context.breakLength) return output;
  if (total / cell <= 5 && longest > 6) return output;
  // Entries of very different lengths get more columns; the shape aims at a landscape block.
  const biased = Math.max(cell - 3 - Math.sqrt(cell - total / output.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((context.breakLength - context.indentation) / cell),
    context.compact * 4,
    15,
  );
  if (columns <= 1) return output;
  const columnWidths = [];
  for (let column = 0; column < columns; column++) {
    let widest = 0;
    for (let i = column; i < count; i += columns) widest = Math.max(widest, widths[i]);
    columnWidths.push(widest + GAP);
  }
  let pad = 'padStart';
  if (value !== undefined)
    for (let i = 0; i < output.length; i++)
      if (typeof value[i] !== 'number' && typeof value[i] !== 'bigint') {
        pad = 'padEnd';
        break;
      }
  const lines = [];
  for (let first = 0; first < count; first += columns) {
    const end = Math.min(first + columns, count);
    let line = '';
    for (let i = first; i < end - 1; i++) {
      const space = columnWidths[i - first] + output[i].length - widths[i];
      line += `${output[i]}, `[pad](space, ' ');
    }
    const last = end - 1;
    if (pad === 'padStart')
      line += output[last].padStart(
        columnWidths[last - first] + output[last].length - widths[last] - GAP,
        ' ',
      );
    else line += output[last];
    lines.push(line);
  }
  if (more) lines.push(output[count]);
  return lines;
}

function fits(context, output, start, base) {
  let total = output.length + start;
  if (total + output.length > context.breakLength) return false;
  for (const entry of output) {
    total += context.colors ? stripControl(entry).length : entry.length;
    if (total > context.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/** Joins the entries of one value: on one line if short, else one a line. */
function layout(context, output, base, braces, isList, depth, value) {
  const { compact } = context;
  const newline = `\n${' '.repeat(context.indentation)}`;
  const head = base ? `${base} ` : '';
  if (compact === true) {
    if (fits(context, output, 0, base))
      return `${braces[0]}${base ? ` ${base}` : ''} ${output.join(', ')} ${braces[1]}`;
    const start =
      base === '' && braces[0].length === 1 ? ' ' : `${base ? ` ${base}` : ''}${newline}  `;
    return `${braces[0]}${start}${output.join(`,${newline}  `)} ${braces[1]}`;
  }
  if (typeof compact === 'number' && compact >= 1) {
    const entries = output.length;
    if (isList && entries > 6) output = columnsOf(context, output, value);
    if (context.currentDepth - depth < compact && entries === output.length) {
      const start = output.length + context.indentation + braces[0].length + base.length + 10;
      if (fits(context, output, start, base)) {
        const joined = output.join(', ');
        if (!joined.includes('\n')) return `${head}${braces[0]} ${joined} ${braces[1]}`;
      }
    }
  }
  return `${head}${braces[0]}${newline}  ${output.join(`,${newline}  `)}${newline}${braces[1]}`;
}

module.exports = {
  colors,
  styles,
  plain,
  colored,
  stripControl,
  width,
  quote,
  numberText,
  bigintText,
  layout,
};
