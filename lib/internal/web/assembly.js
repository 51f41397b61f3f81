'use strict';
// What compiles WebAssembly while the program goes on: the engine does so on threads of its own, for
// which it keeps no process; and programs that come by fetch().
// docs: https://webassembly.github.io/spec/web-api/
const { codes } = require('internal/errors/codes');
const { clearInterval, setInterval } = require('internal/timers/timers');

const LONGEST_MS = 2 ** 31 - 1;

/** Keeps the process until a promise is settled. */
function keep(promise) {
  const timer = setInterval(() => {}, LONGEST_MS);
  return promise.finally(() => clearInterval(timer));
}

/** The bytes of a response that has a program. */
async function bytesOf(source) {
  source = await source;
  if (!(source instanceof require('internal/web/fetch').Response))
    throw new codes.ERR_INVALID_ARG_TYPE(
      'source',
      ['Response', 'Promise resolving to Response'],
      source,
    );
  const refuse = (why) => new codes.ERR_WEBASSEMBLY_RESPONSE(why);
  const type = source.headers.get('Content-Type');
  if (type !== 'application/wasm') throw refuse(`has unsupported MIME type '${type}'`);
  if (!source.ok) throw refuse(`has status code ${source.status}`);
  if (source.bodyUsed) throw refuse('body has already been used');
  return source.arrayBuffer();
}

/**
 * The functions of WebAssembly that compile in the meantime.
 * @param {{ compile: Function, instantiate: Function }} engine  its own
 */
function make({ compile, instantiate }) {
  const methods = {
    compile(_bytes) {
      '$native';
      return keep(Reflect.apply(compile, undefined, arguments));
    },
    instantiate(_source) {
      '$native';
      return keep(Reflect.apply(instantiate, undefined, arguments));
    },
    async compileStreaming(source) {
      '$native';
      return methods.compile(await bytesOf(source));
    },
    async instantiateStreaming(source, imports = undefined) {
      '$native';
      return methods.instantiate(await bytesOf(source), imports);
    },
  };
  return methods;
}

module.exports = { make };
