'use strict';
// The format in which V8 writes values (its ValueSerializer), as far as both sides of it need to
// agree: tags of values, tags within errors, flags of regular expressions.

/** Version of the format that is written; what older versions write is read too, from 13 on. */
const VERSION = 15;
const OLDEST = 13;

const tag = (character) => character.charCodeAt(0);
const tags = {
  version: 0xff,
  padding: 0,
  undefined: tag('_'),
  null: tag('0'),
  true: tag('T'),
  false: tag('F'),
  int32: tag('I'),
  uint32: tag('U'),
  double: tag('N'),
  bigint: tag('Z'),
  latin1: tag('"'),
  utf16: tag('c'),
  utf8: tag('S'),
  reference: tag('^'),
  object: tag('o'),
  endObject: tag('{'),
  dense: tag('A'),
  endDense: tag('$'),
  sparse: tag('a'),
  endSparse: tag('@'),
  hole: tag('-'),
  date: tag('D'),
  trueObject: tag('y'),
  falseObject: tag('x'),
  numberObject: tag('n'),
  bigintObject: tag('z'),
  stringObject: tag('s'),
  regExp: tag('R'),
  map: tag(';'),
  endMap: tag(':'),
  set: tag("'"),
  endSet: tag(','),
  buffer: tag('B'),
  resizableBuffer: tag('~'),
  transferred: tag('t'),
  shared: tag('u'),
  view: tag('V'),
  host: tag('\\'),
  error: tag('r'),
};

/** Tags of views that follow their buffer. */
const viewTags = {
  Int8Array: tag('b'),
  Uint8Array: tag('B'),
  Uint8ClampedArray: tag('C'),
  Int16Array: tag('w'),
  Uint16Array: tag('W'),
  Int32Array: tag('d'),
  Uint32Array: tag('D'),
  Float16Array: tag('h'),
  Float32Array: tag('f'),
  Float64Array: tag('F'),
  BigInt64Array: tag('q'),
  BigUint64Array: tag('Q'),
  DataView: tag('?'),
};

const errorTags = {
  EvalError: tag('E'),
  RangeError: tag('R'),
  ReferenceError: tag('F'),
  SyntaxError: tag('S'),
  TypeError: tag('T'),
  URIError: tag('U'),
  message: tag('m'),
  cause: tag('c'),
  stack: tag('s'),
  end: tag('.'),
};

/** Bit of each flag of a regular expression. */
const regExpFlags = { g: 1, i: 2, m: 4, y: 8, u: 16, s: 32, d: 128, v: 256 };

module.exports = { VERSION, OLDEST, tags, viewTags, errorTags, regExpFlags };
