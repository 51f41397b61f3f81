// Changes to files of bundled packages that are not in their releases yet, each with its reason.
// A text that is not there once makes the build fail: the change is then looked at again.
const streams = 'readable-stream/lib/internal/streams/';

const CHUNKS = "'chunk', ['string', 'Buffer', 'Uint8Array'], chunk";
const ALL_CHUNKS = "'chunk', ['string', 'Buffer', 'TypedArray', 'DataView'], chunk";

/** File of a package → [text, its replacement]. */
const patches = {
  // The callbacks of what a destroyed Duplex had not written yet were never called.
  [`${streams}duplex`]: [
    [
      'function Duplex(options) {',
      'Duplex.prototype.destroy = Writable.prototype.destroy\nfunction Duplex(options) {',
    ],
  ],
  // finished() of one side of a Duplex called back when that side was ended, not when it was done.
  [`${streams}end-of-stream`]: [
    [
      '(writableFinished || isWritable(stream) === false)\n  ) {',
      '(writableFinished || isWritable(stream) === false) &&\n    !(wState?.pendingcb > 0)\n  ) {',
    ],
  ],
  // An error was counted as the end of a stream, so that pipeline() called back while others were
  // still open.
  [`${streams}pipeline`]: [
    [
      'function finishImpl(err, final) {',
      'function noteError(err) { finishImpl(err, false) }\n  function finishImpl(err, final) {',
    ],
    [
      "err.code !== 'ERR_STREAM_PREMATURE_CLOSE') {\n          finish(err)",
      "err.code !== 'ERR_STREAM_PREMATURE_CLOSE') {\n          noteError(err)",
    ],
    // The reason of the signal was not told.
    [
      'finishImpl(new AbortError())',
      'finishImpl(new AbortError(undefined, { cause: outerSignal?.reason }))',
    ],
    ['pipe(ret, stream, finish, {', 'pipe(ret, stream, finish, noteError, {'],
    [
      'function pipe(src, dst, finish, { end }) {',
      'function pipe(src, dst, finish, noteError, { end }) {',
    ],
    ['finish(new ERR_STREAM_PREMATURE_CLOSE())', 'noteError(new ERR_STREAM_PREMATURE_CLOSE())'],
  ],
  // A Duplex of an async generator that waited for its source could not be destroyed.
  [`${streams}duplexify`]: [
    [
      `      return from(Duplexify, value, {
        // TODO (ronag): highWaterMark?
        objectMode: true,
        write,
        final,
        destroy
      })`,
      `      const made = from(Duplexify, value, { objectMode: true, write, final })
      const { _destroy } = made
      made._destroy = function (err, cb) { destroy(err, () => _destroy.call(made, err, cb)) }
      return made`,
    ],
    [
      `        if (done) return
        if (signal.aborted)
          throw new AbortError(undefined, {
            cause: signal.reason
          })
`,
      `        if (signal.aborted)
          throw new AbortError(undefined, {
            cause: signal.reason
          })
        if (done) return
`,
    ],
    [
      '      ac.abort()\n      cb(err)',
      '      ac.abort()\n      if (resolve) resolve({ done: true, cb: () => {} })\n      cb(err)',
    ],
  ],
  // Columns were lost behind a token of no characters, which templates have.
  'sucrase/dist/computeSourceMap': [
    [
      '    if (i === currentMapping) {\n      sourceColumns[tokenIndex]',
      '    while (i === currentMapping) {\n      sourceColumns[tokenIndex]',
    ],
  ],
  // An unknown defaultEncoding was found out with the first chunk. And what a peer sends in pieces of a byte
  // took a hundred times its bytes: lib/internal/streams/join.js.
  [`${streams}readable`]: [
    // read() without a size gives what was pushed at a time, and a chunk that is none is not taken.
    [
      '    // Only flow one buffer at a time.\n    if (state.flowing && state.length)',
      '    if (state.length && (state.flowing || !state.decoder))',
    ],
    [
      '  if (err) {\n    errorOrDestroy(stream, err)\n  } else if (chunk === null) {',
      '  if (err) {\n    errorOrDestroy(stream, err)\n    return false\n  } else if (chunk === null) {',
    ],
    [CHUNKS, ALL_CHUNKS],
    [
      '    else state.buffer.push(chunk)\n',
      '    else if (state.join === undefined || !state.join(state.buffer, chunk)) state.buffer.push(chunk)\n',
    ],
    [
      "  this.defaultEncoding = (options && options.defaultEncoding) || 'utf8'",
      "  this.defaultEncoding = (options && options.defaultEncoding) || 'utf8'\n  if (this.defaultEncoding !== 'utf8' && !Buffer.isEncoding(this.defaultEncoding))\n    throw new (require('../../ours/errors').codes.ERR_UNKNOWN_ENCODING)(this.defaultEncoding)",
    ],
  ],
  [`${streams}writable`]: [
    [
      "  this.defaultEncoding = (options && options.defaultEncoding) || 'utf8'",
      "  this.defaultEncoding = (options && options.defaultEncoding) || 'utf8'\n  if (this.defaultEncoding !== 'utf8' && !Buffer.isEncoding(this.defaultEncoding))\n    throw new ERR_UNKNOWN_ENCODING(this.defaultEncoding)",
    ],
    [CHUNKS, ALL_CHUNKS],
    // What was written at once is no reason to wait for 'drain'.
    [
      '  // stream._write resets state.length\n  const ret = state.length < state.highWaterMark\n  // We must ensure that previous needDrain will not be reset to false.\n  if (!ret) state.needDrain = true\n',
      '',
    ],
    [
      '    state.sync = false\n  }\n\n  // Return false if errored',
      '    state.sync = false\n  }\n  const ret = state.length < state.highWaterMark || state.length === 0\n  if (!ret) state.needDrain = true\n\n  // Return false if errored',
    ],
    // Who wrote or ended is called with null.
    ['    state.pendingcb--\n    cb()', '    state.pendingcb--\n    cb(null)'],
    ['onfinishCallbacks[i]()', 'onfinishCallbacks[i](null)'],
  ],
};

/**
 * @param {string} file of a package, without its extension
 * @param {string} text
 * @returns {string} with the changes
 * @throws {Error} if a text that is to be changed is not there once
 */
export function patched(file, text) {
  for (const [from, to] of patches[file] ?? []) {
    if (text.split(from).length !== 2)
      throw new Error(`tools/patches.mjs: ${file} does not have this once: ${from}`);
    text = text.replace(from, () => to);
  }
  return text;
}

/** Whether there are changes to a file. */
export const hasPatch = (file) => Object.hasOwn(patches, file);
