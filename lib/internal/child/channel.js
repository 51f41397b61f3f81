'use strict';
// The channel between a process and the child that it made with one: messages both ways, and
// sockets with them. The protocol is Node's, so that either side may be Node.
// docs: https://nodejs.org/api/child_process.html#subprocesssendmessage-sendhandle-options-callback
const EventEmitter = require('events');
const { codes, errnoException } = require('internal/errors/codes');
const { validateObject } = require('internal/errors/validators');
const formats = require('internal/child/messages');
const native = binding('channel');

/** Bytes that may wait to be sent before send() returns false. */
const MUCH = 2 * 65536;
/** Descriptors that may wait for the messages that they belong to. */
const MOST_DESCRIPTORS = 1024;
const INTERNAL = 'NODE_';
const isInternal = (message) =>
  message !== null &&
  typeof message === 'object' &&
  typeof message.cmd === 'string' &&
  message.cmd.length > INTERNAL.length &&
  message.cmd.startsWith(INTERNAL);

/** What programs see of a channel: whether it keeps the process. */
class Control extends EventEmitter {
  #fd;
  #count = 0;
  #told = false;

  constructor(fd) {
    super();
    this.#fd = fd;
  }

  /** There is one listener more that waits for what comes. */
  refCounted() {
    if (++this.#count === 1 && !this.#told) native.setRef(this.#fd, true);
  }

  unrefCounted() {
    if (--this.#count === 0 && !this.#told) {
      native.setRef(this.#fd, false);
      this.emit('unref');
    }
  }

  ref() {
    this.#told = true;
    native.setRef(this.#fd, true);
  }

  unref() {
    this.#told = true;
    native.setRef(this.#fd, false);
  }

  get fd() {
    return this.#fd;
  }
}

class Channel {
  #fd;
  #target;
  #messages;
  #waiting = []; // [count of bytes sent by then, callback]
  #descriptors = []; // that came and whose message has not
  #unheard = []; // messages that came before anybody listened
  #queue = null; // what waits for the other side's word that it took a descriptor
  #finished; // callback, once the channel is closed
  #closing = false;

  constructor(target, fd, serialization, finished) {
    this.#fd = fd;
    this.#target = target;
    this.#finished = finished;
    this.#messages = new formats[serialization]();
    this.control = new Control(fd);
    const error = native.open(fd, (a, b) => this.#told(a, b));
    if (error < 0) throw errnoException(error, 'open');
  }

  // ---- Sending

  send(message, handle, options, callback) {
    if (typeof handle === 'function') [handle, options, callback] = [undefined, undefined, handle];
    else if (typeof options === 'function') [options, callback] = [undefined, options];
    else if (options !== undefined) validateObject(options, 'options');
    options = { swallowErrors: false, ...options };
    if (this.#target.connected) return this.#send(message, handle, options, callback);
    this.#fail(new codes.ERR_IPC_CHANNEL_CLOSED(), options, callback);
    return false;
  }

  #fail(error, options, callback) {
    if (typeof callback === 'function') process.nextTick(callback, error);
    else if (!options.swallowErrors) process.nextTick(() => this.#target.emit('error', error));
  }

  #send(message, handle, options, callback) {
    if (message === undefined) throw new codes.ERR_MISSING_ARGS('message');
    if (!['string', 'object', 'number', 'boolean'].includes(typeof message))
      throw new codes.ERR_INVALID_ARG_TYPE(
        'message',
        ['string', 'object', 'number', 'boolean'],
        message,
      );
    const type = handle ? require('internal/child/passing').kindOf(handle) : undefined;
    if (this.#queue !== null) {
      this.#queue.push({ message, handle, options, callback });
      return this.#queue.length === 1;
    }
    return this.#write(message, handle, type, options, callback);
  }

  #write(message, handle, type, options, callback) {
    let kind;
    let fd = -1;
    if (handle) {
      kind = require('internal/child/passing').kinds[type];
      const wrapped = { cmd: `${INTERNAL}HANDLE`, type, msg: message };
      const found = kind.leave.call(this.#target, handle, wrapped, options);
      // A socket that is closed goes as nothing, without it.
      if (found !== undefined) [fd, message] = [found, wrapped];
    }
    const bytes = this.#messages.write(message);
    const given = native.write(this.#fd, bytes, fd);
    if (given < 0) {
      this.#fail(errnoException(given, 'write'), options, callback);
      return true;
    }
    if (fd >= 0) {
      this.#queue ??= [];
      kind.left.call(this.#target, handle, options);
    }
    const behind = given - native.sent(this.#fd);
    if (behind > 0) {
      if (typeof callback === 'function') this.#waiting.push([given, callback]);
    } else if (typeof callback === 'function') process.nextTick(callback, null);
    return behind < MUCH;
  }

  /** Sends a message of the protocol itself, past what waits. */
  #internal(message) {
    native.write(this.#fd, this.#messages.write(message), -1);
  }

  #acknowledged() {
    const queue = this.#queue;
    this.#queue = null;
    while (queue !== null && queue.length > 0 && this.#queue === null) {
      const { message, handle, options, callback } = queue.shift();
      const type = handle ? require('internal/child/passing').kindOf(handle) : undefined;
      this.#write(message, handle, type, options, callback);
    }
    if (this.#queue !== null) this.#queue.push(...(queue ?? []));
    else if (this.#closing) this.#close();
  }

  // ---- Receiving

  #told(a, b) {
    if (a === null) this.#progress(b);
    else if (a === undefined) this.#ended();
    else this.#received(a, b);
  }

  #progress(sent) {
    while (this.#waiting.length > 0 && this.#waiting[0][0] <= sent) {
      const [, callback] = this.#waiting.shift();
      process.nextTick(callback, null);
    }
  }

  #received(bytes, descriptors = []) {
    const { Buffer } = require('buffer');
    for (const fd of descriptors)
      if (this.#descriptors.length < MOST_DESCRIPTORS) this.#descriptors.push(fd);
      else native.discard(fd);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    try {
      for (const message of this.#messages.read(buffer)) {
        if (!isInternal(message)) this.#deliver('message', message);
        else this.#protocol(message);
        if (!this.#target.channel) return;
      }
    } catch (error) {
      this.#broken(error);
    }
  }

  /** What came is no message: nothing that follows can be told apart. */
  #broken(error) {
    this.#ended();
    process.nextTick(() => this.#target.emit('error', error));
  }

  #protocol(message) {
    switch (message.cmd) {
      case `${INTERNAL}HANDLE`: {
        const fd = this.#descriptors.shift();
        if (fd === undefined) this.#internal({ cmd: `${INTERNAL}HANDLE_NACK` });
        else this.#arrived(message, fd);
        break;
      }
      case `${INTERNAL}HANDLE_ACK`:
      case `${INTERNAL}HANDLE_NACK`:
        this.#acknowledged();
        break;
      default:
        this.#deliver('internalMessage', message);
    }
  }

  #arrived(message, fd) {
    const { kinds } = require('internal/child/passing');
    const kind = Object.hasOwn(kinds, message.type) ? kinds[message.type] : undefined;
    this.#internal({ cmd: `${INTERNAL}HANDLE_ACK` });
    if (kind === undefined) {
      native.discard(fd);
      return;
    }
    const arrived = (handle) => {
      if (isInternal(message.msg)) this.#deliver('internalMessage', message.msg, handle);
      else this.#deliver('message', message.msg, handle);
    };
    try {
      kind.arrive.call(this.#target, message, fd, arrived);
    } catch (error) {
      native.discard(fd);
      throw error;
    }
  }

  #deliver(event, message, handle) {
    process.nextTick(() => {
      if (event === 'internalMessage' || this.#target.listenerCount('message') > 0)
        this.#target.emit(event, message, handle);
      else this.#unheard.push([event, message, handle]);
    });
  }

  /** Somebody began to listen: tells what came before. */
  heard() {
    process.nextTick(() => {
      if (this.#unheard.length === 0 || this.#target.listenerCount('message') === 0) return;
      for (const all of this.#unheard.splice(0)) process.nextTick(() => this.#target.emit(...all));
    });
  }

  // ---- The end

  disconnect() {
    if (!this.#target.connected) {
      this.#target.emit('error', new codes.ERR_IPC_DISCONNECTED());
      return;
    }
    this.#target.connected = false;
    // What waits for the other side's word goes first.
    if (this.#queue === null || this.#queue.length === 0) this.#close();
    else this.#closing = true;
  }

  #ended() {
    if (this.#target.connected) this.#target.connected = false;
    this.#close();
  }

  #close() {
    if (this.#target.channel === null) return;
    this.#closing = false;
    this.#target.channel = null;
    for (const fd of this.#descriptors.splice(0)) native.discard(fd);
    native.close(this.#fd);
    for (const [, callback] of this.#waiting.splice(0)) process.nextTick(callback, null);
    process.nextTick(() => {
      this.#target.emit('disconnect');
      this.#finished?.();
    });
  }
}

/**
 * Gives target (process, or a ChildProcess) send(), disconnect(), channel and connected, and the
 * events message and disconnect.
 * @param {number} fd one end of a pair of Unix sockets, taken over
 * @param {'json'|'advanced'} serialization
 * @param {() => void} [finished] called once after the disconnect event
 * @returns {Control}
 */
function openChannel(target, fd, serialization, finished) {
  const channel = new Channel(target, fd, serialization, finished);
  target.channel = channel.control;
  target._channel = channel.control;
  target.connected = true;
  target.send = (...args) => channel.send(...args);
  target._send = target.send;
  target.disconnect = () => channel.disconnect();
  target._disconnect = target.disconnect;
  target.on('newListener', (name) => {
    if (name === 'message') channel.heard();
  });
  return channel.control;
}

/** The channel of this process to the one that started it; it keeps the process while heard. */
function openParentChannel(fd, serialization) {
  const control = openChannel(process, fd, serialization === 'advanced' ? 'advanced' : 'json');
  native.setRef(fd, false);
  const counts = (name) => name === 'message' || name === 'disconnect';
  process.on('newListener', (name) => {
    if (counts(name)) control.refCounted();
  });
  process.on('removeListener', (name) => {
    if (counts(name)) control.unrefCounted();
  });
}

module.exports = { openChannel, openParentChannel };
