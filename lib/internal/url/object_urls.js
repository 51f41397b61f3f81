'use strict';
// URL.createObjectURL(): names of Blobs, which keep them.
const { codes } = require('internal/errors/codes');

const PREFIX = 'blob:nodedata:';
const blobs = new Map(); // by what follows the prefix

/** @returns {string} */
function create(blob) {
  const { Blob } = require('internal/buffer/blob');
  if (!(blob instanceof Blob)) throw new codes.ERR_INVALID_ARG_TYPE('obj', 'Blob', blob);
  const id = require('crypto').randomUUID();
  blobs.set(id, blob);
  return `${PREFIX}${id}`;
}

/** @param {string} url */
function revoke(url) {
  if (url.startsWith(PREFIX)) blobs.delete(url.slice(PREFIX.length));
}

/** buffer.resolveObjectURL(): the Blob of a URL, undefined if there is none. */
function resolve(url) {
  url = `${url}`;
  const blob = url.startsWith(PREFIX) ? blobs.get(url.slice(PREFIX.length)) : undefined;
  return blob?.slice(0, blob.size, blob.type);
}

module.exports = { create, resolve, revoke };
