'use strict';
// respondWithFile() and respondWithFD() of a server's streams.
const fs = require('fs');
const { codes } = require('internal/errors/codes');
const { validateFunction, validateInteger, validateObject } = require('internal/errors/validators');

const CHUNK = 64 * 1024;
const WITHOUT_BODY = new Set([204, 205, 304]);

function checked(headers, options = {}) {
  validateObject(options, 'options');
  for (const name of ['offset', 'length'])
    if (options[name] !== undefined) validateInteger(options[name], `options.${name}`);
  for (const name of ['statCheck', 'onError'])
    if (options[name] !== undefined) validateFunction(options[name], `options.${name}`);
  if (WITHOUT_BODY.has(headers[':status'] | 0))
    throw new codes.ERR_HTTP2_PAYLOAD_FORBIDDEN(headers[':status'] | 0);
  return options;
}

function failed(stream, options, error) {
  if (options.onError) options.onError(error);
  else stream.destroy(error);
}

/** Answers with a part of what fd reads; close ends the descriptor. */
function answer(stream, fd, headers, options, close) {
  fs.fstat(fd, (error, stat) => {
    let problem = error;
    const ranged = options.offset > 0 || options.length >= 0;
    if (!error && stat.isDirectory()) problem = new codes.ERR_HTTP2_SEND_FILE();
    else if (!error && !stat.isFile() && ranged) problem = new codes.ERR_HTTP2_SEND_FILE_NOSEEK();
    if (stream.destroyed || stream.closed) {
      close();
      return;
    }
    if (problem) {
      close();
      failed(stream, options, problem);
      return;
    }
    try {
      send(stream, fd, headers, options, stat, close);
    } catch (thrown) {
      close();
      stream.destroy(thrown);
    }
  });
}

function send(stream, fd, headers, options, stat, close) {
  const part = { offset: options.offset ?? 0, length: options.length ?? -1 };
  if (options.statCheck?.call(stream, stat, headers, part) === false || stream.headersSent) {
    close();
    return;
  }
  const file = stat.isFile();
  if (file) {
    const rest = Math.max(stat.size - part.offset, 0);
    part.length = part.length < 0 ? rest : Math.min(part.length, rest);
    headers['content-length'] ??= part.length;
  }
  stream.respond(headers, options);
  if (stream.headRequest || part.length === 0) {
    close();
    stream.end();
    return;
  }
  copy(stream, fd, file ? part.offset : null, file ? part.length : Infinity, close);
}

/** Writes what fd has, from a position or, if that is null, from where it stands. */
function copy(stream, fd, position, left, close) {
  const buffer = Buffer.allocUnsafe(CHUNK);
  const next = (failure) => {
    if (failure || left === 0 || stream.destroyed) {
      close();
      if (!stream.destroyed) stream.end();
      return;
    }
    fs.read(fd, buffer, 0, Math.min(left, CHUNK), position, (error, size) => {
      if (error) stream.destroy(error);
      if (error || size === 0) left = 0;
      else {
        left -= size;
        if (position !== null) position += size;
      }
      if (size > 0 && !stream.destroyed) stream.write(buffer.subarray(0, size), next);
      else next();
    });
  };
  next();
}

function respondWithFile(stream, path, headers, options) {
  options = checked(headers, options);
  fs.open(path, 'r', (error, fd) => {
    if (error) failed(stream, options, error);
    else answer(stream, fd, headers, options, () => fs.close(fd, () => {}));
  });
}

function respondWithFD(stream, given, headers, options) {
  options = checked(headers, options);
  const fd = typeof given === 'object' && given !== null ? given.fd : given;
  validateInteger(fd, 'fd', 0);
  answer(stream, fd, headers, options, () => {});
}

module.exports = { respondWithFD, respondWithFile };
