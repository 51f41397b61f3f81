'use strict';
// How the bytes of a message go to its socket. What is written in one turn is gathered, with the
// head before it, and goes as one chunk in one piece; without a socket it waits in outputData.
const { isUint8Array } = require('internal/buffer/fast_buffer');
const { Buffer } = require('buffer');
const { UTF8, lengthOf } = require('internal/buffer/encodings');
const { emit } = require('events').prototype;
const { codes } = require('internal/errors/codes');
const { validateString } = require('internal/errors/validators');

const kSocket = Symbol('socket');
const kGathered = Symbol('gathered'); // Uint8Arrays of the body, and strings of ASCII; null for none
const kGatheredLength = Symbol('gatheredLength');
const kCallbacks = Symbol('callbacks'); // of those who wrote them
const kEndCallbacks = Symbol('callbacks of end()');
const kScheduled = Symbol('scheduled'); // the end of the turn is waited for
const kCorked = Symbol('corked');
const kNeedDrain = Symbol('needDrain');
const kErrored = Symbol('errored');
const kWritten = Symbol('written'); // bytes of the body
const kStrictBody = Symbol('strictBody'); // a body where there may be none is an error
const kFinished = Symbol('finished'); // all is written out
const kHighWaterMark = Symbol('highWaterMark');
const kExchange = Symbol('exchange'); // the ServerConnection that waits for the end of the answer, or null

const SMALL = 16 * 1024; // bytes that are sent in one piece

/** What OutgoingMessage has of this. */
const members = {};

// A text of ASCII stays one: it needs no Buffer, and may go with the head in one write.
function partOf(chunk, encoding) {
  if (typeof chunk === 'string') {
    if (encoding === undefined || encoding === null || encoding === 'utf8')
      return lengthOf(chunk, UTF8) === chunk.length ? chunk : Buffer.from(chunk);
    if (encoding && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
      validateString(encoding, 'encoding');
      throw new codes.ERR_UNKNOWN_ENCODING(encoding);
    }
    return Buffer.from(chunk, encoding);
  }
  if (isUint8Array(chunk)) return chunk;
  if (chunk === null) throw new codes.ERR_STREAM_NULL_VALUES();
  throw new codes.ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'Uint8Array'], chunk);
}

const nothing = () => {};

/** Whether nobody hears events of a message: an answer has five, and seldom a listener. */
const isUnheard = (message) => message._eventsCount === 0 && message.emit === emit;

function failLater(message, error, callback) {
  process.nextTick(() => {
    callback(error);
    if (typeof message.emit === 'function' && !message.destroyed) message.emit('error', error);
  });
}

/** @returns {boolean} false once as much waits as the socket's high-water mark says */
members.write = function write(chunk, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const part = partOf(chunk, encoding);
  const more = take(this, part, typeof callback === 'function' ? callback : undefined, false);
  if (!more) this[kNeedDrain] = true;
  return more;
};

// Takes a part of the body; `last` if end() has it.
function take(message, part, callback, last) {
  const refusal = message.finished
    ? new codes.ERR_STREAM_WRITE_AFTER_END()
    : message.destroyed
      ? new codes.ERR_STREAM_DESTROYED('write')
      : undefined;
  if (refusal !== undefined) {
    failLater(message, refusal, callback ?? nothing);
    return false;
  }
  count(message, part.length);
  if (message._header === null) {
    if (last) message._contentLength = part.length;
    message._implicitHeader();
  }
  if (!message._hasBody) {
    if (message[kStrictBody]) throw new codes.ERR_HTTP_BODY_NOT_ALLOWED();
    if (callback) process.nextTick(callback);
    return true;
  }
  (message[kGathered] ??= []).push(part);
  message[kGatheredLength] += part.length;
  if (callback) (message[kCallbacks] ??= []).push(callback);
  if (last) return true; // end() sends it
  if (!message[kScheduled] && message[kCorked] === 0) {
    message[kScheduled] = true;
    process.nextTick(endTurn, message);
  }
  return message.writableLength < message.writableHighWaterMark;
}

// More than the head promised is refused, where the program wants that.
function count(message, length) {
  message[kWritten] += length;
  if (checksLength(message) && message[kWritten] > message._contentLength) refuseLength(message);
}

const checksLength = (message) =>
  message.strictContentLength &&
  typeof message._contentLength === 'number' &&
  message._hasBody &&
  !message.chunkedEncoding;

function refuseLength({ [kWritten]: written, _contentLength: declared }) {
  throw new codes.ERR_HTTP_CONTENT_LENGTH_MISMATCH(written, declared);
}

function endTurn(message) {
  message[kScheduled] = false;
  if (message[kCorked] > 0) return;
  sendGathered(message);
  // A socket whose bytes are all gone tells of no drain.
  if (message[kNeedDrain] && message[kSocket]?.writableLength === 0)
    process.nextTick(drained, message);
}

/** Sends what was gathered, with the head if that was not sent, and a tail of text. */
function sendGathered(message, tail = '', callback = undefined) {
  const bodies = message[kGathered];
  const callbacks = message[kCallbacks];
  const length = message[kGatheredLength];
  message[kGathered] = message[kCallbacks] = null;
  message[kGatheredLength] = 0;
  if (bodies === null && tail === '' && callback === undefined && message._headerSent) return;
  let before = '';
  if (!message._headerSent && message._header !== null) {
    before = message._header;
    message._headerSent = true;
  }
  if (length > 0 && message.chunkedEncoding) {
    before += `${length.toString(16)}\r\n`;
    tail = `\r\n${tail}`;
  }
  sendParts(message, before, bodies ?? [], length, tail, joined(callbacks, callback));
}

function joined(callbacks, last) {
  if (callbacks === null) return last;
  if (last) callbacks.push(last);
  return (error) => {
    for (const callback of callbacks) callback(error ?? null);
  };
}

function sendParts(message, before, bodies, length, tail, callback) {
  if (length <= SMALL) {
    if (bodies.length === 1 ? isText(bodies[0]) : bodies.every(isText)) {
      const text = bodies.length === 1 ? bodies[0] : bodies.join('');
      message._writeRaw(before + text + tail, 'latin1', callback);
    } else if (bodies[0].length === before.length + length + tail.length)
      message._writeRaw(bodies[0], 'buffer', callback);
    else message._writeRaw(joinParts(before, bodies, length, tail), 'buffer', callback);
    return;
  }
  const socket = message[kSocket];
  socket?.cork?.();
  if (before !== '') message._writeRaw(before, 'latin1');
  bodies.forEach((part, index) => {
    const lastPart = tail === '' && index === bodies.length - 1;
    const encoding = isText(part) ? 'latin1' : 'buffer';
    message._writeRaw(part, encoding, lastPart ? callback : undefined);
  });
  if (tail !== '') message._writeRaw(tail, 'latin1', callback);
  socket?.uncork?.();
}

const isText = (part) => typeof part === 'string';

function joinParts(before, bodies, length, tail) {
  const whole = Buffer.allocUnsafe(before.length + length + tail.length);
  let at = whole.latin1Write(before, 0);
  for (const part of bodies) {
    if (isText(part)) whole.latin1Write(part, at);
    else whole.set(part, at);
    at += part.length;
  }
  whole.latin1Write(tail, at);
  return whole;
}

/** Sends the head, if it was not, and data as it is. */
members._send = function send(data, encoding, callback) {
  if (this[kGathered] !== null) sendGathered(this);
  if (!this._headerSent && this._header !== null) sendGathered(this);
  return data === '' && !callback ? true : this._writeRaw(data, encoding, callback);
};

/** Gives data to the socket, or keeps it until there is one. */
members._writeRaw = function writeRaw(data, encoding, callback) {
  if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  const socket = this[kSocket];
  if (socket?.destroyed) return false;
  if (socket && socket._httpMessage === this && socket.writable)
    return socket.write(data, encoding === 'buffer' ? undefined : encoding, callback);
  this.outputData.push({ data, encoding, callback });
  this.outputSize += data.length;
  this._onPendingData(data.length);
  return this.outputSize < this[kHighWaterMark];
};

/** There is a socket: what waited goes there. */
members._flush = function flush() {
  const socket = this[kSocket];
  if (!socket?.writable) return;
  const ready = this._flushOutput(socket);
  if (this.finished) this._finish();
  else if (ready && this[kNeedDrain]) {
    this[kNeedDrain] = false;
    this.emit('drain');
  }
};

members._flushOutput = function flushOutput(socket) {
  const waiting = this.outputData;
  if (waiting.length === 0) return true;
  const size = this.outputSize;
  this.outputData = [];
  this.outputSize = 0;
  socket.cork?.();
  let ready = true;
  for (const { data, encoding, callback } of waiting)
    ready = socket.write(data, encoding === 'buffer' ? undefined : encoding, callback);
  socket.uncork?.();
  this._onPendingData(-size);
  return ready;
};

/** The socket took all that was queued. */
function drained(message) {
  if (!message || message.finished || !message[kNeedDrain]) return;
  message[kNeedDrain] = false;
  message.emit('drain');
}

/** Sends the head without waiting for the body. */
members.flushHeaders = function flushHeaders() {
  if (this._header === null) this._implicitHeader();
  this._send('');
};

members.cork = function cork() {
  this[kCorked]++;
};
members.uncork = function uncork() {
  if (this[kCorked] === 0) return;
  if (--this[kCorked] === 0 && this[kGathered] !== null) sendGathered(this);
};

/** Ends the message. @returns {this} */
members.end = function end(chunk, encoding, callback) {
  if (typeof chunk === 'function') {
    callback = chunk;
    chunk = encoding = undefined;
  } else if (typeof encoding === 'function') {
    callback = encoding;
    encoding = undefined;
  }
  if (typeof callback !== 'function') callback = undefined;
  const given = chunk !== undefined && chunk !== null && chunk !== '';
  if (given) {
    const part = partOf(chunk, encoding);
    if (this.finished) {
      if (!this.destroyed)
        failLater(this, new codes.ERR_STREAM_WRITE_AFTER_END(), callback ?? nothing);
      return this;
    }
    take(this, part, undefined, true);
  } else if (this.finished) {
    if (callback) endedAlready(this, callback);
    return this;
  } else {
    if (this._header === null) {
      this._contentLength = 0;
      this._implicitHeader();
    }
  }
  if (callback) (this[kEndCallbacks] ??= []).push(callback);
  if (checksLength(this) && this[kWritten] !== this._contentLength) refuseLength(this);
  this[kCorked] = 0;
  sendEnd(this, given);
  this.finished = true;
  if (this.outputData.length === 0 && this[kSocket]?._httpMessage === this) this._finish();
  return this;
};

function endedAlready(message, callback) {
  if (message.writableFinished) callback(new codes.ERR_STREAM_ALREADY_FINISHED('end'));
  else (message[kEndCallbacks] ??= []).push(callback);
}

/** Calls back who gave end() a callback: with null, or with what kept the message from its end. */
function tellEnded(message, error) {
  const callbacks = message[kEndCallbacks];
  if (callbacks === undefined) return;
  message[kEndCallbacks] = undefined;
  for (const callback of callbacks) callback(error);
}

function sendEnd(message, given) {
  const finish = (error) => {
    if (error || message[kSocket]?._hadError) {
      if (error) tellEnded(message, error);
      return;
    }
    message[kFinished] = true;
    message[kExchange]?.answered();
    tellEnded(message, null);
    if (!isUnheard(message)) message.emit('finish');
  };
  if (message._hasBody && message.chunkedEncoding)
    sendGathered(message, `0\r\n${message._trailer}\r\n`, finish);
  else if (!message._headerSent || message.writableLength > 0 || given)
    sendGathered(message, '', finish);
  else process.nextTick(finish);
}

/** All was given to the socket. */
members._finish = function finish() {
  if (!isUnheard(this)) this.emit('prefinish');
};

members.pipe = function pipe() {
  this.emit('error', new codes.ERR_STREAM_CANNOT_PIPE());
};

module.exports = {
  members,
  drained,
  isUnheard,
  kSocket,
  kGathered,
  kGatheredLength,
  kCallbacks,
  kScheduled,
  kCorked,
  kNeedDrain,
  kErrored,
  kWritten,
  kStrictBody,
  kFinished,
  kHighWaterMark,
  kExchange,
};
