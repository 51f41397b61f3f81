'use strict';
// Files, as Node's fs/promises module gives them.
const EventEmitter = require('events');
const operations = require('internal/fs/operations');
const { runPromise } = require('internal/fs/requests');
const transfers = require('internal/fs/transfers');
const { plain } = operations;
const utils = require('internal/fs/utils');
const { codes } = require('internal/errors/codes');
const { validateBoolean, validateObject } = require('internal/errors/validators');

const asyncDispose = Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose');

/** Runs operation(...args); bad arguments reject too. */
const promise =
  (operation) =>
  async (...args) =>
    runPromise(operation(...args));

// ---- FileHandle

/** An open file. It is closed by close(), not by the garbage collector. */
class FileHandle extends EventEmitter {
  #fd;
  #closing;
  #locked = false; // by a Web Stream

  constructor(fd) {
    super();
    this.#fd = fd;
  }

  get fd() {
    return this.#fd;
  }

  close() {
    if (this.#closing !== undefined) return this.#closing;
    if (this.#fd < 0) return Promise.resolve();
    const fd = this.#fd;
    this.#fd = -1;
    this.#closing = runPromise(plain.close(fd)).then(() => {
      this.emit('close');
    });
    return this.#closing;
  }

  [asyncDispose]() {
    return this.close();
  }

  #open(call) {
    if (this.#fd >= 0) return this.#fd;
    const error = require('internal/errors/system').pathError(-binding('os').errno.EBADF, call);
    error.message = 'file closed';
    throw error;
  }

  async appendFile(data, options) {
    return writeAll(this.#open('write'), data, utils.toOptions(options, { encoding: 'utf8' }));
  }
  async writeFile(data, options) {
    return writeAll(this.#open('write'), data, utils.toOptions(options, { encoding: 'utf8' }));
  }
  async readFile(options) {
    return runPromise(plain.readFile(this.#open('read'), options));
  }
  async chmod(mode) {
    return runPromise(plain.fchmod(this.#open('fchmod'), mode));
  }
  async chown(uid, gid) {
    return runPromise(plain.fchown(this.#open('fchown'), uid, gid));
  }
  async datasync() {
    return runPromise(plain.fdatasync(this.#open('fdatasync')));
  }
  async sync() {
    return runPromise(plain.fsync(this.#open('fsync')));
  }
  async stat(options) {
    return runPromise(plain.fstat(this.#open('fstat'), options));
  }
  async truncate(length) {
    return runPromise(plain.ftruncate(this.#open('ftruncate'), length));
  }
  async utimes(atime, mtime) {
    return runPromise(plain.futimes(this.#open('futime'), atime, mtime));
  }

  /** read(buffer[, offset[, length[, position]]]), read(buffer, options) or read([options]) */
  async read(...args) {
    const fd = this.#open('read');
    const form = transfers.readFormOfHandle(args);
    const bytesRead = await runPromise(transfers.read(fd, form));
    return { __proto__: null, bytesRead, buffer: form[0] };
  }

  async write(...args) {
    const bytesWritten = await runPromise(transfers.write(this.#open('write'), args));
    return { __proto__: null, bytesWritten, buffer: args[0] };
  }

  async readv(...args) {
    const bytesRead = await runPromise(transfers.readv(this.#open('read'), args));
    return { __proto__: null, bytesRead, buffers: args[0] };
  }

  async writev(...args) {
    const bytesWritten = await runPromise(transfers.writev(this.#open('write'), args));
    return { __proto__: null, bytesWritten, buffers: args[0] };
  }

  /** An interface of readline over the file. */
  readLines(options) {
    const input = this.createReadStream(options);
    return require('readline').createInterface({ input, crlfDelay: Infinity });
  }

  /** What is left of the file as a Web Stream of bytes, which closes it if autoClose says so. */
  readableWebStream(options = {}) {
    validateObject(options, 'options');
    const { autoClose = false } = options;
    validateBoolean(autoClose, 'options.autoClose');
    if (this.#fd < 0) throw new codes.ERR_INVALID_STATE('The FileHandle is closed');
    if (this.#locked) throw new codes.ERR_INVALID_STATE('The FileHandle is locked');
    this.#locked = true;
    const end = async () => {
      this.#locked = false;
      if (autoClose) await this.close();
    };
    const { ReadableStream } = require('stream/web');
    return new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: 16384,
      pull: async (controller) => {
        const { view } = controller.byobRequest;
        const { bytesRead } = await this.read(view, 0, view.byteLength);
        if (bytesRead === 0) {
          controller.close();
          await end();
        }
        controller.byobRequest.respond(bytesRead);
      },
      cancel: end,
    });
  }

  createReadStream(options) {
    return require('fs').createReadStream(
      undefined,
      Object.assign(utils.toOptions(options, {}), { fd: this }),
    );
  }
  createWriteStream(options) {
    return require('fs').createWriteStream(
      undefined,
      Object.assign(utils.toOptions(options, {}), { fd: this }),
    );
  }
}

/** Whether data is written piece by piece as it comes. */
function isPieces(data) {
  return (
    data !== null &&
    typeof data === 'object' &&
    !ArrayBuffer.isView(data) &&
    (typeof data[Symbol.asyncIterator] === 'function' ||
      typeof data[Symbol.iterator] === 'function')
  );
}

async function writeAll(fd, data, options) {
  if (!isPieces(data)) return runPromise(plain.writeFile(fd, data, options));
  for await (const piece of data) await runPromise(plain.writeFile(fd, piece, options));
  return undefined;
}

function target(path) {
  if (path instanceof FileHandle) {
    if (path.fd < 0) throw new codes.ERR_INVALID_STATE('The FileHandle is closed');
    return path.fd;
  }
  return utils.toPath(path);
}

// ---- Functions

async function open(path, flags, mode) {
  return new FileHandle(await runPromise(plain.open(path, flags, mode)));
}

async function readFile(path, options) {
  return runPromise(plain.readFile(target(path), options));
}

async function writeFile(path, data, options) {
  options = utils.toOptions(options, { encoding: 'utf8', flag: 'w' });
  if (path instanceof FileHandle || !isPieces(data)) {
    const where = target(path);
    return typeof where === 'number'
      ? writeAll(where, data, options)
      : runPromise(plain.writeFile(where, data, options));
  }
  const file = await open(path, options.flag, options.mode);
  try {
    await writeAll(file.fd, data, options);
  } finally {
    await file.close();
  }
  return undefined;
}

function appendFile(path, data, options) {
  return writeFile(path, data, { flag: 'a', ...utils.toOptions(options, {}) });
}

async function truncate(path, length = 0) {
  const file = await open(path, 'r+');
  try {
    await file.truncate(length);
  } finally {
    await file.close();
  }
}

const names = [
  'access',
  'chmod',
  'chown',
  'copyFile',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'readdir',
  'readlink',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'unlink',
  'utimes',
];

module.exports = {
  ...Object.fromEntries(names.map((name) => [name, promise(plain[name])])),
  realpath: promise(operations.realpathNative),
  open,
  readFile,
  writeFile,
  appendFile: async (...args) => appendFile(...args),
  truncate,
  opendir: async (...args) => require('internal/fs/dir').open(...args),
  cp: async (...args) => require('internal/fs/cp').cp(...args),
  glob: (...args) => require('internal/fs/glob').glob(...args),
  mkdtempDisposable: async (...args) => require('internal/fs/disposable').mkdtemp(...args),
  watch(filename, options) {
    return require('internal/fs/watch').watchEvents(filename, options);
  },
  constants: utils.constants,
};
