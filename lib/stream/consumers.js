'use strict';
// What a stream, a Web Stream or another iterable has, all at once.
// docs: https://nodejs.org/api/webstreams.html#utility-consumers

/** @param {AsyncIterable<any> | Iterable<any>} stream @returns {Promise<Blob>} */
async function blob(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  const { Blob } = require('buffer');
  return new Blob(parts);
}

/** @returns {Promise<ArrayBuffer>} */
async function arrayBuffer(stream) {
  return (await blob(stream)).arrayBuffer();
}

/** @returns {Promise<Buffer>} */
async function buffer(stream) {
  return require('buffer').Buffer.from(await arrayBuffer(stream));
}

/** @returns {Promise<Uint8Array>} */
async function bytes(stream) {
  return new Uint8Array(await arrayBuffer(stream));
}

/** The text of UTF-8 and of strings. @returns {Promise<string>} */
async function text(stream) {
  const { TextDecoder } = require('internal/buffer/text');
  const decoder = new TextDecoder();
  let whole = '';
  for await (const part of stream)
    whole += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
  return whole + decoder.decode();
}

/** @returns {Promise<any>} */
async function json(stream) {
  return JSON.parse(await text(stream));
}

module.exports = { arrayBuffer, blob, buffer, bytes, text, json };
