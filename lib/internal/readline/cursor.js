'use strict';
// Moving the cursor of a terminal and clearing parts of it (ECMA-48).
const { codes } = require('internal/errors/codes');
const { validateFunction } = require('internal/errors/validators');

const CLEAR_DOWN = '\x1b[0J';
const lineClearing = (direction) =>
  direction < 0 ? '\x1b[1K' : direction > 0 ? '\x1b[0K' : '\x1b[2K';

function position(x, y) {
  if (typeof x === 'number' && Number.isNaN(x)) throw new codes.ERR_INVALID_ARG_VALUE('x', x);
  if (typeof y === 'number' && Number.isNaN(y)) throw new codes.ERR_INVALID_ARG_VALUE('y', y);
  if (typeof x !== 'number') {
    if (typeof y === 'number') throw new codes.ERR_INVALID_CURSOR_POS();
    return '';
  }
  return typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`;
}

function movement(dx, dy) {
  const across = dx < 0 ? `\x1b[${-dx}D` : dx > 0 ? `\x1b[${dx}C` : '';
  const down = dy < 0 ? `\x1b[${-dy}A` : dy > 0 ? `\x1b[${dy}B` : '';
  return across + down;
}

function toTerminal(stream, text, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (stream === null || stream === undefined || text === '') {
    if (typeof callback === 'function') process.nextTick(callback, null);
    return true;
  }
  return stream.write(text, callback);
}

/** Moves the cursor of a terminal to a column, and a row if it is given, both from 0. */
function cursorTo(stream, x, y, callback) {
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (typeof y === 'function') [y, callback] = [undefined, y];
  return toTerminal(stream, position(x, y), callback);
}

/** Moves the cursor by columns and rows. */
function moveCursor(stream, dx, dy, callback) {
  return toTerminal(stream, movement(dx, dy), callback);
}

/** Clears the line of the cursor: before it (-1), after it (1) or all of it (0). */
function clearLine(stream, direction, callback) {
  return toTerminal(stream, lineClearing(direction), callback);
}

/** Clears all from the cursor on. */
function clearScreenDown(stream, callback) {
  return toTerminal(stream, CLEAR_DOWN, callback);
}

module.exports = {
  CLEAR_DOWN,
  clearLine,
  clearScreenDown,
  cursorTo,
  lineClearing,
  moveCursor,
  movement,
  position,
};
