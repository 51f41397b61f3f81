'use strict';
// Terminals, as Node's tty module gives them.
const native = binding('stdio');
const { codes } = require('internal/errors/codes');
const { errno } = require('internal/base/constants');

const MOST_FD = 2 ** 31 - 1;

function checkTerminal(fd) {
  if (!Number.isInteger(fd) || fd < 0 || fd > MOST_FD) throw new codes.ERR_INVALID_FD(fd);
  if (native.kind(fd) !== 'TTY') {
    const { systemError } = require('internal/errors/system');
    const problem = 'TTY initialization failed';
    throw systemError(-errno.EINVAL, 'uv_tty_init', 'ERR_TTY_INIT_FAILED', problem);
  }
}

/** Whether fd is a terminal. */
function isatty(fd) {
  return Number.isInteger(fd) && fd >= 0 && fd <= MOST_FD && native.kind(fd) === 'TTY';
}

let classes;
/** ReadStream and WriteStream, made on first use since they need the stream module. */
function load() {
  if (classes !== undefined) return classes;
  const { TerminalInput, TerminalOutput } = require('internal/process/stdio_streams');
  function ReadStream(fd) {
    checkTerminal(fd);
    return Reflect.construct(TerminalInput, [fd], new.target ?? ReadStream);
  }
  function WriteStream(fd) {
    checkTerminal(fd);
    return Reflect.construct(TerminalOutput, [fd], new.target ?? WriteStream);
  }
  // The classes of process.stdin and process.stdout are these: instanceof holds.
  ReadStream.prototype = TerminalInput.prototype;
  WriteStream.prototype = TerminalOutput.prototype;
  Object.setPrototypeOf(ReadStream, TerminalInput);
  Object.setPrototypeOf(WriteStream, TerminalOutput);
  return (classes = { ReadStream, WriteStream });
}

module.exports = {
  isatty,
  get ReadStream() {
    return load().ReadStream;
  },
  get WriteStream() {
    return load().WriteStream;
  },
};
