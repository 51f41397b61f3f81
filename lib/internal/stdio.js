'use strict';
// Standard output and error for those who only print, and the streams of process.
const native = binding('stdio');

const made = [undefined, undefined, undefined];

function ignore() {}

/**
 * Prints text on descriptor 1 or 2, in order with what process.stdout and process.stderr got.
 * Failures are ignored, as console does.
 * @param {1|2} fd
 * @param {string} text
 */
exports.writeSync = function writeSync(fd, text) {
  const stream = made[fd];
  if (stream === undefined || !stream.writable) {
    native.write(fd, text);
    return;
  }
  // The program may have replaced write() to see what is printed.
  stream.write(text, (error) => {
    if (error && stream.listenerCount('error') === 0) stream.once('error', ignore);
  });
};

/** process.stdin, stdout or stderr, made on first use. */
exports.stream = function stream(name) {
  const fd = ['stdin', 'stdout', 'stderr'].indexOf(name);
  return (made[fd] ??= require('internal/stdio_streams').standard(fd));
};
