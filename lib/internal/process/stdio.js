'use strict';
// Standard output and error for those who only print, and the streams of process.
const native = binding('stdio');

const made = [undefined, undefined, undefined];
const terminal = [undefined, undefined, undefined];

function ignore() {}

/**
 * What process.stdout or process.stderr is, if anybody has used it yet or it is a terminal; else
 * undefined, and text may go to the descriptor directly.
 * @param {1|2} fd
 */
function used(fd) {
  const name = fd === 1 ? 'stdout' : 'stderr';
  const property = Object.getOwnPropertyDescriptor(process, name);
  if (property?.get?.name === 'unread' && !(terminal[fd] ??= native.kind(fd) === 'TTY'))
    return undefined;
  return process[name];
}

/**
 * Prints text on descriptor 1 or 2, in order with what process.stdout and process.stderr got.
 * Failures are ignored, as console does.
 * @param {1|2} fd
 * @param {string} text
 */
function writeSync(fd, text) {
  const stream = used(fd);
  if (!stream?.writable) {
    native.write(fd, text);
    return;
  }
  // The program may have replaced write() to see what is printed.
  stream.write(text, (error) => {
    if (error && stream.listenerCount('error') === 0) stream.once('error', ignore);
  });
}

/** process.stdin, stdout or stderr, made on first use. */
function stream(name) {
  const fd = ['stdin', 'stdout', 'stderr'].indexOf(name);
  return (made[fd] ??= require('internal/process/stdio_streams').standard(fd));
}

module.exports = { stream, used, writeSync };
