'use strict';
// What programs of facts about streams make and show.
const stream = require('stream');
const { Writable } = stream;

const sink = (options = {}) =>
  new Writable({ write: (chunk, encoding, done) => done(), ...options });

const told = (error) => error && [error.name, error.code, error.message];

const ALL = [
  'data',
  'readable',
  'end',
  'error',
  'close',
  'pause',
  'resume',
  'finish',
  'drain',
  'pipe',
  'unpipe',
  'prefinish',
];

const plain = (_name, args) =>
  args.map((one) => (one instanceof stream.Stream ? one.constructor.name : one));

module.exports = { ALL, plain, sink, told };
